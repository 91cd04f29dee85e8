"""The joint law of two neurons over the replicas against the product of its marginals.

One pair (θ^1, θ^2) a replica: pairs of one run are not independent draws. The distance covariance of f(θ^1) and g(θ^2)
vanishes only where these are independent; its null law comes from permuting the second neuron over the replicas. With
one function a neuron it costs n log n, so that enough replicas can be had to see a dependence of order 1/N.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.learning.observables import Observable
from mfnn.numerics.dependence import squared_distance_correlation
from mfnn.studies.chaos import LEAST_REPLICAS
from mfnn.verdicts.least import at_least
from mfnn.verdicts.pairs import LEAST_WIDTH

PERMUTATIONS = 200


def distance_correlations(
    pairs: xr.DataArray, f: Observable, g: Observable, width: int, rng: np.random.Generator
) -> pd.DataFrame:
    """The squared distance correlation of f(θ^1) and g(θ^2) at each time, its null's spread and the p-value.

    `pairs` (replica, time, followed, coordinate). The estimate is bias-corrected: its null has mean 0. Raises
    `SpecError` for fewer than four replicas or two followed neurons.
    """
    at_least(LEAST_REPLICAS, pairs.sizes["replica"], "replicas", "a distance correlation")
    at_least(LEAST_WIDTH, pairs.sizes["followed"], "width", "pairs of neurons")
    rows = []
    for time in pairs["time"].values:
        neurons = pairs.sel(time=time).transpose("followed", "coordinate", "replica").values
        one, other = f(neurons[0]), g(neurons[1])
        value = squared_distance_correlation(one, other)
        null = np.array([squared_distance_correlation(one, rng.permutation(other)) for _ in range(PERMUTATIONS)])
        p = (1 + int((null >= value).sum())) / (1 + len(null))
        row = {"width": width, "time": time, "replicas": len(one), "value": value}
        rows.append({**row, "null_mean": null.mean(), "null_error": null.std(ddof=1), "p": p})
    return pd.DataFrame(rows)
