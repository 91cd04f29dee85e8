"""The joint law of two neurons against the product: dependence is seen where it is, also where only signs hide it."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.studies.chaos.joint_law import NULL_DRAWS, joint_law_table, squared, summary
from mfnn.studies.chaos.remaining import remaining


def pairs(count: int, dependent: bool, signs: bool, seed: int) -> xr.DataArray:
    """Pairs of neurons in the plane, the second as long as the first or not; each turned about by a coin or not."""
    rng = np.random.default_rng(seed)
    neurons = rng.normal(size=(count, 2, 2))
    if dependent:
        neurons[:, 1] += 2 * neurons[:, 0]
    if signs:
        neurons *= rng.choice([-1.0, 1.0], size=(count, 2, 1))
    return xr.DataArray(neurons, dims=("replica", "followed", "coordinate"))


@pytest.mark.parametrize(
    ("dependent", "signs", "seen"),
    [(False, False, set()), (True, False, {"whole", "up to sign"}), (True, True, {"up to sign"})],
)
def test_dependence_is_seen_where_it_is(dependent, signs, seen):
    """Seeds fixed; 5 null deviations for what is seen, 3.5 for what is not there (with coins, whole pairs may show)."""
    table = joint_law_table({10: pairs(500, dependent, signs, 1)}, np.random.default_rng(2)).set_index("kind")
    standing = (table["value"] - table["null_mean"]) / table["null_error"]
    assert set(standing[standing > 5].index) >= seen
    assert (table.loc[sorted(seen), "p"] < 0.01).all()
    if not dependent:
        assert standing.abs().max() < 3.5 and table["p"].min() > 0.01


def test_the_smallest_p_value_is_that_of_the_pairs_among_their_draws():
    neurons = pairs(300, False, False, 6)
    neurons[:, 1] = neurons[:, 0].values
    table = joint_law_table({10: neurons}, np.random.default_rng(7))
    assert table["p"].to_numpy() == pytest.approx(np.full(2, 1 / (1 + NULL_DRAWS)))


def test_dependence_up_to_sign_does_not_see_signs():
    neurons = pairs(60, True, False, 3)
    turned = neurons * np.random.default_rng(4).choice([-1.0, 1.0], size=(60, 2, 1))
    values = [
        joint_law_table({10: sample}, np.random.default_rng(5)).set_index("kind")["value"]
        for sample in (neurons, turned)
    ]
    assert values[0]["up to sign"] == values[1]["up to sign"]
    assert values[0]["whole"] != values[1]["whole"]
    np.testing.assert_array_equal(squared(np.array([[1.0], [-2.0], [3.0]]))[:, 0], [1, -2, 3, 4, -6, 9])


def test_widths_together():
    rows = [
        {"width": width, "kind": "whole", "value": 1.0 + excess, "null_mean": 1.0, "null_error": error}
        for width, excess, error in ((10, 8.0, 1.0), (100, 2.0, 1.0), (1000, 5.0, 2.0))
    ]
    numbers = summary("x", pd.DataFrame(rows))
    assert numbers["x.joint.whole_narrow"]["value"] == 8
    assert numbers["x.joint.whole_remaining"]["value"] == pytest.approx((0.8 * 2 + 0.2 * 5) / 8)


@pytest.mark.parametrize("factor", [1.0, 0.1])
def test_a_dependence_that_does_not_fall_is_seen_to_remain(factor):
    """R pairs of width N with the excess 0.005 of N = 10 at all widths, or a tenth of it from there on."""
    rng = np.random.default_rng(8)
    errors = np.array([0.0002, 0.0002, 0.001, 0.01, 0.1])
    found = []
    for _ in range(300):
        excess = 0.005 * np.array([1.0, factor, factor, factor, factor])
        rows = {"width": [10, 32, 100, 1000, 10_000], "value": rng.normal(excess, errors)}
        found.append(remaining(pd.DataFrame({**rows, "null_mean": 0.0, "null_error": errors})))
    values, stated = np.array([(estimate.value, estimate.error) for estimate in found]).T
    assert abs(values.mean() - factor) < 0.01
    assert 0.85 < stated.mean() / values.std() < 1.15
    judged = np.mean([estimate.interval(0.9996)[1] < 0.3 for estimate in found])
    assert judged > 0.8 if factor < 0.3 else judged == 0
