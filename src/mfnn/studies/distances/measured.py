"""Trained laws held against the limit law, each distance beside its i.i.d. null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.numerics.distances import standard_distances
from mfnn.spec import Floats
from mfnn.studies.distances import LEAST_CLOUDS
from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import Estimate, PowerLaw, entry, fit_mean, mean, values_by_width


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
    at_least(LEAST_CLOUDS, min(len(trained), len(nulls)), "clouds", "distances beside their null")
    samples = {"trained": trained, "iid": nulls[: len(trained)]}
    rows = []
    for key, distance in standard_distances(names, law["reference"].sel(keep_time=time).values).items():
        for sample, members in samples.items():
            for replica, cloud in enumerate(members):
                row = {"distance": key, "width": width, "time": time, "sample": sample}
                rows.append({**row, "replica": replica, "value": distance(cloud)})
    return pd.DataFrame(rows)


def fit_distances(table: pd.DataFrame, resamples: int, rng: np.random.Generator) -> dict[tuple[str, str], PowerLaw]:
    """The power law in N of each distance's mean by (distance, sample)."""
    keys = [(key, sample) for key in table["distance"].unique() for sample in ("trained", "iid")]
    return {
        (key, sample): fit_mean(values_by_width(table, distance=key, sample=sample), resamples, rng)
        for key, sample in keys
    }


def summary_to_limit(scenario: str, table: pd.DataFrame, fits: Mapping[tuple[str, str], PowerLaw]) -> dict[str, Any]:
    """Slopes of the distances, and at the largest width their quotient by the null, as summary entries by key."""
    numbers: dict[str, Any] = {}
    widest = int(table["width"].max())
    for key in table["distance"].unique():
        numbers[f"{scenario}.slope_distance.{key}"] = entry(fits[key, "trained"].slope)
        numbers[f"{scenario}.slope_null.{key}"] = entry(fits[key, "iid"].slope)
        trained, iid = (values_by_width(table, distance=key, sample=s)[widest] for s in ("trained", "iid"))
        numbers[f"{scenario}.ratio_null.{key}"] = ratio(trained, iid)
    return numbers


def ratio(upper: Floats, lower: Floats) -> dict[str, float | str]:
    """The quotient of two means of independent values as a summary entry, errors by the delta method."""
    a, b = mean(upper), mean(lower)
    quotient = a.value / b.value
    error = quotient * np.hypot(a.error / a.value, b.error / b.value)
    return entry(Estimate(quotient, float(error)))
