"""`rnn.py`: one example through one network, as a program that needs nothing but NumPy.

It is the source of `core.textbook`, as far as this network uses it, and of the functions of this file that print; then
the reader's example and weights. What a reader typed stands in it as a text in ASCII, and so never as code.
"""

import inspect
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType

import numpy as np

from core import textbook, textbook_attention, textbook_both
from core.parameters import Parameters
from core.structures import NO_TARGET, Slots, weight_spans
from core.textbook import forward

# What stands in the script beside the equations; there, `forward` is that of the reader's structure -------------------


def array(text, *shape):
    """float64 numbers, exactly as they were"""
    return np.frombuffer(b64decode(text), dtype="<f8").reshape(shape)


def printable(text):
    """A word can hold anything: what this console cannot show is escaped"""
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    encoding = sys.stdout.encoding or "ascii"
    return shown.encode(encoding, "backslashreplace").decode(encoding)


def print_steps(words, answers, classes, y, y_hat, losses, d_states, state):
    """One line a step: what is read and what is answered, ℒ⟨t⟩, the length of ∂ℒ/∂state⟨t⟩; and (3), ℒ"""
    is_sigmoid = len(y_hat[0]) == 1  # its one number is the probability of class 1
    row, chance = "{:>3} {:<20} {:<20} {:>22} {:>22} {:>22}", f"P({classes[1]})" if is_sigmoid else "P(prediction)"
    print(row.format("t", "word", "prediction", printable(chance), "loss", f"|dL/d{state}<t>|"))
    for t, word in enumerate(words, start=1):
        prediction = p = loss = "-"
        k = t - 1 - (len(words) - len(y_hat))  # an encoder, which has no ŷ, is first
        if answers[t - 1]:
            prediction = classes[int(y_hat[k][0] >= 0.5) if is_sigmoid else y_hat[k].argmax()]
            p, loss = f"{y_hat[k].max():.15g}", "-" if y[k] is None else f"{losses[k]:.15g}"
        print(row.format(t, printable(word), printable(prediction), p, loss, f"{np.linalg.norm(d_states[t]):.15g}"))
    print(f"total loss {sum(losses):.15g}")


def central_difference(cell, loss, weights, x, y, group, k, place, eps=1e-5):
    """(ℒ(w + ε) − ℒ(w − ε)) / 2ε: one weight is moved a little both ways"""
    total = []
    for move in (eps, -eps):
        moved = [W.copy() for W in weights[group]]
        moved[k][place] += move
        total.append(sum(forward(cell, loss, {**weights, group: moved}, x, y)[3]))
    return (total[0] - total[1]) / (2 * eps)


def print_gradients(cell, loss, weights, names, columns, x, y, gradients):
    """One line a matrix: the length of its gradient, and its largest entry beside what a central difference finds"""
    row = "{:<16} {:>22.15g}   {:<26} {:>22.15g} {:>22.15g}"
    head = ("gradient", "length", "largest entry", "backpropagation", "central difference")
    print(row.replace(".15g", "").format(*head))
    for group, matrices in gradients.items():
        for k, d_W in enumerate(matrices):
            name, place = names[group][k], np.unravel_index(abs(d_W).argmax(), d_W.shape)
            found = central_difference(cell, loss, weights, x, y, group, k, place)
            shown = [int(place[0]), columns[group][place[1]]] if name == "Wax" else [int(i) for i in place]
            print(row.format(f"{group}.{name}", np.linalg.norm(d_W), f"{name}{shown}", d_W[place], found))


# How it is made -------------------------------------------------------------------------------------------------------

SCRIPT = '''"""One example through a recurrent network, in plain NumPy: forward, loss, backpropagation through time.

Made by RNN Explorer. Needs only NumPy. Prints the numbers that were on the screen.
Notation: Andrew Ng's, equations (1) to (4); d_ is dL/d.
"""

import sys
from base64 import b64decode

import numpy as np


{functions}

CELLS = {{"{cell}": ({cell}_step, {cell}_back)}}
LOSSES = {{"{loss}": {loss}_loss}}

cell, loss = "{cell}", "{loss}"
words = {words}
classes = {classes}
answers = {answers}  # at which steps an answer is given
y = [None if k is None else {y} for k in {targets}]
# Of Wax only the columns of these words are here: x<t> has its 1 at one of them, and no other column has a gradient.
columns = {columns}
x = [{x}]
names = {names}
weights = {{
{weights}
}}

states, kept, y_hat, losses = forward(cell, loss, weights, x, y)
d_states, shares = backward(cell, weights, x, y, states, kept, y_hat)
print_steps(words, answers, classes, y, y_hat, losses, d_states, "{state}")
print_gradients(cell, loss, weights, names, columns, x, y, gradient(weights, shares))
'''

