"""The five structures as the lecture draws them."""

import pytest

from core.structures import NO_TARGET, STRUCTURES, Reads, Slot, inputs_and_targets, weight_spans


def drawn(slots) -> str:
    """One mark a step: lower case rnn, e(ncoder), d(ecoder); * reads an input, . reads an answer; ! answers"""
    reads = {Reads.INPUT: "*", Reads.ANSWER: "."}
    return " ".join(slot.group[0] + reads[slot.reads] + "!" * slot.answers for slot in slots)


@pytest.mark.parametrize(
    ("name", "drawing"),
    {
        "one-to-one": "r*!",
        "one-to-many": "r*! r.! r.!",
        "many-to-one": "r* r* r* r*!",
        "many-to-many, Tx = Ty": "r*! r*! r*! r*!",
        "many-to-many, Tx ≠ Ty": "e* e* e* e* d.! d.! d.!",
    }.items(),
)
def test_tables(name, drawing):
    assert drawn(STRUCTURES[name](4, 3)) == drawing


def test_no_structure_is_untested():
    assert len(STRUCTURES) == 5


@pytest.mark.parametrize("name", STRUCTURES)
def test_runs_cover_all_slots_in_order(name):
    slots = STRUCTURES[name](4, 3)
    assert [group for group, span in weight_spans(slots) for _ in slots[span]] == [slot.group for slot in slots]
    spans = [span for _, span in weight_spans(slots)]
    assert [t for span in spans for t in range(span.start, span.stop)] == list(range(len(slots)))


def test_a_group_that_comes_back_is_a_new_run():
    slots = [Slot(group, Reads.INPUT, True) for group in "aabba"]
    assert list(weight_spans(slots)) == [("a", slice(0, 2)), ("b", slice(2, 4)), ("a", slice(4, 5))]


_ = NO_TARGET


@pytest.mark.parametrize(
    ("name", "inputs", "answers", "x", "targets"),
    [
        ("one-to-one", [7], [1], [7], [1]),
        ("one-to-many", [7], [3, 4, 2], [7, 3, 4], [3, 4, 2]),
        ("many-to-one", [7, 8, 9], [1], [7, 8, 9], [_, _, 1]),
        ("many-to-many, Tx = Ty", [7, 8, 9], [0, 1, 0], [7, 8, 9], [0, 1, 0]),
        ("many-to-many, Tx ≠ Ty", [7, 8], [3, 4, 2], [7, 8, 1, 3, 4], [_, _, 3, 4, 2]),
    ],
)
def test_what_is_fed_and_what_is_due(name, inputs, answers, x, targets):
    """2 is <END>, and 1 is <START>, which only a decoder is fed; an answer that is fed back is fed one step later"""
    assert inputs_and_targets(STRUCTURES[name](len(inputs), len(answers)), inputs, answers, first=1) == (x, targets)


@pytest.mark.parametrize("name", STRUCTURES)
@pytest.mark.parametrize("inputs", [-1, 0, 1])
@pytest.mark.parametrize("answers", [-1, 0, 1])
def test_what_does_not_fit_the_table_is_refused(name, inputs, answers):
    slots = STRUCTURES[name](4, 3)
    read, owed = drawn(slots).count("*"), drawn(slots).count("!")
    if inputs or answers:
        with pytest.raises(ValueError, match=f"Needed are {read} inputs and {owed} answers"):
            inputs_and_targets(slots, [7] * (read + inputs), [1] * (owed + answers), first=1)
    else:
        assert len(inputs_and_targets(slots, [7] * read, [1] * owed, first=1)[0]) == len(slots)
