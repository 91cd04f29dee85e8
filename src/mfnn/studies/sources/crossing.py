"""Fluctuations told apart by their source: every one of A starts trained on every one of B sequences of samples.

To leading order the output of network (a, b) at a point is g_t(x) + (S_a + D_b) / √N with independent S and D (the
fluctuation equation is linear: what the start does and what the samples do add up). A two-way analysis of variance
splits Var g^N(x) into the start's part, the samples' part and their interaction, which is of higher order in 1/N:

    V_start = (MS_a − MS_ab) / B,  V_samples = (MS_b − MS_ab) / A,  V_both = MS_ab.

Outputs have shape (A, B, Q, m): points and outputs are averaged over.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.learning.assumptions import require
from mfnn.learning.problem import Problem
from mfnn.limit.fluctuations import fluctuations
from mfnn.limit.solve import solve_limit
from mfnn.particles.train import train
from mfnn.spec import Floats
from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import Estimate, combined, entry

SOURCES = ("start", "samples", "both")
LEAST_MEMBERS = 3  # starts, and orders of samples: one of them is left out for the error
LEAST_NETWORKS = 2  # independent ones of a width
LEAST_WIDTHS = 2  # of an exponent
FOR_JACKKNIFE = 8  # networks that tell the error of their variance themselves


def crossed_outputs(problem: Problem, width: int, count: int, points: Floats, root_seed: int) -> xr.DataArray:
    """g^N_T at the points (Q, d) of count² networks: (start, order, point, output)."""
    parts = []
    for order in range(count):
        runs = train(
            problem,
            width,
            range(count),
            [problem.horizon],
            root_seed=root_seed,
            evaluate=points,
            samples_of=order,
        )
        parts.append(runs["output"].isel(time=0, drop=True))
        print(f"{problem.name} N={width}: samples {order + 1} of {count}", file=sys.stderr)
    crossed = xr.concat(parts, "order").rename(replica="start", output_index="output")
    return crossed.transpose("start", "order", "point", "output").rename("output").assign_attrs(width=width)


def split(outputs: Floats) -> Floats:
    """V_start, V_samples and V_both, averaged over points and outputs: shape (3,)."""
    starts, orders = outputs.shape[:2]
    by_start, by_order = outputs.mean(axis=1, keepdims=True), outputs.mean(axis=0, keepdims=True)
    rest = outputs - by_start - by_order + outputs.mean(axis=(0, 1), keepdims=True)
    both = (rest**2).sum(axis=(0, 1)) / ((starts - 1) * (orders - 1))
    between_starts = orders * by_start.var(axis=(0, 1), ddof=1)
    between_orders = starts * by_order.var(axis=(0, 1), ddof=1)
    parts = [(between_starts - both) / orders, (between_orders - both) / starts, both]
    return np.array([part.mean() for part in parts])


def sources(width: int, outputs: Floats) -> dict[str, Estimate]:
    """N times each part of the variance, by `SOURCES`; standard errors by leaving out one start, then one order.

    Raises `SpecError` for fewer than three of either.
    """
    at_least(LEAST_MEMBERS, min(outputs.shape[:2]), "members", "a variance split by its sources")
    values = width * split(outputs)
    errors = width * np.sqrt(_jackknife(outputs, 0) + _jackknife(outputs, 1))
    freedom = min(outputs.shape[:2]) - 1
    return {
        name: Estimate(float(v), float(e), freedom).as_square()
        for name, v, e in zip(SOURCES, values, errors, strict=True)
    }


def _jackknife(outputs: Floats, axis: int) -> Floats:
    """The variance of `split` from its values when one member of an axis is left out."""
    count = outputs.shape[axis]
    left_out = np.array([split(np.delete(outputs, member, axis)) for member in range(count)])
    return (count - 1) * left_out.var(axis=0)


def totals(outputs: Mapping[int, Floats]) -> dict[int, Estimate]:
    """N Var g^N, averaged over points and outputs, of R independent networks of each width, outputs (R, Q, m).

    Outputs at different points move together: with the eigenvalues l of their covariance, were they normal, the average
    would have (R − 1) k degrees of freedom, k = (Σ l)² / Σ l² (Satterthwaite, Biometrics Bulletin 2, 1946). k is taken to
    be the same at all widths. Where there are enough networks, leaving out each in turn gives an error that does not
    assume normal outputs, and the larger one counts. Raises `SpecError` for a width with fewer than two networks.
    """
    for values in outputs.values():
        at_least(LEAST_NETWORKS, len(values), "networks", "a variance of outputs")
    flat = {width: values.reshape(len(values), -1).astype(float) for width, values in outputs.items()}
    spectra = {width: _spectrum(values) for width, values in flat.items()}
    k = _directions(spectra.values())
    parts = {}
    for width, (freedom, trace, _) in spectra.items():
        error = trace * np.sqrt(2 / (freedom * k))
        if len(flat[width]) >= FOR_JACKKNIFE:
            error = max(error, _leaving_one_out(flat[width]))
        scale = width / flat[width].shape[1]
        parts[width] = Estimate(float(scale * trace), float(scale * error), freedom * np.sqrt(k), power=1)
    return parts


def _leaving_one_out(outputs: Floats) -> float:
    """The jackknife error of tr S for outputs (R, P)."""
    count = len(outputs)
    left_out = [np.delete(outputs, member, 0).var(axis=0, ddof=1).sum() for member in range(count)]
    return float(np.sqrt((count - 1) * np.var(left_out)))


def _spectrum(outputs: Floats) -> tuple[int, float, float]:
    """R − 1, and unbiased estimates of tr Σ and, for normal outputs, tr Σ², from outputs (R, P) of covariance Σ.

    E tr S² = (1 + 1/n) tr Σ² + (tr Σ)²/n for the sample covariance S of n = R − 1 degrees of freedom; with one degree no
    estimate of tr Σ² follows, and it is nan.
    """
    freedom = len(outputs) - 1
    centred = outputs - outputs.mean(axis=0)
    gram = centred @ centred.T / freedom
    trace, squared = float(np.trace(gram)), float((gram**2).sum())
    scale = freedom**2 / ((freedom - 1) * (freedom + 2)) if freedom > 1 else np.nan
    return freedom, trace, scale * (squared - trace**2 / freedom)


def _directions(spectra: Iterable[tuple[int, float, float]]) -> float:
    """k from all widths: 1/k is the mean of tr Σ² / (tr Σ)², each width with the weight of its pairs of degrees of freedom.

    At least 1, which it is taken to be where no width has three networks.
    """
    known = [(freedom, trace, square) for freedom, trace, square in spectra if freedom > 1]
    if not known:
        return 1.0
    weights = [freedom * (freedom - 1) for freedom, *_ in known]
    # (tr S)² exceeds (tr Σ)² by 2 tr Σ² / n on average.
    inverse = [square / (trace**2 - 2 * square / freedom) for freedom, trace, square in known]
    return max(1.0, 1 / float(np.average(inverse, weights=weights)))


def predicted_sources(problem: Problem, points: Floats, tolerance: float) -> dict[str, Estimate]:
    """The limits of N V_start and N V_samples averaged over the points (Q, d) of a scalar problem, from the adjoint.

    `Estimate.error` is the bound on their sum's numerical error. Raises `ToleranceError` as `solve_limit` does and
    `SpecError` as `fluctuations` does.
    """
    require(problem, "predicted_sources")
    names = [f"g({', '.join(map(repr, map(float, x)))})" for x in points]
    limit = solve_limit(problem, [0.0, problem.horizon], tolerance, names)
    law = fluctuations(limit, names, problem.horizon)
    error = float(np.diag(law.error).mean())
    values = {"start": np.diag(law.initial), "samples": np.diag(law.sgd)}
    return {name: Estimate(float(part.mean()), error) for name, part in values.items()}


def table(parts: dict[int, dict[str, Estimate]]) -> pd.DataFrame:
    """One row a width and source with N times its variance: columns width, source, value, error."""
    rows = [
        {"width": width, "source": source, "value": part.value, "error": part.error}
        for width, by_source in parts.items()
        for source, part in by_source.items()
    ]
    return pd.DataFrame(rows)


def sources_summary(
    scenario: str, parts: dict[int, dict[str, Estimate]], predicted: dict[str, dict[str, float]] | None = None
) -> dict[str, Any]:
    """Shares of the variance at the largest width and, with a prediction, its quotients over all widths, by key.

    A quotient is the mean of those of the widths, whatever their errors: these grow with the values, and weights from
    them would favour small ones. Its error joins theirs and the prediction's numerical error.
    """
    widest = parts[max(parts)]
    whole = sum(part.value for part in widest.values())
    numbers: dict[str, Any] = {
        f"{scenario}.share.{source}": entry(part.times(1 / whole)) for source, part in widest.items()
    }
    for source, expected in (predicted or {}).items():
        pooled = combined(np.full(len(parts), 1 / len(parts)), [by_source[source] for by_source in parts.values()])
        error = float(np.hypot(pooled.error, expected["error"]))
        numbers[f"{scenario}.ratio_source.{source}"] = entry(
            replace(pooled, error=error).times(1 / expected["value"]).as_square()
        )
    return numbers


def totals_summary(scenario: str, parts: dict[int, Estimate]) -> dict[str, Any]:
    """The exponent of Var g^N in N, by weighted least squares on logarithms, and N Var at the largest width."""
    at_least(LEAST_WIDTHS, len(parts), "widths", "an exponent of the width")
    widths = sorted(parts)
    logs = np.array([np.log(parts[width].value / width) for width in widths])
    errors = np.array([parts[width].error / parts[width].value for width in widths])
    design = np.stack([np.log(widths), np.ones(len(widths))], axis=1) / errors[:, None]
    covariance = np.linalg.inv(design.T @ design)
    influence = covariance[0] @ design.T / errors
    freedoms = [parts[width].freedom for width in widths]
    slope = combined(influence, [Estimate(*of) for of in zip(logs, errors, freedoms, strict=True)])
    return {
        f"{scenario}.slope_variance.output": entry(slope),
        f"{scenario}.variance.output": entry(parts[widths[-1]]),
    }
