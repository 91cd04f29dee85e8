"""Rates of convergence: moments of errors over replicas, and slopes against width with replica-bootstrap intervals.

Replicas are the sample. A resample draws replicas within each width, all its numbers are computed again and the line
is fitted again; the spread of the refitted slopes is the standard error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import gammainccinv, gammaincinv, ndtr, stdtrit

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
# How well the error of a mean square is known: chosen by simulation of normal and Student's laws, docs/coverage.md
HEAVY = 30.0  # replicas for a degree of freedom, by excess kurtosis
LEAST_FREEDOM = 5.0
LEAST_TAIL = 1e-100  # probability below which quantiles of χ² with one degree of freedom are too small for a float
SQUARES, FIT_HEAVY = 2.0, 2.0  # replicas for a degree of freedom in fits of them, the second by excess kurtosis


@dataclass(frozen=True)
class Estimate:
    """An estimate with its standard error, known to some degrees of freedom.

    With a `power` p > 0 the estimate is positive and value^p, a mean square, is distributed as χ²_d / d times the truth,
    d = 2 (value / (p error))² from its relative error (Satterthwaite, Biometrics Bulletin 2, 1946).
    """

    value: float
    error: float
    freedom: float = np.inf
    power: int = 0

    def times(self, factor: float) -> Estimate:
        """The estimate of so many times the truth, factor > 0."""
        return replace(self, value=factor * self.value, error=factor * self.error)

    def as_square(self) -> Estimate:
        """The estimate as that of a mean square, if it is larger than its error; others may be negative as well."""
        return replace(self, power=1) if self.value > self.error else self

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The interval at a confidence level: Student's, or for a mean square that of χ², which is not symmetric.

        Student's quantile is the normal one where the error is known. χ² has its own quantiles where that is normal,
        and beyond as far out as Student's is in a normal law.
        """
        quantile = float(stdtrit(self.freedom, (1 + level) / 2))
        if self.power == 0 or self.error == 0:
            return self.value - quantile * self.error, self.value + quantile * self.error
        degrees = 2 * (self.value / (self.power * self.error)) ** 2
        shape, tail = degrees / 2, max(float(ndtr(-quantile)), LEAST_TAIL)
        low, high = shape / gammainccinv(shape, tail), shape / gammaincinv(shape, tail)
        return self.value * float(low) ** (1 / self.power), self.value * float(high) ** (1 / self.power)


@dataclass(frozen=True)
class PowerLaw:
    """size ≈ 10^intercept · N^slope."""

    slope: Estimate
    intercept: float


def combined(weights: Floats, parts: Sequence[Estimate]) -> Estimate:
    """Σ w_i x_i of independent estimates x_i, its error known to ν degrees of freedom.

    1/ν = Σ s_i² / ν_i, s_i the share of x_i in the square of the error (Welch, Biometrika 34, 1947).
    """
    values, errors, freedoms = np.array([(part.value, part.error, part.freedom) for part in parts]).T
    squares = (weights * errors) ** 2
    unknown = squares > 0
    square, inverse = float(squares.sum()), float((squares[unknown] ** 2 / freedoms[unknown]).sum())
    return Estimate(float(weights @ values), square**0.5, square**2 / inverse if inverse > 0 else np.inf)


def mean(values: Floats) -> Estimate:
    """The mean of independent values with its standard error; raises `SpecError` for fewer than two."""
    at_least(LEAST_VALUES, values.size, "values", "a mean with its error")
    return Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size)), values.size - 1)


def variance(values: Floats) -> Estimate:
    """The variance of independent values, at least two; χ² with degrees of freedom from their fourth cumulant."""
    at_least(LEAST_VALUES, values.size, "values", "a variance")
    return _mean_square(values - values.mean(), values.size - 1, power=1)


def mean_square(values: Floats) -> Estimate:
    """E e² of independent values e, at least two; χ² with degrees of freedom from their moments."""
    at_least(LEAST_VALUES, values.size, "values", "a mean square with its error")
    return _mean_square(values, values.size, power=1)


def root_mean_square(values: Floats) -> Estimate:
    """√E e² of independent values e, at least two; its square χ² with degrees of freedom from their moments."""
    at_least(LEAST_VALUES, values.size, "values", "a root mean square with its error")
    return _mean_square(values, values.size, power=2)


def _mean_square(values: Floats, degrees: int, power: int) -> Estimate:
    """Σ e² / degrees, or its root where the power is 2, for values e (R,).

    With the mean m, deviation s, third cumulant c and excess kurtosis κ ≥ 0 of e the mean square has the variance
    2 s⁴/degrees + (4 m² s² + 4 m c + κ s⁴)/R. Where κ > 0 it is itself found from rare large values: the error has
    R / (HEAVY κ) degrees of freedom.
    """
    count, square, mean = values.size, float((values**2).sum() / degrees), float(values.mean())
    spread, excess = float(values.var(ddof=1)), _excess_kurtosis(values)
    third = float(((values - mean) ** 3).mean())
    beyond = max(4 * mean**2 * spread + 4 * mean * third + excess * spread**2, -2 * spread**2)
    error = float(np.sqrt(2 * spread**2 / degrees + beyond / count))
    value = square ** (1 / power)
    freedom = max(count / (HEAVY * excess), LEAST_FREEDOM) if excess > 0 else np.inf
    return Estimate(value, error * value / (power * square) if square else 0.0, freedom, power)


