"""Products over groups of neurons against all groups, and their limits against Gaussian measures and exact laws."""

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.learning.scenario import powers
from mfnn.studies.chaos import groups

VARIANCE, PAIR = 1.4, -2.1


def test_group_products_are_means_over_all_groups():
    rng = np.random.default_rng(1)
    f = rng.normal(1.0, size=(3, 7))
    sums = groups.power_sums(np.array([(f**r).mean(axis=1) for r in range(1, 5)]), 0.3, 7)
    found = groups.group_products(sums, 7)
    for k in range(1, 5):
        members = np.array(list(combinations(range(7), k)))
        np.testing.assert_allclose(found[k - 1], np.prod((f - 0.3)[:, members], axis=2).mean(axis=1), atol=1e-12)


@pytest.mark.parametrize(("k", "expected"), [(2, PAIR), (3, 0.0), (4, 3 * PAIR**2), (6, 15 * PAIR**3)])
def test_the_limit_of_a_product_of_k_is_the_gaussian_moment_of_the_pair(k, expected):
    assert groups.product_limit(k, VARIANCE, PAIR)[0] == pytest.approx(expected, abs=1e-9)


def test_its_deviation_is_that_of_the_square_and_the_hermite_polynomial():
    """Var(η² − s²) = 2 V² and E He_3(x)² = 15 ρ³ − 18 ρ² + 9 ρ for x ~ N(0, ρ), ρ = V/s²."""
    square, ratio = VARIANCE - PAIR, VARIANCE / (VARIANCE - PAIR)
    assert groups.product_limit(2, VARIANCE, PAIR)[1] == pytest.approx(np.sqrt(2) * VARIANCE)
    cubic = np.sqrt(square**3 * (15 * ratio**3 - 18 * ratio**2 + 9 * ratio))
    assert groups.product_limit(3, VARIANCE, PAIR)[1] == pytest.approx(cubic)


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
        found, exact = groups.group_products(sums, width), drawn_without_replacement(width)
        assert found[1, 0] == pytest.approx(exact[2]) and found[3, 0] == pytest.approx(exact[4])
        assert width * found[1, 0] == pytest.approx(-1, rel=tolerance)
        assert width**2 * found[3, 0] == pytest.approx(groups.product_limit(4, 0.0, -1.0)[0], rel=tolerance)


def gaussian_sums(width: int, count: int, scale: float, seed: int) -> np.ndarray:
    """Power sums of runs whose f̃ are centred Gaussians of variance s² shifted by what makes N Var of their mean V."""
    rng = np.random.default_rng(seed)
    f = rng.normal(0, np.sqrt(VARIANCE - PAIR), (count, width))
    eta = np.sqrt(scale * VARIANCE / width) * rng.standard_normal((count, 1))
    f += eta - f.mean(axis=1, keepdims=True)
    return groups.power_sums(np.array([(f**r).mean(axis=1) for r in range(1, 5)]), 0.0, width)


@pytest.mark.parametrize(("scale", "right"), [(1.0, True), (1.4, False)])
def test_groups_tell_a_right_variance_from_a_wrong_one(scale, right):
    """Four standard errors, seeds fixed; the group of all has the variance V by construction."""
    sums = {width: gaussian_sums(width, 800, scale, width) for width in (100, 200, 400)}
    products, sizes = groups.products_table(sums, VARIANCE, PAIR), groups.sizes_table(sums, VARIANCE, PAIR)
    numbers = groups.summary("x", products, sizes, PAIR, 100, 100)
    off = {key: (entry["value"] - 1) / entry["error"] for key, entry in numbers.items() if "ratio" in key}
    four = numbers["x.groups.product_4"]
    assert (abs(four["value"] - 1) < 4 * four["error"]) == right
    assert (abs(off["x.groups.ratio_all"]) < 4) == right
    if right:
        assert max(map(abs, off.values())) < 4
        root = numbers["x.groups.order_root"]
        assert abs(root["value"] + 0.5) < 4 * root["error"] < 1
        assert abs(numbers["x.groups.product_3"]["value"]) < 4 * numbers["x.groups.product_3"]["error"]


@pytest.mark.parametrize("exponent", [-2.0, -1.5])
def test_orders_are_those_of_the_sizes(exponent):
    widths = np.array([100, 200, 400])
    rows = pd.DataFrame({"width": widths, "neurons": 4, "replicas": 100, "predicted": 1.0})
    rows = rows.assign(measured=widths ** (exponent + 2.0), error=0.01)
    three = rows.assign(neurons=3, measured=widths ** (exponent + 1.5))
    sizes = pd.DataFrame(
        {"width": widths, "group": "root", "measured": 1 - widths**-0.5, "error": 0.1, "predicted": 1.0}
    )
    tables = pd.concat([three, rows]), pd.concat([sizes.assign(group=name, replicas=100) for name in groups.SIZES])
    numbers = groups.summary("x", *tables, PAIR, 100, 100)
    assert numbers["x.groups.order_root"]["value"] == pytest.approx(-0.5)
    for k in (3, 4):
        order = numbers[f"x.groups.order_{k}"]["value"]
        assert order == pytest.approx(exponent, abs=1e-9 if exponent == -2 else 0.05)


def test_groups_are_of_the_last_predicted_time_and_centred_at_the_limit():
    names, times = powers("c"), [1.0, 2.0]
    f = np.random.default_rng(2).normal(size=(5, 6))
    moments = {
        name: (("replica", "time"), np.stack([0 * f[:, 0], (f**r).mean(axis=1)], 1))
        for r, name in enumerate(names, 1)
    }
    runs = xr.Dataset(moments, {"time": times})
    limit = xr.Dataset({"mean": (("observable", "time"), [[9.0, 0.5]])}, {"observable": ["c"], "time": times})
    predicted = xr.Dataset(coords={"time": times})
    sums = groups.sums_at_end({6: runs, 3: runs}, limit, predicted, "c")
    assert list(sums) == [6]  # three neurons have no group of four
    np.testing.assert_allclose(sums[6], [((f - 0.5) ** r).sum(axis=1) for r in range(1, 5)])
