"""Over 200 random settings of the page, every sentence of its stations against the numbers that it stands beside."""

import re
from dataclasses import replace

import numpy as np
import pytest

from core.activations import sigmoid
from core.cells import CELLS
from core.initialisers import FORGET_BIASES, INITIALISERS, UPDATE_BIASES
from explorer.choices.record import CLIFF_B, CLIFF_W, LIMITS, RADII, RATES, Choices
from explorer.components.cliff import Path
from explorer.formatting import power, three_digits
from explorer.theme import CELL_NAMES
from explorer.views.gradients import (
    cliff_panel,
    credit_panels,
    flows,
    gates_panel,
    map_panel,
    remedies_panel,
    split_panel,
)
from explorer.views.gradients.cell_flow import GradientFlow
from explorer.views.gradients.why_station import curves_of, sigma_told

NUMBER = r"(−?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?)"


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
