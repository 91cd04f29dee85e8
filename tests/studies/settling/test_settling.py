"""How laws settle: distances between runs of one width against what two samples of one law differ by."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.studies.settling.settling import distances_between_runs, ratio_of_pairs, summary_between_runs


def clouds(rng, runs: int, width: int, moved: float) -> xr.DataArray:
    """Runs of i.i.d. normal particles, all shifted by `moved` at the end."""
    theta = rng.standard_normal((runs, 2, width, 2))
    theta[:, 1] += moved
    coords = {"replica": range(runs), "keep_time": [0.0, 2.0], "component": ["c0", "w3"]}
    return xr.DataArray(theta, dims=("replica", "keep_time", "particle", "component"), coords=coords)


def table(rng, plan: dict[int, int]) -> pd.DataFrame:
    nodes = clouds(rng, 1, 2000, 3.0).isel(replica=0, drop=True)
    return pd.concat(
        [distances_between_runs(width, clouds(rng, runs, width, 3.0), nodes, rng) for width, runs in plan.items()]
    )


def test_runs_of_one_law_differ_like_its_samples():
    rng = np.random.default_rng(0)
    numbers = summary_between_runs("x", table(rng, {200: 24, 800: 24, 3200: 24}), 400, rng)
    assert numbers["x.settling_width"] == 3200
    assert abs(numbers["x.settling"]["value"] - 1) < 4 * numbers["x.settling"]["error"]
    assert abs(numbers["x.to_limit"]["value"] - 1) < 0.5  # one sample of nodes for all runs: no independent errors
    assert abs(numbers["x.slope_runs.c"]["value"] + 0.5) < 4 * numbers["x.slope_runs.c"]["error"]
    assert numbers["x.moved"]["value"] == pytest.approx(
        3.0 / 0.028, rel=0.3
    )  # a shift by 3 against W1 of two samples


def test_a_width_with_one_pair_has_no_spread_and_is_left_out():
    rng = np.random.default_rng(1)
    numbers = summary_between_runs("x", table(rng, {100: 8, 200: 8, 400: 3}), 400, rng)
    assert numbers["x.settling_width"] == 200
    assert summary_between_runs("x", table(rng, {100: 2, 200: 8}), 400, rng) == {}


def test_a_ratio_of_few_pairs_has_the_spread_of_all_widths():
    rng = np.random.default_rng(6)
    inside, lengths = [], []
    for _ in range(2000):
        lower = {width: np.full(pairs, 0.1) for width, pairs in ((10, 8), (100, 4), (1000, 2))}
        upper = {width: 2 * values * (1 + 0.05 * rng.standard_normal(len(values))) for width, values in lower.items()}
        low, high = ratio_of_pairs(upper, lower).interval()
        inside.append(low < 2 < high)
        lengths.append(high - low)
    assert abs(np.mean(inside) - 0.95) < 4.5 * 0.0049
    assert np.mean(lengths) < 0.4  # two pairs alone would have 12.7 standard errors to either side
