"""The inspector's numbers are the core's, forward and backward, for every cell."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core import training
from core.backward import BackwardTrace, backward
from core.cells import CELLS, in_steps
from core.data.vocabulary import tokenise
from core.forward import forward
from core.tasks import task
from core.training import Experiment
from tests.helpers.reference import SENTENCE

T, UNIT = 5, 3  # the step and the unit looked at, which the page counts from 1
NUMBER = re.compile(r"[−-]?\d[\d.]*(?:e[−-]?\d+)?")


def run(cell: str) -> BackwardTrace:
    """What the page computes for a link that asks for this cell, untrained"""
    params = training.untrained(Experiment(cell=cell, epochs=0))
    words = tokenise(SENTENCE)
    people = task("people")
    trace = forward(CELLS[cell], params, people.slots(len(words)), people.vocabulary.encode(words)[:, None])
    return backward(trace, people.loss(trace.logits, np.array(people.guess(words))[:, None]))


def plain(back: BackwardTrace) -> dict[str, float]:
    trace, rnn = back.trace, back.trace.params["rnn"]
    from_a, input_term = (rnn.Waa @ trace.a[T - 1, 0])[UNIT], rnn.Wax[UNIT, trace.x[T - 1, 0]]
    return {
        "a⟨4⟩": trace.a[T - 1, 0, UNIT],
        "(Waa a⟨4⟩)": from_a,
        "(Wax x⟨5⟩)": input_term,
        "ba": rnn.ba[UNIT],
        "z⟨5⟩": from_a + input_term + rnn.ba[UNIT],
        "a⟨5⟩": trace.a[T, 0, UNIT],
        "(Wyaᵀ(ŷ⟨5⟩ − y⟨5⟩))": back.from_y[T - 1, 0, UNIT],
        "(Waaᵀ δ⟨6⟩)": (back.d_z[T, 0] @ rnn.Waa)[UNIT],
        "∂ℒ/∂a⟨5⟩": back.d_a[T, 0, UNIT],
        "g1′(z⟨5⟩)": trace.local_derivatives.a_by_z[T - 1, 0, UNIT],
        "δ⟨5⟩": back.d_z[T - 1, 0, UNIT],
    }


def gated(back: BackwardTrace, letters: str) -> dict[str, float]:
    """What the GRU and the LSTM have in common"""
    trace = back.trace
    gates = in_steps(trace.kept, (T - 1, 0))
    d_z = dict(zip(letters, np.split(back.d_z[T - 1, 0], len(letters)), strict=True))
    named = {f"Γ{letter}": getattr(gates, letter)[UNIT] for letter in letters[:-1]}
    named |= {f"δ{letter}": d_z[letter][UNIT] for letter in letters}
    stream = {"(Wyaᵀ(ŷ⟨5⟩ − y⟨5⟩))": back.from_y[T - 1, 0, UNIT]}
    return named | stream | {"c̃⟨5⟩": gates.c_tilde[UNIT]}


def gru(back: BackwardTrace) -> dict[str, float]:
    named, c = gated(back, "urc"), back.trace.a[:, 0, UNIT]
    return named | {
        "c⟨4⟩": c[T - 1],
        "c⟨5⟩": c[T],
        "((∂c⟨6⟩/∂c⟨5⟩)ᵀ ∂ℒ/∂c⟨6⟩)": back.from_next_state[T, 0, UNIT],
        "∂ℒ/∂c⟨5⟩": back.d_a[T, 0, UNIT],
        "(1 − Γu)": 1 - named["Γu"],
    }


def lstm(back: BackwardTrace) -> dict[str, float]:
    named, n = gated(back, "ufoc"), back.trace.a.shape[-1]
    a, c = back.trace.a[:, 0, UNIT], back.trace.state[:, 0, n + UNIT]
    shows = named["Γo"] * (1 - np.tanh(c[T]) ** 2)
    return named | {
        "a⟨4⟩": a[T - 1],
        "c⟨4⟩": c[T - 1],
        "c⟨5⟩": c[T],
        "a⟨5⟩": a[T],
        "(Waaᵀ δ⟨6⟩)": (back.d_z[T, 0] @ back.trace.params["rnn"].Waa)[UNIT],
        "∂ℒ/∂a⟨5⟩": back.d_a[T, 0, UNIT],
        "(Γf⟨6⟩ ⊙ ∂ℒ/∂c⟨6⟩)": back.d_state[T, 0, n + UNIT],
        "∂a⟨5⟩/∂c⟨5⟩": shows,
        "∂ℒ/∂c⟨5⟩": back.d_state[T, 0, n + UNIT] + shows * back.d_a[T, 0, UNIT],
    }


def numbers(text: str) -> list[float]:
    return [float(number.replace("−", "-")) for number in NUMBER.findall(text)]


@pytest.fixture
def inspect(new_screen):
    """Opens an untrained cell and gives the inspector at step T"""

    def inspect(cell: str):
        screen = new_screen().open(f"?activation={cell}&start=untrained&step={T}")
        inspector = screen.page.get_by_test_id("inspector")
        expect(inspector).to_have_attribute("data-t", str(T))
        screen.page.get_by_test_id("dock").locator(".equations > summary").click()
        screen.page.mouse.move(0, 0)  # where the page scrolls to, it would point at another unit
        return inspector

    return inspect


@pytest.mark.parametrize(("cell", "named"), [("tanh", plain), ("relu", plain), ("gru", gru), ("lstm", lstm)])
def test_every_row_shows_the_numbers_of_the_core(inspect, cell, named):
    inspector, expected, found = inspect(cell), named(run(cell)), {}
    for phase in ("Forward", "Backward"):
        inspector.get_by_role("button", name=phase).click()
        rows = inspector.locator(f'section[data-values="{phase.lower()}"] .row')
        for i in range(rows.count()):
            rows.nth(i).locator(".cell").nth(UNIT).hover()
            name, value = inspector.locator(".tip").inner_text().split(f"[{UNIT + 1}] = ")
            found[name] = float(value.replace("−", "-"))
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-12)


@pytest.mark.parametrize(("cell", "named"), [("gru", gru), ("lstm", lstm)])
def test_the_sum_of_one_unit_is_written_out(inspect, cell, named):
    inspector, of = inspect(cell), named(run(cell))
    inspector.locator(".unit").first.fill(str(UNIT + 1))
    sums = inspector.locator('section[data-values="forward"] .sums > div').all_inner_texts()
    [memory] = [text for text in sums if text.startswith("c⟨5⟩")]
    kept = of["Γf"] if cell == "lstm" else of["(1 − Γu)"]
    shown = numbers(memory.split("=", 1)[1])
    terms = [of["Γu"], of["c̃⟨5⟩"], kept, of["c⟨4⟩"], of["c⟨5⟩"]]
    assert np.abs(shown) == pytest.approx(np.abs(terms), rel=6e-3)
    for gate in "ufo" if cell == "lstm" else "ur":
        [line] = [text for text in sums if text.startswith(f"Γ{gate}")]
        inside = numbers(line[line.index("(") : line.index(")")].replace("− ", "−"))
        assert 1 / (1 + np.exp(-sum(inside))) == pytest.approx(of[f"Γ{gate}"], abs=2e-3)


@pytest.mark.parametrize("cell", CELLS)
def test_the_code_shown_is_that_of_the_cell_and_needs_no_scrolling_sideways(inspect, cell):
    inspector = inspect(cell)
    for phase, name in (("Forward", "step"), ("Backward", "step_back")):
        inspector.get_by_role("button", name=phase).click()
        code = inspector.locator(f'section[data-values="{phase.lower()}"] pre')
        expect(code).to_contain_text(f"def {name}(")
        gated = {"Forward": "sigmoid(", "Backward": "def local_derivatives("}
        expect(code).to_contain_text(gated[phase] if cell in ("gru", "lstm") else "def s")
        assert code.evaluate("code => code.scrollWidth <= code.clientWidth")


def test_the_card_shows_its_vectors_in_colour_before_any_equation_is_opened(screen):
    screen.back_at(T)
    colours = (
        screen.page.get_by_test_id("card")
        .locator(".side:visible i[class*=tive-]")
        .evaluate_all("cells => cells.map(cell => getComputedStyle(cell).backgroundColor)")
    )
    assert len(set(colours)) > 8
