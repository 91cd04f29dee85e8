"""The joint law of two neurons at a distance from the product of its marginals, whole pairs and not functions of them.

R pairs (θ^1, θ^2), one a replica, against R pairs whose second neuron comes from another replica: the squared sliced
Wasserstein distance in R^{2(m + d)}, the mean over directions u of ∫ (F_u^{-1} − H_u^{-1})² of the projections'
quantile functions. Re-paired samples are many, so H_u^{-1} is their mean; against single ones the distances would be
larger by the same number for each sample. Its null law are re-paired samples in place of the pairs: equal sizes.

Where σ is odd and the initial law symmetric, θ^i → −θ^i of one neuron alone leaves the network and the law as they are:
signs are independent of everything, and all dependence is between neurons up to sign. These are given by θ θᵀ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.spec import Floats
from mfnn.studies.chaos import LEAST_REPLICAS
from mfnn.studies.chaos.remaining import remaining
from mfnn.verdicts.least import at_least
from mfnn.verdicts.pairs import LEAST_WIDTH
from mfnn.verdicts.rates import Estimate, entry

DIRECTIONS = 32
REPAIRED = 32  # samples that stand for the product law
NULL_DRAWS = 100


def joint_law_table(pairs: Mapping[int, xr.DataArray], rng: np.random.Generator) -> pd.DataFrame:
    """The distance by width, of the pairs ("whole") and of them "up to sign": its null's mean, spread, the p-value.

    `pairs` (replica, followed, coordinate) by width, of which the first two neurons count. Raises `SpecError` for fewer
    than four replicas or two neurons.
    """
    rows = []
    for width, sample in pairs.items():
        at_least(LEAST_REPLICAS, sample.sizes["replica"], "replicas", "a joint law beside its null")
        at_least(LEAST_WIDTH, sample.sizes["followed"], "width", "pairs of neurons")
        one, two = sample.transpose("followed", "coordinate", "replica").values[:2]
        for kind, of in (("whole", lambda theta: theta), ("up to sign", squared)):
            value, null = _distance_and_null(of(one), of(two), rng)
            p = (1 + int((null >= value).sum())) / (1 + null.size)
            row = {"width": width, "kind": kind, "replicas": one.shape[1], "value": value}
            rows.append({**row, "null_mean": null.mean(), "null_error": null.std(ddof=1), "p": p})
    return pd.DataFrame(rows)


def squared(theta: Floats) -> Floats:
    """The distinct entries of θ θᵀ, shape (n(n + 1)/2, R), for θ (n, R): θ up to its sign."""
    a, b = np.triu_indices(len(theta))
    return theta[a] * theta[b]


def _distance_and_null(one: Floats, two: Floats, rng: np.random.Generator) -> tuple[float, Floats]:
    """The squared distance of the pairs (p + q, R) to the product law, and those of re-paired ones, (NULL_DRAWS,)."""
    scaled = np.concatenate([one, two])
    scaled = scaled / scaled.std(axis=1, keepdims=True)
    directions = rng.standard_normal((DIRECTIONS, len(scaled)))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    first, second = directions[:, : len(one)] @ scaled[: len(one)], directions[:, len(one) :] @ scaled[len(one) :]

    def repaired() -> Floats:
        return np.sort(first + second[:, rng.permutation(second.shape[1])], axis=1)

    product = np.mean([repaired() for _ in range(REPAIRED)], axis=0)
    pairs = np.sort(first + second, axis=1)
    null = np.array([((repaired() - product) ** 2).mean() for _ in range(NULL_DRAWS)])
    return float(((pairs - product) ** 2).mean()), null


def summary(scenario: str, table: pd.DataFrame) -> dict[str, Any]:
    """The standing (distance − null mean) / null spread at the smallest width, and what is left of the distance beyond."""
    numbers = {}
    for kind, rows in table.groupby("kind"):
        key, narrow = f"{scenario}.joint.{str(kind).replace(' ', '_')}", rows.sort_values("width").iloc[0]
        standing = (narrow["value"] - narrow["null_mean"]) / narrow["null_error"]
        numbers[f"{key}_narrow"] = entry(Estimate(float(standing), 1.0))
        numbers[f"{key}_remaining"] = entry(remaining(rows))
    return numbers
