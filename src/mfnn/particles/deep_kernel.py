"""The kernel for two hidden layers: one pass over the N_1 N_2 weights between them a step.

Row j of v, the weights into neuron j of the second layer, is read and written once a step: the last step's update is
applied, h_j formed, and the row added to the sum that w's gradient needs, while it is in the first-level cache. The rows
are cut into PARTS, each with sums of its own that are added in order: the result is the same to the bit on any number of
threads. Shapes: w (d, N_1), v (N_2, N_1), c (N_2,), all double or all single, x (K, d), y (K,).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit, prange

from mfnn.numerics.kernel_activations import KERNEL_ACTIVATIONS
from mfnn.particles.fused import LOOP
from mfnn.spec import Floats

PARTS = 8  # of the rows
FOUR = 4  # rows at a time: what all rows need is read a quarter as often

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
        total = row.dtype.type(0.0)
        for i in range(row.size):
            row[i] += push * before[i]
            total += row[i] * here[i]
        return total

    @njit(**LOOP)
    def add(row, factor, sums):
        for i in range(row.size):
            sums[i] += factor * row[i]

    @njit(**LOOP)
    def four_moved_and_summed(a, b, c, d, push, before, here, totals, e, f, g, h, factor, sums):
        """`moved_and_summed` of four rows a … d, and `add` of the four before them, which are still in the cache.

        In one loop the second, which reads nothing from memory, costs next to nothing.
        """
        first = second = third = fourth = a.dtype.type(0.0)
        by_a, by_b, by_c, by_d = push[0], push[1], push[2], push[3]
        of_e, of_f, of_g, of_h = factor[0], factor[1], factor[2], factor[3]
        for i in range(a.size):
            old, new = before[i], here[i]
            a_i, b_i, c_i, d_i = a[i] + by_a * old, b[i] + by_b * old, c[i] + by_c * old, d[i] + by_d * old
            a[i], b[i], c[i], d[i] = a_i, b_i, c_i, d_i
            first += a_i * new
            second += b_i * new
            third += c_i * new
            fourth += d_i * new
            sums[i] += of_e * e[i] + of_f * f[i] + of_g * g[i] + of_h * h[i]
        totals[0], totals[1], totals[2], totals[3] = first, second, third, fourth

    @njit(error_model="numpy")
    def second_layer(first, last, summed, c, columns, value, felt):
        """σ(h_j) and c_j σ'(h_j) of some rows; returns Σ c_j σ(h_j)."""
        output = 0.0
        for j in range(first, last):
            value[j], steep = both(summed[j] / columns)
            felt[j] = c[j] * steep
            output += c[j] * value[j]
        return output

    @njit(error_model="numpy")
    def one_part(first, last, v, c, push, before, here, summed, value, felt, back):
        """The pass over rows of v; adds Σ_j c_j σ'(h_j) v_j of them to `back` and returns their share of the output."""
        columns, output = here.size, 0.0
        whole = first + max(last - first, 0) // FOUR * FOUR
        four, of_four = np.zeros((FOUR, columns), v.dtype), np.zeros(FOUR, v.dtype)
        for j in range(first, whole, FOUR):
            rows, behind = v[j : j + FOUR], four
            four_moved_and_summed(
                *(rows[0], rows[1], rows[2], rows[3], push[j : j + FOUR], before, here, summed[j : j + FOUR]),
                *(behind[0], behind[1], behind[2], behind[3], of_four, back),
            )
            output += second_layer(j, j + FOUR, summed, c, columns, value, felt)
            four, of_four = rows, felt[j : j + FOUR]
        for row in range(FOUR):
            add(four[row], of_four[row], back)
        for j in range(whole, last):
            summed[j] = moved_and_summed(v[j], push[j], before, here)
            output += second_layer(j, j + 1, summed, c, columns, value, felt)
            add(v[j], felt[j], back)
        return output

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
        here, before, slope = np.zeros_like(v[0]), np.zeros_like(v[0]), np.zeros_like(v[0])
        push, summed, value, felt = np.zeros_like(c), np.zeros_like(c), np.zeros_like(c), np.zeros_like(c)
        back, outputs = np.zeros((PARTS, columns), v.dtype), np.zeros(PARTS)
        share = -(-rows // PARTS)
        for k in range(len(x)):
            before[:] = here
            first_layer(w, x[k], here, slope)
            for p in prange(PARTS):
                back[p] = 0.0
                first, last = p * share, min((p + 1) * share, rows)
                outputs[p] = one_part(first, last, v, c, push, before, here, summed, value, felt, back[p])
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
                for axis in range(w.shape[0]):
                    w[axis, i] += moved * x[k, axis]
        for j in range(rows):
            add(here, push[j], v[j])
        return -1

    return advance
