"""The network goes on by itself: every answer is fed back as the next input.

What `core.decoding` needs to know of a network is one function, `advance`: a token in, the next answer's
probabilities out. Here it is made of the same cell, the same weights and the same table of slots as all the rest.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from core.activations import log_softmax
from core.attention import dot_product_attention
from core.cells import Cell
from core.data.example import Example
from core.data.vocabulary import UNK
from core.decoding import Advance, Hypothesis, greedy, greedy_together
from core.forward import forward, from_input, read_out
from core.parameters import Parameters
from core.tasks import AT_ONCE, END, START, Task

MOST = 60  # tokens that an answer may have at most, <END> among them


class Decoder(NamedTuple):
    """A network that has read what there is to read, and is ready to answer"""

    advance: Advance
    state: np.ndarray  # (n_state,)
    first: int  # the token that it is fed first
    end: int | None
    forbidden: tuple[int, ...]  # <UNK> and <START> are read, never written


class Answer(NamedTuple):
    """What was written: as words, and as `core.decoding` reports it"""

    words: tuple[str, ...]  # without <END>
    written: Hypothesis


def decoder(task: Task, cell: Cell, params: Parameters, inputs: Sequence[str]) -> Decoder:
    """Read the inputs (an encoder all of them, others the first) and stand ready; an unknown word is read as <UNK>"""
    advance, states, firsts = _read(task, cell, params, [inputs])
    return Decoder(advance, states[0], int(firsts[0]), task.index.get(END), forbidden(task))


def forbidden(task: Task) -> tuple[int, ...]:
    """What is read, and never written"""
    return tuple(task.index[mark] for mark in (UNK, START) if mark in task.index)


def _read(
    task: Task, cell: Cell, params: Parameters, inputs: Sequence[Sequence[str]]
) -> tuple[Advance, np.ndarray, np.ndarray]:
    """Read B inputs of one length: (advance, states (B, n_state), what each is fed first (B,)). Of one input, `advance`
    takes any number of sequences, which go on from it."""
    ids = np.array([task.vocabulary.encode(one) for one in inputs]).T
    table = task.slots(len(ids))
    silent = tuple(slot for slot in table if not slot.answers)
    n_a, group = params["readout"].Wya.shape[1], params[table[-1].group]
    state, first = np.zeros((len(inputs), cell.state_size(n_a))), ids[0]
    keys: np.ndarray | None = None  # what a decoder that attends looks back at
    if silent:
        trace = forward(cell, {g: p for g, p in params.items() if g != "attention"}, silent, ids[: len(silent)])
        state, first = trace.state[-1], np.full(len(inputs), task.index[START])
        keys = trace.a[1:].swapaxes(0, 1) if "attention" in params else None

    def advance(states: np.ndarray, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        states = cell.step(group, states, from_input(group, tokens[None])[0])
        a, focus = states[None, :, :n_a], None
        if keys is not None:
            focus = dot_product_attention(a.swapaxes(0, 1), np.broadcast_to(keys, (len(states), *keys.shape[1:])))
        return states, log_softmax(read_out(params, a, focus)[0])

    return advance, state, first


def max_tokens(task: Task) -> int:
    """Tokens that an answer may have: as many as the longest in training, <END> among them"""
    return min(task.longest, MOST)


def generate_greedy(task: Task, cell: Cell, params: Parameters, inputs: Sequence[str]) -> Answer:
    """The most probable answer at every step, until <END>"""
    s = decoder(task, cell, params, inputs)
    written = greedy(s.advance, s.state, s.first, s.end, max_tokens(task), forbidden=s.forbidden)
    return Answer(tuple(task.classes[i] for i in written.tokens), written)


def written_greedily(task: Task, cell: Cell, params: Parameters, examples: Sequence[Example]) -> list[tuple[str, ...]]:
    """The same of many examples: what each writes, without <END>"""
    written = {i: words for few in a_few_written(task, cell, params, examples) for i, words in few.items()}
    return [written[i] for i in range(len(examples))]


def a_few_written(
    task: Task, cell: Cell, params: Parameters, examples: Sequence[Example]
) -> Iterator[dict[int, tuple[str, ...]]]:
    """The same a few at a time, which are of one length: {place among the examples: what is written}"""
    groups: dict[int, list[int]] = {}
    for i, example in enumerate(examples):
        groups.setdefault(len(example.inputs), []).append(i)
    for group in groups.values():
        for few in (group[start : start + AT_ONCE] for start in range(0, len(group), AT_ONCE)):
            advance, states, firsts = _read(task, cell, params, [examples[i].inputs for i in few])
            rows = greedy_together(advance, states, firsts, task.index[END], max_tokens(task), forbidden(task))
            yield {i: tuple(task.classes[k] for k in row) for i, row in zip(few, rows, strict=True)}
