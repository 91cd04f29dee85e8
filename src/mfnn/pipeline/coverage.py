"""How often the intervals cover: every estimator that a verdict or an error bar uses, at the default run's sizes.

Values are drawn from laws with known moments, of mean 0 and variance 1: a normal one, and Student's with 5 degrees of
freedom, whose kurtosis is 9 and whose fourth power has no variance. The size of an error at width N is N^(-1/2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binom

from mfnn.limit.replicated import half_width
from mfnn.show.tables import Table, tabular
from mfnn.spec import Floats
from mfnn.studies.proof.orders import extrapolated
from mfnn.studies.settling.settling import ratio_of_pairs
from mfnn.studies.sources.crossing import sources, totals, totals_summary
from mfnn.verdicts.groups import order, pooled, power_sums, products_table
from mfnn.verdicts.rates import (
    LEVEL,
    Estimate,
    combined,
    estimate_of,
    fit_mean,
    fit_rms,
    fit_spread,
    mean,
    mean_square,
    root_mean_square,
    variance,
)

Law = Callable[[np.random.Generator, tuple[int, ...]], Floats]
LAWS: dict[str, Law] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "student": lambda rng, shape: rng.standard_t(5, shape) / np.sqrt(5 / 3),
}
RESAMPLES = 200  # a bootstrap error from so few is known to 5 %, which costs less than half a per cent of coverage
CLAIMS = 279  # of the default run
VERDICT_LEVEL = 1 - 0.05 / CLAIMS
LEAST, MOST, MISSES = 0.935, 0.965, 2.0  # coverage at 95 %, and misses at the verdicts' level over those promised

# Replicas by width: of three scenarios, of clouds of neurons, of pairs of runs, of controls, of the proof.
MANY = {100: 2000, 316: 1500, 1000: 1000, 3162: 500, 10_000: 96, 31_623: 24, 100_000: 6}
FEWER = {100: 2000, 316: 1500, 1000: 1000, 3162: 200, 10_000: 64, 31_623: 12}
FEW = {1000: 48, 3162: 16, 10_000: 4, 31_623: 3}
CLOUDS = {100: 32, 316: 32, 1000: 32, 3162: 32, 10_000: 32, 31_623: 16, 100_000: 6}
RUN_PAIRS = {1000: 8, 3162: 4, 10_000: 2}
CONTROLS = {64: 1000, 128: 1000, 256: 1000, 512: 1000}
PROOF = {64: 2400, 128: 600, 256: 360, 512: 80, 1024: 20}
GROUPS, JUDGED, PAIR = (
    {50: 2000, 100: 1000, 400: 1000, 800: 200},
    400,
    0.5,
)  # N Cov of two neurons; N = 50, 100 have more
CROSSED = (4, 24)  # starts, and orders as many
SPREAD_OF_DISTANCES = 0.2  # of a distance over replicas, relative to its mean
PAGE = """# Coverage and power

Written by `make coverage`; do not edit. `src/mfnn/pipeline/coverage.py` and `power.py` say what is drawn.

## Coverage
In per cent, over data sets of which the truth is known: 95 % intervals that cover, lie below and lie above it, and
intervals at the level of the default run's verdicts that miss it, where {promised:.4f} is promised. Laws are normal and
Student's with 5 degrees of freedom, of variance 1. Of the {all} rows {within} cover in 93.5 to 96.5 %, {less} cover less,
the others more. {often} miss the verdicts' level so often that twice what is promised would do so in less than 1 % of such
tables; in all other rows the misses are too few to tell.

{covered}

## Power
Networks drawn from the predicted Gaussian law, made wrong by a known amount, go through measurement, claims and verdicts
of the default run, {repetitions} times each: the share of the claims of each family that is violated.

