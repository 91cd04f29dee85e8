"""Groups of k neurons of one network at the end: products of k of them, and the mean over k of them as k grows with N.

Products are those of `mfnn.verdicts.groups`, whose κ and s² are meant here. For the mean over a group,
k E(k^{-1} Σ_{j≤k} f̃(θ^j))² = E f̃² + (k − 1) E U_2 → s² + λ κ for k = λN: the group is as good as independent while
k/N → 0, and not when k is a share of N.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isqrt
from typing import Any

import pandas as pd
import xarray as xr

from mfnn.learning.scenario import powers
from mfnn.spec import Floats
from mfnn.verdicts.groups import group_products, order, pooled, sums_by_width
from mfnn.verdicts.rates import entry, mean

SIZES: dict[str, Callable[[int], int]] = {  # of groups whose mean is measured
    "one": lambda _: 1,
    "root": isqrt,
    "quarter": lambda width: width // 4,
    "all": lambda width: width,
}


def constants_at_end(predicted: xr.Dataset, f: str) -> tuple[float, float]:
    """V and κ of f at the last predicted time."""
    time = predicted["time"].values[-1]
    at = {"observable": f, "other": f, "time": time, "other_time": time}
    return float(predicted["covariance"].sel(at)), float(predicted["pair_covariance"].sel(at))


def sums_at_end(
    particles: Mapping[int, xr.Dataset], limit: xr.Dataset, predicted: xr.Dataset, f: str
) -> dict[int, Floats]:
    """The power sums of f − ⟨f, μ̄_t⟩ at the last predicted time, (K, R) by width, of widths that have groups of K."""
    time = predicted["time"].values[-1]
    centre = float(limit["mean"].sel(observable=f, time=time))
    return sums_by_width({width: runs.sel(time=time) for width, runs in particles.items()}, powers(f), centre)


def sizes_table(sums: Mapping[int, Floats], variance: float, pair: float) -> pd.DataFrame:
    """k E(mean of f̃ over k neurons)² over s² by width and group size k, with its error, beside 1 + (k − 1) κ / (N s²)."""
    rows, independent = [], variance - pair
    for width, found in sums.items():
        two = group_products(found[:2], width)[1]
        for name, size in SIZES.items():
            neurons = size(width)
            value = mean((found[1] / width + (neurons - 1) * two) / independent)
            predicted = 1 + (neurons - 1) * pair / (width * independent)
            row = {"width": width, "group": name, "neurons": neurons, "replicas": two.size, "predicted": predicted}
            rows.append({**row, "measured": value.value, "error": value.error})
    return pd.DataFrame(rows)


def summary(
    scenario: str,
    products: pd.DataFrame,
    sizes: pd.DataFrame,
    pair: float,
    rates_from: int,
    judged_from: int,
) -> dict[str, Any]:
    """Products of three over |κ|^{3/2} and of four over 3 κ², variances of group means, and orders in N.

    The orders: of the product of three from all widths (N² E Π f̃ has a limit, best seen where N is small), of that of four
    and of what the mean over √N neurons lacks of independence from `rates_from`. All else from `judged_from`.
    """
    units = {3: abs(pair) ** 1.5, 4: 3 * pair**2}
    numbers: dict[str, Any] = {}
    for k, least in ((3, 1), (4, rates_from)):
        rows = products[products["neurons"] == k]
        numbers[f"{scenario}.groups.product_{k}"] = entry(pooled(rows[rows["width"] >= judged_from], units[k]))
        rows = rows[rows["width"] >= least]
        scale = rows["width"] ** (-k / 2)
        numbers[f"{scenario}.groups.order_{k}"] = entry(
            order(rows["width"], scale * rows["measured"], scale * rows["error"], -2.0)
        )
    for name in SIZES:
        rows = sizes[(sizes["group"] == name) & (sizes["width"] >= judged_from)]
        numbers[f"{scenario}.groups.{name}"] = entry(pooled(rows, 1.0))
        numbers[f"{scenario}.groups.ratio_{name}"] = entry(pooled(rows, rows["predicted"]))
    rows = sizes[(sizes["group"] == "root") & (sizes["width"] >= rates_from)]
    numbers[f"{scenario}.groups.order_root"] = entry(order(rows["width"], 1 - rows["measured"], rows["error"], -0.5))
    return numbers
