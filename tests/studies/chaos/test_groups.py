"""Groups at the end of training: products and means of neurons that share a fluctuation of a known size."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.learning.scenario import powers
from mfnn.studies.chaos import groups
from mfnn.verdicts.groups import power_sums, products_table

VARIANCE, PAIR = 1.4, -2.1


def gaussian_sums(width: int, count: int, scale: float, seed: int) -> np.ndarray:
    """Power sums of runs whose f̃ are centred Gaussians of variance s² shifted by what makes N Var of their mean V."""
    rng = np.random.default_rng(seed)
    f = rng.normal(0, np.sqrt(VARIANCE - PAIR), (count, width))
    eta = np.sqrt(scale * VARIANCE / width) * rng.standard_normal((count, 1))
    f += eta - f.mean(axis=1, keepdims=True)
    return power_sums(np.array([(f**r).mean(axis=1) for r in range(1, 5)]), 0.0, width)


@pytest.mark.parametrize(("scale", "right"), [(1.0, True), (1.4, False)])
def test_groups_tell_a_right_variance_from_a_wrong_one(scale, right):
    """Four standard errors, seeds fixed; the group of all has the variance V by construction."""
    sums = {width: gaussian_sums(width, 800, scale, width) for width in (100, 200, 400)}
    products, sizes = products_table(sums, VARIANCE, PAIR), groups.sizes_table(sums, VARIANCE, PAIR)
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