{caught}
"""


class Draw(NamedTuple):
    """A law with a generator."""

    law: Law
    rng: np.random.Generator

    def __call__(self, *shape: int) -> Floats:
        """Independent values of mean 0 and variance 1."""
        return self.law(self.rng, shape)

    def errors(self, replicas: Mapping[int, int]) -> dict[int, Floats]:
        """Errors of size N^(-1/2) by width."""
        return {width: width**-0.5 * self(count) for width, count in replicas.items()}

    def distances(self, replicas: Mapping[int, int]) -> dict[int, Floats]:
        """Positive values of mean N^(-1/2) times one number, spread by a fifth of it."""
        return {width: width**-0.5 * np.exp(SPREAD_OF_DISTANCES * self(count)) for width, count in replicas.items()}


class Case(NamedTuple):
    """An estimator at one size, with the value that it estimates."""

    estimator: str
    size: str
    truth: float
    estimate: Callable[[Draw], Estimate]


def cases() -> list[Case]:
    """All estimators at the sizes at which the default run uses them."""
    return [*_moments(), *_slopes(), *_studies()]


def _moments() -> list[Case]:
    def of(estimator: Callable[[Floats], Estimate], count: int) -> Callable[[Draw], Estimate]:
        return lambda draw: estimator(draw(count))

    means = [Case("mean", str(count), 0.0, of(mean, count)) for count in (3, 6, 24, 1000)]
    squares = {"variance": variance, "root mean square": root_mean_square}
    return means + [
        Case(name, str(count), 1.0, of(estimator, count))
        for name, estimator in squares.items()
        for count in (6, 12, 24, 96, 1000)
    ]


def _ladder(replicas: Mapping[int, int]) -> str:
    """The replicas at the smallest and at the largest width, which name a set of widths."""
    return f"{replicas[min(replicas)]} to {replicas[max(replicas)]}"


def _slopes() -> list[Case]:
    def of_rms(replicas: Mapping[int, int]) -> Callable[[Draw], Estimate]:
        return lambda draw: fit_rms(draw.errors(replicas), RESAMPLES, draw.rng).slope

    def of_mean(replicas: Mapping[int, int]) -> Callable[[Draw], Estimate]:
        return lambda draw: fit_mean(draw.distances(replicas), RESAMPLES, draw.rng).slope

    def of_spread(draw: Draw) -> Estimate:
        return fit_spread(draw.errors(CONTROLS), RESAMPLES, draw.rng).slope

    return [
        Case("slope of rms errors", _ladder(MANY), -0.5, of_rms(MANY)),
        Case("slope of rms errors", _ladder(FEWER), -0.5, of_rms(FEWER)),
        Case("slope of rms errors", _ladder(FEW), -0.5, of_rms(FEW)),
        Case("slope of rms errors", "proof", -0.5, of_rms(PROOF)),
        Case("slope of mean distances", _ladder(CLOUDS), -0.5, of_mean(CLOUDS)),
        Case("slope of mean distances", f"pairs, {_ladder(RUN_PAIRS)}", -0.5, of_mean(RUN_PAIRS)),
        Case("slope of quartile ranges", "controls", -0.5, of_spread),
    ]


def _studies() -> list[Case]:
    return [
        Case("quotient of pairs", f"pairs, {_ladder(RUN_PAIRS)}", 1.0, _quotient),
        Case("pooled mean square", "coupling", 1.0, _coupling),
        Case("extrapolated mean", "proof", 1.0, _extrapolated),
        Case("mean square of martingale", "proof", 1.0, lambda draw: mean_square(draw(sum(PROOF.values())))),
        *(Case(f"product of {k} neurons", "groups", 1.0, _product(k)) for k in (2, 4)),
        Case("order of a product", "groups", -1.0, _order_of_pairs),
        *(Case("part of a crossed variance", f"{count} × {count}", 1.0, _crossed(count)) for count in CROSSED),
        Case("slope of total variance", _ladder(FEW), -1.0, _total),
        Case("mean of scrambles", "3", 0.0, lambda draw: _scrambles(draw(3))),
        Case("mean of scrambles", "8", 0.0, lambda draw: _scrambles(draw(8))),
    ]


def _quotient(draw: Draw) -> Estimate:
    """Of pairs whose quotients have the mean 1 at every width."""
    ones = {width: np.ones(count) for width, count in RUN_PAIRS.items()}
    spread = {width: 1 + SPREAD_OF_DISTANCES * draw(count) for width, count in RUN_PAIRS.items()}
    return ratio_of_pairs(spread, ones)


def _coupling(draw: Draw) -> Estimate:
    """Squares pooled over the widths from 1000 up, weighted by replicas."""
    counts = np.array([count for width, count in MANY.items() if width >= 1000])
    return combined(counts / counts.sum(), [mean(draw(count) ** 2) for count in counts]).as_square()


def _extrapolated(draw: Draw) -> Estimate:
    return extrapolated({width: 1 + 3 / width + 0.3 * draw(count) for width, count in PROOF.items()})


def _products(draw: Draw) -> pd.DataFrame:
    """Of neurons that share a normal fluctuation of variance PAIR/N and are independent of each other beside it."""
    sums = {}
    for width, count in GROUPS.items():
        values = draw(count, width) + np.sqrt(PAIR / width) * draw.rng.standard_normal((count, 1))
        moments = np.array([(values**r).mean(axis=1) for r in range(1, 5)])
        sums[width] = power_sums(moments, 0.0, width)
    return products_table(sums, 1 + PAIR, PAIR)


def _product(k: int) -> Callable[[Draw], Estimate]:
    """N^{k/2} E Π f̃ over its limit, the judged widths together."""

    def over_limit(draw: Draw) -> Estimate:
        rows = _products(draw)
        judged = rows[(rows["neurons"] == k) & (rows["width"] >= JUDGED)]
        return pooled(judged, float(judged["predicted"].iloc[0]))

    return over_limit


def _order_of_pairs(draw: Draw) -> Estimate:
    """The exponent of N at which E Π f̃ over two neurons falls."""
    rows = _products(draw)
    pairs = rows[rows["neurons"] == 2]
    return order(pairs["width"], pairs["measured"] / pairs["width"], pairs["error"] / pairs["width"], -1.0)


def _crossed(count: int) -> Callable[[Draw], Estimate]:
    """The start's part of starts plus orders, at eight points that move together in pairs."""

    def part(draw: Draw) -> Estimate:
        start, order = (np.repeat(draw(count, 4), 2, axis=1) for _ in range(2))
        return sources(1, (start[:, None] + order[None])[..., None])["start"]

    return part


