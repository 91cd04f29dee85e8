"""Groups of neurons through time: chaos that is sharp, and stays so.

The law of k of N neurons is within O(k/N) of a product, not O(√(k/N)) (Lacker, arXiv:2105.02983), and with noise and a
decay uniformly in time (Lacker & Le Flem, arXiv:2205.12047). So E Π f̃ is of order 1/N over two neurons and 1/N² over
four, with the constants κ_t and 3 κ_t² of `mfnn.verdicts.groups`, and N times the dependence of k neurons grows with k.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr

from mfnn.learning.scenario import powers
from mfnn.verdicts.groups import order, pooled, products_table, sums_by_width
from mfnn.verdicts.rates import entry

ORDERS = {2: -1.0, 4: -2.0}  # in N, of E Π f̃ over k neurons


def through_time(records: Mapping[int, xr.Dataset], predicted: xr.Dataset, f: str) -> pd.DataFrame:
    """N^{k/2} E Π f̃ over k = 2, 3, 4 neurons at every predicted time and width, with its error, and what is predicted.

    "unit" is (k − 1)!! V^{k/2}, what Π f̃ were worth if all neurons were one and the same fluctuation.
    """
    tables = []
    for time in predicted["time"].values:
        then = predicted.sel(observable=f, time=time)
        variance, pair = (float(then[name].isel(width=0)) for name in ("variance", "pair"))
        at_time = {width: record.sel(time=time) for width, record in records.items()}
        table = products_table(sums_by_width(at_time, powers(f), float(then["mean"])), variance, pair)
        unit = table["neurons"].map({2: variance, 3: variance**1.5, 4: 3 * variance**2})
        tables.append(table.assign(time=float(time), unit=unit))
    return pd.concat(tables, ignore_index=True)


def numbers(case: str, products: pd.DataFrame, from_width: int) -> dict[str, Any]:
    """At the first and at the last time: how far products are from their predictions in their units, and their orders.

    The first from `from_width` up; orders from all widths.
    """
    found: dict[str, Any] = {}
    for word, time in (("early", products["time"].min()), ("late", products["time"].max())):
        for k, near in ORDERS.items():
            rows = products[(products["time"] == time) & (products["neurons"] == k)]
            judged = rows[rows["width"] >= from_width]
            unit = float(judged["unit"].iloc[0])
            off = pooled(judged.assign(measured=judged["measured"] - judged["predicted"]), unit)
            scale = rows["width"] ** (-k / 2)
            fitted = order(rows["width"], scale * rows["measured"], scale * rows["error"], near)
            found[f"noise.{case}.group_{k}_{word}"] = entry(off)
            found[f"noise.{case}.order_{k}_{word}"] = entry(fitted)
    return found
