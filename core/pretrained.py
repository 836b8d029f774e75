"""Networks trained beforehand, so that a first view need not wait: `python -m core.pretrained` makes them again."""

from dataclasses import replace
from itertools import product
from pathlib import Path

from core import parameters, training
from core.cells import CELLS
from core.initialisers import FORGET_BIASES, UPDATE_BIASES
from core.parameters import Parameters
from core.training import Experiment

MODELS = Path(__file__).resolve().parents[1] / "assets" / "models"

# What each task is trained with unless the reader says otherwise: enough units, and no more epochs than help
SUGGESTED = {
    "people": Experiment(),  # more epochs only make it surer of the training sentences
    "word": Experiment("word", hidden_units=8, epochs=2),
    "melody": Experiment("melody", hidden_units=48, epochs=12),
    "sentiment": Experiment("sentiment", hidden_units=24, epochs=7),
    "entities": Experiment("entities", hidden_units=32, epochs=4),
    "translation": Experiment("translation", hidden_units=48, epochs=12),
}


def default_experiment(task: str, cell: str, **choices) -> Experiment:
    """What a task is trained with, on this cell, and else as chosen"""
    return replace(SUGGESTED.get(task, Experiment(task)), cell=cell, **choices)


def before_training(experiment: Experiment) -> Experiment:
    """The same network before training"""
    return replace(experiment, epochs=0)


# Each bias of a gate is moved alone, to where a slider can put it
STORED = (
    *(default_experiment("people", cell) for cell in CELLS),
    *(default_experiment("people", cell, epochs=epochs) for cell in CELLS for epochs in range(1, Experiment.epochs)),
    *(default_experiment("people", "lstm", forget_bias=float(bias)) for bias in FORGET_BIASES if bias != 1),
    *(
        default_experiment("people", cell, update_bias=float(bias))
        for cell, bias in product(("gru", "lstm"), UPDATE_BIASES)
        if bias
    ),
    *(default_experiment(task, "gru") for task in ("word", "melody", "sentiment", "entities", "translation")),
    default_experiment("translation", "gru", attention=True),
    default_experiment("entities", "gru", direction="both"),
)


def path(experiment: Experiment) -> Path:
    """assets/models/people-gru.npz; whatever is not as suggested follows: people-gru-hidden_units-64.npz"""
    usual = vars(SUGGESTED.get(experiment.task, Experiment(experiment.task)))
    rest = [f"{name}-{value}" for name, value in vars(experiment).items() if value != usual[name]]
    named = [part for part in rest if not part.startswith(("task-", "cell-"))]
    return MODELS / ("-".join([experiment.task, experiment.cell, *named]) + ".npz")


def load_pretrained(experiment: Experiment) -> Parameters | None:
    """The network of an experiment, if it is stored"""
    if not path(experiment).exists():
        return None
    return parameters.load(path(experiment), like=training.untrained(experiment))


if __name__ == "__main__":
    for experiment in STORED:
        trained = training.train_to_end(experiment)
        parameters.save(path(experiment), trained.params)
        print(f"{path(experiment).name}: loss {trained.losses[-1]:.3f}")
