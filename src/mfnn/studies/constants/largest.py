"""The constant of the largest error: N·E max_t |⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩|² over replicas beside its predicted limit.

The maximum is over the grid of times at which networks are observed; the prediction is `mfnn.largest_error`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import norm

from mfnn.verdicts.rates import HALF_WIDTHS_99, Estimate, columns, combined, entry, mean_square, slug


def table(runs: Mapping[int, xr.Dataset], limit: xr.Dataset, predicted: xr.Dataset) -> pd.DataFrame:
    """One row an observable and width: the measured constant with its interval, the predicted one, and the pull."""
    rows: list[dict[str, Any]] = []
    for name in predicted["observable"].values.astype(str):
        truth = limit["mean"].sel(observable=name).values
        constant = {key: float(predicted[key].sel(observable=name)) for key in ("largest", "largest_error")}
        for width, found in runs.items():
            measured = mean_square(np.abs(found[name].values - truth).max(axis=1)).times(width)
            spread = np.hypot(measured.error, constant["largest_error"] / HALF_WIDTHS_99)
            row = {"observable": name, "width": width, "replicas": found.sizes["replica"]}
            row |= {**columns("measured", measured), "freedom": measured.freedom, "predicted": constant["largest"]}
            rows.append(row | {"pull": (measured.value - constant["largest"]) / spread})
    return pd.DataFrame(rows)


def numbers(scenario: str, judged: pd.DataFrame) -> dict[str, Any]:
    """Ratios to the predictions, the widths together by their replicas, and Bonferroni's p-value of all pulls."""
    found: dict[str, Any] = {}
    for name, rows in judged.groupby("observable", sort=False):
        weights = (rows["replicas"] / rows["replicas"].sum()).to_numpy()
        parts = [
            Estimate(row["measured"], row["measured_error"], row["freedom"]).times(1 / row["predicted"])
            for row in rows.to_dict("records")
        ]
        found[f"{scenario}.ratio_largest.{slug(str(name))}"] = entry(combined(weights, parts).as_square())
    found[f"{scenario}.largest.p"] = min(1.0, len(judged) * float(2 * norm.sf(judged["pull"].abs().max())))
    found[f"{scenario}.largest.cells"] = len(judged)
    return found
