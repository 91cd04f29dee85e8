"""The orders of the proof's terms in N and their constants, measured on replicas and held against the limit's.

Martingale and remainder are taken at the end of training, of the last interval its largest size on [0, T], which its
left limits reach: sup_k |drift(ν_k)| / N. The square of the martingale and its bracket have one mean at every width;
N times the bracket has the limit's constant only as N grows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mfnn.learning.problem import Problem
from mfnn.spec import Floats
from mfnn.studies.proof.constants import Constants
from mfnn.studies.proof.terms import Paths, follow, terms
from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import (
    Estimate,
    columns,
    combined,
    entry,
    fit_mean,
    fit_rms,
    mean,
    mean_square,
    root_mean_square,
    slug,
)

LEAST_WIDTHS = 2  # of an extrapolation to N = ∞
HALVINGS = 7  # the shortest interval of which increments are taken is T / 2^7, a step at width 64
SHOWN = ("martingale", "remainder", "last")


class Measured(NamedTuple):
    """What is kept of the paths of one width."""

    martingale: Floats  # M, (F, R)
    remainder: Floats  # R, (F, R)
    last: Floats  # sup_t |V_t|, (F, R)
    bracket: Floats  # ⟨M⟩, (F, R)
    moment: Floats  # sup_k ⟨c⁴ + |w|⁴, ν_k⟩, (R,)
    increments: list[Estimate]  # of each test function, the largest √E|⟨f, μ_{t+δ}⟩ − ⟨f, μ_t⟩|² / (δ + 1/N)


def measure(problem: Problem, width: int, replicas: int, observables: Sequence[str], root_seed: int) -> Measured:
    """Follow the first `replicas` replicas of width N and measure their terms."""
    paths = follow(problem, width, range(replicas), observables, root_seed)
    end = terms(paths, width, len(paths.kick))
    last = np.abs(paths.drift).max(axis=0) / width
    moment = paths.moment.max(axis=0)
    return Measured(end.martingale, end.remainder, last, end.bracket, moment, largest_increments(paths, width))


def largest_increments(paths: Paths, width: int) -> list[Estimate]:
    """√E|⟨f, μ_{t+δ}⟩ − ⟨f, μ_t⟩|² / (δ + 1/N) for each f, the largest over dyadic intervals [t, t + δ] of [0, T]."""
    steps = len(paths.value) - 1
    lags = sorted({max(1, steps >> halvings) for halvings in range(HALVINGS + 1)})
    largest = []
    for path in paths.value.transpose(1, 0, 2):
        found = []
        for lag in lags:
            increments = np.diff(path[::lag], axis=0) * width / (lag + 1)
            found.append(root_mean_square(increments[np.argmax((increments**2).mean(axis=1))]))
        largest.append(max(found, key=lambda estimate: estimate.value))
    return largest


def order_table(measured: Mapping[int, Measured], observables: Sequence[str], limit: Constants) -> pd.DataFrame:
    """One row a term, test function and width: √E over replicas of its square, and what the limit predicts."""
    rows = []
    for number, name in enumerate(observables):
        for width, found in measured.items():
            predicted = {
                "martingale": np.sqrt(limit.martingale[number] / width),
                "remainder": abs(limit.remainder[number]) / width,
                "last": limit.last[number] / width,
            }
            for term, size in predicted.items():
                values = getattr(found, term)[number]
                row = {"term": term, "observable": name, "width": width, "replicas": values.size}
                rows.append({**row, **columns("rms", root_mean_square(values)), "predicted": size})
    return pd.DataFrame(rows)


def extrapolated(values: Mapping[int, Floats]) -> Estimate:
    """The limit a of E values[N] = a + b / N by weighted least squares, for one value a replica, shape (R_N,)."""
    at_least(LEAST_WIDTHS, len(values), "widths", "a limit extrapolated in 1/N")
    means = [mean(values[width]) for width in sorted(values)]
    inverse, errors = 1 / np.array(sorted(values)), np.array([found.error for found in means])
    design = np.stack([np.ones_like(inverse), inverse], axis=1) / errors[:, None]
    covariance = np.linalg.inv(design.T @ design)
    return combined(covariance[0] @ design.T / errors, means)


def summary(
    scenario: str,
    measured: Mapping[int, Measured],
    observables: Sequence[str],
    limit: Constants,
    resamples: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """The numbers by key: slopes of the terms and of the moment, constants over the limit's, increments over theirs.

    Constants are extrapolated to N = ∞; `martingale_square`, E M² / E⟨M⟩, pools all widths.
    """
    moments = {width: found.moment for width, found in measured.items()}
    numbers: dict[str, Any] = {f"{scenario}.slope_moment.fourth": entry(fit_mean(moments, resamples, rng).slope)}
    for number, name in enumerate(observables):
        found: dict[str, Estimate] = {}
        for term in SHOWN:
            sizes = {width: getattr(at, term)[number] for width, at in measured.items()}
            found[f"slope_{term}"] = fit_rms(sizes, resamples, rng).slope
            constant = getattr(limit, term)[number]
            parts = {width: at.bracket[number] for width, at in measured.items()} if term == "martingale" else sizes
            found[f"constant_{term}"] = extrapolated({width: width * at / constant for width, at in parts.items()})
        scaled = [at.martingale[number] / np.sqrt(at.bracket[number].mean()) for at in measured.values()]
        found["martingale_square"] = mean_square(np.concatenate(scaled))
        steepest = max((at.increments[number] for at in measured.values()), key=lambda estimate: estimate.value)
        found["increment"] = steepest.times(1 / limit.increment[number])
        numbers |= {f"{scenario}.{kind}.{slug(name)}": entry(estimate) for kind, estimate in found.items()}
    return numbers
