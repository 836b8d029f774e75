"""How weights begin: random, orthogonal or the identity; and the spectrum, what a matrix makes of a vector."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

# Initialisers ---------------------------------------------------------------------------------------------------------


def glorot(rng: np.random.Generator, n_out: int, n_in: int) -> np.ndarray:
    """W (n_out, n_in), normal with variance 2 / (n_in + n_out). Source: Glorot and Bengio 2010, eq. (12)."""
    return rng.normal(0.0, np.sqrt(2 / (n_in + n_out)), (n_out, n_in))


def orthogonal(rng: np.random.Generator, n: int) -> np.ndarray:
    """Q (n, n) with QᵀQ = I, uniform over all of them: QR of a normal matrix, signs fixed. Source: Mezzadri 2007."""
    q, r = np.linalg.qr(rng.normal(size=(n, n)))
    return q * np.sign(np.diag(r))


class Spectrum(NamedTuple):
    """What a matrix does to a vector: applied again and again, and applied once"""

    eigenvalues: np.ndarray  # (n,) complex
    singular_values: np.ndarray  # (n,), the largest first

    @property
    def radius(self) -> float:
        """ρ, the largest |eigenvalue|: what many steps make of the most persistent direction, if nothing saturates"""
        return float(np.abs(self.eigenvalues).max())

    @property
    def sigma_max(self) -> float:
        """‖W‖₂, the most that one step can stretch any vector"""
        return float(self.singular_values[0])


def spectrum(W: np.ndarray) -> Spectrum:
    """Of W (n, n)"""
    return Spectrum(np.linalg.eigvals(W).astype(complex), np.linalg.svd(W, compute_uv=False))


def _scaled(rng: np.random.Generator, n: int, radius: float) -> np.ndarray:
    W = glorot(rng, n, n)
    return W * (radius / spectrum(W).radius)


class Initialisation(NamedTuple):
    """How a cell's weights begin"""

    initialisation: str = "glorot"
    spectral_radius: float = 1.0  # of Waa, where the initialisation lets one choose
    forget_bias: float = 1.0  # LSTM: Γf = σ(1) = 0.73, so memory is kept until told otherwise. Jozefowicz et al. 2015
    update_bias: float = 0.0  # GRU and LSTM: Γu = σ(0) = 0.5; below 0 less is written, and what is there stays


FORGET_BIASES = (0, 1, 2, 3, 4, 5)  # the pages offer these, and networks with them are trained beforehand
UPDATE_BIASES = (0, -1, -2, -3, -4, -5)


# How Waa can start. `radius` is the spectral radius asked for; Glorot takes the radius it happens to draw.
INITIALISERS: dict[str, Callable[[np.random.Generator, int, float], np.ndarray]] = {
    "glorot": lambda rng, n, radius: glorot(rng, n, n),
    "scaled": _scaled,
    "orthogonal": lambda rng, n, radius: radius * orthogonal(rng, n),
    "identity": lambda rng, n, radius: radius * np.eye(n),
}
