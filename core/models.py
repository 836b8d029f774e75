"""Networks trained beforehand, so that a first view need not wait: `python -m core.models` makes them again."""

from pathlib import Path

from core import parameters, training
from core.cells import CELLS
from core.parameters import Parameters
from core.training import Experiment

MODELS = Path(__file__).resolve().parents[1] / "assets" / "models"
STORED = tuple(Experiment(activation=cell) for cell in CELLS)


def path(experiment: Experiment) -> Path:
    """assets/models/people-gru.npz; whatever else is not as usual follows: people-gru-hidden_units-64.npz"""
    usual = vars(Experiment())
    rest = [f"{name}-{value}" for name, value in vars(experiment).items() if value != usual[name]]
    named = [part for part in rest if not part.startswith(("task-", "activation-"))]
    return MODELS / ("-".join([experiment.task, experiment.activation, *named]) + ".npz")


def stored(experiment: Experiment) -> Parameters | None:
    """The network of an experiment, if it is stored"""
    if not path(experiment).exists():
        return None
    return parameters.load(path(experiment), like=training.start(experiment))


if __name__ == "__main__":
    for experiment in STORED:
        *_, last = training.train(experiment)
        parameters.save(path(experiment), last.params)
        print(f"{path(experiment).name}: loss {last.loss:.3f}")
