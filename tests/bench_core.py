"""How fast is the core? Run by hand: `python tests/bench_core.py`. Prints a table, asserts nothing.

One run is forward, loss, backpropagation through time and the gradient of every weight. All contestants of a line take
turns, round after round, and the median is quoted, so that whatever else the machine does hits all of them alike.

    core     this project
    loops    the textbook's loops: step by step, dense one-hot vectors, each gradient summed as the sweep goes
    torch    PyTorch's nn.RNN and nn.Linear on the CPU, float64
    floor    the matrix products of `core` alone, on arrays that lie ready
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices this small gain nothing from threads but noise

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core import tasks
from core.backward import backward
from core.cells import CELLS
from core.flow import reach_norms
from core.forward import forward
from core.losses import binary_cross_entropy, sigmoid
from core.parameters import Readout, glorot, leaves
from core.vocabulary import one_hot

try:
    import torch
except ImportError:
    torch = None

TURN = 10  # runs that a contestant has in a row
N_X = len(tasks.people().vocabulary)
SIZES = [(T, 1, n_a) for T in (9, 40, 200) for n_a in (16, 64)] + [(50, 32, 64)]  # T, B, n_a


class Work:
    """One sentence or batch, one set of weights, and every contestant's way through them"""

    def __init__(self, T: int, B: int, n_a: int):
        rng = np.random.default_rng(0)
        self.cell, self.slots = CELLS["tanh"], tasks.people().slots(T)
        self.params = {"rnn": self.cell.start(rng, N_X, n_a), "readout": Readout(glorot(rng, 1, n_a), np.zeros(1))}
        self.ids, self.targets = rng.integers(0, N_X, (T, B)), rng.integers(0, 2, (T, B))
        self.x = one_hot(self.ids, N_X)

    def core(self):
        trace = forward(self.cell, self.params, self.slots, self.ids)
        back = backward(trace, binary_cross_entropy(trace.logits, self.targets))
        return back, back.grads

    def loops(self):
        (Waa, Wax, ba), (Wya, by) = self.params["rnn"], self.params["readout"]
        T, B = self.ids.shape
        a, y_hat, loss = [np.zeros((B, len(ba)))], [], 0.0
        for t in range(T):
            a.append(np.tanh(a[t] @ Waa.T + self.x[t] @ Wax.T + ba))
            y_hat.append(sigmoid(a[t + 1] @ Wya.T + by))
            y = self.targets[t][:, None]
            loss -= np.sum(y * np.log(y_hat[t]) + (1 - y) * np.log(1 - y_hat[t])) / B
        dWaa, dWax, dba, dWya, dby = (np.zeros(W.shape) for W in (Waa, Wax, ba, Wya, by))
        da_next = np.zeros_like(a[0])
        for t in reversed(range(T)):
            dy = (y_hat[t] - self.targets[t][:, None]) / B
            dWya += dy.T @ a[t + 1]
            dby += dy.sum(0)
            dz = (1 - a[t + 1] ** 2) * (dy @ Wya + da_next)
            dWaa += dz.T @ a[t]
            dWax += dz.T @ self.x[t]
            dba += dz.sum(0)
            da_next = dz @ Waa
        return loss, (dWaa, dWax, dba, dWya, dby)

    def floor(self):
        Waa, Wya = self.params["rnn"].Waa, self.params["readout"].Wya
        T, B = self.ids.shape
        a, d_logits = np.ones((T + 1, B, len(Waa))), np.ones((T, B, 1))

        def products():
            for t in range(T):
                a[t] @ Waa.T
            a[1:] @ Wya.T
            d_logits @ Wya
            for t in range(T):
                a[t] @ Waa
            a[1:].reshape(T * B, -1).T @ a[:-1].reshape(T * B, -1)
            d_logits.reshape(T * B, -1).T @ a[1:].reshape(T * B, -1)

        return products

    def torch(self, embedded: bool):
        """(forward and loss, the run): one-hot vectors into nn.RNN; or nn.Embedding as Wax, before nn.RNN with I"""
        (Waa, Wax, ba), (Wya, by) = self.params["rnn"], self.params["readout"]
        n_a = len(Waa)
        as_tensor = lambda array: torch.tensor(np.ascontiguousarray(array), dtype=torch.float64)  # noqa: E731
        rnn = torch.nn.RNN(n_a if embedded else N_X, n_a, dtype=torch.float64)
        linear = torch.nn.Linear(n_a, 1, dtype=torch.float64)
        look_up = torch.nn.Embedding(N_X, n_a, dtype=torch.float64) if embedded else torch.nn.Identity()
        start = {rnn.weight_hh_l0: Waa, rnn.weight_ih_l0: np.eye(n_a) if embedded else Wax, rnn.bias_ih_l0: ba}
        start |= {rnn.bias_hh_l0: 0 * ba, linear.weight: Wya, linear.bias: by}
        start |= {look_up.weight: Wax.T} if embedded else {}
        with torch.no_grad():
            for tensor, array in start.items():
                tensor.copy_(as_tensor(array))
        if embedded:  # Wax = I is there to be passed, not to be learnt
            rnn.weight_ih_l0.requires_grad_(False)
        x, y = torch.tensor(self.ids) if embedded else as_tensor(self.x), as_tensor(self.targets)
        learnt = [tensor for tensor in start if tensor.requires_grad]

        def loss():
            for tensor in learnt:
                tensor.grad = None
            logits = linear(rnn(look_up(x))[0])[..., 0]
            bce = torch.nn.functional.binary_cross_entropy_with_logits
            return bce(logits, y, reduction="sum") / y.shape[1]

        def run():
            loss().backward()
            return rnn.weight_hh_l0.grad.numpy()

        return loss, run


