"""The race gives back its racers: what one of them held before and after training, and what the ratios told of all."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.cells import CELLS
from core.experiments import memory_race, race_pairs
from core.experiments.memory_race import GAPS, SEEDS, SOLVED, Trial, seeds, trial_of
from core.experiments.race_pairs import INTERVAL, Pairs
from core.parameters import Parameters
from explorer.components import matrix as pictures
from explorer.figures import race_pairs as drawing
from explorer.formatting import power, unbroken
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.gradients import race_session, rates
from explorer.views.gradients.cell_flow import log_norm
from explorer.views.gradients.race_session import Race
from explorer.views.gradients.rates import Fit

# One racer ------------------------------------------------------------------------------------------------------------


def winner(race: Race) -> Trial:
    """The one to look at first: of those that solved the longest gap, the one that had least of the error before"""
    ratios = race_session.gradient_ratios(race.setup)
    solved = [trial for trial, record in race.records.items() if record.accuracy >= SOLVED]
    return min(solved or race.records, key=lambda trial: (-trial.gap, ratios[trial]))


def racer(race: Race) -> None:
    """The matrices of one, before and after training"""
    st.caption(prose("gradients", "racers"))
    _matrices(_which(race))


def _which(race: Race) -> Trial:
    first = winner(race)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cell = st.segmented_control(
            prose("gradients", "racer_cell_label"),
            tuple(CELLS),
            default=first.cell,
            key="racer_cell",
            required=True,
            format_func=CELL_NAMES.__getitem__,
        )
        gap = st.segmented_control(
            prose("gradients", "racer_gap_label"), GAPS, default=first.gap, key="racer_gap", required=True
        )
        number = st.segmented_control(
            prose("gradients", "racer_network_label"),
            tuple(range(1, SEEDS + 1)),
            default=first.seed - race.setup.seed + 1,
            key="racer_network",
            required=True,
        )
    seed = race.setup.seed + (number or 1) - 1
    return trial_of(race.setup, cell or first.cell, gap or first.gap, seed)


def _matrices(trial: Trial) -> None:
    """Its matrices, on its own first sequence"""
    finished = race_session.measured().get(trial)
    if finished is None:
        st.info(prose("gradients", "racer_forgotten"))
        return
    record, start = finished.record, memory_race.start(trial)
    before, after = reach(trial, start), reach(trial, finished.params)
    fits = {"before": fit(before), "after": fit(after)}
    told: Mapping[str, dict] = {"before": {}, "after": {"n": record.updates, "accuracy": record.accuracy}}
    for (moment, params), column in zip(
        {"before": start, "after": finished.params}.items(), st.columns(2), strict=True
    ):
        words = {"verdict": fits[moment].verdict_name, "fit": fits[moment].description}
        with column:
            st.markdown(
                unbroken(prose("gradients", f"racer_{moment}", **words, **told[moment])),
                help=fits[moment].spread or None,
            )
            alt = prose(
                "gradients",
                "racer_alt",
                cell=CELL_NAMES[trial.cell],
                gap=trial.gap,
                number=trial.seed,
                moment=prose("gradients", f"racer_alt_{moment}"),
                far=power(float((before if moment == "before" else after)[-1, 0])),
                **words,
            )
            pictures.show(f"racer_{moment}", matrix(trial, params), alt, palette())
    ends = {name: power(float(np.median(each[-1]))) for name, each in (("before", before), ("after", after))}
    st.markdown(unbroken(prose("gradients", "racer_start", steps=trial.gap, sequences=before.shape[1], **ends)))


@np.errstate(over="ignore", invalid="ignore")
def matrix(trial: Trial, params: Parameters) -> np.ndarray:
    """log10 of what is left at k of a unit of error at s (T, T), at [s − 1, k − 1]; NaN where k > s"""
    logs = log_norm(memory_race.asked_everywhere(trial, params)[:, 1:])
    return np.where(np.tri(len(logs), dtype=bool), logs, np.nan)


@np.errstate(over="ignore", invalid="ignore")
def reach(trial: Trial, params: Parameters) -> np.ndarray:
    """log10 of what is left of a unit of error at the last step at distance 0, 1, … of a batch of sequences (T, B)"""
    return log_norm(memory_race.asked_at_the_end(trial, params)[:0:-1])


def fit(curves: np.ndarray) -> Fit:
    """Of the first sequence, with the others beside it"""
    return rates.fit(curves[:, 0], curves[:, 1:])


# All of them ----------------------------------------------------------------------------------------------------------


def ratios(race: Race) -> None:
    """A mark for every network, and what may be said of it"""
    st.caption(prose("gradients", "pairs"))
    points = points_of(race)
    drawn, told = drawing.figure(points, SOLVED, palette()), drawing.sentence(points, SOLVED)
    st.plotly_chart(drawn, key="pairs_chart", config=NO_TOOLBAR, alt=told)
    st.markdown(claim(race_pairs.within(race.groups(), np.random.default_rng(race.setup.seed))))


def points_of(race: Race) -> list[drawing.Point]:
    ratios, first = race_session.gradient_ratios(race.setup), seeds(race.setup)[0]
    return [
        drawing.Point(trial.cell, trial.gap, trial.seed - first + 1, ratios[trial], record.accuracy)
        for trial, record in race.records.items()
    ]


def claim(pairs: Pairs) -> str:
    """What the ratios of this race tell, within the same cell and gap; nothing more may be said"""
    if not pairs.n:
        return prose("gradients", "pairs_none")
    found = {"n": pairs.n, "all": pairs.n, "share": pairs.share, "low": pairs.low, "high": pairs.high}
    found |= {"won": round(pairs.share * pairs.n - pairs.ties / 2), "ties": pairs.ties, "has_ties": pairs.ties > 0}
    if not pairs.tells:
        return prose("gradients", "pairs_open", **found)
    sure = {"by_chance": pairs.by_chance, "interval": INTERVAL}
    return prose("gradients", "pairs_more" if pairs.share > 0.5 else "pairs_fewer", **found, **sure)
