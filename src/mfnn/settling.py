"""Trained laws held against the limit law and against each other, each distance beside its i.i.d. null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.distances import standard_distances, w1
from mfnn.rates import Estimate, PowerLaw, entry, fit_mean, mean
from mfnn.spec import Floats

DEALT = 16  # random splits of a pair, over which its null is averaged


def distances_to_limit(clouds: xr.DataArray, law: xr.Dataset) -> pd.DataFrame:
    """Distances to μ̄_T of each replica's cloud, and of as many i.i.d. draws from μ̄_T: its null.

    One row a distance, sample ("trained" or "iid") and replica, with its value; the reference for μ̄_T is the law's
    Sobol' sample, and replica r of the null uses draws r N … (r + 1) N − 1.
    """
    width, time = clouds.sizes["particle"], float(law["keep_time"][-1])
    names = [str(name) for name in law["component"].values]
    draws = law["iid"].sel(keep_time=time).values
    nulls = [draws[start : start + width] for start in range(0, len(draws) - width + 1, width)]
    trained = list(clouds.sel(keep_time=time).values)
    samples = {"trained": trained, "iid": nulls[: len(trained)]}
    rows = []
    for key, distance in standard_distances(names, law["reference"].sel(keep_time=time).values).items():
        for sample, members in samples.items():
            for replica, cloud in enumerate(members):
                row = {"distance": key, "width": width, "time": time, "sample": sample}
                rows.append({**row, "replica": replica, "value": distance(cloud)})
    return pd.DataFrame(rows)


def distances_between_runs(clouds: xr.DataArray, nodes: xr.DataArray, rng: np.random.Generator) -> pd.DataFrame:
    """W1 of each coordinate's law between pairs of independent runs, from the initial law, and to the limit's nodes.

    The null of a pair pools its two clouds and splits the pool at random: what two samples of one law differ by, on
    average; that of a cloud and the nodes (keep_time, particle, component), samples of other sizes, likewise.
    Rows: comparison ("runs", "split", "moved", "limit", "limit_split"), coordinate, width, time, replica (the pair's
    number), value.
    """
    width, rows = clouds.sizes["particle"], []
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
            values |= {"split": _null(one, other, rng), "limit_split": _null(one, limit, rng)}
            for comparison, value in values.items():
                row = {"comparison": comparison, "coordinate": name, "width": width, "time": last}
                rows.append({**row, "replica": pair, "value": value})
    return pd.DataFrame(rows)


def _null(one: Floats, other: Floats, rng: np.random.Generator) -> float:
    """The mean W1 of both samples pooled and dealt out anew in their sizes."""
    pool = np.concatenate([one, other])
    dealt = (np.split(rng.permutation(pool), [len(one)]) for _ in range(DEALT))
    return float(np.mean([w1(np.sort(x), np.sort(y)) for x, y in dealt]))


def by_width(table: pd.DataFrame, **chosen: Any) -> dict[int, Floats]:
    """The values of the rows with the chosen entries, one array a width."""
    rows = table.query(" and ".join(f"{column} == {value!r}" for column, value in chosen.items()))
    return {int(width): rows["value"][rows["width"] == width].to_numpy() for width in sorted(set(rows["width"]))}


def fit_distances(table: pd.DataFrame, resamples: int, rng: np.random.Generator) -> dict[tuple[str, str], PowerLaw]:
    """The power law in N of each distance's mean by (distance, sample)."""
    keys = [(key, sample) for key in table["distance"].unique() for sample in ("trained", "iid")]
    return {
        (key, sample): fit_mean(by_width(table, distance=key, sample=sample), resamples, rng) for key, sample in keys
    }


def ratio(upper: Floats, lower: Floats) -> dict[str, float | str]:
    """The quotient of two means of independent values as a summary entry, errors by the delta method."""
    a, b = mean(upper), mean(lower)
    quotient = a.value / b.value
    error = quotient * np.hypot(a.error / a.value, b.error / b.value)
    return entry(Estimate(quotient, float(error)))


def ratio_of_pairs(upper: Mapping[int, Floats], lower: Mapping[int, Floats]) -> Estimate:
    """The mean over the widest pairs of upper/lower, one value a pair by width.

    There may be two pairs only, so that their relative spread is taken to be that of all widths, with as many degrees of
    freedom as these have together.
    """
    ratios = {width: upper[width] / lower[width] for width in sorted(upper)}
    freedom = sum(len(values) - 1 for values in ratios.values())
    scatter = sum(((values / values.mean() - 1) ** 2).sum() for values in ratios.values())
    widest = ratios[max(ratios)]
    error = widest.mean() * np.sqrt(scatter / freedom / len(widest))
    return Estimate(float(widest.mean()), float(error), freedom)


def summary_to_limit(scenario: str, table: pd.DataFrame, fits: Mapping[tuple[str, str], PowerLaw]) -> dict[str, Any]:
    """Slopes of the distances, and at the largest width their quotient by the null, as summary entries by key."""
    numbers: dict[str, Any] = {}
    widest = int(table["width"].max())
    for key in table["distance"].unique():
        numbers[f"{scenario}.slope_distance.{key}"] = entry(fits[key, "trained"].slope)
        numbers[f"{scenario}.slope_null.{key}"] = entry(fits[key, "iid"].slope)
        trained, iid = (by_width(table, distance=key, sample=s)[widest] for s in ("trained", "iid"))
        numbers[f"{scenario}.ratio_null.{key}"] = ratio(trained, iid)
    return numbers


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
    sizes = {comparison: by_width(pairs, comparison=comparison) for comparison in pairs["comparison"].unique()}
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
    """Final held-out accuracy at the largest width with its interval over replicas, and the limit's."""
    final = table[table["time"] == table["time"].max()]
    widest = final[final["width"] == final["width"].max()]["accuracy"].to_numpy()
    limit = float(final[final["width"] == 0]["accuracy"].iloc[0])
    return {f"{scenario}.accuracy": entry(mean(widest)), f"{scenario}.accuracy_limit": limit}
