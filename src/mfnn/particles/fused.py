"""The kernel for small d: one pass over the particles a step.

A pass applies sample k's update and, in the same loop, evaluates sample k + 1: it reads and writes each parameter
once, and its only transcendental function is one σ a particle. A segment of K samples is K + 1 passes: the first
updates with residual 0, the last evaluates at x = 0 and its output is not used. Between segments the state is the
parameters alone.

Particles are stored one coordinate a row, a replica in P equal parts, c: (R, P, m, n), w: (R, P, d, n), with n the
particles of a part rounded up to whole vectors. The padding has c = w = 0 and its activation is reset to 0 after each
pass, so it neither moves nor contributes. P follows from the width alone, and the sums of the parts are added in their
order: the result is the same to the bit on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import njit, prange

from mfnn.numerics.elementary import KERNEL_ACTIVATIONS
from mfnn.spec import Floats

LINE = 8  # numbers in a cache line
VECTOR = 16  # padding: a multiple of every vector width times the compiler's unrolling
TILE = 512  # particles whose rows stay in the first-level cache between the loops of a tiled pass
PART = 32768  # particles, at most, that one thread moves at a time: a pass over fewer is no longer than its hand-over
SINGLE_LOOP_DIM = 3  # beyond it compilers no longer vectorise the single loop

# Sums may be reordered for vector registers; nothing may assume that numbers are finite.
_LOOP: dict[str, Any] = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}

Advance = Callable[[Floats, Floats, Floats, Floats, float, int], tuple[int, int]]


def padded(particles: int) -> int:
    """The stored length of a row of so many particles."""
    return -(-particles // VECTOR) * VECTOR


@cache
def fused_kernel(activation: str, dim: int, outputs: int, in_parallel: bool = False) -> Advance:
    """The compiled `advance(c, w, x, y, rate, width)` for one activation and shape.

    It trains R replicas in place on samples x (R, K, d), y (R, K, m) with step `rate` = α/N:
    c += rate r σ(w·x), w += rate (c·r) σ'(w·x) x, r = y − (1/N) Σ_i c^i σ(w^i·x), both with the parameters before
    the step (arXiv:1805.01053, eq. 1.3). Replicas are trained one after another, so that a small one stays in the
    first-level cache; `in_parallel` the parts of one are shared out to numba's threads. Returns (replica, k) of the
    first non-finite residual, or (−1, −1).
    """
    single_loop = outputs == 1 and dim <= SINGLE_LOOP_DIM
    one_pass = _single_loop(activation, dim) if single_loop else _tiled_loops(activation, dim, outputs)
    advance_all = _all_passes(one_pass, dim, outputs, in_parallel)

    def advance(c: Floats, w: Floats, x: Floats, y: Floats, rate: float, width: int) -> tuple[int, int]:
        parts, row = c.shape[1], c.shape[3]
        sums = np.zeros((parts, outputs))
        return advance_all(
            c, w, x, y, rate, width, *aligned_zeros((2, parts, row)), *np.zeros((2, dim)), np.zeros(outputs), sums
        )

    return advance


def _all_passes(one_pass, dim: int, outputs: int, in_parallel: bool):
    """The compiled K + 1 passes over each replica, given one pass over one part of it."""

    @njit(error_model="numpy", parallel=in_parallel)
    def advance_all(c, w, x, y, rate, width, s, slopes, before, here, step, g):
        replicas, samples, parts = x.shape[0], x.shape[1], s.shape[0]
        share = -(-width // parts)
        for r in range(replicas):
            for p in range(parts):
                _clear(s, p, 0)
                _clear(slopes, p, 0)
            here[:] = 0.0
            step[:] = 0.0
            for k in range(samples + 1):
                for a in range(dim):
                    before[a] = here[a]
                    here[a] = x[r, k, a] if k < samples else 0.0
                for p in prange(parts):
                    one_pass(c, w, r, p, s, slopes, before, here, step, g)
                    _clear(s, p, min(share, width - p * share))
                if k < samples:
                    for o in range(outputs):
                        total = 0.0
                        for p in range(parts):
                            total += g[p, o]
                        residual = y[r, k, o] - total / width
                        if not np.isfinite(residual):
                            return r, k
                        step[o] = rate * residual
        return -1, -1

    return advance_all


def aligned_zeros(shape: tuple[int, ...]) -> Floats:
    """An array of zeros that starts on a cache line: a vector read across two lines costs two."""
    size = int(np.prod(shape))
    memory = np.zeros(size + LINE)
    start = (-memory.ctypes.data // 8) % LINE
    return memory[start : start + size].reshape(shape)


@njit
def _clear(rows, p, start):
    """rows[p, start:] = 0, in a loop that compiles in a tenth of the time of the slice."""
    for i in range(start, rows.shape[1]):
        rows[p, i] = 0.0


def _single_loop(activation: str, dim: int):
    """One pass over part p of replica r, for m = 1 and few inputs: everything in one loop over the particles.

    The sums over the inputs are functions of their own, because a loop variable that outlives an iteration makes the
    compiler peel the first one off, and then all vectors straddle cache lines. Arrays come whole with r and p, because
    to slice one costs more than ten particles.
    """
    sigma = KERNEL_ACTIVATIONS[activation]
    value, slope, both, kept = sigma.value, sigma.slope, sigma.both, sigma.shared

    @njit(**_LOOP)
    def project(w, r, p, i, x):
        z = 0.0
        for a in range(dim):
            z += w[r, p, a, i] * x[a]
        return z

    @njit(**_LOOP)
    def move(w, r, p, i, x, push):
        for a in range(dim):
            w[r, p, a, i] += push * x[a]

    @njit(**_LOOP)
    def one_pass(c, w, r, p, s, slopes, before, here, step, g):
        total, rate = 0.0, step[0]
        for i in range(s.shape[1]):
            ci, si = c[r, p, 0, i], s[p, i]
            push = rate * ci * (slopes[p, i] if kept else slope(project(w, r, p, i, before), si))
            c[r, p, 0, i] = ci + rate * si
            move(w, r, p, i, before, push)
            if kept:
                s[p, i], slopes[p, i] = both(project(w, r, p, i, here))
            else:
                s[p, i] = value(project(w, r, p, i, here))
            total += c[r, p, 0, i] * s[p, i]
        g[p, 0] = total

    return one_pass


def _tiled_loops(activation: str, dim: int, outputs: int):
    """The same pass for any shape: tile by tile, one loop over the particles for each coordinate."""
    both = KERNEL_ACTIVATIONS[activation].both

    @njit(**_LOOP)
    def one_pass(c, w, r, p, s, slopes, before, here, step, g):
        z, push = np.empty(TILE), np.empty(TILE)
        for o in range(outputs):
            g[p, o] = 0.0
        for start in range(0, s.shape[1], TILE):
            value, slope = s[p, start : start + TILE], slopes[p, start : start + TILE]
            for i in range(value.size):
                z[i] = 0.0
                push[i] = 0.0
            for o in range(outputs):
                row = c[r, p, o, start : start + TILE]
                for i in range(row.size):
                    push[i] += step[o] * row[i]
                    row[i] += step[o] * value[i]
            for i in range(slope.size):
                push[i] *= slope[i]
            for a in range(dim):
                row = w[r, p, a, start : start + TILE]
                for i in range(row.size):
                    row[i] += push[i] * before[a]
                    z[i] += row[i] * here[a]
            for i in range(value.size):
                value[i], slope[i] = both(z[i])
            for o in range(outputs):
                row = c[r, p, o, start : start + TILE]
                total = 0.0
                for i in range(row.size):
                    total += row[i] * value[i]
                g[p, o] += total

    return one_pass
