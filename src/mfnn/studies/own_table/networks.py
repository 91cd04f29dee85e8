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
from mfnn.verdicts.rates import Estimate, columns, mean


def train_rows(
    problem: Problem, width: int, replicas: int, held_out: Floats, root_seed: int, one_order: int = 0
) -> xr.Dataset:
    """The outputs of replicas of one width on held-out rows at T, "output" (replica, row).

    With `one_order` so many more, which all see the samples of the first replica in its order, and have starts of
    their own: "output_one_order" (start, row).
    """

    def outputs(members: range, samples_of: int | None) -> Floats:
        times = [problem.horizon]
        run = train(problem, width, members, times, evaluate=held_out, root_seed=root_seed, samples_of=samples_of)
        return run["output"].values[:, 0, :, 0]

    found = xr.Dataset({"output": (("replica", "row"), outputs(range(replicas), None))}, attrs={"width": width})
    if one_order:
        apart = range(replicas, replicas + one_order)
        found["output_one_order"] = (("start", "row"), outputs(apart, 0))
    return found


def spreads(networks: Mapping[int, xr.Dataset], predicted: xr.Dataset) -> pd.DataFrame:
    """One row a width: the mean over chosen rows of N·Var of outputs, measured with its interval, and predicted.

    "start" is that of networks which see the same samples in the same order, beside its prediction, where there are such.
    """
    rows: list[dict[str, Any]] = []
    chosen, parts = predicted.sizes["chosen"], predicted["part"].mean("chosen")
    for width, found in networks.items():
        row: dict[str, Any] = {"width": width, "replicas": found.sizes["replica"]}
        row |= columns("variance", _mean_variance(found["output"].values[:, :chosen]).times(width))
        row["predicted"] = float(parts.sum("source"))
        if "output_one_order" in found:
            start = _mean_variance(found["output_one_order"].values[:, :chosen]).times(width)
            row |= columns("start", start) | {"predicted_start": float(parts.sel(source="start"))}
        rows.append(row)
    return pd.DataFrame(rows)


def _mean_variance(outputs: Floats) -> Estimate:
    """The mean over rows of the variance over networks (networks, row); networks are the sample."""
    count = len(outputs)
    squares = ((outputs - outputs.mean(axis=0)) ** 2).mean(axis=1)
    return mean(squares * count / (count - 1))


def share_within(outputs: Floats, limit: Floats, error: float) -> tuple[float, int]:
    """The share of networks and rows (replica, row) whose output is within an error of the limit's (row,), of how many."""
    within = np.abs(outputs - limit) <= error
    return float(within.mean()), within.size
