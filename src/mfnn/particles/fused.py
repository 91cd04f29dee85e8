"""The kernel for small d: one pass over the particles a step.

A pass applies sample k's update and, in the same loop, evaluates sample k + 1: it reads and writes each parameter
once, and its only transcendental function is one σ a particle. A segment of K samples is K + 1 passes: the first
updates with residual 0, the last evaluates at x = 0 and its output is not used. Between segments the state is the
parameters alone.

Particles are stored one coordinate a row, a replica in P equal parts, c: (R, P, m, n), w: (R, P, d, n), with n the
particles of a part rounded up to whole vectors. The padding has c = w = 0 and its activation is reset to 0 after each
pass, so it neither moves nor contributes; its kicks are 0. P follows from the width alone, and the sums of the parts are
added in their order: the result is the same to the bit on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import njit, prange

from mfnn.numerics.kernel_activations import KERNEL_ACTIVATIONS
from mfnn.spec import Floats

LINE = 8  # numbers in a cache line
VECTOR = 16  # padding: a multiple of every vector width times the compiler's unrolling
TILE = 512  # particles whose rows stay in the first-level cache between the loops of a tiled pass
PART = 32768  # particles, at most, that one thread moves at a time: a pass over fewer is no longer than its hand-over
SINGLE_LOOP_DIM = 3  # beyond it compilers no longer vectorise the single loop

# Sums may be reordered for vector registers; nothing may assume that numbers are finite.
LOOP: dict[str, Any] = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}

Advance = Callable[[Floats, Floats, Floats, Floats, float, int, Floats, Floats], tuple[int, int]]


def padded(particles: int) -> int:
    """The stored length of a row of so many particles."""
    return -(-particles // VECTOR) * VECTOR


@cache
def fused_kernel(
    activation: str,
    dim: int,
    outputs: int,
    in_parallel: bool = False,
    decays: bool = False,
    noisy: bool = False,
    sparse: bool = False,
) -> Advance:
    """The compiled `advance(c, w, x, y, rate, width, keep, kicks)` for one activation and shape.

    It trains R replicas in place on samples x (R, K, d), y (R, K, m) with step `rate` = α/N:
    c += rate r σ(w·x), w += rate (c·r) σ'(w·x) x, r = y − (1/N) Σ_i c^i σ(w^i·x), both with the parameters before
    the step (arXiv:1805.01053, eq. 1.3). One that `decays` multiplies c by keep[0] and w by keep[1] first, `noisy` it
    adds kicks (R, K, P, m + d, n) to both; otherwise these are not looked at. Of one that is `sparse` a weight in w that is
    0 stays so: it is one that the neuron does not have. Replicas are trained one after another, so
    that a small one stays in the first-level cache; `in_parallel` the parts of one are shared out to numba's threads.
    Returns (replica, k) of the first non-finite residual, or (−1, −1).
    """
    single_loop = outputs == 1 and dim <= SINGLE_LOOP_DIM
    moved = _moved(decays, noisy)
    inner = _where_there_is_a_weight(moved) if sparse else moved
    if single_loop:
        one_pass = _single_loop(activation, dim, moved, inner)
    else:
        one_pass = _tiled_loops(activation, dim, outputs, moved, inner)
    advance_all = _all_passes(one_pass, dim, outputs, in_parallel)

    def advance(
        c: Floats, w: Floats, x: Floats, y: Floats, rate: float, width: int, keep: Floats, kicks: Floats
    ) -> tuple[int, int]:
        parts, row = c.shape[1], c.shape[3]
        memory = *aligned_zeros((2, parts, row)), *np.zeros((2, dim)), np.zeros(outputs), np.zeros((parts, outputs))
        return advance_all(c, w, x, y, rate, width, keep, kicks, *memory)

    return advance


def _all_passes(one_pass, dim: int, outputs: int, in_parallel: bool):
    """The compiled K + 1 passes over each replica, given one pass over one part of it."""

    @njit(error_model="numpy", parallel=in_parallel)
    def advance_all(c, w, x, y, rate, width, keep, kicks, s, slopes, before, here, step, g):
        replicas, samples, parts = x.shape[0], x.shape[1], s.shape[0]
        nothing, rest = np.ones_like(keep), np.zeros_like(kicks[0, 0])
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
                kept, kick = (keep, kicks[r, k - 1]) if k > 0 else (nothing, rest)
                for p in prange(parts):
                    one_pass(c, w, r, p, s, slopes, before, here, step, g, kept, kick)
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


def _moved(decays: bool, noisy: bool):
    """A parameter after a step: row a of θ at particle i of part p."""

    @njit(**LOOP)
    def plain(old, step, keep, kick, p, a, i):
        return old + step

    @njit(**LOOP)
    def decayed(old, step, keep, kick, p, a, i):
        return keep * old + step

    @njit(**LOOP)
    def kicked(old, step, keep, kick, p, a, i):
        return keep * old + (step + kick[p, a, i])

    return kicked if noisy else decayed if decays else plain


def _where_there_is_a_weight(moved):
    """A weight after a step; one that is 0 stays so."""

    @njit(**LOOP)
    def moved_or_none(old, step, keep, kick, p, a, i):
        return moved(old, step, keep, kick, p, a, i) if old != 0.0 else 0.0

    return moved_or_none


def _single_loop(activation: str, dim: int, moved, inner):
    """One pass over part p of replica r, for m = 1 and few inputs: everything in one loop over the particles.

    The sums over the inputs are functions of their own, because a loop variable that outlives an iteration makes the
    compiler peel the first one off, and then all vectors straddle cache lines. Arrays come whole with r and p, because
    to slice one costs more than ten particles.
    """
    sigma = KERNEL_ACTIVATIONS[activation]
    value, slope, both, kept = sigma.value, sigma.slope, sigma.both, sigma.shared

    @njit(**LOOP)
    def project(w, r, p, i, x):
        z = 0.0
        for a in range(dim):
            z += w[r, p, a, i] * x[a]
        return z

    @njit(**LOOP)
    def move(w, r, p, i, x, push, keep, kick):
        for a in range(dim):
            w[r, p, a, i] = inner(w[r, p, a, i], push * x[a], keep, kick, p, 1 + a, i)

    @njit(**LOOP)
    def one_pass(c, w, r, p, s, slopes, before, here, step, g, keep, kick):
        total, rate, keep_c, keep_w = 0.0, step[0], keep[0], keep[1]
        for i in range(s.shape[1]):
            ci, si = c[r, p, 0, i], s[p, i]
            push = rate * ci * (slopes[p, i] if kept else slope(project(w, r, p, i, before), si))
            c[r, p, 0, i] = moved(ci, rate * si, keep_c, kick, p, 0, i)
            move(w, r, p, i, before, push, keep_w, kick)
            if kept:
                s[p, i], slopes[p, i] = both(project(w, r, p, i, here))
            else:
                s[p, i] = value(project(w, r, p, i, here))
            total += c[r, p, 0, i] * s[p, i]
        g[p, 0] = total

    return one_pass


def _tiled_loops(activation: str, dim: int, outputs: int, moved, inner):
    """The same pass for any shape: tile by tile, one loop over the particles for each coordinate."""
    both = KERNEL_ACTIVATIONS[activation].both

    @njit(**LOOP)
    def one_pass(c, w, r, p, s, slopes, before, here, step, g, keep, kick):
        z, push = np.empty(TILE), np.empty(TILE)
        keep_c, keep_w = keep[0], keep[1]
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
                    row[i] = moved(row[i], step[o] * value[i], keep_c, kick, p, o, start + i)
            for i in range(slope.size):
                push[i] *= slope[i]
            for a in range(dim):
                row = w[r, p, a, start : start + TILE]
                for i in range(row.size):
                    row[i] = inner(row[i], push[i] * before[a], keep_w, kick, p, outputs + a, start + i)
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
