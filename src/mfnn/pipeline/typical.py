"""What the jobs of a run typically take and therefore ask for, by what they took in a recorded default run.

config/costs.yaml has, by rule and part, the coefficients c of a job's seconds and megabytes, c_0 + Σ_a c_a z_a with the
work z_a of `mfnn.pipeline.work`. A part that it does not have, such as a reader's own scenario, costs like the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from mfnn.pipeline.plan import Plan
from mfnn.pipeline.work import growing_jobs
from mfnn.storage import read_yaml
from mfnn.studies.study import ANY, Job

LEAST_SECONDS = 3.0  # of any job: Python has to start
UNKNOWN_MB = 500.0  # of a rule that the table does not have
SNAKEMAKE_MB = 200.0  # of the Snakemake that runs the script inside a cluster's job
LEAST_MB, STEP_MB, LEAST_MINUTES = 800, 100, 2  # that a job asks for


@dataclass(frozen=True)
class Typical:
    """The jobs whose cost grows, by benchmark file, and the coefficients of what each rule costs by part."""

    growing: Mapping[Path, Job]
    costs: Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]]

    def seconds(self, rule: str, benchmark: Path) -> float:
        """Seconds of a job of a rule with a benchmark file, relative to the folder of benchmarks."""
        job = self.growing.get(benchmark)
        return max(LEAST_SECONDS, self._cost(rule, "seconds", job, job.time if job else (), LEAST_SECONDS))

    def megabytes(self, rule: str, benchmark: Path) -> float:
        """Its largest resident memory."""
        job = self.growing.get(benchmark)
        return self._cost(rule, "megabytes", job, job.memory if job else (), UNKNOWN_MB)

    def asked_mb(self, rule: str, benchmark: Path) -> int:
        """The memory that it asks for: about twice what it typically takes, and what Snakemake takes in its job."""
        return max(LEAST_MB, STEP_MB * ceil((1.8 * self.megabytes(rule, benchmark) + SNAKEMAKE_MB) / STEP_MB))

    def asked_minutes(self, rule: str, benchmark: Path) -> int:
        """The time that it asks for, twice what it typically takes."""
        return max(LEAST_MINUTES, ceil(2 * self.seconds(rule, benchmark) / 60))

    def _cost(self, rule: str, kind: str, job: Job | None, work: Sequence[float], unknown: float) -> float:
        parts = self.costs.get(rule)
        if not parts:
            return unknown
        fixed, *grown = parts.get(job.part if job else ANY, next(iter(parts.values())))[kind]
        return fixed + sum(c * z for c, z in zip(grown, work, strict=False))


def typical_costs(plan: Plan, costs: Path) -> Typical:
    """What the jobs of a plan typically take, by a table of costs."""
    return Typical({job.benchmark_file: job for job in growing_jobs(plan)}, read_yaml(costs))
