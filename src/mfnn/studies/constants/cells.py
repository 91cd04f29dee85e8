"""The constants in front of the rates: N·Var and N·Cov over replicas against what was predicted beforehand.

A cell is one scenario, quantity, time and width. Its pull is (measured − predicted) / standard error, the error the
one that the prediction itself implies: few replicas estimate it badly, and too small where they lie close together.
For R replicas with η = √N (⟨f, μ^N⟩ − ⟨f, μ̄⟩) → N(0, V) (Sirignano & Spiliopoulos, arXiv:1808.09372),

    (R − 1) N·Var over replicas / V ~ χ² of R − 1 degrees, variance 2 (R − 1):    error V √(2/(R − 1))
    N·U = η_f η_g − ⟨f̃ g̃, μ̄⟩ + O(N^{-1/2}), centred at the limit and not at the mean, and by Isserlis
    Var(η_f η_g) = E η_f² E η_g² + (E η_f η_g)²:                                  error √((V_f V_g + C²)/R)

with C the limit of N·Cov(⟨f, μ^N⟩, ⟨g, μ^N⟩). Cells of one width share their replicas, so the pulls are held against a
null that shares them too: the same cells computed from Gaussian replicas with the predicted covariance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import ks_2samp

from mfnn.learning.scenario import product
from mfnn.spec import Floats
from mfnn.verdicts.least import at_least
from mfnn.verdicts.pairs import pair_statistic
from mfnn.verdicts.rates import HALF_WIDTHS_99, Estimate, entry, slug

NULL_DRAWS = 1000
NORMAL_DRAWS = 20_000
LEAST_REPLICAS = 2  # of a variance
ENOUGH = 64  # replicas for a test of normality
CLOSE = 0.05  # relative distance at which a cell is as predicted whatever its standard error

Pairs = Sequence[tuple[str, str]]


def cells(
    particles: Mapping[int, xr.Dataset], limit: xr.Dataset, predicted: xr.Dataset, pairs: Pairs
) -> pd.DataFrame:
    """One row a quantity ("variance" of f, "pair" of f and g), time and width, measured beside predicted."""
    at_least(1, len(particles), "widths", "constants held against measurements, from `from_width` up")
    rows = []
    for width, runs in particles.items():
        at_least(LEAST_REPLICAS, runs.sizes["replica"], "replicas", "a variance over replicas")
        for time in predicted["time"].values:
            rows += _variance_cells(runs.sel(time=time), predicted, width, float(time))
            rows += _pair_cells(runs.sel(time=time), limit.sel(time=time), predicted, pairs, width, float(time))
    table = pd.DataFrame(rows)
    spread = np.hypot(table["error"], table["prediction_error"] / HALF_WIDTHS_99)
    return table.assign(pull=(table["measured"] - table["predicted"]) / spread)


def _variance_cells(runs: xr.Dataset, predicted: xr.Dataset, width: int, time: float) -> list[dict[str, Any]]:
    rows = []
    for name in predicted["observable"].values.astype(str):
        row = _cell("variance", name, name, time, width, predicted["covariance"], predicted["error"])
        initial = float(_at(predicted["initial"], name, name, time))
        values = runs[name].values
        error = variance_error(row["predicted"], values.size)
        measured = {"measured": width * values.var(ddof=1), "error": float(error)}
        rows.append({**row, "initial": initial, **measured, "replicas": values.size})
    return rows


def _pair_cells(
    runs: xr.Dataset, limit: xr.Dataset, predicted: xr.Dataset, pairs: Pairs, width: int, time: float
) -> list[dict[str, Any]]:
    rows = []
    for f, g in pairs:
        row = _cell("pair", f, g, time, width, predicted["pair_covariance"], predicted["error"])
        f_limit, g_limit = (float(limit["mean"].sel(observable=name)) for name in (f, g))
        values = pair_statistic(runs[f].values, runs[g].values, runs[product(f, g)].values, f_limit, g_limit, width)
        own, other, shared = (float(_at(predicted["covariance"], *pair, time)) for pair in ((f, f), (g, g), (f, g)))
        error = float(pair_error(own, other, shared, values.size))
        rows.append({**row, "measured": float(values.mean()), "error": error, "replicas": values.size})
    return rows


def variance_error(variance: Floats | float, replicas: int) -> Floats:
    """The standard error of a variance of Gaussian values over so many replicas."""
    return np.asarray(variance) * np.sqrt(2 / (replicas - 1))


def pair_error(f: Floats | float, g: Floats | float, covariance: Floats | float, replicas: int) -> Floats:
    """The standard error of the mean product of centred Gaussians with variances f and g over so many replicas."""
    return np.sqrt((np.asarray(f) * g + np.asarray(covariance) ** 2) / replicas)


def _cell(
    kind: str, f: str, g: str, time: float, width: int, matrix: xr.DataArray, error: xr.DataArray
) -> dict[str, Any]:
    row = {"kind": kind, "observable": f, "other": g, "time": time, "width": width}
    return {**row, "predicted": float(_at(matrix, f, g, time)), "prediction_error": float(_at(error, f, g, time))}


def _at(matrix: xr.DataArray, f: str, g: str, time: float) -> xr.DataArray:
    return matrix.sel(observable=f, other=g, time=time, other_time=time)


def as_predicted(table: pd.DataFrame) -> pd.Series:
    """Whether each cell is within 5 % of its prediction or within two standard errors."""
    off = (table["measured"] - table["predicted"]).abs()
    return (off <= CLOSE * table["predicted"].abs()) | (table["pull"].abs() <= 2)


def null_pulls(
    predicted: xr.Dataset, replicas: Mapping[int, int], pairs: Pairs, rng: np.random.Generator
) -> pd.DataFrame:
    """The cells' pulls, NULL_DRAWS times, where √N (⟨f, μ^N⟩ − ⟨f, μ̄⟩) is Gaussian with the predicted covariance.

    "as_predicted" says of each cell what `as_predicted` does.
    """
    names, times = predicted["observable"].values.astype(str), predicted["time"].values
    stacked = predicted.stack(row=("observable", "time"), column=("other", "other_time"))
    covariance, pair_covariance = stacked["covariance"].values, stacked["pair_covariance"].values
    root, own = _root(covariance), covariance.diagonal()
    place = {(name, time): i * len(times) + k for i, name in enumerate(names) for k, time in enumerate(times)}
    rows = [(place[f, time], place[g, time]) for f, g in pairs for time in times]
    one, two = np.array(rows, dtype=int).reshape(-1, 2).T
    expected = np.concatenate([own, pair_covariance[one, two]])
    population = np.concatenate([np.zeros_like(own), (covariance - pair_covariance)[one, two]])
    kinds = np.repeat(["variance", "pair"], [len(own), len(one)])
    tables = []
    for width, count in replicas.items():
        errors = variance_error(own, count), pair_error(own[one], own[two], covariance[one, two], count)
        moments = (_moments(rng.standard_normal((count, len(root))) @ root.T) for _ in range(NULL_DRAWS))
        measured = np.array([[*variances, *products[one, two]] for variances, products in moments]) - population
        cells = {"kind": kinds, "predicted": expected, "error": np.concatenate(errors)}
        table = pd.DataFrame({name: np.tile(values, NULL_DRAWS) for name, values in cells.items()})
        draws = np.repeat(np.arange(NULL_DRAWS), len(kinds))
        tables.append(table.assign(width=width, draw=draws, measured=measured.ravel()))
    null = pd.concat(tables, ignore_index=True)
    null = null.assign(pull=(null["measured"] - null["predicted"]) / null["error"])
    return null.assign(as_predicted=as_predicted(null))[["kind", "width", "draw", "pull", "as_predicted"]]


def _moments(eta: Floats) -> tuple[Floats, Floats]:
    """The variances of the columns of η (R, rows), and the mean products of any two."""
    products = eta.T @ eta / len(eta)
    return (products.diagonal() - eta.mean(axis=0) ** 2) * len(eta) / (len(eta) - 1), products


def _root(covariance: Floats) -> Floats:
    """A square root of a covariance matrix whose smallest eigenvalues may be rounded below 0."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return vectors * np.sqrt(np.clip(values, 0, None))


