"""The two sums of a velocity evaluation, over nodes and over data, tile by tile: no array of all pre-activations is made.

    G(x_q) = Σ_j p_j c_j σ(w_j·x_q),   V_j = Σ_q β_q·∇_θ φ(θ_j, x_q),   φ(θ, x) = c σ(w·x)

A block of a tile is ROWS data nodes by COLUMNS nodes: one matrix product for z = w·x, σ and σ' in place, the sums, all
while the block is in the second-level cache. Where the second sum would cost more to compute σ anew than to read it back,
σ and σ' of all blocks are kept. Shapes: x (Q, d), w (d, J), c (m, J), push β (Q, m).
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit, types

from mfnn.numerics.elementary import FILL, kept
from mfnn.numerics.kernel_activations import fill
from mfnn.spec import Floats

COLUMNS = 512
WIDE = 64  # features from which on a product is so long that larger blocks pay
ROWS, WIDE_ROWS = 32, 256
KEPT = 1 << 16  # pre-activations a feature, to which it is cheaper to keep σ and σ'
MOST_KEPT = 1 << 22  # 64 MB

_SUMS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}
_FILL = types.FunctionType(FILL)
_MATRIX, _CUBE = types.Array(types.float64, 2, "C"), types.Array(types.float64, 3, "C")
_GIVEN_ROW, _GIVEN = (types.Array(types.float64, dimensions, "C", readonly=True) for dimensions in (1, 2))


def output(activation: str, x: Floats, w: Floats, c: Floats) -> Floats:
    """Σ_j c_j σ(w_j·x_q), shape (Q, m)."""
    total = np.zeros((len(x), len(c)))
    _kernels().output(fill(activation), *map(np.ascontiguousarray, (x, w, c)), total, *_memory(x, w))
    return total


def pull(activation: str, x: Floats, w: Floats, c: Floats, push: Floats) -> Floats:
    """Σ_q β_q·∇_θ φ(θ_j, x_q), shape (m + d, J)."""
    pulled = np.zeros((len(c) + len(w), w.shape[1]))
    _kernels().pull(fill(activation), *map(np.ascontiguousarray, (x, w, c, push)), pulled, *_memory(x, w))
    return pulled


def self_consistent(activation: str, x: Floats, y: Floats, w: Floats, c: Floats, p: Floats, force: Floats) -> Floats:
    """The pull (m + d, J) of the push β_q = force_q (y_q − G(x_q)), with G the output of c p; y (Q, m), force (Q,)."""
    pulled, size = np.zeros((len(c) + len(w), w.shape[1])), w.shape[1] * len(x)
    known = size <= min(KEPT * x.shape[1], MOST_KEPT)
    arrays = map(np.ascontiguousarray, (x, w, c, c * p, y, force))
    _kernels().self_consistent(fill(activation), *arrays, pulled, *_memory(x, w, known), known)
    return pulled


def _memory(x: Floats, w: Floats, every: bool = False) -> tuple[Floats, int]:
    """Where σ and σ' are put, of one block or of every one, (blocks, 2, numbers), and the rows of a block."""
    (points, dim), nodes = x.shape, w.shape[1]
    rows = min(points, ROWS if dim < WIDE else WIDE_ROWS)
    blocks = -(-points // rows) * -(-nodes // COLUMNS) if every else 1
    return np.empty((blocks, 2, rows * min(COLUMNS, nodes))), rows


class _Kernels(NamedTuple):
    output: Any
    pull: Any
    self_consistent: Any


@cache
def _kernels() -> _Kernels:
    """The sums, compiled when the first limit is solved."""
    rest = _MATRIX, _CUBE, types.int64
    first = kept(types.void(_FILL, *(_GIVEN,) * 3, *rest), **_SUMS)
    second = kept(types.void(_FILL, *(_GIVEN,) * 4, *rest), **_SUMS)
    third = kept(types.void(_FILL, *(_GIVEN,) * 5, _GIVEN_ROW, *rest, types.boolean), **_SUMS)
    return _Kernels(first(_output), second(_pull), third(_self_consistent))


def _output(fill, x, w, c, total, memory, rows):
    _sum_over_nodes(fill, x, w, c, total, memory, rows)


def _pull(fill, x, w, c, push, pulled, memory, rows):
    _sum_over_data(fill, x, w, c, push, pulled, memory, rows, False)


def _self_consistent(fill, x, w, c, weighted, y, force, pulled, memory, rows, known):
    push = np.zeros_like(y)
    _sum_over_nodes(fill, x, w, weighted, push, memory, rows)
    for q in range(len(y)):
        for k in range(y.shape[1]):
            push[q, k] = force[q] * (y[q, k] - push[q, k])
    _sum_over_data(fill, x, w, c, push, pulled, memory, rows, known)


@njit(**_SUMS)
def _sum_over_nodes(fill, x, w, c, total, memory, rows):
    """total (Q, m) += Σ_j c_j σ(w_j·x_q); σ and σ' of the blocks are left in memory."""
    for start in range(0, w.shape[1], COLUMNS):
        columns = min(COLUMNS, w.shape[1] - start)
        tile, before = np.ascontiguousarray(w[:, start : start + columns]), start // COLUMNS * -(-len(x) // rows)
        for low in range(0, len(x), rows):
            high = min(len(x), low + rows)
            here, size = memory[(before + low // rows) % len(memory)], (high - low) * columns
            block = here[0, :size].reshape(high - low, columns)
            np.dot(x[low:high], tile, block)
            fill(here[0, :size], here[1, :size])
            for q in range(high - low):
                for k in range(len(c)):
                    total[low + q, k] += _inner(c[k, start : start + columns], block[q])


@njit(**_SUMS)
def _inner(one, other):
    total = 0.0
    for j in range(one.size):
        total += one[j] * other[j]
    return total


@njit(**_SUMS)
def _add(factor, row, to):
    for j in range(row.size):
        to[j] += factor * row[j]


@njit(**_SUMS)
def _move(factor, values, pulled, c, turn):
    """pulled += β σ and turn = β c, in one loop."""
    for j in range(values.size):
        pulled[j] += factor * values[j]
        turn[j] = factor * c[j]


@njit(**_SUMS)
def _times(slopes, turn):
    for j in range(slopes.size):
        slopes[j] *= turn[j]


@njit(**_SUMS)
def _sum_over_data(fill, x, w, c, push, pulled, memory, rows, known):
    """pulled (m + d, J) += Σ_q β_q·∇φ(θ_j, x_q), with σ and σ' from memory where they are known."""
    outputs, moved, turn = len(c), np.empty((len(w), COLUMNS)), np.empty(COLUMNS)
    for start in range(0, w.shape[1], COLUMNS):
        columns = min(COLUMNS, w.shape[1] - start)
        tile, before = np.ascontiguousarray(w[:, start : start + columns]), start // COLUMNS * -(-len(x) // rows)
        product = moved.reshape(-1)[: len(w) * columns].reshape(len(w), columns)
        for low in range(0, len(x), rows):
            high = min(len(x), low + rows)
            here, size = memory[(before + low // rows) % len(memory)], (high - low) * columns
            block = here[0, :size].reshape(high - low, columns)
            steep = here[1, :size].reshape(high - low, columns)
            if not known:
                np.dot(x[low:high], tile, block)
                fill(here[0, :size], here[1, :size])
            for q in range(high - low):
                _move(
                    push[low + q, 0],
                    block[q],
                    pulled[0, start : start + columns],
                    c[0, start : start + columns],
                    turn,
                )
                for k in range(1, outputs):
                    _add(push[low + q, k], block[q], pulled[k, start : start + columns])
                    _add(push[low + q, k], c[k, start : start + columns], turn)
                _times(steep[q], turn)
            np.dot(x[low:high].T, steep, product)
            for a in range(len(w)):
                _add(1.0, product[a], pulled[outputs + a, start : start + columns])
