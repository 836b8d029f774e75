"""Entities in both directions: one more switch, and everything that shows a network shows both of its streams"""

import numpy as np
import pytest

from core import pretrained
from core.backward import backward
from core.experiments import both_directions
from core.forward import forward
from core.gradient_flow import credit_matrix
from core.tasks import task
from explorer.components.base import float32_base64
from explorer.prose import prose
from tests.helpers.structures_page import GRU, open_page, open_panel, press, stage, text

SENTENCE = {name: prose("structures", f"teddy_{name}") for name in ("roosevelt", "bears")}
RIGHT = {"roosevelt": ["B-PER", "I-PER", "O", "O", "O", "O"], "bears": ["O"] * 5}
NETWORKS = {
    direction: pretrained.load_pretrained(pretrained.default_experiment("entities", "gru", direction=direction))
    for direction in ("forward", "both")
}


def both(**link: str):
    return open_page(structure="entities", direction="both", **link)


def read(direction: str, sentence: str):
    """A sentence through the core, with its own answers as the right ones: trace, loss and way back"""
    words, job = sentence.split(), task("entities")
    x = job.vocabulary.encode(words)[:, None]
    trace = forward(GRU, NETWORKS[direction], job.slots(len(words), len(words)), x)
    targets = trace.logits.argmax(axis=-1)
    loss = job.loss(trace.logits, targets)
    return trace, loss, backward(trace, loss)


def test_the_stage_has_both_streams_with_the_numbers_of_the_core():
    page = both(input=SENTENCE["roosevelt"])
    data, (trace, loss, back) = stage(page), read("both", SENTENCE["roosevelt"])
    assert (data["total"], data["loss"]) == (loss.total, loss.per_step[:, 0].tolist())
    assert data["grad"] == np.linalg.norm(back.d_state[1:, 0], axis=-1).tolist()
    second = data["reverse"]
    assert second["stream"] == "second" and second["words"] == data["words"][::-1]
    assert second["state"] == float32_base64(trace.reverse.state)
    assert second["d_state"] == float32_base64(back.reverse.d_state[1:])
    assert second["weights"]["reverse"]["Waa"] == float32_base64(NETWORKS["both"]["reverse"].Waa)
    assert {"Wya", "by", "reverse.Wya"} == data["weights"].keys()
    assert "both directions" in str(page.get("popover"))


@pytest.mark.parametrize("structure", ["word", "melody", "sentiment", "translation"])
def test_where_no_second_stream_can_be_a_link_asks_for_it_in_vain(structure):
    page = open_page(structure=structure, direction="both")
    assert stage(page)["reverse"] is None and not page.exception


def test_forward_alone_says_the_same_of_teddy_whatever_follows_and_both_tell_them_apart():
    at_teddy = {
        (direction, name): read(direction, sentence)[1].y_hat[0, 0]
        for direction in NETWORKS
        for name, sentence in SENTENCE.items()
    }
    assert np.array_equal(at_teddy["forward", "roosevelt"], at_teddy["forward", "bears"])
    person, none = task("entities").classes.index("B-PER"), task("entities").classes.index("O")
    assert at_teddy["both", "roosevelt"][person] > 0.9 and at_teddy["both", "bears"][none] > 0.9


@pytest.mark.parametrize(("name", "differing"), [("bears", ["Teddy"]), ("roosevelt", [])])
def test_the_panel_reads_the_sentence_with_both_networks(name, differing):
    page = press(open_page(structure="entities"), f"teddy_{name}")
    assert page.text_input(key="input").value == SENTENCE[name]
    assert stage(page)["words"] == SENTENCE[name].split()
    table = next(one.value for one in page.dataframe if prose("structures", "directions_both") in one.value)
    for direction in NETWORKS:
        _, loss, _ = read(direction, SENTENCE[name])
        said = [task("entities").classes[k] for k in loss.y_hat[:, 0].argmax(axis=1)]
        assert table[prose("structures", f"directions_{direction}")].tolist() == said
    assert table[prose("structures", "directions_right")].tolist() == RIGHT[name]
    scored = prose("structures", "directions_scored", n=5, forward=4, both=5)  # of Teddy bears
    assert (scored in text(page)) is bool(differing)
    told = prose("structures", "directions_differ", n=len(differing), words=", ".join(f"‘{w}’" for w in differing))
    assert (told if differing else prose("structures", "directions_agree")) in text(page)


def test_where_nobody_said_what_is_right_neither_network_is_called_better():
    page = open_page(structure="entities")
    assert prose("structures", "directions_unscored") in text(page)
    table = next(one.value for one in page.dataframe if prose("structures", "directions_both") in one.value)
    assert prose("structures", "directions_right") not in table


def test_what_is_told_of_the_scores_is_what_was_measured():
    pairs = both_directions.load().values()
    scores = {name: [getattr(pair, name) for pair in pairs] for name in NETWORKS}
    told = text(open_page(structure="entities"))
    for name, values in scores.items():
        spread = f"**{np.mean(values):.2f}** ({min(values):.2f} to {max(values):.2f})"
        assert spread in told, name
    assert f"in {sum(pair.both > pair.forward for pair in pairs)} of {len(pairs)} pairs" in told


def test_no_error_is_said_to_stop_at_its_own_word():
    page = both(input=SENTENCE["bears"])
    matrix = credit_matrix(read("both", SENTENCE["bears"])[2], "state")[..., 0]
    assert (matrix > 0).all()
    assert prose("panels", "reach_both") in text(page) and prose("panels", "reach") not in text(page)


@pytest.mark.parametrize("panel", ["shares", "microscope", "check"])
def test_every_panel_shows_the_weights_of_the_second_stream(panel):
    page = open_panel(both(input=SENTENCE["bears"], selected_weight="reverse.Wax"), prose("panels", f"{panel}_title"))
    assert not page.exception
    if panel == "microscope":
        assert all(f"| reverse.{name} |" in text(page) for name in ("Waa", "Wax", "ba", "Wya"))
    else:
        options = page.button_group(key="selected_weight").options
        assert {"reverse.Waa", "reverse.Wax", "reverse.ba", "reverse.Wya"} <= {*options}


def test_an_update_moves_both_streams_and_the_loss_falls():
    page = press(both(input=SENTENCE["bears"], right="B-MISC O O O O"), "apply_update")
    data = stage(page)
    assert not page.exception and data["update"]["total"] > data["total"]
    assert data["reverse"]["weights"]["reverse"]["Waa"] != float32_base64(NETWORKS["both"]["reverse"].Waa)
