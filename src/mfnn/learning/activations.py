"""The activations σ by name, with σ', σ'' and σ''' (numpy; the particle kernels have vector code of their own).

Derivatives take the pre-activation z and the value s = σ(z), since most of them are cheap in s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import erf, expit

from mfnn.spec import Floats

_ERF_SLOPE = 2 / np.sqrt(np.pi)


@dataclass(frozen=True)
class Activation:
    """σ with its first three derivatives: value(z), slope(z, s), curvature(z, s) and third(z, s) with s = σ(z)."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats, Floats], Floats]
    curvature: Callable[[Floats, Floats], Floats]
    third: Callable[[Floats, Floats], Floats]


ACTIVATIONS: dict[str, Activation] = {
    "tanh": Activation(
        np.tanh,
        lambda z, s: 1 - s * s,
        lambda z, s: -2 * s * (1 - s * s),
        lambda z, s: (6 * s * s - 2) * (1 - s * s),
    ),
    "sigmoid": Activation(
        expit,
        lambda z, s: s * (1 - s),
        lambda z, s: s * (1 - s) * (1 - 2 * s),
        lambda z, s: s * (1 - s) * (1 - 6 * s * (1 - s)),
    ),
    "erf": Activation(
        erf,
        lambda z, s: _ERF_SLOPE * np.exp(-z * z),
        lambda z, s: -2 * z * _ERF_SLOPE * np.exp(-z * z),
        lambda z, s: (4 * z * z - 2) * _ERF_SLOPE * np.exp(-z * z),
    ),
    "sin": Activation(np.sin, lambda z, s: np.cos(z), lambda z, s: -s, lambda z, s: -np.cos(z)),
    "cos": Activation(np.cos, lambda z, s: -np.sin(z), lambda z, s: -s, lambda z, s: np.sin(z)),
    "gaussian": Activation(
        lambda z: np.exp(-z * z),
        lambda z, s: -2 * z * s,
        lambda z, s: (4 * z * z - 2) * s,
        lambda z, s: (12 - 8 * z * z) * z * s,
    ),
    "relu": Activation(
        lambda z: np.maximum(z, 0),
        lambda z, s: (z > 0).astype(z.dtype),
        lambda z, s: np.zeros_like(z),
        lambda z, s: np.zeros_like(z),
    ),
    "linear": Activation(
        lambda z: z, lambda z, s: np.ones_like(z), lambda z, s: np.zeros_like(z), lambda z, s: np.zeros_like(z)
    ),
}
