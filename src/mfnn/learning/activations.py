"""The activations σ by name, with σ', σ'' and σ''' (numpy; the particle kernels have vector code of their own).

Derivatives take the pre-activation z and the value s = σ(z), since most of them are cheap in s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import Any

import numpy as np
from scipy.special import erf, expit

from mfnn.errors import SpecError
from mfnn.spec import Floats

_ERF_SLOPE = 2 / np.sqrt(np.pi)


@dataclass(frozen=True)
class Activation:
    """σ with its first three derivatives: value(z), slope(z, s), curvature(z, s) and third(z, s) with s = σ(z).

    `derivatives` counts the continuous ones of σ on the whole line; `bounded` says whether σ and those are bounded. What
    has formulas with σ'' asks for them (mfnn.learning.assumptions).
    """

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats, Floats], Floats]
    curvature: Callable[[Floats, Floats], Floats]
    third: Callable[[Floats, Floats], Floats]
    derivatives: float
    bounded: bool

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by name: its functions have none."""
        return _named, (next(name for name, known in ACTIVATIONS.items() if known is self),)


def _named(name: str) -> Activation:
    return ACTIVATIONS[name]


def _no_curvature(z: Floats, s: Floats) -> Floats:
    """In the place of a σ'' that is a mass at the kink: 0 elsewhere, which no formula may take for it."""
    raise SpecError("activation", "relu", "a σ with two continuous derivatives where σ'' is asked for")


ACTIVATIONS: dict[str, Activation] = {
    "tanh": Activation(
        np.tanh,
        lambda z, s: 1 - s * s,
        lambda z, s: -2 * s * (1 - s * s),
        lambda z, s: (6 * s * s - 2) * (1 - s * s),
        inf,
        True,
    ),
    "sigmoid": Activation(
        expit,
        lambda z, s: s * (1 - s),
        lambda z, s: s * (1 - s) * (1 - 2 * s),
        lambda z, s: s * (1 - s) * (1 - 6 * s * (1 - s)),
        inf,
        True,
    ),
    "erf": Activation(
        erf,
        lambda z, s: _ERF_SLOPE * np.exp(-z * z),
        lambda z, s: -2 * z * _ERF_SLOPE * np.exp(-z * z),
        lambda z, s: (4 * z * z - 2) * _ERF_SLOPE * np.exp(-z * z),
        inf,
        True,
    ),
    "sin": Activation(np.sin, lambda z, s: np.cos(z), lambda z, s: -s, lambda z, s: -np.cos(z), inf, True),
    "cos": Activation(np.cos, lambda z, s: -np.sin(z), lambda z, s: -s, lambda z, s: np.sin(z), inf, True),
    "gaussian": Activation(
        lambda z: np.exp(-z * z),
        lambda z, s: -2 * z * s,
        lambda z, s: (4 * z * z - 2) * s,
        lambda z, s: (12 - 8 * z * z) * z * s,
        inf,
        True,
    ),
    "relu": Activation(
        lambda z: np.maximum(z, 0),
        lambda z, s: (z > 0).astype(z.dtype),
        _no_curvature,
        _no_curvature,
        0,
        False,
    ),
    "linear": Activation(
        lambda z: z,
        lambda z, s: np.ones_like(z),
        lambda z, s: np.zeros_like(z),
        lambda z, s: np.zeros_like(z),
        inf,
        False,
    ),
}


@cache
def compiled(name: str) -> Activation:
    """σ by name, its values from the kernels' vector code where that has them on arrays.

    As accurate as numpy's, to a few units in the last place, and many times faster on processors without AVX-512.
    """
    from mfnn.numerics.elementary import FILLS  # loads the compiler: only where a limit is solved

    fill, known = FILLS.get(name), ACTIVATIONS[name]
    if fill is None:
        return known

    def value(z: Floats) -> Floats:
        flat, out = np.ravel(z), np.empty(np.shape(z))
        fill(flat, out.ravel())
        return out

    return replace(known, value=value)
