"""The activations compiled: as functions of one number, which inline into a kernel's loops, and on flat arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from numba import njit

from mfnn.numerics.elementary import EXACT, FILL, FILLS, erf_and_slope, gaussian, kept, sigmoid, sin_and_cos, tanh

Scalar = Callable[..., float]
Pair = Callable[[float], tuple[float, float]]


@dataclass(frozen=True)
class KernelActivation:
    """σ(z), σ'(z, s) with s = σ(z), and both at z, as compiled functions that inline into the particle loops.

    `shared` where σ and σ' come from one expansion, so that σ' is better kept from one pass to the next.
    """

    value: Scalar
    slope: Scalar
    both: Pair
    shared: bool


def _from_value(value: Scalar, slope_at: Scalar) -> KernelActivation:
    """An activation whose slope is cheap once its value is known."""
    slope = njit(**EXACT)(slope_at)

    @njit(**EXACT)
    def both(z):
        s = value(z)
        return s, slope(z, s)

    return KernelActivation(value, slope, both, shared=False)


def _together(both: Pair) -> KernelActivation:
    """An activation whose value and slope share an expansion."""
    value, slope = njit(**EXACT)(lambda z: both(z)[0]), njit(**EXACT)(lambda z, s: both(z)[1])
    return KernelActivation(value, slope, both, shared=True)


@njit(**EXACT)
def _cos_and_slope(z):
    sine, cosine = sin_and_cos(z)
    return cosine, -sine


KERNEL_ACTIVATIONS: dict[str, KernelActivation] = {
    "tanh": _from_value(tanh, lambda z, s: 1.0 - s * s),
    "sigmoid": _from_value(sigmoid, lambda z, s: s * (1.0 - s)),
    "erf": _together(erf_and_slope),
    "sin": _together(sin_and_cos),
    "cos": _together(_cos_and_slope),
    "gaussian": _from_value(gaussian, lambda z, s: -2.0 * z * s),
    "relu": _from_value(njit(lambda z: 0.0 if z < 0.0 else z), lambda z, s: 1.0 if z > 0.0 else 0.0),
    "linear": _from_value(njit(lambda z: z), lambda z, s: 1.0),
}


@cache
def fill(name: str) -> Any:
    """The compiled `fill(z, slope)` of an activation: z ← σ(z), slope ← σ'(z), on flat arrays of doubles."""
    if name in FILLS:
        return kept(FILL, **EXACT)(FILLS[name])
    both = KERNEL_ACTIVATIONS[name].both

    @njit(FILL, nogil=True, **EXACT)
    def made(z, slope):
        for i in range(z.size):
            z[i], slope[i] = both(z[i])

    return made
