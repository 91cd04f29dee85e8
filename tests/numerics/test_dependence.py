"""The distance correlation against its definition, pair by pair."""

import numpy as np
import pytest

from mfnn.numerics.dependence import squared_distance_correlation


def u_centred(x):
    """Distances less their rows' and columns' means, in the way that makes their inner product unbiased."""
    n, a = len(x), np.abs(x[:, None] - x[None, :])
    centred = a - (a.sum(0)[:, None] + a.sum(0)[None, :]) / (n - 2) + a.sum() / ((n - 1) * (n - 2))
    np.fill_diagonal(centred, 0.0)
    return centred


def by_pairs(x, y):
    a, b = u_centred(x), u_centred(y)
    return (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())


@pytest.mark.parametrize("n", [5, 8, 64, 301])
@pytest.mark.parametrize("kind", ["independent", "dependent", "ties", "shifted"])
def test_it_is_the_inner_product_of_the_centred_distances(n, kind):
    x, noise = np.random.default_rng(n).normal(size=(2, n))
    y = noise if kind == "independent" else x**2 + 0.1 * noise
    if kind == "ties":
        x, y = np.round(x), np.round(y)
    if kind == "shifted":
        x, y = x + 1e4, 1e-6 * y
    assert squared_distance_correlation(x, y) == pytest.approx(by_pairs(x, y), rel=1e-7, abs=1e-9)


def test_it_is_symmetric_one_for_lines_and_zero_for_constants():
    x, y = np.random.default_rng(2).normal(size=(2, 100))
    assert squared_distance_correlation(x, y) == pytest.approx(squared_distance_correlation(y, x), rel=1e-12)
    assert squared_distance_correlation(x, 3 - 2 * x) == pytest.approx(1.0, rel=1e-12)
    assert squared_distance_correlation(x, np.ones(100)) == 0.0


def test_four_are_enough():
    x, y = np.array([0.0, 1.0, 3.0, 7.0]), np.array([2.0, 1.0, 5.0, 4.0])
    assert squared_distance_correlation(x, y) == pytest.approx(by_pairs(x, y), rel=1e-12)


def test_its_mean_is_zero_for_independent_samples():
    draws = np.random.default_rng(3).normal(size=(2000, 2, 10))
    values = np.array([squared_distance_correlation(x, y) for x, y in draws])
    assert abs(values.mean()) < 3.5 * values.std() / np.sqrt(len(values))
