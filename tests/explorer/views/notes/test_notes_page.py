"""The page Notes, without a browser: every claim that it makes is computed a second time, in another way."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from streamlit.testing.v1 import AppTest

from core import pretrained, training
from core.backward import backward
from core.cells import CELLS, in_steps
from core.data.vocabulary import tokenise
from core.structures import NO_TARGET, STRUCTURES
from core.tasks import task
from core.training import Experiment
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled, unroll_sentence
from explorer.figures import hidden_states
from explorer.prose import prose, sections
from explorer.theme import LIGHT
from explorer.views.notes import claims_measured, claims_tab, symbols_tab, theory_tab
from tests.helpers.examples import LONG, ask_core
from tests.helpers.notes_page import open_notes, turn_to

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
TABS = ("theory", "claims", "tried", "symbols")
N_X = len(task("people").vocabulary)
PARAMS = pretrained.load_pretrained(Experiment())


@pytest.fixture(scope="module")
def session() -> AppTest:
    """One that many tests use one after the other, as a reader would"""
    return open_notes()


@pytest.fixture
def theory(session) -> AppTest:
    return turn_to(session, "theory")


@pytest.fixture
def claims(session) -> AppTest:
    return turn_to(session, "claims")


@pytest.fixture
def symbols(session) -> AppTest:
    return turn_to(session, "symbols")


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.info])


def number(pattern: str, app: AppTest) -> float:
    return float(re.search(pattern, said(app))[1].replace(",", ""))


def through(text: str, params=PARAMS, activation: str = "tanh") -> Unrolled:
    sentence = parse_sentence(text)
    return unroll_sentence(params, activation, sentence.words, sentence.guess)


def untrained(cell: str):
    return training.untrained(Experiment(cell=cell, epochs=0))


def core(text: str):
    """The same by the core alone"""
    read = tokenise(text)
    return ask_core(PARAMS, "tanh", read, task("people").guess(read))


# The page -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["trained", "untrained"])
@pytest.mark.parametrize("cell", CELLS)
def test_it_opens_for_every_cell(cell, start):
    app = open_notes(activation=cell, start=start)
    assert [tab.label for tab in app.tabs] == [prose("notes", f"tab_{name}") for name in TABS]
    assert [header.value for header in app.subheader if header.anchor] == [
        f"{i} · {section.title}" for i, section in enumerate(theory_tab.SECTIONS, start=1)
    ]
    for name in TABS:
        assert f"{start}; and of the sentence" in said(turn_to(app, name))


def test_only_the_open_tab_is_sent(session):
    assert turn_to(session, "theory").latex and not session.text_input
    assert turn_to(session, "claims").text_input and not session.latex


@pytest.mark.parametrize("sentence", ["Grace", LONG])
@pytest.mark.parametrize("cell", ["relu", "lstm"])
def test_it_opens_on_one_word_and_on_many_with_growing_gradients(cell, sentence):
    wild = {"start": "untrained", "initialisation": "scaled", "spectral_radius": "2.0", "hidden_units": "64"}
    app = open_notes(activation=cell, sentence=sentence, **wild)
    for name in TABS:
        text = said(turn_to(app, name))
        assert "nan" not in text and "not finite" not in text


def test_it_trains_nothing(monkeypatch):
    app = open_notes(start="untrained", hidden_units="7")
    assert "n_a = 7, untrained" in said(app)
    monkeypatch.setattr(training, "train", None)
    app.segmented_control(key="start").set_value("trained").run()
    assert prose("notes", "stand_in", cell="tanh RNN") in said(app)
    assert "those of the trained network that comes with the app: tanh RNN, n_a = 16, trained" in said(app)
    assert "the network chosen in the settings, before" not in said(app)


def test_an_empty_sentence_on_explore_is_replaced_and_the_page_says_so():
    app = open_notes(sentence=" ")
    assert prose("notes", "no_sentence") in said(app)
    assert f"and of the sentence of the lecture: *{SENTENCE}*" in said(app)
    assert "those of the network chosen in the settings" in said(app)


def test_the_link_stays():
    app = open_notes(sentence="Grace saw May", step="2")
    assert "*Grace saw May*" in said(app)
    assert (app.query_params["sentence"], app.query_params["step"]) == ("Grace saw May", "2")


# The theory -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", range(1, 10))
def test_equation_1_is_shown_with_its_own_numbers(t):
    app = open_notes(step=str(t))
    state, answer = (re.findall(r"(-?\d+\.\d+)", re.sub(r"\\langle \d+", "", shown.value)) for shown in app.latex)
    *inside, a = map(float, state)
    assert f"{np.tanh(sum(inside)):.3f}" == f"{a:.3f}", "what is written comes out, to the last digit"
    *inside, y_hat = map(float, answer)
    decimals = len(answer[-1].split(".")[1])
    assert f"{1 / (1 + np.exp(-sum(inside))):.{decimals}f}" == answer[-1]
    trace, loss, _ = core(SENTENCE)
    assert (a, y_hat) == approx((trace.a[t, 0, 0], loss.y_hat[t - 1, 0, 0]), abs=1e-3)
    assert rf"a^{{\langle {t}\rangle}}[0]" in app.latex[0].value and "Unit 1 of 16" in said(app)


def test_the_tables_beside_the_text_are_the_core_s(theory):
    tables = {tuple(frame.value.columns): frame.value for frame in theory.dataframe}
    trace, loss, back = core(SENTENCE)
    losses = tables["t", "word", "y⟨t⟩", "ŷ⟨t⟩", "ℒ⟨t⟩"]
    assert losses["ℒ⟨t⟩"].sum() == approx(loss.total)
    streams = tables["t", "word", "from ŷ", "from next", "sum"]
    np.testing.assert_allclose(streams["sum"], np.linalg.norm(back.d_a[1:, 0], axis=-1))
    d_z, Waa = (1 - trace.a[1:, 0] ** 2) * back.d_a[1:, 0], PARAMS["rnn"].Waa
    np.testing.assert_allclose(streams["from next"], [*np.linalg.norm(d_z[1:] @ Waa, axis=-1), 0])
    attended = tables["t", "word", "score e", "weight α"]
    assert attended["weight α"].sum() == approx(1)
    np.testing.assert_allclose(attended["score e"], trace.a[1:-1, 0] @ trace.a[-1, 0])


def test_equation_4_is_evaluated_for_the_last_loss(theory):
    """By the core, with no other loss let in"""
    read = tokenise(SENTENCE)
    targets = np.array([NO_TARGET] * (len(read) - 1) + [task("people").guess(read)[-1]])[:, None]
    trace = core(SENTENCE).trace
    back = backward(trace, task("people").loss(trace.logits, targets))
    (table,) = [frame.value for frame in theory.dataframe if "share of Waa" in frame.value]
    shares = [np.linalg.norm(back.share(t)["rnn"].Waa) for t in range(1, 10)]
    np.testing.assert_allclose(table["share of Waa"], shares, rtol=1e-12)
    assert f"of length **{np.linalg.norm(back.grads['rnn'].Waa):.3g}**" in said(theory)


def test_nothing_is_written_as_0_or_1_that_is_not():
    """ŷ⟨4⟩ = σ(8.093) is 0.9997, not 1.000"""
    app = open_notes(step="4")
    assert "&= 1.000" not in app.latex[1].value and "&= 0.9997" in app.latex[1].value
    for value, told in ((0.5, 3), (0.9999, 4), (0.99999999, 8), (1e-5, 5), (0.0, 3), (1.0, 3)):
        assert theory_tab.decimals(np.array([value])) == told


def test_what_the_notes_say_of_a_radius_of_0():
    W = 4 * np.array([[1.0, 1.0], [-1.0, -1.0]])
    assert not (W @ W).any() and "3.3 million" in prose("notes", "vanish")
    step = np.diag([1, 0.5]) @ W
    assert np.linalg.norm(np.linalg.matrix_power(step, 20), 2) == approx(3.3e6, rel=0.01)


@pytest.mark.parametrize("name", ["Ng", "Amidi", "Karpathy", "Pascanu", "Hochreiter", "Gers", "Cho", "Le", "Schuster"])
def test_every_source_has_its_title_and_a_link(name):
    line = next(line for line in prose("notes", "references").splitlines() if re.search(rf"\b{name}\b", line))
    assert re.search(r"\[\*[^*]{10,}\*\]\(https://", line)


def test_whoever_is_cited_on_gradients_stands_in_the_list():
    texts = "\n".join(sections("gradients").values())
    cited = set(re.findall(r"([A-Z]\w+)(?: et al\.| and [A-Z]\w+)? ((?:19|20)\d\d)\b", texts))
    assert {("Mikolov", "2012"), ("Williams", "1990")} <= cited
    lines = prose("notes", "references").splitlines()
    for name, year in cited:
        assert any(name in line.split(":")[0] and year in line for line in lines), name


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_how_much_is_kept_is_how_the_memory_acts_on_the_next(cell):
    """A nudge of c⟨t−1⟩ with all gates held fixed: what remains of it after the step"""
    kept = theory_tab.share_kept(through(SENTENCE), cell)
    trace, size = through(SENTENCE, pretrained.load_pretrained(Experiment(cell=cell)), cell).trace, 16
    for t in range(len(kept)):
        state, gates = trace.state[t], in_steps(trace.kept, t)
        memory = state[:, :size] if cell == "gru" else state[:, size:]
        write = gates.u * gates.c_tilde
        stays = trace.state[t + 1][:, -size:] - write
        np.testing.assert_allclose(stays, (1 - gates.u if cell == "gru" else gates.f) * memory, atol=1e-12)
        assert 0 < kept[t] < 1


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_sketch_shows_its_table(name):
    slots = STRUCTURES[name](3, 2)
    answers, _, boxes, _, reads = theory_tab.sketch(slots).split("\n")
    assert answers.count("ŷ") == sum(slot.answers for slot in slots)
    assert len(re.findall("[□■]", boxes)) == len(slots)
    assert boxes.count("■") == sum(slot.group == "decoder" for slot in slots)
    for i, slot in enumerate(slots):
        assert (answers[3 * i : 3 * i + 1].strip() == "ŷ") == slot.answers
        assert reads[3 * i] == ("x" if slot.reads.name == "INPUT" else "ŷ")


def test_the_code_on_the_page_is_the_code_that_runs(theory):
    shown = "\n".join(block.value for block in theory.code)
    assert "# core/cells.py" in shown
    for section in theory_tab.SECTIONS:
        for function in section.code:
            compiled = compile(theory_tab.source(function), "shown", "exec")  # it is whole, and indented as it must be
            assert function.__name__ in compiled.co_names
            assert theory_tab.source(function).strip() in shown


def test_every_shape_in_the_glossary_is_true(symbols):
    look = through(SENTENCE)
    sizes = {"n_x": N_X, "n_a": 16, "n_y": 1, "T": 9}
    for symbol in (
        symbol for group in symbols_tab.SYMBOLS.values() for symbol in group if symbol.value and symbol.shape
    ):
        expected = tuple(sizes[part.strip()] for part in symbol.shape.split(r"\times"))
        assert np.shape(symbol.value(look)) == expected, symbol.letters
        assert symbols_tab.live_shape(symbol, look) == " × ".join(map(str, expected))
    shown = [shape for table in symbols.table if "on Explore" in table.value for shape in table.value["on Explore"]]
    assert f"16 × {N_X}" in shown


# A. Any length ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("T", "n_a"), [(1, 4), (9, 16), (100, 64)])
def test_both_counts(claims, T, n_a):
    claims.slider(key="notes_T").set_value(T)
    claims.slider(key="notes_n_a").set_value(n_a).run()
    rnn = n_a * n_a + n_a * N_X + n_a + n_a + 1
    classic = n_a * (T * N_X) + n_a + T * n_a + T
    assert number(r"The RNN has \*\*([\d,]+) parameters", claims) == rnn
    assert number(r"The classic network needs \*\*([\d,]+)\*\*", claims) == classic
    s = "s" if T > 1 else ""
    assert f"read {T} word{s} and made {T} prediction{s}." in said(claims)


# B. Shared weights ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_the_shares_add_up_and_the_test_would_notice(cell):
    look = through(SENTENCE, untrained(cell), cell)
    assert claims_measured.share_sum_error(look) < 1e-14
    whole = look.back.grads["rnn"].Waa
    assert min(np.abs(look.back.share(t)["rnn"].Waa - whole).max() for t in range(1, 10)) > 1e-6
    look.back.grads["rnn"].Waa[0, 0] += 1e-3
    assert claims_measured.share_sum_error(look) == approx(1e-3)


def test_the_sum_of_shares_on_the_page(claims):
    """Σ_t ∂ℒ/∂z⟨t⟩ a⟨t−1⟩ᵀ, step by step, against the gradient of the core"""
    trace, _, back = core(SENTENCE)
    d_z = (1 - trace.a[1:, 0] ** 2) * back.d_a[1:, 0]
    shares = [np.outer(d, a) for d, a in zip(d_z, trace.a[:-1, 0], strict=True)]
    off = np.abs(sum(shares) - back.grads["rnn"].Waa).max()
    assert number(r"max \|Σ shares − gradient\| = ([\d.e-]+)", claims) < max(1e-14, 10 * off)
    assert not shares[0].any()  # as the page says


# C. History -------------------------------------------------------------------------------------------------------


def test_the_last_word_after_two_beginnings(claims):
    texts = ("I saw Paris", "we met our friend Paris")
    for i, text in enumerate(texts, start=1):
        claims.text_input(key=f"notes_history_{i}").set_value(text)
    claims.run()
    ends = [core(text).loss.y_hat[-1, 0, 0] for text in (*texts, "Paris")]
    assert [float(metric.value) for metric in claims.metric] == approx(ends, abs=6e-4)
    assert f"P(name) differs by **{abs(ends[0] - ends[1]):.3g}**" in said(claims)


@pytest.mark.parametrize(
    ("one", "other", "section"),
    [
        ("", "They met in May", "history_empty"),
        ("I met May", "May", "history_empty"),
        ("I MET may", "i met May", "history_same"),
        ("zzyzx met May", "qqq met May", "history_same"),
    ],
)
def test_two_sentences_that_prove_nothing_about_history(claims, one, other, section):
    claims.text_input(key="notes_history_1").set_value(one)
    claims.text_input(key="notes_history_2").set_value(other).run()
    assert prose("notes", section) in said(claims)
    assert not claims.metric


def test_last_words_that_differ(claims):
    claims.text_input(key="notes_history_1").set_value("I met *May*")
    claims.text_input(key="notes_history_2").set_value("I met June").run()
    assert "The last words differ" in said(claims)


# D. Slow ----------------------------------------------------------------------------------------------------------


def test_the_slope_is_that_of_the_clock(monkeypatch):
    """A machine on which a sequence takes 3 µs and 2 µs a step, however many are read side by side"""
    now = 0.0

    def forward(cell, params, slots, x):
        nonlocal now
        assert x.shape[0] == len(slots)
        now += 3e-6 + 2e-6 * len(slots)

    monkeypatch.setattr(claims_measured, "forward", forward)
    found = claims_measured.timing(CELLS["tanh"], PARAMS, lambda: now)
    assert found.line() == approx([2e-6, 3e-6])
    assert found.at_once == approx(np.full(len(claims_measured.LENGTHS), 5e-6))


def test_time_is_measured_when_asked_and_only_then(claims):
    assert "µs a step" not in said(claims)
    claims.button(key="notes_time").click().run()
    assert number(r"\*\*([\d.e+-]+) µs a step", claims) > 0
    measured = claims.session_state["notes_timing"][1]
    assert (measured.waiting > 0).all() and (measured.at_once > 0).all()
    claims.segmented_control(key="activation").set_value("gru").run()
    assert "µs a step" not in said(claims)  # that was another network's time
    claims.segmented_control(key="activation").set_value("tanh").run()
    assert "µs a step" in said(claims)
    assert number(r"measured for T = 200: ([\d.e+-]+) ms", claims) == approx(1e3 * measured.waiting[-1], rel=0.01)


# E. Forgets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_the_way_back_is_backpropagation_of_the_last_loss_alone(cell):
    look = through(SENTENCE, untrained(cell), cell)
    silent = np.full_like(look.targets, NO_TARGET)
    silent[-1] = look.targets[-1]
    alone = backward(look.trace, task("people").loss(look.trace.logits, silent))
    np.testing.assert_allclose(
        claims_measured.way_back(look), np.linalg.norm(alone.d_state[1:, 0], axis=-1), rtol=1e-12
    )


def test_the_number_at_the_first_word(claims):
    claims.text_input(key="notes_far").set_value("Grace told her friend Paris a new story").run()
    norms = claims_measured.way_back(through("Grace told her friend Paris a new story"))
    assert number(r"and \*\*([\d.e-]+)\*\* when it arrives at ‘Grace’, 7 steps earlier", claims) == approx(
        norms[0], 1e-2
    )
    for text in ("", "Grace"):
        claims.text_input(key="notes_far").set_value(text).run()
        assert prose("notes", "forgets_short") in said(claims)


FORGETS_NOT = (
    "Here it did not fade. Fading needs factors that shrink it on the way; try a longer sentence or another cell."
)


@pytest.mark.parametrize(("cell", "radius"), [("tanh", "0.5"), ("relu", "2.0")])
def test_whether_it_faded_is_read_from_the_numbers(cell, radius):
    """An orthogonal matrix times ½ makes the gradient fade; one times 2 makes it grow"""
    app = open_notes("claims", activation=cell, start="untrained", initialisation="orthogonal", spectral_radius=radius)
    grows = radius == "2.0"
    assert (FORGETS_NOT in said(app)) == grows == (" times stronger**" in said(app))
    assert ("weaker**." in said(app)) != grows


# F. The future ----------------------------------------------------------------------------------------------------

LEXICON = task("people").vocabulary.words[1:60]
TEXTS = st.lists(st.sampled_from(LEXICON), min_size=1, max_size=12)


@settings(max_examples=60)
@given(TEXTS, TEXTS, TEXTS, st.sampled_from(list(CELLS)))
def test_what_is_read_later_changes_nothing_to_the_last_bit(same, one, other, cell):
    params = pretrained.load_pretrained(Experiment(cell=cell))
    looks = [through(" ".join([*same, *rest]), params, cell) for rest in (one, other)]
    gap, k = claims_measured.state_differences(*looks), claims_measured.common_prefix(*looks)
    assert k >= len(same)
    assert not gap.state[:k].any() and not gap.prediction[:k].any()


def test_the_two_states_at_teddy_are_equal_and_the_next_are_not(claims):
    assert "The network reads the same words up to **Teddy** (step 1)" in said(claims)
    assert said(claims).count("**max |difference| = 0**. Between the two predictions there: **0**") == 1
    assert "in both). Nothing that is read later can change them." in said(claims)
    table = next(frame.value for frame in claims.dataframe if "sentence 1" in frame.value)
    traces = [
        core(text).trace.a[1:6, 0] for text in ("Teddy Roosevelt was a great president", "Teddy bears are on sale")
    ]
    np.testing.assert_array_equal(table["states differ by"], np.abs(traces[0][:5] - traces[1]).max(axis=-1))
    assert (table["states differ by"] == 0).tolist() == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("He met May", "He met June", "up to **met** (step 2)"),
        ("He met May", "she met May", prose("notes", "future_first")),
        ("He met May", "He met May today", prose("notes", "future_same")),
        ("", "He met May", prose("notes", "future_empty")),
    ],
)
def test_up_to_which_word_two_sentences_agree(claims, one, other, expected):
    claims.text_input(key="notes_future_1").set_value(one)
    claims.text_input(key="notes_future_2").set_value(other).run()
    assert expected in said(claims)


def test_units_are_counted_from_0_as_on_explore():
    fig = hidden_states.figure(np.zeros((2, 5)), ["one", "other"], 1.0, LIGHT)
    assert list(fig.data[0].x) == [0, 1, 2, 3, 4]


def test_a_chart_is_told_without_marks():
    assert claims_tab._aloud(r"up to **a\*\*b\<** (step 1), ∂ℒ: **0**.") == "up to a**b< (step 1), ∂ℒ: 0."


ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["<script>alert(1)</script> x", "# **a** [b](c) $x$ :smile:", "{cell} {", "👩‍🚀 שלום", "a " * 100, "1. $\\frac{"]
)


@pytest.fixture(scope="module")
def open_boxes() -> AppTest:
    return open_notes("claims")


@pytest.mark.slow
@settings(max_examples=20)
@given(ODD, ODD)
def test_whatever_is_typed_there_is_an_answer(open_boxes, one, other):
    for key in claims_tab.DEFAULTS:
        open_boxes.text_input(key=key).set_value(one if key.endswith("1") or key == "notes_far" else other)
    open_boxes.run()
    assert not open_boxes.exception
