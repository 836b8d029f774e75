"""Five tasks: how their examples become numbers and batches, and what their networks write by themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import evaluation, tasks, training
from core.baselines import ibm_model_1
from core.cells import CELLS
from core.data.datasets import Dataset, split
from core.data.example import Example
from core.data.vocabulary import UNK
from core.forward import forward
from core.generate import MOST, decoder, generate_greedy, written_greedily
from core.metrics import bleu
from core.pretrained import default_experiment, load_pretrained
from core.structures import NO_TARGET
from core.tasks import END, START, TASK_BUILDERS
from core.training import Experiment

PAIRS = (
    Example(("a", "cat"), ("un", "chat")),
    Example(("a", "cat", "sleeps"), ("un", "chat", "dort")),
    Example(("she", "sleeps"), ("elle", "dort")),
    Example(("she", "sleeps", "here"), ("elle", "dort", "ici")),
    Example(("a", "cat", "sleeps", "here"), ("un", "chat", "dort", "ici")),
)
TUNES = (Example(("C4:1/4",), ("D4:1/4", "C4:1/4")), Example(("D4:1/4",), ("C4:1/4", "Bb3:1/4", "C4:1/4")))
TAGGED = (Example(("Anna", "ran"), ("B-PER", "O")), Example(("anna", "Lee"), ("B-PER", "I-PER")))
REVIEWS = (Example(("good",), ("positive",)), Example(("not", "good"), ("negative",)))
DATA = {"people": TAGGED, "word": TAGGED, "entities": TAGGED, "melody": TUNES, "sentiment": REVIEWS,
        "translation": PAIRS}  # fmt: skip


def built(name, repeat=2):
    return TASK_BUILDERS[name](Dataset(DATA[name] * repeat, DATA[name]))


def test_every_structure_has_a_task_and_every_task_data_of_its_own_to_test():
    assert {built(name).structure for name in TASK_BUILDERS} == set(tasks.STRUCTURES)
    assert DATA.keys() == TASK_BUILDERS.keys() == tasks.OUR_DATA.keys()


def test_a_pair_is_laid_out_as_encoder_and_decoder():
    task = built("translation")
    slots, x, targets = task.batch([task.data.train[1]])
    french = [task.index[word] for word in (START, "un", "chat", "dort", END)]
    assert [slot.group for slot in slots] == ["encoder"] * 3 + ["decoder"] * 4
    assert x[:, 0].tolist() == [*task.vocabulary.encode(PAIRS[1].inputs), *french[:-1]]
    assert targets[:, 0].tolist() == [NO_TARGET] * 3 + french[1:]


def test_a_melody_reads_what_it_answered():
    task = built("melody")
    example = task.data.train[1]
    _, x, targets = task.batch([example])
    assert task.vocabulary.decode(x[:, 0]) == ["D4:1/4", "C4:1/4", "Bb3:1/4", "C4:1/4"]
    np.testing.assert_array_equal(x[1:], targets[:-1])
    assert task.classes[targets[-1, 0]] == END


def test_a_note_is_no_word_so_its_capital_counts():
    assert "Bb3:1/4" in built("melody").vocabulary
    assert "bb3:1/4" not in built("melody").vocabulary


@pytest.mark.parametrize("name", TASK_BUILDERS)
def test_a_batch_gives_each_example_what_it_gets_alone(name):
    """Padding changes no answer and no loss."""
    task = built(name)
    params = training.untrained(Experiment(name, cell="gru", hidden_units=4), task)
    examples = task.data.train
    batches = list(task.batches(examples, range(len(examples)), 3))
    assert sorted(e for batch in batches for e in batch) == sorted(examples)
    for batch in batches:
        assert len(batch) <= 3
        slots, x, targets = task.batch(batch)
        together = task.loss(forward(CELLS["gru"], params, slots, x).logits, targets).per_step
        for b, example in enumerate(batch):
            slots, x, targets = task.batch([example])
            alone = task.loss(forward(CELLS["gru"], params, slots, x).logits, targets).per_step[:, 0]
            np.testing.assert_allclose(together[: len(alone), b], alone, rtol=1e-12)
            assert not together[len(alone) :, b].any()


@pytest.mark.parametrize("name", TASK_BUILDERS)
def test_every_task_learns_its_few_examples(name):
    task = built(name, repeat=4)
    attention = name == "translation"
    trained = training.train_to_end(Experiment(name, "gru", hidden_units=16, epochs=60, attention=attention), task)
    assert trained.losses[-1] < (0.7 if name == "word" else 0.2)
    measured, simple = evaluation.score(task, CELLS["gru"], trained.params), evaluation.baseline(task)
    if evaluation.MEASURES[task.metric].less_is_better:
        assert measured < simple
    elif name != "word":
        assert measured > 0.99 >= simple or measured == simple == 1


@pytest.mark.parametrize("attention", [False, True])
def test_free_running_is_the_forward_pass_fed_with_its_own_answers(attention):
    task = built("translation", repeat=1)
    experiment = Experiment("translation", "lstm", hidden_units=6, epochs=25, attention=attention)
    params = training.train_to_end(experiment, task).params
    inputs = ("she", "sleeps", "here")
    answer = generate_greedy(task, CELLS["lstm"], params, inputs)
    assert 0 < len(answer.words) <= MOST
    tail = (END,) if answer.written.ended else ()
    slots, x, targets = task.batch([Example(inputs, answer.words + tail)])
    y_hat = task.loss(forward(CELLS["lstm"], params, slots, x).logits, targets).y_hat[len(inputs) :, 0]
    allowed = y_hat.copy()
    allowed[:, [task.index[UNK], task.index[START]]] = 0
    assert [task.classes[i] for i in allowed.argmax(axis=1)] == [*answer.words, *tail]
    chosen = y_hat[np.arange(len(y_hat)), allowed.argmax(axis=1)]
    np.testing.assert_allclose(answer.written.log_probs, np.log(chosen), rtol=1e-9)


@pytest.mark.parametrize("attention", [False, True])
def test_sentences_of_all_lengths_are_translated_together_as_each_alone(attention):
    task, cell = tasks.task("translation"), CELLS["gru"]
    params = load_pretrained(default_experiment("translation", "gru", attention=attention))
    some = task.data.held_out[::4]
    assert len({len(example.inputs) for example in some}) > 3
    alone = [generate_greedy(task, cell, params, example.inputs).words for example in some]
    assert written_greedily(task, cell, params, some) == alone


def test_a_melody_is_spoken_from_its_first_note():
    task = built("melody")
    params = training.untrained(Experiment("melody", "gru", hidden_units=5), task)
    s = decoder(task, CELLS["gru"], params, ("D4:1/4",))
    _, log_probs = s.advance(s.state[None], np.array([s.first]))
    slots, x, _ = task.batch([Example(("D4:1/4",), (END,))])
    y_hat = task.loss(forward(CELLS["gru"], params, slots, x).logits, np.zeros((1, 1), int)).y_hat[0]
    np.testing.assert_allclose(np.exp(log_probs), y_hat, rtol=1e-12)


# Baselines and scores, worked by hand ---------------------------------------------------------------------------------


def test_the_unigram_counts_one_more_of_everything():
    """Of 14 answers in training: 4 ends, 6 C4, 2 D4, 2 Bb3, and one more of each of the 5 classes"""
    task = TASK_BUILDERS["melody"](Dataset(TUNES * 2, (Example(("C4:1/4",), ("C4:1/4",)),)))
    assert task.classes == (UNK, END, "C4:1/4", "D4:1/4", "Bb3:1/4")
    counts = dict(zip(task.classes, (1, 5, 7, 3, 3), strict=True))
    p = [counts["C4:1/4"] / 19, counts[END] / 19]
    assert evaluation.baseline(task) == pytest.approx(np.prod(p) ** -0.5)


def test_the_dictionary_learns_which_word_means_which():
    task = built("translation", repeat=1)
    table = evaluation.finished(ibm_model_1(task, rounds=40))
    assert table["sleeps"] == "dort"
    assert table["she"] == "elle"
    assert table["here"] == "ici"
    held_out = [e.answers[:-1] for e in task.data.held_out]
    told = [tuple(table[w] for w in e.inputs) for e in task.data.held_out]
    assert evaluation.baseline(task) == pytest.approx(bleu(told, held_out))


def test_the_majority_class():
    data = Dataset((*REVIEWS, REVIEWS[0]), (*REVIEWS, REVIEWS[1], REVIEWS[1]))
    assert evaluation.baseline(TASK_BUILDERS["sentiment"](data)) == 1 / 4


def test_where_no_word_is_an_entity_none_is_found():
    task = TASK_BUILDERS["entities"](Dataset((Example(("She", "ran"), ("O", "O")),) * 2, (Example(("She",), ("O",)),)))
    params = training.untrained(Experiment("entities", hidden_units=4), task)
    assert task.classes == ("O",)
    assert evaluation.score(task, CELLS["tanh"], params) == evaluation.baseline(task) == 0


@pytest.mark.parametrize("name", TASK_BUILDERS)
def test_without_held_out_examples_there_is_no_score(name):
    task = TASK_BUILDERS[name](Dataset(DATA[name], ()))
    params = training.untrained(Experiment(name, hidden_units=4), task)
    assert np.isnan([evaluation.score(task, CELLS["tanh"], params), evaluation.baseline(task)]).all()


def test_classes_of_names_stand_together():
    task = TASK_BUILDERS["entities"](Dataset((Example(tuple("abcd"), ("I-ORG", "B-PER", "I-PER", "B-ORG")),), ()))
    assert task.classes == ("O", "B-ORG", "I-ORG", "B-PER", "I-PER")


@settings(max_examples=50)
@given(st.integers(0, 40))
def test_every_fifth_of_a_readers_examples_is_held_out(n):
    examples = [Example((str(i),), ("O",)) for i in range(n)]
    data = split(examples)
    assert sorted((*data.train, *data.held_out), key=lambda e: int(e.inputs[0])) == examples
    assert len(data.held_out) == n // 5
