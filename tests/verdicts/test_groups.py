"""Products over groups of neurons against all groups, and their limits against Gaussian measures and exact laws."""

from itertools import combinations
from math import comb

import numpy as np
import pytest

from mfnn.verdicts.groups import group_products, power_sums, product_limit

VARIANCE, PAIR = 1.4, -2.1


def test_group_products_are_means_over_all_groups():
    rng = np.random.default_rng(1)
    f = rng.normal(1.0, size=(3, 7))
    sums = power_sums(np.array([(f**r).mean(axis=1) for r in range(1, 5)]), 0.3, 7)
    found = group_products(sums, 7)
    for k in range(1, 5):
        members = np.array(list(combinations(range(7), k)))
        np.testing.assert_allclose(found[k - 1], np.prod((f - 0.3)[:, members], axis=2).mean(axis=1), atol=1e-12)


@pytest.mark.parametrize(("k", "expected"), [(2, PAIR), (3, 0.0), (4, 3 * PAIR**2), (6, 15 * PAIR**3)])
def test_the_limit_of_a_product_of_k_is_the_gaussian_moment_of_the_pair(k, expected):
    assert product_limit(k, VARIANCE, PAIR)[0] == pytest.approx(expected, abs=1e-9)


def test_its_deviation_is_that_of_the_square_and_the_hermite_polynomial():
    """Var(η² − s²) = 2 V² and E He_3(x)² = 15 ρ³ − 18 ρ² + 9 ρ for x ~ N(0, ρ), ρ = V/s²."""
    square, ratio = VARIANCE - PAIR, VARIANCE / (VARIANCE - PAIR)
    assert product_limit(2, VARIANCE, PAIR)[1] == pytest.approx(np.sqrt(2) * VARIANCE)
    cubic = np.sqrt(square**3 * (15 * ratio**3 - 18 * ratio**2 + 9 * ratio))
    assert product_limit(3, VARIANCE, PAIR)[1] == pytest.approx(cubic)


def drawn_without_replacement(width: int) -> dict[str, float]:
    """E Π over k of N neurons whose values are half +1 and half −1, Σ_j (−1)^j C(N/2, j) C(N/2, k − j) / C(N, k)."""
    half = width // 2
    return {
        k: sum((-1) ** j * comb(half, j) * comb(half, k - j) for j in range(k + 1)) / comb(width, k) for k in (2, 4)
    }


def test_neurons_without_randomness_in_their_mean_are_the_most_dependent():
    """Half of the neurons at +1, half at −1: V = 0, s² = 1, κ = −1, so N E Π → −1 and N² E Π → 3."""
    for width, tolerance in ((10, 1.0), (1000, 0.02)):
        sums = np.array([[0.0], [width], [0.0], [width]])
        found, exact = group_products(sums, width), drawn_without_replacement(width)
        assert found[1, 0] == pytest.approx(exact[2]) and found[3, 0] == pytest.approx(exact[4])
        assert width * found[1, 0] == pytest.approx(-1, rel=tolerance)
        assert width**2 * found[3, 0] == pytest.approx(product_limit(4, 0.0, -1.0)[0], rel=tolerance)
