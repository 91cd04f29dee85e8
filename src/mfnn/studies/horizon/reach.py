"""How long the limit describes a network of width N, and how wide a network must be for how long.

⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩ is taken as normal with mean B_t/N and variance V_t/N (mfnn.finite_width). It is within ε with a
given probability from some width on; the limit is left where a network's own width falls short of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.limit.finite_width import FiniteWidth
from mfnn.verdicts.rates import Estimate, entry, slug

ERROR, CONFIDENCE = 0.1, 0.95  # what a network has to reach


def reach(case: str, predicted: xr.Dataset) -> pd.DataFrame:
    """One row an observable and time: V, B and the least width that is within ERROR with the probability CONFIDENCE."""
    one, width = predicted.isel(width=0, drop=True), int(predicted["width"][0])
    bias, error = width * one["shift"], width * one["shift_error"]
    network = FiniteWidth(one["mean"], bias, one["variance"], error)
    found = xr.Dataset(
        {
            "variance": one["variance"],
            "bias": bias,
            "bias_error": error,
            "needed": network.width_for(ERROR, CONFIDENCE),
        }
    )
    return found.to_dataframe().reset_index().assign(case=case)


def left_at(table: pd.DataFrame, width: int) -> float:
    """The first time at which a network of this width is not within ERROR, between grid times by a line in log N."""
    times, needed = table["time"].to_numpy(), np.log(np.maximum.accumulate(table["needed"].to_numpy()))
    beyond = np.flatnonzero(needed > np.log(width))
    if not beyond.size:
        return np.inf
    first = int(beyond[0])
    if first == 0:
        return float(times[0])
    return float(np.interp(np.log(width), needed[first - 1 : first + 1], times[first - 1 : first + 1]))


def exponent(cells: pd.DataFrame, observable: str, width: int) -> tuple[Estimate, float]:
    """The exponent of V in t over the last two times at one width, measured and predicted.

    Variances at two times are of the same networks; their errors are added as if apart, which is more than it is.
    """
    rows = cells[(cells["observable"] == observable) & (cells["width"] == width)].sort_values("time").tail(2)
    span = float(np.log(rows["time"].iloc[1] / rows["time"].iloc[0]))
    measured, foreseen = (np.log(rows[key].to_numpy()) for key in ("variance", "predicted"))
    error = float(np.sqrt((rows["variance_error"] ** 2 / rows["variance"] ** 2).sum())) / span
    return Estimate(float(np.diff(measured)[0]) / span, error), float(np.diff(foreseen)[0]) / span


def numbers(case: str, cells: pd.DataFrame, table: pd.DataFrame) -> dict[str, Any]:
    """Exponents of V over the last two times at the largest width, and the times at which its networks leave the limit."""
    found: dict[str, Any] = {}
    widest = int(cells["width"].max())
    for name in cells["observable"].unique():
        measured, foreseen = exponent(cells, name, widest)
        place, own = f"horizon.{case}", table[table["observable"] == name]
        found[f"{place}.exponent.{slug(name)}"] = entry(measured)
        found[f"{place}.exponent_predicted.{slug(name)}"] = foreseen
        found[f"{place}.needed.{slug(name)}"] = float(own["needed"].iloc[-1])
        if np.isfinite(left := left_at(own, int(cells["width"].min()))):
            found[f"{place}.left.{slug(name)}"] = left
    return found


def of_cases(
    cells: Mapping[str, pd.DataFrame], predicted: Sequence[xr.Dataset]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table of all cases and their numbers; predictions in the order of the cases."""
    tables = {case: reach(case, foreseen) for case, foreseen in zip(cells, predicted, strict=True)}
    found = {key: value for case in cells for key, value in numbers(case, cells[case], tables[case]).items()}
    return pd.concat(tables.values(), ignore_index=True), found