# The signs of the docstrings in ASCII, so that the script survives any editor and any mail
SIGNS, IN_ASCII = "⟨⟩−∂ℒŷΓ\u0303σΣ⊙·αε…←", "< > - d L y_hat G ~ sigma sum * . alpha eps ... <-"
STATES = ("a", "(a,c)"), ("(a,<-a)", "(a,c,<-a,<-c)")  # with one stream and with two, without a memory and with one
SPELLED = str.maketrans(dict(zip(SIGNS, IN_ASCII.split(), strict=True)))


def numpy_script(
    cell: str,
    loss: str,
    params: Parameters,
    *,
    slots: Slots,
    x: np.ndarray,
    targets: np.ndarray,
    words: Sequence[str],
    classes: Sequence[str],
) -> str:
    """A script that prints what this network makes of one example: every step, ℒ, every gradient and a check of it.

    cell, loss: keys of CELLS and LOSSES; x and targets (T, 1) ids, as the core has them; words: what each step reads;
    classes: what may be answered, by its index
    """
    used = {group: np.unique(x[span], return_inverse=True) for group, span in weight_spans(slots)}
    columns = {group: ids for group, (ids, _) in used.items()}
    if "reverse" in params:
        columns["reverse"] = columns["rnn"]  # the same words, from the last to the first
    needed = {
        group: arrays._replace(Wax=arrays.Wax[:, columns[group]]) if group in columns else arrays
        for group, arrays in params.items()
    }
    steps = slice(sum(slot.group == "encoder" for slot in slots), None)  # those that have a ŷ⟨t⟩
    return SCRIPT.format(
        functions="\n\n".join(_sources(cell, loss, params)),
        cell=cell,
        loss=loss,
        words=ascii(list(words)),
        classes=ascii(list(classes)),
        answers=[slot.answers for slot in slots],
        y="np.array([k])" if loss == "sigmoid" else "np.eye(len(classes))[k]",
        targets=[None if target == NO_TARGET else target for target in targets[steps, 0].tolist()],
        columns={group: ids.tolist() for group, ids in columns.items()},
        x=", ".join(f"*np.eye({len(ids)})[{place.ravel().tolist()}]" for ids, place in used.values()),
        names={group: arrays._fields for group, arrays in params.items()},
        weights="\n".join(f'    "{group}": ({_arrays(arrays)}),' for group, arrays in needed.items()),
        state=STATES["reverse" in params][cell == "lstm"],
    )


def _sources(cell: str, loss: str, params: Parameters) -> Iterator[str]:
    """In ASCII the functions that run this network, in the order in which they are to be read, and those that print"""
    unused: set[Callable] = {f for name, pair in textbook.CELLS.items() if name != cell for f in pair}
    unused |= {f for name, f in textbook.LOSSES.items() if name != loss}
    functions: list[Callable] = [f for f in _functions(textbook) if f not in unused]
    book = textbook_attention if "decoder" in params else textbook_both if "reverse" in params else None
    if book:
        own = _functions(book)
        replaced = {f.__name__ for f in own}
        functions = [*(f for f in functions if f.__name__ not in replaced), *own]
    functions += [array, printable, print_steps, central_difference, print_gradients]
    for function in functions:
        yield inspect.getsource(function).translate(SPELLED)


def _functions(module: ModuleType) -> list[Callable]:
    return [f for f in vars(module).values() if inspect.isfunction(f) and f.__module__ == module.__name__]


def _arrays(arrays: tuple[np.ndarray, ...]) -> str:
    return " ".join(f'array("{_exact(W)}", {", ".join(map(str, W.shape))}),' for W in arrays)


def _exact(array: np.ndarray) -> str:
    return b64encode(np.asarray(array, dtype="<f8").tobytes()).decode("ascii")
