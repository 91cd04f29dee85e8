"""Dependence of two real samples: the distance correlation, in n log n operations.

With a_jk = |x_j − x_k| and b_jk = |y_j − y_k|, the unbiased estimate of the squared distance covariance is
(Székely & Rizzo 2014, the inner product of U-centred matrices, written out)

    Ω(a, b) = [Σ a_jk b_jk − 2/(n−2) Σ_j a_j· b_j· + a_·· b_··/((n−1)(n−2))] / (n(n−3)).

Its two single sums need a sort; the double sum runs over the pairs by rising x and needs, of those below y, their
number and three sums, which a binary indexed tree over the ranks of y keeps.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from mfnn.spec import Floats


def squared_distance_correlation(one: Floats, other: Floats) -> float:
    """Ω(a, b) / √(Ω(a, a) Ω(b, b)), of mean zero for independent samples `one` and `other` (n,), n ≥ 4.

    Zero where one of the samples is constant.
    """
    x, y = one - one.mean(), other - other.mean()
    a, b = _row_sums(x), _row_sums(y)
    scale = _unbiased(_squares(x), a, a) * _unbiased(_squares(y), b, b)
    if scale <= 0:
        return 0.0
    rising = np.argsort(x, kind="stable")
    ranks = np.argsort(np.argsort(y[rising], kind="stable"), kind="stable")
    return float(_unbiased(_products(x[rising], y[rising], ranks), a, b) / np.sqrt(scale))


def _unbiased(double_sum: float, a: Floats, b: Floats) -> float:
    n = len(a)
    single, total = float((a * b).sum()), float(a.sum() * b.sum())
    return (double_sum - 2 / (n - 2) * single + total / ((n - 1) * (n - 2))) / (n * (n - 3))


def _squares(x: Floats) -> float:
    """Σ_jk (x_j − x_k)² of centred values."""
    return float(2 * len(x) * (x * x).sum())


def _row_sums(x: Floats) -> Floats:
    """Σ_k |x_j − x_k| for each j of centred values: above and below the place of x_j among them."""
    order = np.argsort(x, kind="stable")
    rising, below = x[order], np.arange(len(x))
    before = np.cumsum(rising) - rising
    sums = np.empty_like(x)
    sums[order] = (2 * below - len(x)) * rising - 2 * before
    return sums


@njit
def _products(x, y, ranks):
    """Σ_jk |x_j − x_k| |y_j − y_k| for x rising, with the ranks of y.

    For x_k ≤ x_j a pair adds (x_j − x_k)(y_j − y_k) where y_k is below y_j, and minus that where it is above.
    """
    n = len(x)
    tree, signed, totals, double_sum = np.zeros((n + 1, 4)), np.zeros(4), np.zeros(4), 0.0
    for j in range(n):
        moments = (1.0, x[j], y[j], x[j] * y[j])
        for k in range(4):
            below, node = 0.0, ranks[j]
            while node > 0:
                below += tree[node, k]
                node -= node & -node
            signed[k] = 2 * below - totals[k]
        double_sum += signed[0] * moments[3] - x[j] * signed[2] - y[j] * signed[1] + signed[3]
        for k in range(4):
            totals[k] += moments[k]
            node = ranks[j] + 1
            while node <= n:
                tree[node, k] += moments[k]
                node += node & -node
    return 2 * double_sum
