"""The kernel for large d: B consecutive samples at once, without changing the algorithm.

With the block's features X (B, d), one matrix product Z = X W gives all pre-activations at the block's start. Inside
the block w^i has moved by Σ_{j<k} u_j^i x_j when sample k comes, so z_k^i = Z_k^i + Σ_{j<k} u_j^i (x_j·x_k) needs
only the Gram matrix X Xᵀ. Of that sum the samples of earlier runs of the block, a few samples each, are a matrix product
as well, and those of the run itself are added one by one. At the block's end W += Xᵀ U, in place. U takes the place of Z
row by row. Equal to sample-by-sample SGD up to rounding.

The particles are cut into parts, each with matrix products of its own and perhaps in a thread of its own; the parts
follow from the width alone, and their sums are added in order: the result is the same to the bit on any number of threads.

Shapes: c (m, N), w (d, N), x (K, d), y (K, m), all double or all single but for the residuals, which are double.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

import numpy as np
from numba import njit, prange

from mfnn.numerics.gemm import add_product
from mfnn.numerics.kernel_activations import KERNEL_ACTIVATIONS
from mfnn.particles.parts import parts_of
from mfnn.spec import Floats

BLOCK = 256  # samples: larger blocks read and write w less often and need more memory
RUN = 32  # samples whose corrections are made one by one
TILE = 1024  # particles a loop holds in the first-level cache
PART = 8 * TILE  # particles that one thread moves at a time

_LOOP: dict[str, Any] = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}

Advance = Callable[[Floats, Floats, Floats, Floats, float], int]


@cache
def blocked_kernel(activation: str, threads: int = 1) -> Advance:
    """`advance(c, w, x, y, rate)`, which trains one replica in place on the samples in order.

    c += rate r σ(w·x), w += rate (c·r) σ'(w·x) x (arXiv:1805.01053, eq. 1.3), rate = α/N. Returns the index of the
    first sample with a non-finite residual, or −1. With more than one of `threads` the loops over the particles take
    numba's threads, and the matrix products as many of the interpreter's.
    """
    advance_run = _run(activation, threads > 1)

    def advance(c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> int:
        share = parts_of(w.shape[1], PART)[1]
        parts = [slice(start, start + share) for start in range(0, w.shape[1], share)]
        memory = np.empty((min(BLOCK, len(x)), w.shape[1]), w.dtype)
        with ThreadPoolExecutor(threads) as pool:
            each = pool.map if threads > 1 else map  # another thread would have to fetch all from this one's cache
            for start in range(0, len(x), BLOCK):
                features = np.ascontiguousarray(x[start : start + BLOCK], dtype=w.dtype)
                u, gram = memory[: len(features)], features @ features.T
                list(each(partial(_project, features, w, u), parts))
                for first in range(0, len(features), RUN):
                    run = slice(first, first + RUN)
                    list(each(partial(_correct, gram[run, :first], u[:first], u[run]), parts))
                    stopped = advance_run(c, u[run], gram[run, run], y[start:][run], rate, share)
                    if stopped >= 0:
                        return start + first + stopped
                list(each(partial(_move, features, w, u), parts))
        return -1

    return advance


def _project(x: Floats, w: Floats, z: Floats, part: slice) -> None:
    """Z = X W on one part of the particles."""
    np.matmul(x, w[:, part], out=z[:, part])


def _correct(overlaps: Floats, u: Floats, z: Floats, part: slice) -> None:
    """Z += G U on one part of the particles, for the few samples of a run: G (RUN, k), U (k, N)."""
    z[:, part] += overlaps @ u[:, part]


def _move(x: Floats, w: Floats, u: Floats, part: slice) -> None:
    """W += Xᵀ U on one part of the particles."""
    add_product(w[:, part], x, u[:, part])


def _tile_loops(activation: str):
    """Compiled, for one tile of particles: `evaluate` adds the outputs of sample k to g, `update` makes its step.

    z (RUN, N): `evaluate` corrects row k by the samples before it, `update` leaves the coefficients of w's step there.
    """
    value, slope = KERNEL_ACTIVATIONS[activation].value, KERNEL_ACTIVATIONS[activation].slope

    @njit(**_LOOP)
    def evaluate(k, start, stop, z, s, gram, c, g):
        row = z[k, start:stop]
        for j in range(k):
            moved, overlap = z[j, start:stop], gram[j, k]
            for i in range(row.size):
                row[i] += moved[i] * overlap
        tile = s[start:stop]
        for i in range(row.size):
            tile[i] = value(row[i])
        for o in range(c.shape[0]):
            outer = c[o, start:stop]
            total = 0.0
            for i in range(row.size):
                total += outer[i] * tile[i]
            g[o] += total

    @njit(**_LOOP)
    def update(k, start, stop, z, s, c, step):
        row, tile, push = z[k, start:stop], s[start:stop], np.empty_like(s[start:stop])
        for i in range(push.size):
            push[i] = 0.0
        for o in range(c.shape[0]):
            outer = c[o, start:stop]
            for i in range(row.size):
                push[i] += step[o] * outer[i]
                outer[i] += step[o] * tile[i]
        for i in range(row.size):
            row[i] = push[i] * slope(row[i], tile[i])

    return evaluate, update


def _run(activation: str, in_parallel: bool):
    """The samples of one run in order, on z (RUN, N); moves c and leaves the coefficients of w's update in z's place."""
    evaluate, update = _tile_loops(activation)

    @njit(error_model="numpy")
    def one_pass(k, p, share, z, s, gram, c, g, step):
        """Sample k − 1 moves part p, and sample k is evaluated there."""
        end = min(s.size, (p + 1) * share)
        for o in range(c.shape[0]):
            g[p, o] = 0.0
        for start in range(p * share, end, TILE):
            stop = min(end, start + TILE)
            if k > 0:
                update(k - 1, start, stop, z, s, c, step)
            if k < z.shape[0]:
                evaluate(k, start, stop, z, s, gram, c, g[p])

    @njit(error_model="numpy", parallel=in_parallel)
    def advance_run(c, z, gram, y, rate, share):
        samples, parts, outputs = z.shape[0], -(-z.shape[1] // share), c.shape[0]
        s, g, step = np.empty_like(z[0]), np.empty((parts, outputs)), np.empty_like(c[:, 0])
        for k in range(samples + 1):
            for p in prange(parts):
                one_pass(k, p, share, z, s, gram, c, g, step)
            if k < samples:
                for o in range(outputs):
                    total = 0.0
                    for p in range(parts):
                        total += g[p, o]
                    residual = y[k, o] - total / s.size
                    if not np.isfinite(residual):
                        return k
                    step[o] = rate * residual
        return -1

    return advance_run
