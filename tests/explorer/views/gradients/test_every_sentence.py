"""Over 200 random settings of the page, every sentence of its stations against the numbers that it stands beside."""

import re
from dataclasses import replace

import numpy as np
import pytest

from core.activations import sigmoid
from core.cells import CELLS
from core.experiments import memory_race, race_pairs
from core.experiments.memory_race import GAPS, SOLVED, RaceSettings, Record, seeds, trial_of
from core.initialisers import FORGET_BIASES, INITIALISERS, UPDATE_BIASES
from explorer.choices.record import CLIFF_B, CLIFF_W, LIMITS, RADII, RATES, Choices
from explorer.components import race_table
from explorer.components.cliff import Path
from explorer.figures import memory_race as race_figure
from explorer.figures import race_pairs as pairs_figure
from explorer.formatting import power, three_digits
from explorer.theme import CELL_NAMES
from explorer.views.gradients import (
    carried,
    cliff_panel,
    credit_panels,
    flows,
    gates_panel,
    map_panel,
    race_panel,
    race_session,
    racers_panel,
    remedies_panel,
    split_panel,
)
from explorer.views.gradients.cell_flow import GradientFlow
from explorer.views.gradients.why_station import curves_of, sigma_told

NUMBER = r"(−?\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?)"


def settings_at_random(rng: np.random.Generator) -> Choices:
    T = int(rng.integers(2, 60))
    s = int(rng.integers(1, T + 1))
    return Choices(
        hidden_units=int(rng.integers(4, 12)),
        initialisation=str(rng.choice(list(INITIALISERS))),
        spectral_radius=float(rng.choice(RADII)),
        seed=int(rng.integers(0, 1000)),
        length=T,
        measure=str(rng.choice(["distance", "error"])),
        forget_bias=int(rng.choice(FORGET_BIASES)),
        update_bias=int(rng.choice(UPDATE_BIASES)),
        truncate=int(rng.choice([0, 0, 5])),
        clipping=str(rng.choice(["off", "norm", "value"])),
        clip_limit=float(rng.choice(LIMITS)),
        credit_s=s,
        credit_k=int(rng.integers(1, s + 1)),
        cliff_w=float(rng.uniform(*CLIFF_W)),
        cliff_b=float(rng.uniform(*CLIFF_B)),
        cliff_line=bool(rng.choice([False, True])),
        cliff_rate=float(rng.choice(RATES)),
        cliff_limit=float(rng.choice(LIMITS)),
        cliff_steps=int(rng.integers(0, 12)),
    )


def value(told: str) -> float:
    return float(told.replace(",", "").replace("−", "-"))


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(200))
def test_no_sentence_contradicts_the_numbers_beside_it(draw):
    chosen = settings_at_random(np.random.default_rng(draw))
    with np.errstate(all="ignore"):
        found = flows.flows_of(chosen, "untrained")
        for flow in found.values():
            of_matrix(flow)
            of_split(flow, chosen.credit_s, chosen.credit_k)
            of_bound(flow)
        of_gates(found, chosen)
        of_remedies(found, chosen)
    of_cliff(chosen)
    of_what_is_carried(chosen)


def of_matrix(flow: GradientFlow) -> None:
    """Its words are those of its fit, its numbers those of its last row"""
    told, T, D = credit_panels.sentence(flow, "untrained"), len(flow.unrolled.words), len(flow.last_row)
    assert f"{T} steps: {flow.fit.verdict_name}, {flow.fit.description}." in told
    assert f" {power(flow.matrix[-1, -1])} " in told
    if D > 1:
        assert f"and {power(flow.matrix[-1, T - D])} at step {T - D + 1}" in told


