"""What the verdicts would have caught: networks whose truth is known go through measurement, claims and verdicts.

The fluctuations η = √N (⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩) of two observables at four times are drawn from N(0, V), with the default
run's widths and replicas; nothing is trained. The prediction is V. The networks are then made wrong by a known amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.learning.scenario import product
from mfnn.pipeline.coverage import MANY, RESAMPLES, VERDICT_LEVEL
from mfnn.show.tables import Table, number, tabular
from mfnn.spec import Floats
from mfnn.studies.constants import cells as constants
from mfnn.studies.convergence import errors as convergence
from mfnn.verdicts.claims import read_claims
from mfnn.verdicts.families import Asked
from mfnn.verdicts.rates import estimate_of
from mfnn.verdicts.rules import VIOLATED, Claim

NAMES, TIMES = ("c^2", "c*w0"), (0.5, 1.0, 1.5, 2.0)
PAIRS = tuple((name, name) for name in NAMES)
MEANS = np.array([1.0, 0.5])
POPULATION = np.array([[1.0, 0.3], [0.3, 1.0]])  # covariance of the observables of one neuron
PAIR = np.array([[-0.3, 0.1], [0.1, -0.4]])  # N times that of two neurons
DECAY = 0.8  # of correlations over half a unit of time
JUDGED_FROM = 1000
FAMILIES = ("slope", "slope_sup", "ratio_variance", "ratio_pair", "pulls_variance", "pulls_pair", "gaussian", "pulls")


class Wrong(NamedTuple):
    """By how much the networks differ from the prediction; as they stand, by nothing."""

    what: str = "nothing"
    offset: float = 0.0  # of the limit, in standard errors of the mean error over all networks
    rate: float = -0.5  # of the errors in N
    variance: float = 1.0  # over the predicted one
    shared: float = 0.0  # deviation of a part of the mean that all neurons of a network share, whatever N


WRONGS = (
    Wrong(),
    *(Wrong(f"limit off by {size:g} standard errors", offset=size) for size in (3, 10, 30)),
    *(Wrong(f"rate {rate:g}", rate=rate) for rate in (-0.48, -0.45)),
    *(Wrong(f"variance {100 * part:g} % too large", variance=1 + part) for part in (0.1, 0.2, 0.3)),
    *(Wrong(f"neurons that stay dependent, {size:g}", shared=size) for size in (0.003, 0.01, 0.03)),
)


def kernel(matrix: Floats) -> Floats:
    """matrix[f, g] · DECAY^|i − j|, shape (F, times, F, times)."""
    steps = np.arange(len(TIMES))
    return matrix[:, None, :, None] * (DECAY ** np.abs(steps[:, None] - steps))[None, :, None, :]


def prediction() -> tuple[xr.Dataset, xr.Dataset]:
    """The limit and the predicted fluctuations, as the workflow's files have them."""
    coords = {"observable": list(NAMES), "time": list(TIMES)}
    mean = np.repeat(MEANS[:, None], len(TIMES), axis=1)
    limit = xr.Dataset({"mean": (("observable", "time"), mean), "error": (("observable", "time"), 0 * mean)}, coords)
    dims = ("observable", "time", "other", "other_time")
    matrices = {"covariance": kernel(POPULATION + PAIR), "pair_covariance": kernel(PAIR)}
    matrices |= {"initial": matrices["covariance"] / 2, "error": 0 * matrices["covariance"]}
    both = coords | {"other": list(NAMES), "other_time": list(TIMES)}
    return limit, xr.Dataset({name: (dims, values) for name, values in matrices.items()}, both)


