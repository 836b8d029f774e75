"""How fast is the core? Run by hand: `python tests/bench_core.py`. Prints a table, asserts nothing.

With `--avx2` neither NumPy nor PyTorch may use AVX-512, which most laptops lack.

One run is forward, loss, backpropagation through time and the gradient of every weight. All contestants of a line take
turns, round after round, and the median is quoted, so that whatever else the machine does hits all of them alike.

    core     this project
    loops    the textbook's loops: step by step, dense one-hot vectors, each gradient summed as the sweep goes
             (of the plain cell only)
    torch    PyTorch's nn.RNN, nn.GRU or nn.LSTM, and nn.Linear, on the CPU, float64
    floor    the matrix products that nobody can do without, on arrays that lie ready
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices this small gain nothing from threads but noise

import numpy as np
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core import tasks
from core.activations import sigmoid
from core.backward import backward
from core.cells import CELLS
from core.data.vocabulary import one_hot
from core.forward import forward
from core.gradient_flow import credit_matrix
from core.initialisers import glorot
from core.losses import binary_cross_entropy
from core.parameters import Readout, leaves

try:
    import torch
except ImportError:
    torch = None

TURN = 10  # runs that a contestant has in a row
N_X = len(tasks.task("people").vocabulary)
LINES = [("tanh", T, 1, n_a) for T in (9, 40, 200) for n_a in (16, 64)]  # cell, T, B, n_a
LINES += [(cell, 50, B, 64) for cell in ("tanh", "gru", "lstm") for B in (1, 32)]


def in_torch_order(cell: str, stack: np.ndarray) -> np.ndarray:
    """Our stack of gates as PyTorch stacks them. Its GRU keeps where ours writes: σ(−z) = 1 − σ(z)."""
    if cell == "gru":
        u, r, c = np.split(stack, 3)
        return np.concatenate([r, -u, c])
    if cell == "lstm":
        u, f, o, c = np.split(stack, 4)
        return np.concatenate([u, f, c, o])
    return stack


class Work:
    """One sentence or batch, one set of weights, and every contestant's way through them

    Wax is drawn as M Eᵀ, so that PyTorch can look up a row of E for every word and leave M to nn.GRU or nn.LSTM. Of the
    plain cell M = I. PyTorch multiplies Γr after Wcc, not before; if Wcc is diagonal both are the same network.
    """

    def __init__(self, name: str, T: int, B: int, n_a: int):
        rng = np.random.default_rng(0)
        self.name, self.cell, self.slots = name, CELLS[name], tasks.task("people").slots(T)
        self.E, rnn = rng.normal(size=(N_X, n_a)) / np.sqrt(n_a), self.cell.start(rng, N_X, n_a)
        self.M = np.eye(n_a) if name == "tanh" else rng.normal(size=(len(rnn.Waa), n_a)) / np.sqrt(n_a)
        if name == "gru":
            rnn.Waa[2 * n_a :] *= np.eye(n_a)
        rnn = rnn._replace(Wax=(self.E @ self.M.T).T)
        self.params = {"rnn": rnn, "readout": Readout(glorot(rng, 1, n_a), np.zeros(1))}
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
        a, d_z, d_logits = np.ones((T + 1, B, Waa.shape[1])), np.ones((T, B, len(Waa))), np.ones((T, B, 1))

        def products():
            for t in range(T):
                a[t] @ Waa.T
            a[1:] @ Wya.T
            d_logits @ Wya
            for t in range(T):
                d_z[t] @ Waa
            d_z.reshape(T * B, -1).T @ a[:-1].reshape(T * B, -1)
            d_logits.reshape(T * B, -1).T @ a[1:].reshape(T * B, -1)

        return products

    def torch(self, embedded: bool):
        """(forward and loss, the run): one-hot vectors into the recurrent layer; or nn.Embedding in front of it"""
        (Waa, Wax, ba), (Wya, by) = self.params["rnn"], self.params["readout"]
        n_a = Waa.shape[1]
        as_tensor = lambda array: torch.tensor(np.ascontiguousarray(array), dtype=torch.float64)  # noqa: E731
        layer = {"tanh": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[self.name]
        rnn = layer(n_a if embedded else N_X, n_a, dtype=torch.float64)
        linear = torch.nn.Linear(n_a, 1, dtype=torch.float64)
        look_up = torch.nn.Embedding(N_X, n_a, dtype=torch.float64) if embedded else torch.nn.Identity()
        stacks = {rnn.weight_hh_l0: Waa, rnn.weight_ih_l0: self.M if embedded else Wax, rnn.bias_ih_l0: ba}
        start = {tensor: in_torch_order(self.name, stack) for tensor, stack in stacks.items()}
        start |= {rnn.bias_hh_l0: 0 * ba, linear.weight: Wya, linear.bias: by}
        start |= {look_up.weight: self.E} if embedded else {}
        with torch.no_grad():
            for tensor, array in start.items():
                tensor.copy_(as_tensor(array))
        if embedded and self.name == "tanh":  # M = I is there to be passed, not to be learnt
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


def medians(contestants: dict[str, Callable], seconds: float = 4.0, turn: int = TURN) -> dict[str, float]:
    """Microseconds of each contestant. In every round each has one turn of `turn` runs: of many, most find warm caches.

    A contestant is asked for what is to be timed: all it does before it answers is preparation.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    stop = perf_counter() + seconds
    while perf_counter() < stop:
        for name, prepare in contestants.items():
            for _ in range(turn):
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
    if work.name == "tanh":
        _, by_loops = work.loops()
        for (_, _, array), other in zip(leaves(grads), by_loops, strict=True):
            np.testing.assert_allclose(array, other, atol=1e-10)
    same = np.ones_like(grads["rnn"].Waa, dtype=bool)
    if work.name == "gru":  # of Wcc only the diagonal is in both networks
        same[2 * same.shape[1] :] = np.eye(same.shape[1])
    for embedded in (False, True) if torch else ():
        ours, theirs = in_torch_order(work.name, grads["rnn"].Waa), work.torch(embedded)[1]()
        np.testing.assert_allclose(ours[same], theirs[same], atol=1e-10)


