"""What the variants show: variances beside their predicted constants, and sizes with their power laws in the width."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mfnn.learning.protocol import Protocol
from mfnn.learning.variants import Job, Probe
from mfnn.limit.fluctuations import fluctuations
from mfnn.limit.limit import Limit
from mfnn.limit.solve import solve_limit
from mfnn.spec import Floats
from mfnn.verdicts.rates import (
    Estimate,
    PowerLaw,
    columns,
    entry,
    fit_rms,
    fit_spread,
    interquartile_range,
    root_mean_square,
    variance,
)

TOLERANCE = 1e-4  # of limits, far below the statistical error of what is held against them


class Constants(NamedTuple):
    """V_init and V_sgd of one observable at one time."""

    initial: float
    sgd: float

    def variance(self, protocol: Protocol, width: int) -> float:
        """The predicted variance of ⟨f, μ^N_t⟩, V_init/N + V_sgd/(B N^b), or V_init/N for epochs.

        A unit of time has N^b steps whose kicks are α/N^b times the mean of B independent terms; the kicks of an
        epoch without replacement cancel to first order.
        """
        noise = 0.0 if protocol.sampling == "shuffled" else self.sgd / (protocol.batch * protocol.unit(width))
        return self.initial / width + noise


class Limits:
    """Limits of problems, each solved once, whatever its name."""

    def __init__(self) -> None:
        self._solved: dict[tuple[str, tuple[float, ...]], Limit] = {}

    def of(self, job: Job) -> Limit:
        """The limit of a job's problem at 0 and at the times of its probes."""
        times = tuple(sorted({0.0, *job.times}))
        key = job.problem.model_dump_json(exclude={"name"}), times
        if key not in self._solved:
            self._solved[key] = solve_limit(job.problem, times, TOLERANCE, job.observables)
        return self._solved[key]

    def constants(self, job: Job, probe: Probe) -> Constants:
        """V_init and V_sgd of a probe's observable at its time."""
        found = fluctuations(self.of(job), [probe.observable], probe.time)
        return Constants(found.initial.item(), found.sgd.item())

    def mean(self, job: Job, probe: Probe, time: float) -> float:
        """⟨f, μ̄_t⟩ of a probe's observable."""
        limit = self.of(job)
        return float(limit.mean(probe.observable)[list(limit.times).index(time)])


def by_width(table: pd.DataFrame, job: Job, probe: Probe) -> dict[int, Floats]:
    """The probe's observable at its time, one value a replica, by width."""
    rows = table[
        (table["variant"] == job.problem.name)
        & (table["observable"] == probe.observable)
        & (table["time"] == probe.time)
    ]
    return {width: rows["value"][rows["width"] == width].to_numpy() for width in job.widths}


def variances(jobs: Sequence[Job], table: pd.DataFrame) -> pd.DataFrame:
    """One row a variance probe and width: N·Var with its standard error, and what is predicted."""
    rows, limits = [], Limits()
    for job, key, probe in _probes(jobs):
        if probe.size != "variance":
            continue
        constants = limits.constants(job, probe)
        for width, values in by_width(table, job, probe).items():
            found = variance(values)
            predicted = constants.variance(job.protocol, width)
            row: dict[str, Any] = {
                "variant": job.problem.name,
                "probe": key,
                "title": job.title,
                "observable": probe.observable,
            }
            row |= {"width": width, "replicas": len(values), **columns("variance", found.times(width))}
            row |= {"variance_freedom": found.freedom, "predicted": width * predicted}
            rows.append(row | {"initial": constants.initial, "sgd": constants.sgd})
    return pd.DataFrame(rows)


def sizes(
    jobs: Sequence[Job], table: pd.DataFrame, resamples: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a probe and width, its size with a standard error; and one row a probe, its power law in N."""
    rows, fits, limits = [], [], Limits()
    for job, key, probe in _probes(jobs):
        if probe.size == "variance":
            continue
        samples = by_width(table, job, probe)
        if probe.size != "spread":
            origin = limits.mean(job, probe, probe.time if probe.size == "from_limit" else 0.0)
            samples = {width: values - origin for width, values in samples.items()}
        law = _power_law(samples, probe, resamples, rng)
        low, high = law.slope.interval()
        named: dict[str, Any] = {
            "variant": job.problem.name,
            "probe": key,
            "title": job.title,
            "observable": probe.observable,
        }
        named |= {"time": probe.time, "size": probe.size}
        fit = {"predicted": probe.slope, "slope": law.slope.value, "error": law.slope.error, "low": low, "high": high}
        fits.append({**named, **fit, "freedom": law.slope.freedom, "intercept": law.intercept})
        for width, values in samples.items():
            found = (
                interquartile_range(values, resamples, rng) if probe.size == "spread" else root_mean_square(values)
            )
            rows.append({**named, "width": width, "replicas": len(values), **columns("value", found)})
    return pd.DataFrame(rows), pd.DataFrame(fits)


def summary(ratios: pd.DataFrame, fits: pd.DataFrame) -> dict[str, Any]:
    """Variances over their predictions at the largest width, and fitted exponents, as entries by key."""
    numbers: dict[str, Any] = {}
    for row in ratios[ratios["width"] == ratios.groupby("variant")["width"].transform("max")].to_dict("records"):
        numbers[f"consequences.ratio.{row['variant']}"] = entry(ratio(row))
    for fit in fits.to_dict("records"):
        slope = Estimate(fit["slope"], fit["error"], fit["freedom"])
        numbers[f"controls.slope.{fit['variant']}_{fit['probe']}"] = entry(slope)
    return numbers


def ratio(row: Mapping[Hashable, Any]) -> Estimate:
    """A variance over its prediction, from a row of `variances`."""
    found = Estimate(row["variance"], row["variance_error"], row["variance_freedom"], power=1)
    return found.times(1 / row["predicted"])


def _power_law(samples: Mapping[int, Floats], probe: Probe, resamples: int, rng: np.random.Generator) -> PowerLaw:
    fit = fit_spread if probe.size == "spread" else fit_rms
    return fit(samples, resamples, rng)


def _probes(jobs: Sequence[Job]) -> list[tuple[Job, str, Probe]]:
    return [(job, key, probe) for job in jobs for key, probe in job.probes.items()]