def gaussianity(
    runs: xr.Dataset, limit: xr.Dataset, predicted: xr.Dataset, width: int, rng: np.random.Generator
) -> dict[str, Any]:
    """√N (⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩), all f and t together, against N(0, V): Kolmogorov's test of its length.

    The length is the sum of squares over the rows (f, t), each in units of its predicted standard deviation; its null
    law is sampled from N(0, V). (Lengths in the metric of V itself would be ruled by the directions in which V nearly
    vanishes and corrections of order 1/N do not.)
    """
    names, times = predicted["observable"].values.astype(str), predicted["time"].values
    errors = [(runs[f].sel(time=times) - limit["mean"].sel(observable=f, time=times)).values for f in names]
    eta = np.sqrt(width) * np.stack(errors, axis=1).reshape(runs.sizes["replica"], -1)
    covariance = predicted["covariance"].stack(row=("observable", "time"), column=("other", "other_time")).values
    root, sizes = _root(covariance), covariance.diagonal()
    null = rng.standard_normal((NORMAL_DRAWS, len(root))) @ root.T
    test = ks_2samp((eta**2 / sizes).sum(axis=1), (null**2 / sizes).sum(axis=1))
    return {"width": width, "rows": eta.shape[1], "p": float(test.pvalue)}


def summary(scenario: str, table: pd.DataFrame, null: pd.DataFrame, normal: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a scenario: constants at T at the largest widths together, pulls against their null, normality.

    The mean square of the pulls stands so many deviations of its null from it, on a logarithmic scale, since the null is
    skewed as a χ² with few degrees is. The p-value of the share of cells that are as predicted is that of a share as
    small or smaller under the null.
    """
    numbers: dict[str, Any] = {f"{scenario}.gaussian.p": normal["p"], f"{scenario}.gaussian.width": normal["width"]}
    numbers[f"{scenario}.gaussian.rows"] = normal["rows"]
    final = table[table["time"] == table["time"].max()]
    for cell, group in final.groupby(["kind", "observable", "other"], sort=False):
        quantity, f, g = map(str, cell)
        key = slug(f) if quantity == "variance" else f"{slug(f)}_{slug(g)}"
        numbers[f"{scenario}.predicted_{quantity}.{key}"] = {
            "value": float(group["predicted"].iloc[0]),
            "error": float(group["prediction_error"].iloc[0]),
        }
        numbers[f"{scenario}.ratio_{quantity}.{key}"] = entry(_pooled_ratio(group))
    for kind, group in table.groupby("kind"):
        squares = null[null["kind"] == kind].groupby("draw")["pull"].apply(lambda pulls: (pulls**2).mean())
        logs, observed = np.log(squares), float((group["pull"] ** 2).mean())
        numbers[f"{scenario}.pulls_{kind}.mean_square"] = observed
        standing = Estimate(float((np.log(observed) - logs.mean()) / logs.std(ddof=1)), 1.0)
        numbers[f"{scenario}.pulls_{kind}.standing"] = entry(standing)
    shares = null.groupby("draw")["as_predicted"].mean()
    share = float(as_predicted(table).mean())
    numbers[f"{scenario}.pulls.cells"] = len(table)
    numbers[f"{scenario}.pulls.as_predicted"] = share
    numbers[f"{scenario}.pulls.as_predicted_null"] = float(shares.mean())
    numbers[f"{scenario}.pulls.as_predicted_p"] = (1 + int((shares <= share).sum())) / (1 + len(shares))
    return numbers


def _pooled_ratio(group: pd.DataFrame) -> Estimate:
    """Measured over predicted, the widths weighted by their replicas."""
    weights = (group["replicas"] / group["replicas"].sum()).to_numpy()
    predicted = float(group["predicted"].iloc[0])
    error = float(np.sqrt(((weights * group["error"]) ** 2).sum())) / abs(predicted)
    return Estimate(float(weights @ group["measured"]) / predicted, error)