def of_split(flow: GradientFlow, s: int, k: int) -> None:
    """The parts make the whole, as written and as computed; the whole is the number in the matrix"""
    split = flow.split(s, k) if s > k else None
    if split is None:
        return
    told, log = split_panel.sentence(flow, split, s, k), split.start + float(split.log_gains[-1])
    uncut = replace(flow, truncate=0).matrix[s - 1, k - 1]
    assert log == uncut or log == pytest.approx(uncut, rel=1e-9, abs=1e-9)
    assert f"**{power(uncut)}**" in told
    assert ("the number in the matrix" in told) == (not np.isnan(flow.matrix[s - 1, k - 1]))
    if "slope" in split.parts._fields:
        slopes, along, whole = re.search(
            rf"multiply to {NUMBER}, .+? to {NUMBER}; together × {NUMBER}\.", told
        ).groups()
        assert three_digits(value(slopes) * value(along)) == whole == power(float(split.log_gains[-1]))
    else:
        np.testing.assert_allclose(split.parts.memory + split.parts.gates, split.parts.gain, rtol=1e-9, atol=1e-12)
        low, high = map(value, re.search(rf"between {NUMBER} and {NUMBER} times", told).groups())
        shares = split.parts.memory / np.where(split.parts.gain, split.parts.gain, 1)
        assert low <= high and shares.min() == pytest.approx(low, rel=6e-3, abs=1e-12)
        assert shares.max() == pytest.approx(high, rel=6e-3, abs=1e-12)
        assert flow.cell == "gru" or shares.min() >= -1e-12, "only the GRU's shares can be negative"


def of_bound(flow: GradientFlow) -> None:
    """No plain cell exceeds what is allowed, and σₘₐₓ as it is written makes the bound beside it"""
    if flow.spectrum is None:
        return
    known = np.isfinite(flow.last_row)
    assert (flow.last_row[known] <= flow.log_bound[known] + 1e-9).all()
    if (split := flow.split(len(flow.unrolled.words), 1)) is not None:
        bound = curves_of(flow, split)["bound"]
        written = float(sigma_told(flow)) ** (len(bound) - 1)
        is_tie = written == pytest.approx(10 ** bound[-1], rel=1e-9)  # 0.15³ = 0.003375: either digit is right
        assert is_tie or three_digits(written) == power(bound[-1])
    outside = int(credit_panels.where(flow.spectrum.eigenvalues).split()[0])
    assert (outside > 0) == (flow.spectrum.radius > 1 + credit_panels.ROUNDING)


def of_gates(found: credit_panels.Flows, chosen: Choices) -> None:
    """What the sliders' stops have come to, and how far the errors of both gated cells get"""
    told = map_panel.held(found)
    for cell in ("lstm", "gru"):
        assert f"{CELL_NAMES[cell]} **{found[cell].fit.verdict_name}**" in told
    here = map_panel.here(chosen)
    stop = map_panel.Stop("lstm", chosen.forget_bias, chosen.update_bias)
    solved = sum(one.is_solved for one in map_panel.networks_by_stop()[stop])
    assert f"LSTM: **{solved or 'none'}** of 12" in here
    for gate in gates_panel.measured(found, chosen):
        bias = chosen.forget_bias if gate.name == "gate_f" else chosen.update_bias
        at_bias = float(sigmoid(np.array(float(bias))))
        assert gate.at_bias == pytest.approx(1 - at_bias if gate.name == "gate_1_u" else at_bias)
        assert ((gate.units >= 0) & (gate.units <= 1)).all()


def of_remedies(found: credit_panels.Flows, chosen: Choices) -> None:
    """What is compared is the number at one distance; no gradient that is clipped by norm is longer than allowed"""
    if before := flows.before_remedies(chosen):
        usual = flows.flows_of(before, "untrained")
        told = credit_panels.compared(usual, found, flows.changes(chosen))
        for cell in CELLS:
            was, now = usual[cell].last_row, found[cell].last_row
            if np.array_equal(was, now):
                assert CELL_NAMES[cell] not in told
            elif len(now) < len(was):
                assert f"{CELL_NAMES[cell]} {power(was[-1])}" in told and "→" not in told
            else:
                assert f"{CELL_NAMES[cell]} {power(was[-1])} → **{power(now[-1])}**" in told
    if chosen.clipping == "norm":
        pairs = re.findall(rf"{NUMBER} → {NUMBER}", remedies_panel.clipped(found, chosen))
        assert all(value(after) <= min(value(before), chosen.clip_limit) * 1.006 for before, after in pairs)


