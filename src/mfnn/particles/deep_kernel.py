"""The kernel for two hidden layers: one pass over the N_1 N_2 weights between them a step.

Row j of v, the weights into neuron j of the second layer, is read and written once a step: the last step's update is
applied, h_j formed, and the row added to the sum that w's gradient needs, while it is in the first-level cache. The rows
are cut into PARTS, each with sums of its own that are added in order: the result is the same to the bit on any number of
threads. Shapes: w (d, N_1), v (N_2, N_1), c (N_2,), x (K, d), y (K,).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit, prange

from mfnn.numerics.elementary import KERNEL_ACTIVATIONS
from mfnn.particles.fused import LOOP
from mfnn.spec import Floats

PARTS = 8  # of the rows

Advance = Callable[[Floats, Floats, Floats, Floats, Floats, float, float], int]


@cache
def deep_kernel(activation: str, in_parallel: bool = False) -> Advance:
    """The compiled `advance(w, v, c, x, y, rate, between)`, which trains one network in place with step `rate` = α/N:

        h_j = (1/N_1) Σ_i v_ji σ(w_i·x),  g = (1/N_2) Σ_j c_j σ(h_j),  r = y − g
        c_j += rate r σ(h_j),  v_ji += between rate r c_j σ'(h_j) σ(w_i·x),
        w_i += rate r [(1/N_2) Σ_j c_j σ'(h_j) v_ji] σ'(w_i·x) x

    all with the parameters before the step (arXiv:1903.04440, with `between` = 1). Returns the index of the first sample
    with a non-finite residual, or −1.
    """
    both = KERNEL_ACTIVATIONS[activation].both

    @njit(**LOOP)
    def moved_and_summed(row, push, before, here):
        total = 0.0
        for i in range(row.size):
            row[i] += push * before[i]
            total += row[i] * here[i]
        return total

    @njit(**LOOP)
    def add(row, factor, sums):
        for i in range(row.size):
            sums[i] += factor * row[i]

    @njit(error_model="numpy")
    def first_layer(w, x, value, slope):
        for i in range(value.size):
            z = 0.0
            for a in range(x.size):
                z += w[a, i] * x[a]
            value[i], slope[i] = both(z)

    @njit(error_model="numpy", parallel=in_parallel)
    def advance(w, v, c, x, y, rate, between):
        rows, columns = v.shape
        here, before, slope = np.zeros(columns), np.zeros(columns), np.zeros(columns)
        push, value, felt = np.zeros(rows), np.zeros(rows), np.zeros(rows)
        back, outputs = np.zeros((PARTS, columns)), np.zeros(PARTS)
        share = -(-rows // PARTS)
        for k in range(len(x)):
            before[:] = here
            first_layer(w, x[k], here, slope)
            for p in prange(PARTS):
                back[p] = 0.0
                outputs[p] = 0.0
                for j in range(p * share, min((p + 1) * share, rows)):
                    h = moved_and_summed(v[j], push[j], before, here) / columns
                    value[j], steep = both(h)
                    felt[j] = c[j] * steep
                    outputs[p] += c[j] * value[j]
                    add(v[j], felt[j], back[p])
            residual = y[k] - outputs.sum() / rows
            if not np.isfinite(residual):
                return k
            step = rate * residual
            for j in range(rows):
                push[j] = between * step * felt[j]
                c[j] += step * value[j]
            for p in range(1, PARTS):
                add(back[p], 1.0, back[0])
            for i in range(columns):
                moved = step * back[0, i] / rows * slope[i]
                for a in range(w.shape[0]):
                    w[a, i] += moved * x[k, a]
        for j in range(rows):
            add(here, push[j], v[j])
        return -1

    return advance
