"""The reader's choices and the link: nothing is lost on the way there and back, and nothing in a link can break it."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.cells import CELLS
from core.experiments.memory_race import GAPS
from core.tasks import task
from explorer.choices.link import from_link, link_length, to_link
from explorer.choices.record import (
    CHOICES,
    CLIFF_B,
    CLIFF_W,
    LIMITS,
    MOST_CLIFF_STEPS,
    MOST_STEPS,
    RACE_UPDATES,
    RADII,
    RATES,
    SENTENCE,
    WEIGHTS,
    Choices,
)
from explorer.compute.jobs import KINDS
from explorer.compute.live_training import MOST_EPOCHS
from explorer.compute.sentence import READ_CHARACTERS, parse_sentence
from explorer.compute.unrolled import Example
from explorer.compute.updates import LARGEST, MOST_UPDATES, Edit, Update, count
from tests.helpers.examples import update_on

texts = st.text(max_size=30) | st.lists(st.sampled_from(["Will", "zzyzx", "|", "x", "1x1", "😀", "我"])).map(" ".join)
sentences = texts.filter(lambda text: parse_sentence(text).words)
one_of = st.sampled_from
FIELDS = {  # every choice but those that depend on the sentence; one that is not here keeps its default
    "hidden_units": st.integers(4, 64),
    "activation": one_of(["tanh", "relu", "gru", "lstm"]),
    "initialisation": one_of(["glorot", "scaled", "orthogonal", "identity"]),
    "spectral_radius": one_of(RADII),
    "seed": st.integers(0, 999),
    "start": one_of(["trained", "untrained"]),
    "learning_rate": one_of(RATES),
    "clipping": one_of(["off", "norm", "value"]),
    "clip_limit": one_of(LIMITS),
    "phase": one_of(["forward", "backward"]),
    "whose": one_of(["", "all", "last"]) | st.integers(1, 240).map(str),
    "selected_weight": one_of(WEIGHTS),
    "source": one_of(["sentence", "random"]),
    "length": st.integers(2, MOST_STEPS),
    "moment": one_of(["untrained", "trained"]),
    "measure": one_of(["error", "distance"]),
    "forget_bias": st.integers(0, 5),
    "update_bias": st.integers(-5, 0),
    "epoch": st.integers(0, MOST_EPOCHS),
    "trained": st.integers(0, MOST_EPOCHS),
    "keep": one_of(["best", "last"]),
    "beside": one_of(["dock", "answer"]),
    "budget": one_of([30, 120, 600]),
    "batches": st.integers(0, 10_000),
    "truncate": st.integers(0, MOST_STEPS),
    "credit_cell": one_of(list(CELLS)),
    "credit_s": st.integers(0, MOST_STEPS),
    "credit_k": st.integers(1, MOST_STEPS),
    "guess": one_of(["", *CELLS, "shown"]),
    "cliff_w": st.floats(*CLIFF_W),
    "cliff_b": st.floats(*CLIFF_B),
    "cliff_line": st.booleans(),
    "cliff_rate": one_of(RATES),
    "cliff_limit": one_of(LIMITS),
    "cliff_steps": st.integers(0, MOST_CLIFF_STEPS),
    "race_updates": one_of(RACE_UPDATES),
} | {f"race_{cell}": one_of([None, 0, *GAPS]) for cell in CELLS}


def bits(sentence: str) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(0, 1)] * len(parse_sentence(sentence).words))


settings = st.tuples(one_of(RATES), one_of(["off", "norm", "value"]), one_of(LIMITS), st.integers(1, 100))


@st.composite
def an_update(draw) -> Update:
    sentence = draw(sentences)
    return update_on(sentence, draw(bits(sentence)), *draw(settings))


tokens = st.text(min_size=1, max_size=9).filter(lambda text: not set(text) & {" ", "\t"})


@st.composite
def a_structures_update(draw, structure: str) -> Update:
    """Of words or tags where there are many classes, of the two where there are two"""
    classes = task(structure).classes
    answers = st.lists(one_of(classes) if len(classes) == 2 else tokens, min_size=1, max_size=5).map(tuple)
    right, inputs = draw(answers), tuple(draw(st.lists(tokens, min_size=1, max_size=5)))
    return Update(Example(inputs, draw(st.just(right) | answers), right), *draw(settings))


rows, weights = st.integers(0, 9999), one_of(["rnn.Waa", "rnn.ba", "readout.Wya", "encoder.Wax", "attention.Wyc"])
an_edit = st.builds(
    lambda weight, row, column, value: Edit(*weight.split("."), row, column, value + 0.0),
    *(weights, rows, rows, st.floats(-LARGEST, LARGEST)),
)


@st.composite
def some_choices(draw) -> Choices:
    sentence = draw(texts)
    updates, structure = draw(st.lists(an_update() | an_edit, max_size=4)), draw(one_of(list(KINDS)))
    others = draw(st.lists(a_structures_update(structure) | an_edit, max_size=2))
    default = from_link({})[0]
    return replace(
        default,
        **{key: draw(strategy) for key, strategy in FIELDS.items()},
        sentence=sentence,
        step=draw(st.integers(1, max(1, len(parse_sentence(sentence).words)))),
        labels=draw(bits(sentence)),
        updates=tuple(updates + updates[-1:] * draw(st.integers(0, 3))),
        structure=structure,
        input=KINDS[structure].example,
        structures_updates=tuple(others + others[-1:] * draw(st.integers(0, 3))),
    )


@given(some_choices())
def test_a_link_brings_back_what_it_was_made_of(choices):
    assert from_link(to_link(choices)) == (choices, [])


def test_the_default_page_has_an_empty_link():
    choices, ignored = from_link({})
    assert (to_link(choices), ignored) == ({}, [])
    assert (choices.sentence, choices.labels) == (SENTENCE, (1, 1, 0, 1, 1, 0, 0, 0, 0))


numbers = ["", "0", "-1", "9" * 5000, "٣", "²", "nan", "inf", "1e3", "1_0", " 7", "7\n", "\n", "\0", "None", "0.30"]
updates = [
    "1x1 0.05 off 1.0\t1\tWill",
    "1x1 0.05 off 1.0\t10\tWill you",
    "1x1 0.05 off 1.0\t2\tWill",
    "1x1 0.05 off 1.0\t\tWill",
    "1x1 0.05 off 1.0\t1\t",
    "1x1 0.05 off 1.0\telle lit <END>\tshe reads\telle <END>",
    "2x9999 0.05 off 1.0\t1\tWill",
    "1x1 0.05 off 1.0\tshe\x1freads\telle\x1f<END>",
    "1x1 0.05 off 1.0 1 Will",
    "3x9 1.0 norm 0.5 10 Will you",
    "1999x1 1.0 off 1.0 1 a",
    "2000x2000 1.0 off 1.0 1 a",
    "1x2001 1.0 off 1.0 1 a",
    "0x1 1.0 off 1.0 1 a",
    "1x١ 0.05 off 1.0 1 Will",
    "x 1.0 off 1.0 1 a",
    "1x1 0.3 off",
    "1x1 0.05 off 1.0 1 ",
    "1x1 0.05 off 1.0 111 Will",
    "1x1 0.05 off 1.0 2 Will",
    "edit rnn.Waa 0 0 0.5",
    "edit rnn.Waa 0 0 nan",
    "edit rnn.Waa 0 0 1e31",
    "edit rnn.Waa -1 0 1",
    "edit rnn.Waa.T 0 0 1",
    "edit Waa 0 0 1",
    "edit rnn.Waa 0 0",
    "edit rnn.Waa 0 0 1 1",
]
nasty = st.sampled_from([*numbers, *updates])
values = st.text() | nasty | st.lists(nasty | st.text(), max_size=4)
names = st.sampled_from([*CHOICES, "v", "labels", "update", "structures_update", "practice"]) | st.text()


@given(st.dictionaries(names, values, max_size=8))
@example({"practice": "1x1 0.1 off 0.1\t0\t "})
def test_whatever_a_link_says_it_opens_and_what_opens_is_valid(link):
    choices, ignored = from_link(link)
    assert from_link(to_link(choices)) == (choices, [])
    assert set(ignored) <= set(link) and len(ignored) == len(set(ignored))
    assert all(count(row) <= MOST_UPDATES for row in (choices.updates, choices.structures_updates))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("seed", "1000"),
        ("seed", "-1"),
        ("seed", "٣"),
        ("seed", "9" * 5000),
        ("seed", "1\n"),
        ("hidden_units", "3"),
        ("activation", "TANH"),
        ("spectral_radius", "nan"),
        ("learning_rate", "0.03"),
        ("step", "0"),
        ("step", "10"),
        ("phase", "sideways"),
        ("labels", "10"),
        ("labels", "11211000x"),
        ("update", "1x1 0.05 off 1.0 11 one"),
        ("update", "1x1 0.05 off 1.0  "),
        ("update", ["1999x1 0.05 off 1.0 1 a", "2x1 0.05 off 1.0 1 a"]),
    ],
)
def test_what_makes_no_sense_is_named(name, value):
    choices, ignored = from_link({name: value})
    assert ignored == [name]
    assert replace(choices, updates=()) == from_link({"v": "1"})[0]


def test_updates_before_the_one_that_makes_no_sense_are_kept():
    choices, ignored = from_link({"update": ["2x3 0.05 off 1.0 1 Will", "nonsense", "1x1 0.05 off 1.0 1 Will"]})
    assert choices.updates == (update_on("Will", (1,), 0.05, "off", 1.0, 3),) * 2
    assert ignored == ["update"]


def test_exactly_as_many_updates_as_can_be_replayed_are_read():
    choices, ignored = from_link({"update": f"{MOST_UPDATES}x1 0.05 off 1.0 1 a"})
    assert (len(choices.updates), ignored) == (MOST_UPDATES, [])


def test_a_step_past_the_end_of_the_sentence_is_named_and_the_usual_one_is_shown():
    for sentence, step in (("one two", 2), ("", 1), ("one two three four five", 4)):
        choices, ignored = from_link({"sentence": sentence, "step": "60"})
        assert (choices.step, ignored) == (step, ["step"])


def test_a_step_that_nobody_chose_is_in_no_link():
    for sentence in ("", "one", "one two", "one two three four five"):
        link = {"v": "2", "sentence": sentence}
        assert to_link(from_link(link)[0]) == link
    chosen = {"v": "2", "sentence": "one two", "step": "1"}
    assert to_link(from_link(chosen)[0]) == chosen


@pytest.mark.parametrize("key", ["sentence", "input", "right"])
def test_of_a_text_of_megabytes_as_much_is_kept_as_is_read(key):
    kept = getattr(from_link({key: " " * 25_000 + "Grace " * 1_000_000})[0], key)
    assert (kept[:12], len(kept)) == ("Grace Grace ", READ_CHARACTERS + 1)
    assert parse_sentence(kept).is_cut


def test_of_the_sentence_of_an_update_as_much_is_kept_as_is_read():
    (update,) = from_link({"update": f"1x1 0.05 off 1.0 1 {'a' * 1_000_000}"})[0].updates
    assert update.example.inputs == ("a" * READ_CHARACTERS,)


@given(some_choices())
def test_length_is_the_number_of_bytes_in_the_address_bar(choices):
    def in_the_address_bar(text: str) -> int:
        return sum(1 if chr(b).isascii() and (chr(b).isalnum() or chr(b) in "_.-~ ") else 3 for b in text.encode())

    link = to_link(choices)
    pairs = [(key, v) for key, value in link.items() for v in ([value] if isinstance(value, str) else value)]
    between = max(len(pairs) - 1, 0)  # the & signs
    assert link_length(link) == sum(in_the_address_bar(key) + 1 + in_the_address_bar(v) for key, v in pairs) + between


def test_equal_clicks_in_a_row_take_the_room_of_one():
    update = update_on("Will", (1,), 0.05, "off", 1.0, 1)
    once, often = (replace(from_link({})[0], updates=(update,) * n) for n in (1, 1000))
    assert link_length(to_link(often)) - link_length(to_link(once)) == len("1000") - len("1")


def test_a_radius_that_is_not_used_makes_no_other_network():
    glorot, scaled = ({"initialisation": how} for how in ("glorot", "scaled"))
    radii = ({}, {"spectral_radius": "0.5"})
    assert len({from_link(glorot | radius)[0].experiment for radius in radii}) == 1
    assert len({from_link(scaled | radius)[0].experiment for radius in radii}) == 2


def test_a_version_that_is_not_known_is_named():
    assert from_link({"v": "3", "seed": "7"})[1] == ["v"] and from_link({"v": "2", "seed": "7"})[1] == []


VERSION_1 = {
    "epoch": 4,
    "trained": 0,
    "budget": 30,
    "batches": 0,
    "keep": "best",
    "station": "reach",
    "sentence": "Harry Potter and Hermione Granger invented a new spell",
    "hidden_units": 16,
    "activation": "tanh",
    "initialisation": "glorot",
    "spectral_radius": 1.0,
    "seed": 1,
    "start": "trained",
    "learning_rate": 0.01,
    "clipping": "off",
    "clip_limit": 1.0,
    "step": 4,
    "phase": "forward",
    "whose": "all",
    "selected_weight": "Waa",
    "source": "random",
    "length": 30,
    "moment": "untrained",
    "measure": "error",
    "forget_bias": 1,
    "update_bias": 0,
    "truncate": 0,
    "credit_cell": "tanh",
    "credit_s": 0,
    "credit_k": 1,
    "guess": "",
    "cliff_w": 4.4,
    "cliff_b": -2.5,
    "cliff_line": False,
    "cliff_rate": 0.5,
    "cliff_limit": 0.2,
    "cliff_steps": 0,
    "race_tanh": None,
    "race_relu": None,
    "race_gru": None,
    "race_lstm": None,
    "race_updates": 200,
    "structure": "translation",
    "input": "I close the white door",
    "right": "",
    "cell": "gru",
    "begin": "trained",
    "beside": "dock",
    "attention": True,
    "teacher_forcing": False,
    "decoding": "beam",
    "beam_width": 3,
    "temperature": 0.8,
    "top_k": 0,
    "room": 0,
    "direction": "forward",
    "notes": 32,
    "draw": 1,
    "at": 1,
    "file": "",
}


@pytest.mark.parametrize("key", CHOICES)
def test_a_link_without_a_version_has_the_defaults_of_version_1(key):
    """Whatever the defaults become later: these are the digits that such links show"""
    assert getattr(from_link({"v": "1"})[0], key) == VERSION_1[key]
    other = "step" if key == "seed" else "seed"
    assert getattr(from_link({other: "2"})[0], key) == VERSION_1[key]


@pytest.mark.parametrize(("spelled", "bias"), [("True", 1), ("False", 0), ("0", 0), ("5", 5)])
@pytest.mark.parametrize("version", [{}, {"v": "1"}, {"v": "2"}])
def test_the_forget_bias_was_a_switch_once(spelled, bias, version):
    choices, ignored = from_link({"forget_bias": spelled, **version})
    assert (choices.forget_bias, type(choices.forget_bias), ignored) == (bias, int, [])


@pytest.mark.parametrize("link", [{"forget_bias": "6"}, {"forget_bias": "true"}, {"update_bias": "1"}])
def test_a_bias_that_no_slider_has_is_left_out(link):
    assert from_link({"v": "2", **link}) == (from_link({})[0], list(link))


def test_a_bias_belongs_to_the_cells_that_have_its_gate():
    choices = replace(from_link({})[0], forget_bias=3, update_bias=-4)
    biases = {cell: choices.network(cell, "untrained") for cell in CELLS}
    assert {cell: (one.forget_bias, one.update_bias) for cell, one in biases.items()} == {
        "tanh": (1, 0),
        "relu": (1, 0),
        "gru": (1, -4),
        "lstm": (3, -4),
    }