def networks(wrong: Wrong, rng: np.random.Generator) -> dict[int, xr.Dataset]:
    """Observables and their products over the replicas of every width, as `train` gives them."""
    covariance = kernel(POPULATION + PAIR).reshape(len(NAMES) * len(TIMES), -1)
    root, runs = np.linalg.cholesky(covariance), {}
    unit = np.sqrt(covariance[0, 0] / sum(width * count for width, count in MANY.items()))
    for width, count in MANY.items():
        eta = (rng.standard_normal((count, len(root))) @ root.T).reshape(count, len(NAMES), len(TIMES))
        errors = np.sqrt(wrong.variance) * min(MANY) ** (-0.5 - wrong.rate) * width**wrong.rate * eta
        errors += wrong.offset * unit + wrong.shared * rng.standard_normal((count, 1, 1))
        means = {name: MEANS[i] + errors[:, i] for i, name in enumerate(NAMES)}
        for f, g in PAIRS:
            i, j = NAMES.index(f), NAMES.index(g)
            means[product(f, g)] = POPULATION[i, j] + MEANS[i] * means[g] + MEANS[j] * means[f] - MEANS[i] * MEANS[j]
        arrays = {name: (("replica", "time"), values) for name, values in means.items()}
        runs[width] = xr.Dataset(arrays, {"replica": range(count), "time": list(TIMES)})
    return runs


def numbers(
    scenario: str, runs: Mapping[int, xr.Dataset], null: pd.DataFrame, rng: np.random.Generator
) -> dict[str, Any]:
    """What the studies of convergence and of the constants say of the networks, by key."""
    limit, predicted = prediction()
    errors = convergence.observed_errors(runs, limit, xr.Dataset({"evaluation_y": 0, "evaluation_weight": 0}), 0.0)
    found = convergence.summary(scenario, errors, convergence.fit_errors(errors, limit, RESAMPLES, rng))
    judged = {width: of for width, of in runs.items() if width >= JUDGED_FROM}
    table = constants.cells(judged, limit, predicted, PAIRS)
    normal = constants.gaussianity(judged[JUDGED_FROM], limit, predicted, JUDGED_FROM, rng)
    return found | constants.summary(scenario, table, null, normal)


def claims(folder: Path, scenario: str) -> list[Claim]:
    """The claims about what is measured here, of one scenario."""
    asked = {scenario: Asked(observables=NAMES, method="certified")}
    every = read_claims(folder, {"convergence": asked, "constants": asked}).claims
    return [claim for claim in every if _family(claim) in FAMILIES]


def _family(claim: Claim) -> str:
    return claim.id.split(".")[1]


def power(folder: Path, scenario: str, repetitions: int, seed: int) -> pd.DataFrame:
    """One row a `Wrong` and family of claims: the shares of claims violated, and of networks with one or more."""
    _, predicted = prediction()
    replicas = {width: count for width, count in MANY.items() if width >= JUDGED_FROM}
    null = constants.null_pulls(predicted, replicas, PAIRS, np.random.default_rng([seed, 0]))
    rows, judged = [], claims(folder, scenario)
    for stream, wrong in enumerate(WRONGS, 1):
        rng = np.random.default_rng([seed, stream])
        for repetition in range(repetitions):
            found = numbers(scenario, networks(wrong, rng), null, rng)
            for claim in judged:
                if claim.key in found:
                    violated = claim.rule.verdict(estimate_of(found[claim.key]), VERDICT_LEVEL) == VIOLATED
                    rows.append((wrong.what, _family(claim), repetition, violated))
    table = pd.DataFrame(rows, columns=["wrong", "family", "repetition", "violated"])
    once = table.groupby(["wrong", "family", "repetition"], sort=False)["violated"].agg(["mean", "any"])
    shares = once.groupby(["wrong", "family"], sort=False).mean().reset_index()
    return shares.rename(columns={"mean": "violated"}).assign(repetitions=repetitions)


def table(found: pd.DataFrame) -> Table:
    """The share of claims violated by family, a row for each way in which the networks are wrong."""
    wide = found.pivot(index="wrong", columns="family", values="violated")
    families = [family for family in FAMILIES if family in wide]
    rows = [
        [str(what), *(number(float(wide.loc[what, name])) for name in families)] for what in found["wrong"].unique()
    ]
    return Table(tabular("l" + "r" * len(families), ["networks", *families], {"": rows}), found)
