"""The law of large numbers in numbers: errors of test functions, of the output and of the risk, against the limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.learning.observables import RISK, risk
from mfnn.spec import Floats
from mfnn.verdicts.rates import (
    HALF_WIDTHS_99,
    PowerLaw,
    columns,
    entry,
    fit_rms,
    mean,
    root_mean_square,
    slug,
    variance,
)


def observed_errors(
    particles: Mapping[int, xr.Dataset], limit: xr.Dataset, data: xr.Dataset, noise_std: float
) -> dict[str, dict[int, Floats]]:
    """⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩ by observable and width, each (replica, time); the population risk is one of them."""
    y, weights = data["evaluation_y"].values, data["evaluation_weight"].values
    errors: dict[str, dict[int, Floats]] = {}
    for name in [str(name) for name in limit["observable"].values]:
        truth = limit["mean"].sel(observable=name).values
        if name == RISK:
            errors[name] = {
                width: risk(runs["output"].values, y, weights, noise_std) - truth for width, runs in particles.items()
            }
        else:
            errors[name] = {width: runs[name].values - truth for width, runs in particles.items()}
    return errors


def error_table(errors: Mapping[str, Mapping[int, Floats]], limit: xr.Dataset) -> pd.DataFrame:
    """One row an observable, width and time: bias, variance and rms error, each with its standard error and interval."""
    rows = []
    for name, by_width in errors.items():
        truth = limit["mean"].sel(observable=name).values
        certified = limit["error"].sel(observable=name).values
        for width, values in by_width.items():
            for index, time in enumerate(limit["time"].values):
                here = values[:, index]
                rows.append(
                    {
                        "observable": name,
                        "width": width,
                        "time": time,
                        "replicas": len(here),
                        "limit": truth[index],
                        "limit_error": certified[index],
                        **columns("bias", mean(here)),
                        **columns("variance", variance(here)),
                        **columns("rms", root_mean_square(here)),
                    }
                )
    return pd.DataFrame(rows)


def sup_table(errors: Mapping[str, Mapping[int, Floats]]) -> pd.DataFrame:
    """One row an observable and width: the root mean square over replicas of the largest error on the time grid."""
    rows = []
    for name, by_width in errors.items():
        for width, values in by_width.items():
            sup = root_mean_square(np.abs(values).max(axis=1))
            rows.append({"observable": name, "width": width, "replicas": len(values), **columns("rms", sup)})
    return pd.DataFrame(rows)


def fit_errors(
    errors: Mapping[str, Mapping[int, Floats]], limit: xr.Dataset, resamples: int, rng: np.random.Generator
) -> dict[tuple[str, str], PowerLaw]:
    """The power law in N of every error, by (kind, observable): "slope" at T, "slope_sup" over the time grid.

    The limit's error, a bound or a 99 % half-width, enters every interval as a normal shift common to all widths.
    """
    fits = {}
    for name, by_width in errors.items():
        truth_error = float(limit["error"].sel(observable=name).max()) / HALF_WIDTHS_99
        final = {width: values[:, -1] for width, values in by_width.items()}
        sup = {width: np.abs(values).max(axis=1) for width, values in by_width.items()}
        kind = "slope_risk" if name == RISK else "slope"
        fits[kind, name] = fit_rms(final, resamples, rng, truth_error)
        fits["slope_sup", name] = fit_rms(sup, resamples, rng, truth_error)
    return fits


def fit_table(fits: Mapping[tuple[str, str], PowerLaw]) -> pd.DataFrame:
    """One row a fitted power law, with the 95 % interval of its slope."""
    rows = []
    for (kind, name), law in fits.items():
        low, high = law.slope.interval()
        row = {"kind": kind, "observable": name, "slope": law.slope.value, "error": law.slope.error}
        rows.append({**row, "low": low, "high": high, "intercept": law.intercept})
    return pd.DataFrame(rows)


def summary(
    scenario: str,
    errors: Mapping[str, Mapping[int, Floats]],
    fits: Mapping[tuple[str, str], PowerLaw],
) -> dict[str, Any]:
    """The scenario's numbers by key: slopes, N times the bias at the smallest width, replicas and widths."""
    numbers: dict[str, Any] = {
        f"{scenario}.{kind}.{slug(name)}": entry(law.slope) for (kind, name), law in fits.items()
    }
    by_width = next(iter(errors.values()))
    smallest = min(by_width)
    for name, values in errors.items():
        numbers[f"{scenario}.bias.{slug(name)}"] = entry(mean(values[smallest][:, -1]).times(smallest))
    replicas = {width: len(values) for width, values in by_width.items()}
    numbers[f"{scenario}.replicas"] = sum(replicas.values())
    numbers[f"{scenario}.width_min"], numbers[f"{scenario}.width_max"] = smallest, max(by_width)
    return numbers


def limit_summary(scenario: str, limit: xr.Dataset) -> dict[str, Any]:
    """The limit's numbers by key: its largest error over observables and times, its tolerance and its nodes."""
    numbers = {
        f"{scenario}.limit.error": float(limit["error"].max()),
        f"{scenario}.limit.nodes": str(limit.attrs["resolution"]),
    }
    if "tolerance" in limit.attrs:
        numbers[f"{scenario}.limit.tolerance"] = float(limit.attrs["tolerance"])
    return numbers