def compare(name: str, T: int, B: int, n_a: int, turn: int = TURN) -> str:
    work = Work(name, T, B, n_a)
    check(work)
    us = medians(
        {"core": lambda: work.core, "floor": work.floor}
        | ({"loops": lambda: work.loops} if name == "tanh" else {})
        | (torch_contestants(work) if torch else {}),
        turn=turn,
    )
    loops, ratio = (f"{us['loops']:.0f}", f"{us['loops'] / us['core']:.1f}x") if "loops" in us else ("–", "–")
    line = f"{name:>5} {T:4} {B:3} {n_a:4} {us['core']:9.0f} {loops:>9} {us['floor']:9.0f}"
    line += f" | {ratio:>10} {us['core'] / us['floor']:9.1f}x"
    if torch:
        fastest = min((name for name in us if name.startswith("torch")), key=us.get)
        line += f" {us[fastest]:9.0f} {us[fastest] / us['core']:9.2f}x  {fastest.removeprefix('torch, ')}"
    return line


AVX512 = [name for name in __cpu_dispatch__ if name == "X86_V4" or name.startswith("AVX512")]
ONLY_AVX2 = {"NPY_DISABLE_CPU_FEATURES": " ".join(AVX512), "OPENBLAS_CORETYPE": "Haswell"}
ONLY_AVX2 |= {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}


def cpu_class() -> str:
    """The widest instructions that NumPy and PyTorch use here"""
    widest = "AVX-512" if any(__cpu_features__[name] for name in AVX512) else "AVX2 or less"
    return f"NumPy: {widest}" + (f"; PyTorch: {torch.backends.cpu.get_cpu_capability()}" if torch else "")


def main() -> None:
    if "--avx2" in sys.argv:  # these variables are read once, when NumPy and PyTorch are loaded
        rest = [word for word in sys.argv if word != "--avx2"]
        os.execve(sys.executable, [sys.executable, *rest], os.environ | ONLY_AVX2)
    print(f"Instructions used by {cpu_class()}.")
    print(
        f"Microseconds for forward + BPTT, median. n_x = {N_X}, n_y = 1, float64; numpy {np.__version__}, one thread."
    )
    if torch:
        print(f"PyTorch {torch.__version__}: the fastest of one-hot vectors and a look-up (nn.Embedding) in front of")
        print("nn.RNN, nn.GRU or nn.LSTM, each on one thread and on all; the line's end says which one it was.")
    else:
        print("PyTorch is not installed: its columns are left out.")
    head = (
        "\n cell    T   B  n_a      core     loops     floor | loops/core core/floor"
        + "     torch torch/core" * bool(torch)
    )
    print(head)
    for line in LINES:
        print(compare(*line), flush=True)

    print("\nCold: one run per turn, so that whoever ran before has filled the caches" + head)
    for line in LINES[-6:]:
        print(compare(*line, turn=1), flush=True)

    print("\nLinear in T? Microseconds per step, B = 1, n_a = 32:")
    works = {T: Work("tanh", T, 1, 32) for T in (50, 100, 200, 400, 800)}
    for T, us in medians({str(T): lambda work=work: work.core for T, work in works.items()}).items():
        print(f"  T = {T:>3}: {us / int(T):6.2f}")

    work = Work("tanh", 40, 1, 32)
    back, _ = work.core()
    contestants = {"core": lambda: lambda: credit_matrix(back)} | (
        torch_contestants(work, only_backward=True) if torch else {}
    )
    print("\nThe T x T matrix at T = 40, n_a = 32" + (" beside one PyTorch backward:" if torch else ":"))
    for name, us in medians(contestants).items():
        print(f"  {us:7.0f}  {name}")


if __name__ == "__main__":
    main()
