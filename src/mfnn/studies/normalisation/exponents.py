"""What an output scaled by N^{−γ} does to networks, γ from 1/2, the kernel's, to 1, the mean field's.

    Var g^N_t(x) ≈ N^{1−2γ} V_start + N^{−1} V_samples,   N^{1−γ} (⟨f, μ^N_t⟩ − ⟨f, μ^N_0⟩) → a constant

(Yu & Spiliopoulos, arXiv:2011.10487, for the normalisations; both constants by the linear kernel equation.) For γ < 1
corrections are of relative order N^{γ−1}, far larger than 1/N, so that ratios are extrapolated in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import Estimate, entry, mean, slug

LEAST = 3  # widths of a fit with a correction
MOVED = 1e-3  # less than that counts as not at all


def extrapolated(rows: pd.DataFrame, exponent: float) -> Estimate:
    """r of ratios r + a N^{exponent} with independent errors: columns width, ratio, error."""
    at_least(LEAST, len(rows), "widths", "a ratio with its correction")
    widths, ratios, errors = (rows[key].to_numpy(dtype=float) for key in ("width", "ratio", "error"))
    design = np.stack([np.ones_like(widths), widths**exponent], axis=1) / errors[:, None]
    covariance = np.linalg.inv(design.T @ design)
    found = covariance @ design.T @ (ratios / errors)
    return Estimate(float(found[0]), float(np.sqrt(covariance[0, 0])))


def moved(record: xr.Dataset, name: str, width: int, gamma: float) -> Estimate:
    """N^{1−γ} (⟨f, μ^N_T⟩ − ⟨f, μ^N_0⟩), its mean over replicas."""
    distance = record[name].isel(time=-1).values - record[name].sel(time=0.0).values
    return mean(distance).times(width ** (1 - gamma))


def table(case: str, gamma: float, records: Mapping[int, xr.Dataset], predicted: xr.Dataset) -> pd.DataFrame:
    """One row a function of the parameters and width: how far it moved, scaled by N^{1−γ}, beside what is predicted.

    For γ = 1 parameters move by as much as their limit does. A function that symmetry does not let move to this order,
    by less than MOVED, has no row.
    """
    rows = []
    last = predicted.isel(time=-1)
    travelled = last["mean"] - last["start"] + last["shift"]
    for name in predicted["observable"].values.astype(str):
        for width, record in records.items():
            foreseen = float(travelled.sel(observable=name, width=width)) * width ** (1 - gamma)
            if abs(foreseen) > MOVED and not name.startswith("g"):
                found = moved(record, name, width, gamma)
                row = {"case": case, "gamma": gamma, "observable": name, "width": width, "moved": found.value}
                rows.append(row | {"moved_error": found.error, "predicted": foreseen})
    return pd.DataFrame(rows)


def numbers(
    case: str, gamma: float, cells: pd.DataFrame, distances: pd.DataFrame, predicted: xr.Dataset, from_width: int
) -> dict[str, Any]:
    """Extrapolated ratios of the output's variance and of the distances moved to their predictions, and the shares."""
    place, exponent = f"normalisation.{case}", gamma - 1 if gamma < 1 else -1.0
    found: dict[str, Any] = {}
    judged = cells[(cells["width"] >= from_width) & (cells["time"] == cells["time"].max())]
    for name, rows in judged[judged["observable"].str.startswith("g")].groupby("observable", sort=False):
        ratios = pd.DataFrame({"width": rows["width"], "ratio": rows["variance"] / rows["predicted"]})
        key = slug(str(name))
        found[f"{place}.variance.{key}"] = entry(
            extrapolated(ratios.assign(error=np.sqrt(2 / (rows["replicas"] - 1))), exponent)
        )
        parts = predicted["part"].sel(observable=name).isel(time=-1, width=-1)
        found[f"{place}.start_share.{key}"] = float(parts.sel(source="start") / parts.sum())
    for name, rows in distances[distances["width"] >= from_width].groupby("observable", sort=False):
        ratios = pd.DataFrame({"width": rows["width"], "ratio": rows["moved"] / rows["predicted"]})
        error = rows["moved_error"] / np.abs(rows["predicted"])
        found[f"{place}.moved.{slug(str(name))}"] = entry(extrapolated(ratios.assign(error=error), exponent))
    return found
