"""The kernel for large d: B consecutive samples at once, without changing the algorithm.

With the block's features X (B, d), one matrix product Z = X W gives all pre-activations at the block's start. Inside
the block w^i has moved by Σ_{j<k} u_j^i x_j when sample k comes, so z_k^i = Z_k^i + Σ_{j<k} u_j^i (x_j·x_k) needs
only the Gram matrix X Xᵀ; at the block's end W += Xᵀ U is a second matrix product, added in place. Equal to
sample-by-sample SGD up to rounding.

Shapes: c (m, N), w (d, N), x (K, d), y (K, m), all double or all single but for the residuals, which are double.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from mfnn.gemm import add_product
from mfnn.particles.elementary import KERNEL_ACTIVATIONS
from mfnn.spec import Floats

BLOCK = 64  # samples: larger blocks feed the matrix products better and pay more in the Gram corrections
TILE = 1024  # particles a loop holds in the first-level cache

_LOOP: dict[str, Any] = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}

Advance = Callable[[Floats, Floats, Floats, Floats, float], int]


@cache
def blocked_kernel(activation: str) -> Advance:
    """`advance(c, w, x, y, rate)`, which trains one replica in place on the samples in order.

    c += rate r σ(w·x), w += rate (c·r) σ'(w·x) x (arXiv:1805.01053, eq. 1.3), rate = α/N. Returns the index of the
    first sample with a non-finite residual, or −1.
    """
    within_block = _within_block(activation)

    def advance(c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> int:
        for start in range(0, len(x), BLOCK):
            features = np.ascontiguousarray(x[start : start + BLOCK], dtype=w.dtype)
            z = features @ w
            u = np.empty_like(z)
            stopped = within_block(c, z, u, features @ features.T, y[start : start + BLOCK], rate)
            if stopped >= 0:
                return start + stopped
            add_product(w, features, u)
        return -1

    return advance


def _within_block(activation: str):
    """The samples of one block in order; fills u (B, N) with the coefficients of w's update and moves c."""
    value, slope = KERNEL_ACTIVATIONS[activation].value, KERNEL_ACTIVATIONS[activation].slope

    @njit(**_LOOP)
    def evaluate(k, start, z, s, u, gram, c, g):
        row = z[k, start : start + TILE]
        for j in range(k):
            moved, overlap = u[j, start : start + TILE], gram[j, k]
            for i in range(row.size):
                row[i] += moved[i] * overlap
        tile = s[start : start + TILE]
        for i in range(row.size):
            tile[i] = value(row[i])
        for o in range(c.shape[0]):
            outer = c[o, start : start + TILE]
            total = 0.0
            for i in range(row.size):
                total += outer[i] * tile[i]
            g[o] += total

    @njit(**_LOOP)
    def update(k, start, z, s, u, c, step):
        row, tile, push = z[k, start : start + TILE], s[start : start + TILE], u[k, start : start + TILE]
        for i in range(push.size):
            push[i] = 0.0
        for o in range(c.shape[0]):
            outer = c[o, start : start + TILE]
            for i in range(row.size):
                push[i] += step[o] * outer[i]
                outer[i] += step[o] * tile[i]
        for i in range(row.size):
            push[i] *= slope(row[i], tile[i])

    @njit(error_model="numpy")
    def within_block(c, z, u, gram, y, rate):
        s, g, step = np.empty_like(z[0]), np.empty(c.shape[0]), np.empty_like(c[:, 0])
        for k in range(z.shape[0]):
            for o in range(g.size):
                g[o] = 0.0
            for start in range(0, s.size, TILE):
                evaluate(k, start, z, s, u, gram, c, g)
            for o in range(step.size):
                residual = y[k, o] - g[o] / s.size
                if not np.isfinite(residual):
                    return k
                step[o] = rate * residual
            for start in range(0, s.size, TILE):
                update(k, start, z, s, u, c, step)
        return -1

    return within_block
