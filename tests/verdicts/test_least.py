"""Statistics of too little: an estimator refuses fewer than it needs, and gives a finite number with just so many."""

import warnings

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn import SpecError
from mfnn.learning.observables import parse
from mfnn.limit.random_batch import random_batch_limit
from mfnn.studies.chaos import independence, joint_law
from mfnn.studies.chaos.remaining import remaining
from mfnn.studies.proof.orders import extrapolated
from mfnn.studies.settling.settling import ratio_of_pairs
from mfnn.studies.sources.crossing import sources, totals, totals_summary
from mfnn.verdicts import rates
from mfnn.verdicts.pairs import pair_statistic


def draws(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape)


def followed(replicas: int, neurons: int = 2) -> xr.DataArray:
    dims = ("replica", "time", "followed", "coordinate")
    return xr.DataArray(draws(replicas, 1, neurons, 2), coords={"time": [0.0]}, dims=dims)


def dependence(three_points, count: int) -> list[float]:
    f = parse("c*w0", three_points)
    table = independence.distance_correlations(followed(count), f, f, 10, np.random.default_rng(0))
    return table[["value", "null_mean", "null_error", "p"]].to_numpy().ravel().tolist()


def joint(count: int) -> list[float]:
    table = joint_law.joint_law_table({10: followed(count).isel(time=0)}, np.random.default_rng(0))
    return table[["value", "null_mean", "p"]].to_numpy().ravel().tolist()


def by_width(count: int) -> dict[int, np.ndarray]:
    return {10 * (k + 1): 1 + draws(5) ** 2 for k in range(count)}


def left(count: int) -> list[float]:
    table = pd.DataFrame({"width": range(1, count + 1), "value": 2.0, "null_mean": 1.0, "null_error": 0.1})
    found = remaining(table)
    return [found.value, found.error]


def numbers(estimate: rates.Estimate) -> list[float]:
    return [estimate.value, estimate.error]


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


# What is computed from so many, the least it needs, and what is counted.
ESTIMATORS = {
    "mean": (lambda n: numbers(rates.mean(draws(n))), rates.LEAST_VALUES, "values"),
    "variance": (lambda n: numbers(rates.variance(draws(n))), rates.LEAST_VALUES, "values"),
    "root mean square": (lambda n: numbers(rates.root_mean_square(draws(n))), rates.LEAST_VALUES, "values"),
    "quartiles": (
        lambda n: numbers(rates.interquartile_range(draws(n), 50, rng())),
        rates.LEAST_FOR_QUARTILES,
        "values",
    ),
    "fit: values": (
        lambda n: numbers(rates.fit_rms({10: draws(n), 20: draws(n + 1)}, 50, rng()).slope),
        rates.LEAST_VALUES,
        "values",
    ),
    "fit: widths": (lambda n: numbers(rates.fit_mean(by_width(n), 50, rng()).slope), rates.LEAST_WIDTHS, "widths"),
    "fit: resamples": (
        lambda n: numbers(rates.fit_mean(by_width(3), n, rng()).slope),
        rates.LEAST_RESAMPLES,
        "resamples",
    ),
    "pairs": (lambda n: pair_statistic(*draws(3, 5), 0.0, 0.0, n).tolist(), 2, "width"),
    "joint law": (joint, joint_law.LEAST_REPLICAS, "replicas"),
    "remaining": (left, 2, "widths"),
    "extrapolation": (lambda n: numbers(extrapolated(by_width(n))), 2, "widths"),
    "sources": (lambda n: numbers(sources(10, draws(n, n, 2, 1))["start"]), 3, "members"),
    "totals": (lambda n: numbers(totals({10: draws(n, 3, 1)})[10]), 2, "networks"),
    "totals' exponent": (
        lambda n: [
            totals_summary("s", totals({k + 1: draws(5, 3, 1) for k in range(n)}))["s.variance.output"]["value"]
        ],
        2,
        "widths",
    ),
    "pairs of runs": (lambda n: numbers(ratio_of_pairs({5: draws(n) ** 2}, {5: 1 + draws(n) ** 2})), 2, "pairs"),
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_least_is_enough_and_fewer_are_refused(name: str) -> None:
    estimator, least, counted = ESTIMATORS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(estimator(least)).all()
        for count in range(1, least):
            with pytest.raises(SpecError, match=f"{counted}: got {count}; allowed: at least {least} for") as refusal:
                estimator(count)
            assert "\n" not in str(refusal.value)


def test_dependence_of_three_replicas_is_refused(three_points) -> None:
    assert np.isfinite(dependence(three_points, independence.LEAST_REPLICAS)).all()
    for count in (1, 2, 3):
        with pytest.raises(SpecError, match=f"replicas: got {count}; allowed: at least 4 for a distance correlation"):
            dependence(three_points, count)


@pytest.mark.parametrize(("replicates", "steps", "said"), [(1, 4, "replicates: got 1"), (2, 1, "steps: got 1")])
def test_a_random_batch_limit_has_replicates_and_steps(three_points, replicates: int, steps: int, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        random_batch_limit(three_points, np.array([0.0, 2.0]), 3, replicates, steps, 2, 0)
