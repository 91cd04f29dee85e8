"""What the followed neurons say about chaos: coupled distances with their rates, distance correlations by width."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.learning.observables import Observable
from mfnn.limit.limit import Limit
from mfnn.spec import Floats
from mfnn.studies.chaos.coupling import squared_distances
from mfnn.studies.chaos.independence import distance_correlations
from mfnn.studies.chaos.remaining import remaining
from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import Estimate, combined, entry, fit_mean, mean


def coupled_distances(
    particles: Mapping[int, xr.Dataset], limit: Limit
) -> tuple[dict[int, Floats], dict[int, Floats]]:
    """|θ_t − θ̄_t|² by width, (replica, time), and its sup over the time grid, (replica,).

    Summed over the coordinates; each the mean of a replica's followed neurons.
    """
    distances, sups = {}, {}
    for width, runs in particles.items():
        squares = squared_distances(runs["path"], limit).sum(axis=2)
        neurons = squares.reshape(runs.sizes["replica"], -1, squares.shape[1])
        distances[width], sups[width] = neurons.mean(axis=1), neurons.max(axis=2).mean(axis=1)
    return distances, sups


def coupling_table(
    distances: Mapping[int, Floats], sups: Mapping[int, Floats], times: Floats, predicted: xr.Dataset
) -> pd.DataFrame:
    """N·E|θ_t − θ̄_t|² by width and predicted time, and N·E sup_t ("sup", without a prediction), with errors."""
    constant = predicted["coupling"].sum("coordinate")
    rows = []
    for width, values in distances.items():
        found = {float(t): values[:, int(np.flatnonzero(times == t)[0])] for t in predicted["time"].values}
        for time, sample in found.items():
            value = mean(width * sample)
            row = {"width": width, "time": time, "predicted": float(constant.sel(time=time)), "kind": "at"}
            rows.append({**row, "measured": value.value, "error": value.error, "replicas": len(sample)})
        value = mean(width * sups[width])
        row = {"width": width, "time": float(times[-1]), "predicted": np.nan, "kind": "sup"}
        rows.append({**row, "measured": value.value, "error": value.error, "replicas": len(sups[width])})
    return pd.DataFrame(rows)


def independence_table(
    particles: Mapping[int, xr.Dataset], f: Observable, g: Observable, time: float, rng: np.random.Generator
) -> pd.DataFrame:
    """The distance correlation of f of one neuron and g of another by width, with its permutation null."""
    tables = [
        distance_correlations(runs["path"].sel(time=[time]), f, g, width, rng) for width, runs in particles.items()
    ]
    return pd.concat(tables, ignore_index=True)


def summary(
    scenario: str,
    distances: Mapping[int, Floats],
    sups: Mapping[int, Floats],
    coupling: pd.DataFrame,
    independence: pd.DataFrame,
    rates_from: int,
    judged_from: int,
    resamples: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Slopes of the coupling at T and of its sup, its constant over the predicted one; dependence at the smallest width
    in null errors, and what is left of it in wider networks.
    """
    final = {width: values[:, -1] for width, values in distances.items() if width >= rates_from}
    largest = {width: values for width, values in sups.items() if width >= rates_from}
    numbers: dict[str, Any] = {
        f"{scenario}.coupling.slope": entry(fit_mean(final, resamples, rng).slope),
        f"{scenario}.coupling.slope_sup": entry(fit_mean(largest, resamples, rng).slope),
    }
    at_end = coupling[(coupling["kind"] == "at") & (coupling["time"] == coupling["time"].max())]
    numbers[f"{scenario}.coupling.predicted"] = {"value": float(at_end["predicted"].iloc[0]), "digits": 4}
    wide = at_end[at_end["width"] >= judged_from]
    at_least(1, len(wide), "widths", "the coupling's constant, from `from_width` up")
    weights = (wide["replicas"] / wide["replicas"].sum()).to_numpy()
    pooled = combined(weights, [Estimate(row.measured, row.error, row.replicas - 1) for row in wide.itertuples()])
    numbers[f"{scenario}.coupling.ratio"] = entry(pooled.times(1 / float(wide["predicted"].iloc[0])).as_square())
    narrow = independence.sort_values("width").iloc[0]
    standing = (narrow["value"] - narrow["null_mean"]) / narrow["null_error"]
    numbers[f"{scenario}.dependence.narrow"] = entry(Estimate(float(standing), 1.0))
    numbers[f"{scenario}.dependence.narrow_width"] = int(narrow["width"])
    numbers[f"{scenario}.dependence.remaining"] = entry(remaining(independence))
    return numbers
