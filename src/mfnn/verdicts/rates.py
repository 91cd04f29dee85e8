"""Rates of convergence: moments of errors over replicas, and slopes against width with replica-bootstrap intervals.

Replicas are the sample. A resample draws replicas within each width, all its numbers are computed again and the line
is fitted again; the spread of the refitted slopes is the standard error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtrit

from mfnn.spec import Floats
from mfnn.verdicts.least import at_least

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95
LEAST_VALUES = 2  # of a mean, a variance and of every width of a fit: with one there is no spread
LEAST_FOR_QUARTILES = 4
LEAST_WIDTHS = 2  # of a fit
LEAST_RESAMPLES = 2
HALF_WIDTHS_99 = 2.576  # standard errors in a 99 % half-width
DRAWN = 1 << 18  # replicas drawn at a time: what is drawn stays in the cache


@dataclass(frozen=True)
class Estimate:
    """An estimate with its standard error, known to some degrees of freedom."""

    value: float
    error: float
    freedom: float = np.inf

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Student's interval at a confidence level; the normal one where the error is known."""
        half = float(stdtrit(self.freedom, (1 + level) / 2)) * self.error
        return self.value - half, self.value + half


@dataclass(frozen=True)
class PowerLaw:
    """size ≈ 10^intercept · N^slope."""

    slope: Estimate
    intercept: float


def mean(values: Floats) -> Estimate:
    """The mean of independent values with its standard error; raises `SpecError` for fewer than two."""
    at_least(LEAST_VALUES, values.size, "values", "a mean with its error")
    return Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size)), values.size - 1)


def variance(values: Floats) -> Estimate:
    """The variance of independent values, at least two; its standard error from their fourth central moment."""
    at_least(LEAST_VALUES, values.size, "values", "a variance")
    n, second = values.size, float(values.var(ddof=1))
    fourth = float(((values - values.mean()) ** 4).mean())
    return Estimate(second, float(np.sqrt(max(fourth - second**2 * (n - 3) / (n - 1), 0.0) / n)))


def root_mean_square(values: Floats) -> Estimate:
    """√E e² with its standard error by the delta method."""
    square = mean(values**2)
    root = float(np.sqrt(square.value))
    return Estimate(root, square.error / (2 * root) if root > 0 else 0.0)


def fit_rms(
    errors: Mapping[int, Floats], resamples: int, rng: np.random.Generator, truth_error: float = 0.0
) -> PowerLaw:
    """The power law of √E e² in N, for errors[N] one value a replica, shape (R_N,).

    `truth_error` is the standard error of the value the errors are taken from: each resample shifts all of them by
    one normal draw of that size.
    """
    shifts = truth_error * rng.standard_normal(resamples)

    def log_rms(values: Floats) -> tuple[float, Floats]:
        first, second = _resampled_means(np.stack([values, values**2]), resamples, rng)
        return float(np.log10((values**2).mean()) / 2), np.log10(second + 2 * shifts * first + shifts**2) / 2

    return _fit({width: log_rms(values) for width, values in errors.items()}, errors)


def fit_mean(sizes: Mapping[int, Floats], resamples: int, rng: np.random.Generator) -> PowerLaw:
    """The power law of the mean of sizes[N], one positive value a replica, shape (R_N,)."""

    def log_mean(values: Floats) -> tuple[float, Floats]:
        return float(np.log10(values.mean())), np.log10(_resampled_means(values[None], resamples, rng)[0])

    return _fit({width: log_mean(values) for width, values in sizes.items()}, sizes)


def interquartile_range(values: Floats, resamples: int, rng: np.random.Generator) -> Estimate:
    """The distance of the quartiles of values (R,), a size that needs no moment; its error from resamples."""
    at_least(LEAST_RESAMPLES, resamples, "resamples", "the spread of a range")
    observed, redrawn = _ranges(values, resamples, rng)
    return Estimate(observed, float(redrawn.std(ddof=1)))


def fit_spread(samples: Mapping[int, Floats], resamples: int, rng: np.random.Generator) -> PowerLaw:
    """The power law of the interquartile range of samples[N], one value a replica, shape (R_N,)."""

    def log_range(values: Floats) -> tuple[float, Floats]:
        observed, redrawn = _ranges(values, resamples, rng)
        return float(np.log10(observed)), np.log10(redrawn)

    return _fit({width: log_range(values) for width, values in samples.items()}, samples)


