"""From the reader's choices to what is measured: the input, the networks, and how far their errors reach."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from core.cells import CELLS
from core.training import Experiment, Progress
from explorer.choices.record import CHOICES, Choices
from explorer.compute.networks import is_available, network
from explorer.compute.sentence import Sentence, parse_sentence
from explorer.prose import prose
from explorer.theme import CELL_NAMES, OPTION_NAMES
from explorer.views.gradients import cell_flow, sequences
from explorer.views.gradients.cell_flow import GradientFlow

REMEDIES = ("initialisation", "forget_bias", "update_bias")  # what changes how an untrained network begins


def input_of(chosen: Choices) -> tuple[Sentence, tuple[int, ...]]:
    if chosen.source == "sentence":
        return parse_sentence(chosen.sentence), chosen.labels
    sentence = cell_flow.random_words(chosen.length, chosen.seed)
    return sentence, sentence.guess


def has_words(chosen: Choices) -> bool:
    """Without a word there is no gradient, which is told"""
    found = bool(input_of(chosen)[0].words)
    if not found:
        st.info(prose("gradients", "empty"))
    return found


def train(chosen: Choices) -> bool:
    """Train those of the four networks that are not at hand, with a bar; was there anything to do?"""
    missing = [cell for cell in CELLS if not is_available(chosen.network(cell, "trained"))]
    if not missing:
        return False
    bar = st.progress(0.0)
    for i, cell in enumerate(missing):

        def report(progress: Progress, i: int = i, cell: str = cell) -> None:
            done = (i + progress.epoch / Experiment.epochs) / len(missing)
            numbers = {"epoch": progress.epoch, "epochs": Experiment.epochs}
            bar.progress(done, prose("gradients", "training", cell=CELL_NAMES[cell], **numbers))

        with np.errstate(over="ignore", invalid="ignore"):
            network(chosen.network(cell, "trained"), report)
    bar.empty()
    return True


def are_known(chosen: Choices, moment: str) -> bool:
    return all(is_available(chosen.network(cell, moment)) for cell in CELLS)


def flow_of(chosen: Choices, cell: str, moment: str, others: int = 0) -> GradientFlow:
    """One cell on the input, beside so many other sequences"""
    sentence, labels = input_of(chosen)
    experiment = chosen.network(cell, moment)
    beside = sequences.reach(experiment, len(sentence.words), others) if others else None
    how = (chosen.truncate, chosen.measure, beside, (experiment, sentence.words, labels))
    return cell_flow.measure(cell, network(experiment), sentence.words, labels, *how)


def flows_of(chosen: Choices, moment: str) -> dict[str, GradientFlow]:
    return {cell: flow_of(chosen, cell, moment, sequences.FEW) for cell in CELLS}


def changes(chosen: Choices, among: Sequence[str] = (*REMEDIES, "truncate")) -> str:
    """What of these choices is not the usual, in words"""
    values: dict[str, dict[str, Any]] = {
        "initialisation": {"start": OPTION_NAMES[chosen.initialisation], "radius": chosen.spectral_radius},
        "forget_bias": {"bias": chosen.forget_bias},
        "update_bias": {"bias": chosen.update_bias},
        "hidden_units": {"n": chosen.hidden_units},
        "clipping": {"how": OPTION_NAMES[chosen.clipping], "limit": chosen.clip_limit},
        "truncate": {"n": chosen.truncate},
    }
    changed = [name for name in among if getattr(chosen, name) != CHOICES[name].default]
    return ", ".join(prose("gradients", f"changed_{name}", **values[name]) for name in changed)


def before_remedies(chosen: Choices) -> Choices | None:
    """The same without any remedy, to compare with; None where there is none, or where other networks were trained"""
    if chosen.moment == "trained":
        return None
    before = replace(chosen, truncate=0, **{name: CHOICES[name].default for name in REMEDIES})
    return None if before == replace(chosen, truncate=0, spectral_radius=before.spectral_radius) else before
