"""Why one hop of an error grows and another shrinks: what is said of the direction of δ is what the numbers say."""

import json
import re

import numpy as np
import pytest

from core import training
from core.cells import CELLS
from core.parameters import tree_map
from core.tasks import task
from core.training import Experiment
from explorer.components.inspector import inspector_data
from explorer.compute.unrolled import Unrolled, unroll_sentence
from explorer.compute.whose import ALL, one_error
from tests.helpers.biased import SENTENCE, look
from tests.helpers.inspector_rows import in_node

NUMBER = r"(\d+(?:\.\d+)?(?:e-?\d+)?)"
PLAIN = re.compile(
    rf"by {NUMBER} to {NUMBER}\..*⟨(\d+)⟩ lies .*it is ×{NUMBER}\."
    rf"(?: δ⟨(\d+)⟩ points elsewhere: ×{NUMBER} )?"
)
GATED = re.compile(rf"here {NUMBER} to {NUMBER};.*together ×{NUMBER}\.")
LINE = re.compile(rf"×{NUMBER} … ×{NUMBER}")
WORDS = tuple(SENTENCE.split())
CASES = 200


def told(networks: list[Unrolled], whose: list) -> list:
    asked = [{"data": json.loads(json.dumps(inspector_data(now, 1))), "whose": whose} for now in networks]
    return in_node("hops.js", asked)


def delta(now: Unrolled, whose: str | int, t: int) -> np.ndarray:
    """δ⟨t⟩ of one error, or of all, as the core has it"""
    back = one_error(now, None if whose == ALL else int(whose)).back
    a = now.trace.a[t, 0]
    slope = 1 - a**2 if now.trace.cell == CELLS["tanh"] else a > 0
    return back.d_state[t, 0] * slope


def factor(now: Unrolled, whose: str | int, t: int) -> float:
    """What Waaᵀ does to the length of δ⟨t⟩"""
    error = delta(now, whose, t)
    return float(np.linalg.norm(now.trace.params["rnn"].Waa.T @ error) / np.linalg.norm(error))


@pytest.mark.parametrize("cell", ["tanh", "relu"])
def test_what_a_hop_does_in_each_direction_is_the_singular_value_decomposition(cell):
    now, whose = look(cell, 7), [ALL, len(WORDS), 4]
    u, sigma, _ = np.linalg.svd(now.trace.params["rnn"].Waa)
    for one, steps in zip(whose, told([now], whose)[0], strict=True):
        for t, step in enumerate(steps, start=1):
            made = step["directions"]
            if made is None:
                assert t == 1 or (one != ALL and t > one) or not np.linalg.norm(delta(now, one, t))
                continue
            error = delta(now, one, t)
            shares = (u.T @ error) ** 2 / (error @ error)
            each = sorted(made["each"], key=lambda one: -one["by"])
            assert [one["by"] for one in each] == pytest.approx(sigma.tolist(), rel=1e-5)
            assert [one["share"] for one in each] == pytest.approx(shares.tolist(), abs=1e-5)
            assert (made["least"], made["most"]) == pytest.approx((sigma[-1], sigma[0]), rel=1e-5)
            assert made["by"] == pytest.approx(factor(now, one, t), rel=1e-5)


def random_network(seed: int, cell: str) -> Unrolled:
    """Of any size and any recurrent weights, one weight far from the others in every third"""
    rng = np.random.default_rng(seed)
    params = training.untrained(Experiment(cell=cell, hidden_units=int(rng.integers(1, 12)), epochs=0))
    scale = 10 ** rng.uniform(-1.5, 0.5)
    params = tree_map(lambda array: array + rng.normal(0, scale, array.shape), params)
    if seed % 3 == 0:
        params["rnn"].Waa[0, 0] = 10 ** rng.uniform(-3, 3)
    return unroll_sentence(params, cell, WORDS, tuple(task("people").guess(WORDS)))


@pytest.mark.parametrize("cell", ["tanh", "relu"])
def test_the_sentence_never_contradicts_the_numbers(cell):
    networks = [random_network(seed, cell) for seed in range(CASES)]
    seen = {"note": 0, "compared": 0, "stretched": 0, "shrunk": 0, "alike": 0}
    for now, (steps,) in zip(networks, told(networks, [len(WORDS)]), strict=True):
        sigma = np.linalg.svd(now.trace.params["rnn"].Waa, compute_uv=False)
        for t, step in enumerate(steps, start=1):
            if step["directions"] is None:
                assert not step["note"] and not step["line"]
                continue
            exact = step["directions"]["by"]
            if np.min(1 - now.trace.a**2) > 1e-3 or cell == "relu":  # else float32 leaves few digits of the slope
                assert exact == pytest.approx(factor(now, len(WORDS), t), rel=2e-3)
            if "about the same" in step["note"]:
                assert sigma[0] - sigma[-1] <= 0.0101 * sigma[0] and "about the same" in step["line"]
                seen["alike"] += 1
                continue
            found = PLAIN.search(step["note"])
            assert found, step["note"]
            least, most, at, by, other, there = found.groups()
            low, high = float(least), float(most)
            assert int(at) == t and by in step["figure"]
            assert low <= float(by) <= high and float(by) == pytest.approx(exact, rel=1e-2)
            assert 0.989 * sigma[-1] <= low <= sigma[-1] * (1 + 1e-5)
            assert sigma[0] * (1 - 1e-5) <= high <= 1.011 * sigma[0]
            assert tuple(map(float, LINE.search(step["line"]).groups())) == (low, high)
            assert ("stretches" in step["line"]) == (exact > 1) and ("shrinks" in step["line"]) == (exact <= 1)
            seen["note"] += 1
            seen["stretched" if exact > 1 else "shrunk"] += 1
            if other:
                assert int(other) in (t - 1, t + 1) and there != by and low <= float(there) <= high
                assert float(there) == pytest.approx(steps[int(other) - 1]["directions"]["by"], rel=1e-2)
                seen["compared"] += 1
    assert seen["note"] >= CASES and min(seen.values()) > 0, seen


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_along_a_memory_each_unit_has_a_factor_of_its_own(cell):
    now, T = look(cell, 7), len(WORDS)
    d_state, n_a = one_error(now, T).back.d_state, 7
    ((steps,),) = told([now], [T])
    for t, step in enumerate(steps[1:], start=2):
        made = step["directions"]
        each = np.array([one["by"] for one in made["each"]])
        shares = np.array([one["share"] for one in made["each"]])
        assert shares.sum() == pytest.approx(1) and np.all((each >= 0) & (each <= 1))
        low, high, by = map(float, GATED.search(step["note"]).groups())
        assert low <= each.min() * (1 + 1e-5) and each.max() * (1 - 1e-5) <= high and low <= by <= high
        assert by == pytest.approx(np.sqrt((shares * each**2).sum()), rel=6e-3)
        if cell == "gru":
            d_a = d_state[t, 0, :n_a]
            assert shares == pytest.approx(d_a**2 / (d_a @ d_a), abs=1e-5)
