"""The kernel for mini-batches: all samples of a batch see the parameters before the step.

With step α/N and batch x_1 … x_B: c += (α/N) (1/B) Σ_b r_b σ(w·x_b), w += (α/N) (1/B) Σ_b (c·r_b) σ'(w·x_b) x_b,
r_b = y_b − (1/N) Σ_i c^i σ(w^i·x_b). Shapes: c (R, m, N), w (R, d, N), x (R, K, B, d), y (R, K, B, m).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from mfnn.particles.elementary import KERNEL_ACTIVATIONS
from mfnn.spec import Floats

# Sums may be reordered for vector registers; nothing may assume that numbers are finite.
_LOOP: dict[str, Any] = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}

Advance = Callable[[Floats, Floats, Floats, Floats, float], tuple[int, int]]


@cache
def batched_kernel(activation: str) -> Advance:
    """`advance(c, w, x, y, rate)`, K steps of R replicas in place with rate = α/N.

    Returns (replica, k) of the first non-finite residual, or (−1, −1).
    """
    value, slope = KERNEL_ACTIVATIONS[activation].value, KERNEL_ACTIVATIONS[activation].slope

    @njit(**_LOOP)
    def evaluate(c, w, x, z, s, g):  # type: ignore[no-untyped-def]
        """Pre-activations z (N,), activations s (N,) and sums g (m,) of one sample x (d,)."""
        z[:] = 0.0
        for a in range(w.shape[0]):
            for i in range(z.size):
                z[i] += w[a, i] * x[a]
        for i in range(z.size):
            s[i] = value(z[i])
        for o in range(c.shape[0]):
            total = 0.0
            for i in range(z.size):
                total += c[o, i] * s[i]
            g[o] = total

    @njit(**_LOOP)
    def collect(c, x, z, s, step, c_change, w_change, push):  # type: ignore[no-untyped-def]
        """Add one sample's part of the step to the changes of c (m, N) and w (d, N)."""
        push[:] = 0.0
        for o in range(c.shape[0]):
            for i in range(z.size):
                push[i] += step[o] * c[o, i]
                c_change[o, i] += step[o] * s[i]
        for i in range(z.size):
            push[i] *= slope(z[i], s[i])
        for a in range(x.size):
            for i in range(z.size):
                w_change[a, i] += push[i] * x[a]

    @njit(error_model="numpy")
    def advance(c, w, x, y, rate):  # type: ignore[no-untyped-def]
        width, batch = c.shape[2], x.shape[2]
        z, s, push = np.empty(width), np.empty(width), np.empty(width)
        c_change, w_change = np.empty(c.shape[1:]), np.empty(w.shape[1:])
        g, step = np.empty(c.shape[1]), np.empty(c.shape[1])
        for r in range(x.shape[0]):
            for k in range(x.shape[1]):
                c_change[:], w_change[:] = 0.0, 0.0
                for b in range(batch):
                    evaluate(c[r], w[r], x[r, k, b], z, s, g)
                    for o in range(step.size):
                        residual = y[r, k, b, o] - g[o] / width
                        if not np.isfinite(residual):
                            return r, k
                        step[o] = rate / batch * residual
                    collect(c[r], x[r, k, b], z, s, step, c_change, w_change, push)
                c[r] += c_change
                w[r] += w_change
        return -1, -1

    return advance