def _total(draw: Draw) -> Estimate:
    """Outputs at sixteen points that move in eight directions."""
    outputs = {width: np.repeat(errors, 2, axis=1) for width, errors in _rows(draw).items()}
    return estimate_of(totals_summary("x", totals(outputs))["x.slope_variance.output"])


def _rows(draw: Draw) -> dict[int, Floats]:
    return {width: width**-0.5 * draw(count, 8) for width, count in FEW.items()}


def _scrambles(values: Floats) -> Estimate:
    """The mean with its error such that Student's interval is `half_width` at 95 %."""
    exact = Estimate(0.0, 1.0, values.size - 1).interval(LEVEL)[1]
    return Estimate(float(values.mean()), float(half_width(values, LEVEL)) / exact, values.size - 1)


def coverage(chosen: Sequence[Case], repetitions: int, seed: int) -> pd.DataFrame:
    """One row a case and law: shares of 95 % intervals that cover, lie below and above; misses at the verdicts' level."""
    rows = []
    for number, case in enumerate(chosen):
        for place, (name, law) in enumerate(LAWS.items()):
            draw = Draw(law, np.random.default_rng([seed, number, place]))
            found = [case.estimate(draw) for _ in range(repetitions)]
            low, high = np.array([estimate.interval(LEVEL) for estimate in found]).T
            wide_low, wide_high = np.array([estimate.interval(VERDICT_LEVEL) for estimate in found]).T
            row = {"estimator": case.estimator, "size": case.size, "law": name, "repetitions": repetitions}
            below, above = float((high < case.truth).mean()), float((low > case.truth).mean())
            missed = float(((wide_high < case.truth) | (wide_low > case.truth)).mean())
            rows.append({**row, "covers": 1 - below - above, "below": below, "above": above, "missed": missed})
    return pd.DataFrame(rows)


def table(found: pd.DataFrame) -> Table:
    """The coverage of every estimator, and misses at the verdicts' level per 10,000."""
    groups: dict[str, list[list[str]]] = {}
    for row in found.to_dict("records"):
        cells = [row["size"], row["law"], *(f"${100 * row[key]:.1f}$" for key in ("covers", "below", "above"))]
        groups.setdefault(str(row["estimator"]), []).append([*map(str, cells), f"${1e4 * row['missed']:.0f}$"])
    head = ["at", "law", r"covers, \%", r"below, \%", r"above, \%", r"missed, $10^{-4}$"]
    return Table(tabular("llrrrr", head, groups), found)


def page(covered: pd.DataFrame, caught: pd.DataFrame) -> str:
    """Both tables in Markdown, below what they say."""
    promised = 1 - VERDICT_LEVEL
    misses = (covered["missed"] * covered["repetitions"]).round()
    chance = binom.sf(misses - 1, covered["repetitions"], MISSES * promised)
    wide = caught.pivot(index="wrong", columns="family", values="violated").loc[list(caught["wrong"].unique())]
    shown = covered.assign(**{key: (100 * covered[key]).round(2) for key in ("covers", "below", "above", "missed")})
    head = ["estimator", "at", "law", "data sets", "covers", "below", "above", "missed"]
    shares = [
        [what, *(f"{share:.3g}" for share in row)] for what, row in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    return PAGE.format(
        promised=100 * promised,
        within=int(covered["covers"].between(LEAST, MOST).sum()),
        less=int((covered["covers"] < LEAST).sum()),
        often=int((chance < 0.01).sum()),
        all=len(covered),
        covered=markdown(head, shown.to_numpy().tolist()),
        repetitions=int(caught["repetitions"].iloc[0]),
        caught=markdown(["networks", *wide.columns], shares),
    )


def markdown(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table as Markdown has it."""
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in [head, ["---"] * len(head), *rows])
