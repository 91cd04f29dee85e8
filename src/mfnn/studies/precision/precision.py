"""What single precision changes: the same networks trained twice."""

from __future__ import annotations

import numpy as np

from mfnn.learning.problem import Problem
from mfnn.learning.protocol import Protocol
from mfnn.particles.train import train
from mfnn.spec import Floats
from mfnn.verdicts.least import at_least

LEAST_REPLICAS = 2  # of a deviation between them


def precision_gap(problem: Problem, width: int, replicas: int, points: Floats, root_seed: int) -> dict[str, float]:
    """Root mean square over points (Q, d) and replicas of g^N_T in single minus in double precision.

    Keys "difference" and "spread": the second is the deviation of g^N_T between replicas, in double precision, what
    the first is to be held against.
    """
    at_least(LEAST_REPLICAS, replicas, "replicas", "a deviation between replicas")
    single, double = (
        train(
            problem,
            width,
            range(replicas),
            [problem.horizon],
            root_seed=root_seed,
            evaluate=points.astype(float),
            protocol=Protocol(precision=precision),
        )["output"].values
        for precision in ("single", "double")
    )
    return {
        "difference": float(np.sqrt(np.mean((single - double) ** 2))),
        "spread": float(np.sqrt(double.var(axis=0, ddof=1).mean())),
    }