def medians(contestants: dict[str, Callable], seconds: float = 4.0) -> dict[str, float]:
    """Microseconds of each contestant. In every round each has one turn of `TURN` runs, so that all find warm caches.

    A contestant is asked for what is to be timed: all it does before it answers is preparation.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    stop = perf_counter() + seconds
    while perf_counter() < stop:
        for name, prepare in contestants.items():
            for _ in range(TURN):
                run = prepare()
                begin = perf_counter()
                run()
                times[name].append(perf_counter() - begin)
    return {name: float(np.median(taken)) * 1e6 for name, taken in times.items()}


def torch_contestants(work: Work, only_backward: bool = False) -> dict[str, Callable]:
    """PyTorch in four ways, of which the fastest is quoted: either input, on one thread and on all"""
    contestants = {}
    for embedded in (False, True):
        loss, run = work.torch(embedded)
        for threads in sorted({1, torch.get_num_threads()}):

            def prepare(loss=loss, run=run, threads=threads):
                torch.set_num_threads(threads)
                return loss().backward if only_backward else run

            contestants[f"torch, {'look-up' if embedded else 'one-hot'}, {threads} thread(s)"] = prepare
    return contestants


def check(work: Work) -> None:
    """All contestants must have computed the same thing, or the comparison means nothing."""
    _, grads = work.core()
    _, by_loops = work.loops()
    for (_, _, array), other in zip(leaves(grads), by_loops, strict=True):
        np.testing.assert_allclose(array, other, atol=1e-10)
    for embedded in (False, True) if torch else ():
        np.testing.assert_allclose(grads["rnn"].Waa, work.torch(embedded)[1](), atol=1e-10)


def compare(T: int, B: int, n_a: int) -> str:
    work = Work(T, B, n_a)
    check(work)
    us = medians(
        {"core": lambda: work.core, "loops": lambda: work.loops, "floor": work.floor}
        | (torch_contestants(work) if torch else {})
    )
    line = f"{T:4} {B:3} {n_a:4} {us['core']:9.0f} {us['loops']:9.0f} {us['floor']:9.0f}"
    line += f" | {us['loops'] / us['core']:5.1f}x {us['core'] / us['floor']:6.1f}x"
    if torch:
        fastest = min((name for name in us if name.startswith("torch")), key=us.get)
        line += f" {us[fastest]:9.0f} {us[fastest] / us['core']:5.1f}x  {fastest.removeprefix('torch, ')}"
    return line


def main() -> None:
    print(
        f"Microseconds for forward + BPTT, median. n_x = {N_X}, n_y = 1, float64; numpy {np.__version__}, one thread."
    )
    if torch:
        print(f"PyTorch {torch.__version__}: the fastest of dense one-hot vectors into nn.RNN and a look-up")
        print("(nn.Embedding) in front of nn.RNN, each on one thread and on all; the line's end says which one it was.")
    else:
        print("PyTorch is not installed: its columns are left out.")
    print(
        "\n   T   B  n_a      core     loops     floor | loops/core core/floor"
        + (" torch  torch/core" if torch else "")
    )
    for size in SIZES:
        print(compare(*size), flush=True)

    print("\nLinear in T? Microseconds per step, B = 1, n_a = 32:")
    works = {T: Work(T, 1, 32) for T in (50, 100, 200, 400, 800)}
    for T, us in medians({str(T): lambda work=work: work.core for T, work in works.items()}).items():
        print(f"  T = {T:>3}: {us / int(T):6.2f}")

    work = Work(40, 1, 32)
    back, _ = work.core()
    contestants = {"core": lambda: lambda: reach_norms(back)} | (
        torch_contestants(work, only_backward=True) if torch else {}
    )
    print("\nThe T x T matrix at T = 40, n_a = 32" + (" beside one PyTorch backward:" if torch else ":"))
    for name, us in medians(contestants).items():
        print(f"  {us:7.0f}  {name}")


if __name__ == "__main__":
    main()
