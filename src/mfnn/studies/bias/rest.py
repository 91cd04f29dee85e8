"""What is left of the mean of finite networks when the limit is subtracted, and when the bias predicted for it is too.

    N (E⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩) = B + B_2/N + …,   2 E⟨f, μ^{2N}_t⟩ − E⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩ = −B_2/(2 N²) + …

The first line is fitted over the widths, the second one, Richardson's extrapolation, has no B. Both are given in units of
√V, the standard deviation of √N ⟨f, μ^N_t⟩: a bias B/N of one network counts beside its spread √(V/N).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from mfnn.spec import Floats
from mfnn.verdicts.rates import Estimate, columns, entry, slug


def fitted(widths: Floats, offsets: Floats, errors: Floats) -> tuple[Estimate, Estimate]:
    """B and B_2 of offsets N (mean − limit) = B + B_2/N with known independent errors, all of shape (widths,)."""
    design = np.stack([np.ones_like(widths), 1 / widths], axis=1) / errors[:, None]
    covariance = np.linalg.inv(design.T @ design)
    found = covariance @ design.T @ (offsets / errors)
    first, second = (
        Estimate(float(value), float(np.sqrt(square)))
        for value, square in zip(found, covariance.diagonal(), strict=True)
    )
    return first, second


def extrapolated(rows: pd.DataFrame) -> Estimate | None:
    """N (2⟨f⟩_{2N} − ⟨f⟩_N − limit) at the smallest N of which 2N was trained as well; None where there is none."""
    by_width = rows.set_index("width")
    for width in by_width.index:
        if 2 * width in by_width.index:
            one, two = by_width.loc[width], by_width.loc[2 * width]
            return Estimate(two["offset"] - one["offset"], float(np.hypot(two["offset_error"], one["offset_error"])))
    return None


def table(case: str, cells: pd.DataFrame) -> pd.DataFrame:
    """One row an observable at the last time: B predicted and fitted, B_2, what extrapolation leaves, all over √V."""
    rows: list[dict[str, Any]] = []
    for name, own in cells[cells["time"] == cells["time"].max()].groupby("observable", sort=False):
        scale = 1 / float(np.sqrt(own["predicted"].iloc[0]))
        first, second = fitted(*(own[key].to_numpy(dtype=float) for key in ("width", "offset", "offset_error")))
        row: dict[str, Any] = {"case": case, "observable": name, "bias": float(own["bias"].iloc[0])}
        row |= {"bias_error": float(own["bias_error"].iloc[0]), "deviation": 1 / scale, **columns("fitted", first)}
        row |= {**columns("second", second), "reduction": float(own["reduction"].mean())}
        left = extrapolated(own)
        rows.append(row | (columns("extrapolated", left) if left else {}))
    return pd.DataFrame(rows)


def numbers(case: str, found: pd.DataFrame, cells: pd.DataFrame) -> dict[str, Any]:
    """The numbers of a case: constants off their predictions, what extrapolation leaves, and the limit's mean by itself.

    `without` is Bonferroni's p-value of the hypothesis that there is no bias, over all cells.
    """
    place = f"bias.{case}"
    keys: dict[str, Any] = {}
    for row in found.to_dict("records"):
        scale, key = 1 / row["deviation"], slug(str(row["observable"]))
        predicted = Estimate(row["fitted"] - row["bias"], float(np.hypot(row["fitted_error"], row["bias_error"] / 3)))
        keys[f"{place}.constant.{key}"] = entry(predicted.times(scale))
        keys[f"{place}.extrapolated.{key}"] = entry(
            Estimate(row["extrapolated"], row["extrapolated_error"]).times(scale)
        )
        keys[f"{place}.predicted.{key}"] = {"value": row["bias"], "error": row["bias_error"]}
        keys[f"{place}.share.{key}"] = row["bias"] * scale
    pulls = np.abs(cells["offset"] / cells["offset_error"])
    keys[f"{place}.without"] = min(1.0, len(cells) * float(2 * norm.sf(pulls.max())))
    keys[f"{place}.reduction"] = float(found["reduction"].median())
    return keys


def of_cases(cells: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table of all cases and their numbers."""
    tables = {case: table(case, own) for case, own in cells.items()}
    keys = {key: number for case, own in cells.items() for key, number in numbers(case, tables[case], own).items()}
    return pd.concat(tables.values(), ignore_index=True), keys