def _excess_kurtosis(values: Floats) -> float:
    """κ ≥ 0 of values (R,) from their k-statistics, for a normal law unbiased but for the bound; 0 where R < 4."""
    count, deviations = values.size, values - values.mean()
    square = float((deviations**2).mean())
    if count < 4 or square == 0:
        return 0.0
    biased = float((deviations**4).mean()) / square**2 - 3
    return max((count - 1) * ((count + 1) * biased + 6) / ((count - 2) * (count - 3)), 0.0)


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

    freedoms = {
        width: (values.size - 1) / (SQUARES + FIT_HEAVY * _excess_kurtosis(values))
        for width, values in errors.items()
    }
    return _fit({width: log_rms(values) for width, values in errors.items()}, errors, freedoms)


def fit_mean(sizes: Mapping[int, Floats], resamples: int, rng: np.random.Generator) -> PowerLaw:
    """The power law of the mean of sizes[N], one positive value a replica, shape (R_N,)."""

    def log_mean(values: Floats) -> tuple[float, Floats]:
        return float(np.log10(values.mean())), np.log10(_resampled_means(values[None], resamples, rng)[0])

    return _fit({width: log_mean(values) for width, values in sizes.items()}, sizes, _one_less(sizes))


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

    return _fit({width: log_range(values) for width, values in samples.items()}, samples, _one_less(samples))


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


def _one_less(samples: Mapping[int, Floats]) -> dict[int, float]:
    return {width: values.size - 1.0 for width, values in samples.items()}


def _fit(
    logs: Mapping[int, tuple[float, Floats]], samples: Mapping[int, Floats], freedoms: Mapping[int, float]
) -> PowerLaw:
    """A line through log10 sizes against log10 N, and the spread of its slope when each is replaced by resamples.

    Resamples of R replicas spread by √((R − 1)/R) too little, which is made up for. The spread of each width is known
    to freedoms[N] degrees, that of the slope as `combined` says.
    """
    at_least(LEAST_WIDTHS, len(logs), "widths", "a power law in the width")
    at_least(
        LEAST_RESAMPLES, min(len(redrawn) for _, redrawn in logs.values()), "resamples", "the interval of a slope"
    )
    for values in samples.values():
        at_least(LEAST_VALUES, values.size, "values", "a power law with its interval")
    widths = sorted(logs)
    x, counts = np.log10(widths), np.array([samples[width].size for width in widths], dtype=float)
    observed = np.array([[logs[width][0] for width in widths]])
    redrawn = np.stack([logs[width][1] for width in widths], axis=1)
    redrawn = redrawn.mean(axis=0) + (redrawn - redrawn.mean(axis=0)) * np.sqrt(counts / np.maximum(counts - 1, 1))
    intercept, slope = _line(x, observed, counts)
    _, slopes = _line(x, redrawn, counts)
    _, influence = _line(x, np.eye(len(widths)), counts)
    parts = [
        Estimate(value, spread, freedoms[width])
        for width, value, spread in zip(widths, observed[0], redrawn.std(axis=0), strict=True)
    ]
    freedom = combined(influence, parts).freedom
    return PowerLaw(Estimate(float(slope[0]), float(slopes.std(ddof=1)), freedom), float(intercept[0]))


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
    """An estimate as an entry of a summary, with its 95 % interval.

    Degrees of freedom stand there where they are few, the power where the interval is that of a mean square.
    """
    low, high = estimate.interval()
    law: dict[str, float] = {"freedom": estimate.freedom} if np.isfinite(estimate.freedom) else {}
    law |= {"power": estimate.power} if estimate.power else {}
    return {"value": estimate.value, "error": estimate.error, **law, "low": low, "high": high, **more}


def columns(name: str, estimate: Estimate) -> dict[str, float]:
    """An estimate as columns of a table: `name`, and with the error and the 95 % interval's ends behind it."""
    low, high = estimate.interval()
    return {name: estimate.value, f"{name}_error": estimate.error, f"{name}_low": low, f"{name}_high": high}


def estimate_of(number: Any) -> Estimate:
    """The estimate that an entry of a summary was made from; a number alone is exact."""
    if not isinstance(number, Mapping):
        return Estimate(float(number), 0.0)
    error, freedom = float(number.get("error", 0.0)), float(number.get("freedom", np.inf))
    return Estimate(float(number["value"]), error, freedom, int(number.get("power", 0)))
