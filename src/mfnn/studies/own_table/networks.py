"""Networks trained on a table beside the limit: how much they differ, and how many are within an error of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.learning.problem import Problem
from mfnn.particles.train import train
from mfnn.spec import Floats
from mfnn.verdicts.rates import columns, mean


def train_rows(problem: Problem, width: int, replicas: int, held_out: Floats, root_seed: int) -> xr.Dataset:
    """The outputs of replicas of one width on held-out rows at T, "output" (replica, row)."""
    run = train(problem, width, range(replicas), [problem.horizon], evaluate=held_out, root_seed=root_seed)
    return xr.Dataset({"output": (("replica", "row"), run["output"].values[:, 0, :, 0])}, attrs={"width": width})


def spreads(networks: Mapping[int, xr.Dataset], predicted: xr.Dataset) -> pd.DataFrame:
    """One row a width: the mean over chosen rows of N·Var of outputs, measured with its interval, and predicted."""
    rows: list[dict[str, Any]] = []
    foreseen = float(predicted["part"].sum("source").mean())
    for width, found in networks.items():
        outputs = found["output"].values[:, : predicted.sizes["chosen"]]
        count, squares = len(outputs), ((outputs - outputs.mean(axis=0)) ** 2).mean(axis=1)
        measured = mean(squares * count / (count - 1)).times(width)
        rows.append({"width": width, "replicas": count, **columns("variance", measured), "predicted": foreseen})
    return pd.DataFrame(rows)


def share_within(outputs: Floats, limit: Floats, error: float) -> tuple[float, int]:
    """The share of networks and rows (replica, row) whose output is within an error of the limit's (row,), of how many."""
    within = np.abs(outputs - limit) <= error
    return float(within.mean()), within.size
