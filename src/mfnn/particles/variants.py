"""Training of the variants of a scenario."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pandas as pd

from mfnn.learning.variants import Job
from mfnn.particles.train import train


def train_variants(jobs: Sequence[Job], root_seed: int) -> pd.DataFrame:
    """⟨f, μ^N_t⟩ of every replica of every variant: columns variant, width, observable, replica, time, value."""
    parts = []
    for job in jobs:
        for width in job.widths:
            problem, replicas, names = job.problem, range(job.replicas), job.observables
            runs = train(problem, width, replicas, job.times, names, 0, root_seed, protocol=job.protocol)
            table = runs.to_dataframe().reset_index().melt(["replica", "time"], names, "observable")
            parts.append(table.assign(variant=problem.name, width=width))
        print(f"{job.problem.name}: {job.replicas} replicas of widths {job.widths}", file=sys.stderr)
    columns = ["variant", "width", "observable", "replica", "time", "value"]
    return pd.concat(parts, ignore_index=True)[columns]