def of_cliff(chosen: Choices) -> None:
    """Where the ball is, what the line says, and where both paths have led"""
    told = cliff_panel.ball(chosen)
    if chosen.cliff_line:
        grows = chosen.cliff_w > 1 / cliff_panel.SLOPE
        assert f"so it {'grows' if grows else 'shrinks'}:" in told
    both = cliff_panel.paths(chosen)
    (free_name, free), (clipped_name, clipped) = both.items()
    sentence = cliff_panel.sentence(both)
    for path in (free, clipped):
        assert three_digits(path.loss[-1]) in sentence
    moved = np.hypot(np.diff(clipped.w), np.diff(clipped.b))
    assert (moved <= chosen.cliff_rate * chosen.cliff_limit * (1 + 1e-9)).all()
    for name, path in ((free_name, free), (clipped_name, clipped)):
        assert happened(path) == ("out of the picture" in cliff_panel.events(name, path))


def happened(path: Path) -> bool:
    """Did it ever leave the picture?"""
    inside = (path.w >= CLIFF_W[0]) & (path.w <= CLIFF_W[1]) & (path.b >= CLIFF_B[0]) & (path.b <= CLIFF_B[1])
    return not inside.all()


def of_what_is_carried(chosen: Choices) -> None:
    """Each place tells what is not as usual there; the map does not speak of networks that it was not made of"""
    usual = Choices()
    for place, names in carried.UNSEEN.items():
        others = [name for name in names if getattr(chosen, name) != getattr(usual, name)]
        told = carried.told(place, chosen)
        assert bool(told) == bool(others)
        assert all(flows.changes(chosen, [name]) in told for name in others)
    assert bool(carried.told("map", chosen)) != bool(race_panel.one_draw(race_panel.setup(chosen)))


# The race, with results that are drawn and not trained ----------------------------------------------------------------


def race_at_random(rng: np.random.Generator) -> tuple[race_session.Race, dict[memory_race.Trial, float]]:
    """Of any outcome, finished or stopped before its end, with a prediction or without, and its ratios"""
    race = race_session.Race(RaceSettings(seed=int(rng.integers(1, 900)), updates=int(rng.choice([100, 400]))))
    every = memory_race.trials(race.setup)
    hard = {cell: rng.uniform(0, 100) for cell in CELLS}  # the gap that about half of its networks solve
    for trial in every[: len(every) if rng.random() < 0.7 else int(rng.integers(1, len(every)))]:
        is_solved = rng.random() < 1 / (1 + (trial.gap / hard[trial.cell]) ** 2)
        right = rng.choice([1, rng.uniform(0.9, 1)]) if is_solved else rng.uniform(0.2, 0.97)
        race.records[trial] = Record(trial, int(rng.integers(1, 400)), round(float(right), 4), is_last=True)
    race.prediction = {cell: rng.choice([None, 0, *GAPS]) for cell in CELLS}
    sizes = 10.0 ** rng.uniform(-20, 1, len(every))
    return race, dict(zip(every, np.where(rng.random(len(every)) < 0.1, 0.0, sizes).tolist(), strict=True))


@pytest.mark.parametrize("draw", range(200))
def test_no_sentence_of_a_race_contradicts_its_networks(draw, monkeypatch):
    rng = np.random.default_rng(draw)
    race, ratios = race_at_random(rng)
    monkeypatch.setattr(race_session, "gradient_ratios", lambda setup: ratios)
    right = {
        (cell, gap): [
            race.records[trial].accuracy
            for seed in seeds(race.setup)
            if (trial := trial_of(race.setup, cell, gap, seed)) in race.records
        ]
        for cell in CELLS
        for gap in GAPS
    }
    medians = {place: float(np.median(found)) if found else None for place, found in right.items()}
    longest = {cell: max((g for g in GAPS if (medians[cell, g] or 0) >= SOLVED), default=0) for cell in CELLS}
    of_verdicts(race, longest)
    of_table(race, right, medians)
    of_pairs(race, ratios)
    first = racers_panel.winner(race)
    solved = [trial for trial, record in race.records.items() if record.accuracy >= SOLVED]
    assert first.gap == max(trial.gap for trial in solved or race.records)