def _ranges(values: Floats, resamples: int, rng: np.random.Generator) -> tuple[float, Floats]:
    """The interquartile range of values (R,) and those of resamples, shape (resamples,).

    Of R uniform numbers the order statistics j < k are U = G_1/G and (G_1 + G_2)/G, with G_1, G_2 and G − G_1 − G_2
    independent gamma variables of orders j, k − j and R + 1 − k; the resample's are the values of rank ⌈R U⌉.
    """
    at_least(LEAST_FOR_QUARTILES, values.size, "values", "an interquartile range")
    ordered, count = np.sort(values), values.size
    low, high = max(1, round(count / 4)), round(3 * count / 4)
    parts = rng.standard_gamma(np.array([[low], [high - low], [count + 1 - high]]), (3, resamples)).cumsum(axis=0)
    ranks = np.minimum((count * parts[:2] / parts[2]).astype(int), count - 1)
    return float(ordered[high - 1] - ordered[low - 1]), ordered[ranks[1]] - ordered[ranks[0]]


def _fit(logs: Mapping[int, tuple[float, Floats]], samples: Mapping[int, Floats]) -> PowerLaw:
    """A line through log10 sizes against log10 N, and the spread of its slope when each is replaced by resamples.

    Resamples of R replicas spread by √((R − 1)/R) too little, which is made up for.
    """
    at_least(LEAST_WIDTHS, len(logs), "widths", "a power law in the width")
    at_least(
        LEAST_RESAMPLES, min(len(redrawn) for _, redrawn in logs.values()), "resamples", "the interval of a slope"
    )
    for values in samples.values():
        at_least(LEAST_VALUES, values.size, "values", "a power law with its interval")
    widths = sorted(logs)
    counts = np.array([samples[width].size for width in widths], dtype=float)
    observed = np.array([[logs[width][0] for width in widths]])
    redrawn = np.stack([logs[width][1] for width in widths], axis=1)
    redrawn = redrawn.mean(axis=0) + (redrawn - redrawn.mean(axis=0)) * np.sqrt(counts / np.maximum(counts - 1, 1))
    intercept, slope = _line(np.log10(widths), observed, counts)
    _, slopes = _line(np.log10(widths), redrawn, counts)
    error, freedom = float(slopes.std(ddof=1)), float((counts - 1).sum())
    return PowerLaw(Estimate(float(slope[0]), error, freedom), float(intercept[0]))


def _resampled_means(values: Floats, resamples: int, rng: np.random.Generator) -> Floats:
    """Means of resamples of the columns of values (k, R), shape (k, resamples)."""
    count = values.shape[1]
    together = max(1, DRAWN // count)  # resamples
    means = np.empty((len(values), resamples))
    for start in range(0, resamples, together):
        part = means[:, start : start + together]
        drawn = rng.integers(count, size=(part.shape[1], count))
        for row, mean_of_row in zip(values, part, strict=True):
            mean_of_row[:] = row.take(drawn).mean(axis=1)
    return means


def _line(x: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Intercepts and slopes of weighted least squares lines through the rows of y (n, len(x))."""
    centre = np.average(x, weights=weights)
    slope = y @ (weights * (x - centre)) / (weights @ (x - centre) ** 2)
    return np.average(y, axis=1, weights=weights) - slope * centre, slope


def values_by_width(table: pd.DataFrame, **chosen: Any) -> dict[int, Floats]:
    """The values of the rows with the chosen entries, one array a width."""
    rows = table.query(" and ".join(f"{column} == {value!r}" for column, value in chosen.items()))
    return {int(width): rows["value"][rows["width"] == width].to_numpy() for width in sorted(set(rows["width"]))}


def slug(name: str) -> str:
    """An observable's name in keys: runs of anything but letters and digits become single underscores."""
    return "_".join("".join(ch if ch.isalnum() else " " for ch in name).split())


def entry(estimate: Estimate, **more: float | str) -> dict[str, float | str]:
    """An estimate as an entry of a summary: value, error, its degrees of freedom where they are few, 95 % interval."""
    low, high = estimate.interval()
    freedom = {"freedom": estimate.freedom} if np.isfinite(estimate.freedom) else {}
    return {"value": estimate.value, "error": estimate.error, **freedom, "low": low, "high": high, **more}
