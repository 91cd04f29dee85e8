"""How trained laws settle: distances between independent runs, each beside what two samples of one law differ by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.numerics.distances import w1
from mfnn.spec import Floats
from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import Estimate, entry, fit_mean, mean, values_by_width

LEAST_PAIRS = 2  # of independent runs, at one width at least
DEALT = 16  # random splits of a pair, over which its null is averaged


def distances_between_runs(
    width: int, clouds: xr.DataArray, nodes: xr.DataArray, rng: np.random.Generator
) -> pd.DataFrame:
    """W1 of each coordinate's law between pairs of runs of a width, from the initial law, and to the limit's nodes.

    The independent runs are clouds (replica, keep_time, particle, component) of the neurons that they kept.
    The null of a pair pools its two clouds and splits the pool at random: what two samples of one law differ by, on
    average; that of a cloud and the nodes (keep_time, particle, component), samples of other sizes, likewise.
    Rows: comparison ("runs", "split", "moved", "limit", "limit_split"), coordinate, width, time, replica (the pair's
    number), value.
    """
    rows = []
    last = clouds["keep_time"].values[-1]
    start, end = clouds.isel(keep_time=0).values, clouds.isel(keep_time=-1).values
    for a, name in enumerate(clouds["component"].values.astype(str)):
        limit = nodes.isel(keep_time=-1).sel(component=name).values
        for pair, r in enumerate(range(0, len(end) - 1, 2)):
            one, other, initial = end[r, :, a], end[r + 1, :, a], start[r + 1, :, a]
            compared = {
                "runs": (one, other),
                "moved": (one, initial),
                "limit": (one, limit),
            }
            values = {comparison: w1(np.sort(x), np.sort(y)) for comparison, (x, y) in compared.items()}
            values |= {"split": null_distance(one, other, rng), "limit_split": null_distance(one, limit, rng)}
            for comparison, value in values.items():
                row = {"comparison": comparison, "coordinate": name, "width": width, "time": last}
                rows.append({**row, "replica": pair, "value": value})
    return pd.DataFrame(rows)


def null_distance(one: Floats, other: Floats, rng: np.random.Generator) -> float:
    """The mean W1 of both samples pooled and dealt out anew in their sizes."""
    pool = np.concatenate([one, other])
    dealt = (np.split(rng.permutation(pool), [len(one)]) for _ in range(DEALT))
    return float(np.mean([w1(np.sort(x), np.sort(y)) for x, y in dealt]))


def ratio_of_pairs(upper: Mapping[int, Floats], lower: Mapping[int, Floats]) -> Estimate:
    """The mean over the widest pairs of upper/lower, one value a pair by width.

    There may be two pairs only, so that their relative spread is taken to be that of all widths, with as many degrees of
    freedom as these have together.
    """
    ratios = {width: upper[width] / lower[width] for width in sorted(upper)}
    at_least(LEAST_PAIRS, max(len(values) for values in ratios.values()), "pairs", "a ratio with its error")
    freedom = sum(len(values) - 1 for values in ratios.values())
    scatter = sum(((values / values.mean() - 1) ** 2).sum() for values in ratios.values())
    widest = ratios[max(ratios)]
    error = widest.mean() * np.sqrt(scatter / freedom / len(widest))
    return Estimate(float(widest.mean()), float(error), freedom).as_square()


def summary_between_runs(
    scenario: str, table: pd.DataFrame, resamples: int, rng: np.random.Generator
) -> dict[str, Any]:
    """How the law of c settles: slope in N of the distance between runs, its quotient by the null, how far it moved.

    Values are averaged over the coordinates of c within a pair, so pairs are the sample: widths with a single pair
    have no spread and are left out, and nothing is said where fewer than two widths are left.
    """
    outer = table[table["coordinate"].str.startswith("c")]
    several = outer.groupby("width")["replica"].transform("nunique") > 1
    pairs = outer[several].groupby(["comparison", "width", "replica"])["value"].mean().reset_index()
    if pairs["width"].nunique() < 2:
        return {}
    sizes = {comparison: values_by_width(pairs, comparison=comparison) for comparison in pairs["comparison"].unique()}
    widest = max(sizes["runs"])
    return {
        f"{scenario}.settling_width": widest,
        f"{scenario}.slope_runs.c": entry(fit_mean(sizes["runs"], resamples, rng).slope),
        f"{scenario}.settling": entry(ratio_of_pairs(sizes["runs"], sizes["split"])),
        f"{scenario}.moved": entry(ratio_of_pairs(sizes["moved"], sizes["split"])),
        f"{scenario}.to_limit": entry(ratio_of_pairs(sizes["limit"], sizes["limit_split"])),
    }


def accuracy(output: Floats, y: Floats) -> Floats:
    """The share of points (…, Q, m) whose largest output is the class of their one-hot label y (Q, m)."""
    return (output.argmax(axis=-1) == y.argmax(axis=-1)).mean(axis=-1)


def accuracy_table(runs: Mapping[int, xr.Dataset], limit: xr.Dataset, y: Floats) -> pd.DataFrame:
    """Held-out accuracy: one row a width, time and replica; the limit's own has width 0 and replica −1."""
    parts = []
    for width, members in [*runs.items(), (0, limit.expand_dims(replica=[-1]))]:
        share = xr.DataArray(
            accuracy(members["output"].values, y),
            coords={"replica": members["replica"], "time": members["time"]},
            dims=("replica", "time"),
        )
        parts.append(share.to_dataframe("accuracy").reset_index().assign(width=width))
    return pd.concat(parts, ignore_index=True)


def accuracy_summary(scenario: str, table: pd.DataFrame) -> dict[str, Any]:
    """Final held-out accuracy of the networks of the two largest widths together, with its interval, and the limit's.

    A few networks of one width say too little of how much accuracies vary.
    """
    final = table[table["time"] == table["time"].max()]
    wide = sorted(final["width"].unique())[-2:]
    widest = final[final["width"].isin(wide) & (final["width"] > 0)]["accuracy"].to_numpy()
    limit = float(final[final["width"] == 0]["accuracy"].iloc[0])
    return {f"{scenario}.accuracy": entry(mean(widest)), f"{scenario}.accuracy_limit": limit}