def of_verdicts(race: race_session.Race, longest: dict[str, int]) -> None:
    """What is called right is what was predicted; the chart in words names the same gaps"""
    said, alt = race_panel.said(race.prediction), race_figure.sentence(GAPS, race.accuracies(), SOLVED)
    for cell, verdict in zip(CELLS, race_panel.verdicts(race), strict=True):
        guess, gap = race.prediction[cell], longest[cell]
        named = f"gap {gap}" if gap else "no gap"
        assert verdict.startswith(f"**{CELL_NAMES[cell]}** solved {named}; you ")
        assert ("**right**" in verdict) == (guess == gap)
        assert ("**wrong**" in verdict) == (guess is not None and guess != gap)
        assert (f"{CELL_NAMES[cell]} {gap or 'none'}" in alt) and ("no prediction" in verdict) == (guess is None)
        assert (f"{CELL_NAMES[cell]} {f'gap {guess}' if guess else 'no gap'}" in said) == (guess is not None)


def of_table(race: race_session.Race, right: dict, medians: dict) -> None:
    """Of every gap the median, and how many of how many solved it: as the chart has it, and the verdict"""
    found = race.accuracies()
    middle = {cell: race_figure.medians(values) for cell, values in found.items()}
    for row in race_table.payload(GAPS, found, middle, SOLVED)["cells"]:
        of_cell = [right[row["cell"], gap] for gap in GAPS]
        assert row["accuracies"] == [medians[row["cell"], gap] for gap in GAPS]
        assert row["networks"] == [len(one) for one in of_cell]
        assert row["solved"] == [sum(accuracy >= SOLVED for accuracy in one) for one in of_cell]


def of_pairs(race: race_session.Race, ratios: dict[memory_race.Trial, float]) -> None:
    """Counted one by one: pairs within a cell and gap, and in how many the solved one had the larger ratio"""
    solved = {trial: record.accuracy >= SOLVED for trial, record in race.records.items()}
    pairs = [
        1.0 if ratios[yes] > ratios[no] else 0.5 if ratios[yes] == ratios[no] else 0.0
        for yes in solved
        for no in solved
        if solved[yes] and not solved[no] and (yes.cell, yes.gap) == (no.cell, no.gap)
    ]
    found = race_pairs.within(race.groups(), np.random.default_rng(race.setup.seed))
    told = racers_panel.claim(found)
    if not pairs:
        assert "there is nothing to compare" in told
    else:
        assert f": {len(pairs)} pair" in told and f"**{np.mean(pairs):.0%}** of them" in told
        low, high = (int(part) / 100 for part in re.search(r"give (\d+)% to (\d+)%", told).groups())
        claims = {"tells something here": np.mean(pairs) > 0.5 and low >= 0.5, "the opposite": high <= 0.5}
        assert all(is_so for words, is_so in claims.items() if words in told)
        assert sum(words in told for words in (*claims, "cannot tell")) == 1
        assert "cannot tell" in told or found.by_chance <= 0.05
    marks = pairs_figure.sentence(racers_panel.points_of(race), SOLVED)
    assert (
        marks.startswith(f"One mark for each of {len(solved)} networks") and f"{sum(solved.values())} solved" in marks
    )
    if 0 < sum(solved.values()) < len(solved):
        for is_solved in (True, False):
            sizes = [ratios[trial] for trial in solved if solved[trial] == is_solved]
            assert f"from {three_digits(min(sizes))} to {three_digits(max(sizes))}" in marks
