"""Which weights between two hidden layers become independent: those that share no neuron, and only those.

v_ij(t) = v_ij(0) + D(t; w_i(0), c_j(0)) in the limit, so that v_ij and v_ik depend on each other through w_i however wide
the layers are, and v_ij and v_kl, with no neuron in common, do not (Nguyen & Pham, arXiv:2001.11443).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.spec import Floats
from mfnn.verdicts.rates import Estimate, columns, entry

PAIRS = {"shared_w": "$v_{ij}, v_{ik}$", "shared_c": "$v_{ij}, v_{kj}$", "apart": "$v_{ij}, v_{kl}$"}


def covariance(products: Floats, means: Floats) -> Estimate:
    """The covariance over networks of two weights, from a network's mean product and mean weight, both (replicas,).

    E v v' − (E v)², the second from pairs of networks, without bias; its error by leaving out one network at a time.
    """
    count, total = len(means), means.sum()
    every = products.mean() - (total**2 - (means**2).sum()) / (count * (count - 1))
    left = (products.sum() - products) / (count - 1)
    rest = total - means
    left = left - (rest**2 - ((means**2).sum() - means**2)) / ((count - 1) * (count - 2))
    error = np.sqrt((count - 1) / count * ((left - left.mean()) ** 2).sum())
    return Estimate(float(every), float(error), count - 1)


def table(case: str, records: Mapping[int, xr.Dataset], predicted: xr.Dataset) -> pd.DataFrame:
    """One row a kind of pair and width: the covariance at the last time, and its limit."""
    rows: list[dict[str, Any]] = []
    last = predicted.isel(time=-1)
    for width, record in records.items():
        final = record.isel(time=-1)
        for pair in PAIRS:
            found = covariance(final[pair].values, final["v"].values)
            limit = float(last[pair]) if pair in last else 0.0
            row = {"case": case, "pair": pair, "width": width, "predicted": limit}
            rows.append(row | columns("covariance", found) | {"freedom": found.freedom})
    return pd.DataFrame(rows)


def numbers(found: pd.DataFrame) -> dict[str, Any]:
    """At each case's largest width: covariances over their limits, and that of weights apart over the largest of them."""
    keys: dict[str, Any] = {}
    for case, rows in found.groupby("case", sort=False):
        widest = rows[rows["width"] == rows["width"].max()].set_index("pair")
        largest = float(widest["predicted"].max())
        for pair, row in widest.iterrows():
            scale = float(row["predicted"]) or largest
            estimate = Estimate(row["covariance"], row["covariance_error"], row["freedom"]).times(1 / scale)
            keys[f"depth.{case}.{pair}"] = entry(estimate)
    return keys
