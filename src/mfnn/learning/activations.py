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
    """σ by name, its value and slope from the kernels' vector code, doubles alone.

    As accurate as numpy's, to a few units in the last place, and many times faster on processors without AVX-512. Where
    σ' needs more than z and s it is computed with σ anew.
    """
    from mfnn.numerics.kernel_activations import fill  # loads the compiler: only where a limit is solved

    known = ACTIVATIONS[name]

    def both(z: Floats) -> tuple[Floats, Floats]:
        values = np.array(z, dtype=float, order="C")
        slopes = np.empty_like(values)
        fill(name)(values.reshape(-1), slopes.reshape(-1))
        return values, slopes

    def slope(z: Floats, s: Floats) -> Floats:
        return both(z)[1]

    def curvature(z: Floats, s: Floats) -> Floats:
        return -2 * z * slope(z, s)

    def third(z: Floats, s: Floats) -> Floats:
        return (4 * z * z - 2) * slope(z, s)

    fast = replace(known, value=lambda z: both(z)[0])
    if name in ("sin", "cos"):
        return replace(fast, slope=slope, third=lambda z, s: -slope(z, s))
    if name == "erf":
        return replace(fast, slope=slope, curvature=curvature, third=third)
    return fast
