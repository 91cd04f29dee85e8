"""The limit equation where a product rule has too many nodes: independent scrambles of Sobol' points.

Each replicate solves the equation on its own scramble of the nodes of μ̄_0, and of the inputs where these are
continuous; the spread between replicates is the error estimate, a 99 % interval's half-width for their mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student

from mfnn.errors import ToleranceError
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Carried, Functional, Trajectory, characteristics
from mfnn.limit.effort import LOOSEST, Effort, OutOfTimeError
from mfnn.limit.nodes import sobol_data, sobol_nodes
from mfnn.limit.refinement import LARGEST_COST, TREND, unit
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared

REPLICATES = 8
CONFIDENCE = 0.99
SPARE = 2.0  # the tolerance over the error that probed functionals may have, so that others come out within it
FIRST_LOG2, LAST_LOG2 = 7, 20


@dataclass(frozen=True, eq=False)
class Replication(Compared):
    """Independent solves of one problem, and where their time step has a bias, the same solves with larger steps."""

    resolution: str
    flows: tuple[Trajectory, ...]
    coarser: tuple[Trajectory, ...] = ()
    reached: float = 0.0  # the tolerance that is kept, where it is larger than the one that was asked for

    def estimate(self, functional: Functional) -> tuple[Floats, Floats]:
        """F(μ̄_t) at each time as the mean over replicates, and its error.

        The error is the half-width of the mean's 99 % interval, plus the change from the larger time steps.
        """
        return self.combine(np.array([flow.evaluate(functional) for flow in self.solves]))

    @property
    def solves(self) -> tuple[Trajectory, ...]:
        """The replicates, then those with larger steps."""
        return (*self.flows, *self.coarser)

    def combine(self, values: Floats) -> tuple[Floats, Floats]:
        """The value and error of a quantity computed on each of the `solves`, values (solves, …)."""
        fine, coarse = np.split(values, [len(self.flows)])
        error = half_width(fine, CONFIDENCE)
        if len(coarse):
            error = error + np.abs((fine - coarse).mean(axis=0))
        return fine.mean(axis=0), error


def half_width(values: Floats, confidence: float) -> Floats:
    """The half-width of the Student interval for the mean of independent values along axis 0."""
    count = len(values)
    return student.ppf((1 + confidence) / 2, count - 1) * values.std(axis=0, ddof=1) / np.sqrt(count)


def replicate(
    problem: Problem,
    times: Floats,
    tolerance: float,
    probes: Sequence[Functional],
    seed: int = 0,
    carried: Carried = characteristics,
    effort: Effort | None = None,
) -> Replication:
    """Double the nodes until the probes' intervals are within tolerance, or the effort is spent.

    Raises `ToleranceError` where the tolerance can't be reached, and no seconds were given of which this is the best.
    """
    effort, reached, result = effort or Effort(), list[float](), None
    for log2_count in range(FIRST_LOG2, LAST_LOG2 + 1):
        data_log2 = log2_count if problem.data.directions else 0
        cost = 2**log2_count * (2**data_log2 if data_log2 else len(problem.data.quadrature()[0]))
        if cost * max(1, problem.dim // 8) > LARGEST_COST or _foreseen(reached, log2_count) > tolerance:
            break

        def solve(
            child: np.random.SeedSequence, log2_count: int = log2_count, data_log2: int = data_log2
        ) -> Trajectory:
            rng = np.random.default_rng(child)
            nodes, data = sobol_nodes(problem, log2_count, rng), sobol_data(problem, data_log2, rng)
            return carried(problem, nodes, data, times, max(tolerance * 1e-2, 1e-12))

        before = effort.spent
        try:
            flows = effort.each(solve, np.random.SeedSequence(seed, spawn_key=(log2_count,)).spawn(REPLICATES))
        except OutOfTimeError:
            if result is None:
                raise
            break
        result = Replication(f"{REPLICATES} scrambles of {2**log2_count} Sobol' nodes", tuple(flows))
        reached.append(max(_relative_error(*result.estimate(f)) for f in probes))
        if SPARE * reached[-1] <= tolerance:
            return result
        following = (effort.spent - before) * (4 if data_log2 else 2)
        effort.tell(SPARE * reached[-1], result.resolution, following)
        if not effort.allows(following):
            break
    if result and effort.seconds is not None and SPARE * reached[-1] <= LOOSEST:
        return replace(result, reached=SPARE * reached[-1])
    raise ToleranceError(
        f"tolerance {tolerance:.1e} is out of reach for {problem.name}: reached {min(reached, default=np.inf):.1e} with "
        f"{REPLICATES} scrambles of up to {2 ** (FIRST_LOG2 + len(reached) - 1)} Sobol' nodes"
    )


def _relative_error(value: Floats, error: Floats) -> float:
    """The largest error of a functional in its unit."""
    return float(error.max()) / unit(value)


def _foreseen(reached: Sequence[float], log2_count: int) -> float:
    """The error at the last level if it goes on falling as it did, or like 1/n where that is faster."""
    if len(reached) <= TREND:
        return 0.0
    rate = max(1.0, float(np.log2(reached[-1 - TREND] / reached[-1])) / TREND)
    return float(reached[-1] * 2.0 ** (-rate * (LAST_LOG2 - log2_count + 1)))
