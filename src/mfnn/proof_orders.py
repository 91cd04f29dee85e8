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

from mfnn.problem import Problem
from mfnn.proof_constants import Constants
from mfnn.proof_terms import Paths, follow, terms
from mfnn.rates import Estimate, entry, fit_mean, fit_rms, mean, root_mean_square, slug
from mfnn.spec import Floats

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
    """√E|⟨f, μ_{t+δ}⟩ − ⟨f, μ_t⟩|² / (δ + 1/N), the largest over t and over δ = 1/N, 2/N, 4/N, … for each f."""
    lags = [1 << power for power in range(len(paths.kick).bit_length())]
    largest = []
    for path in paths.value.transpose(1, 0, 2):
        found = []
        for lag in lags:
            increments = (path[lag:] - path[:-lag]) * width / (lag + 1)
            worst = int(np.argmax((increments**2).mean(axis=1)))
            found.append(root_mean_square(increments[worst]))
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
                rms = root_mean_square(values)
                row = {"term": term, "observable": name, "width": width, "replicas": values.size}
                rows.append({**row, "rms": rms.value, "rms_error": rms.error, "predicted": size})
    return pd.DataFrame(rows)


def summary(
    scenario: str,
    measured: Mapping[int, Measured],
    observables: Sequence[str],
    limit: Constants,
    resamples: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """The numbers by key: slopes of the terms and of the moment, constants over the limit's, increments over theirs.

    Constants are those of the largest width; `martingale_square` pools all widths.
    """
    widest = max(measured)
    moments = {width: found.moment for width, found in measured.items()}
    numbers: dict[str, Any] = {f"{scenario}.slope_moment.fourth": entry(fit_mean(moments, resamples, rng).slope)}
    for number, name in enumerate(observables):
        for term in SHOWN:
            sizes = {width: getattr(found, term)[number] for width, found in measured.items()}
            numbers[f"{scenario}.slope_{term}.{slug(name)}"] = entry(fit_rms(sizes, resamples, rng).slope)
        squares = [found.martingale[number] ** 2 / found.bracket[number].mean() for found in measured.values()]
        numbers[f"{scenario}.martingale_square.{slug(name)}"] = entry(mean(np.concatenate(squares)))
        at_end = measured[widest]
        for term, values, constant in (
            ("martingale", at_end.bracket, limit.martingale),
            ("remainder", at_end.remainder, limit.remainder),
            ("last", at_end.last, limit.last),
        ):
            ratio = mean(widest * values[number] / constant[number])
            numbers[f"{scenario}.constant_{term}.{slug(name)}"] = entry(ratio)
        steepest = max((found.increments[number] for found in measured.values()), key=lambda estimate: estimate.value)
        bound = limit.increment[number]
        numbers[f"{scenario}.increment.{slug(name)}"] = entry(
            Estimate(steepest.value / bound, steepest.error / bound)
        )
    return numbers
