"""What sparse networks pay: their constants against k, the inputs that a neuron sees, also at equal cost.

A step of N neurons that see k inputs of d costs about as much as one of N k/d dense neurons, so at equal cost variances
compare as k V_k / d (masks drawn at the start: Hirsch, Neumann & Schmidt).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from mfnn.verdicts.ensembles import ratio
from mfnn.verdicts.rates import Estimate, columns, entry, slug


def table(seen: Mapping[str, int], cells: Mapping[str, pd.DataFrame], from_width: int) -> pd.DataFrame:
    """One row a case and observable at the last time: V predicted and measured, and both at equal cost, k V/d."""
    rows, inputs = [], max(seen.values())
    for case, k in seen.items():
        final = cells[case][cells[case]["time"] == cells[case]["time"].max()]
        for name in final["observable"].unique():
            predicted = float(final.loc[final["observable"] == name, "predicted"].iloc[-1])
            measured = ratio(cells[case], name, from_width).times(predicted)
            row: dict[str, Any] = {"case": case, "inputs": k, "observable": name, "predicted": predicted}
            row |= {**columns("variance", measured), "freedom": measured.freedom, "share": k / inputs}
            rows.append(row)
    return pd.DataFrame(rows)


def numbers(found: pd.DataFrame) -> dict[str, Any]:
    """V of the sparsest networks over V of the dense ones, as they are and at equal cost, measured and predicted."""
    keys: dict[str, Any] = {}
    for name, rows in found.groupby("observable", sort=False):
        ordered = rows.sort_values("inputs")
        sparse, dense = ordered.iloc[0], ordered.iloc[-1]
        growth = sparse["variance"] / dense["variance"]
        error = growth * float(np.hypot(*(row["variance_error"] / row["variance"] for row in (sparse, dense))))
        foreseen, share, key = sparse["predicted"] / dense["predicted"], float(sparse["share"]), slug(str(name))
        keys[f"sparsity.growth.{key}"] = entry(Estimate(growth, error))
        keys[f"sparsity.growth_predicted.{key}"] = foreseen
        keys[f"sparsity.equal_cost.{key}"] = entry(Estimate(growth, error).times(share))
    return keys
