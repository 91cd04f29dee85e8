"""Refinement until the limit is certified: each resolution by itself, each functional with its own error.

On Gauss nodes matched to μ̄_0 the error falls spectrally in the number of nodes. A functional's certified error is
three times the sum of its changes when one resolution at a time is made coarser: the nodes of each parameter
coordinate, the nodes of each input coordinate, the tolerance of the integrator. That is the error of the coarse
solutions, so it bounds the error of the reported one with the margin that convergence gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import floor, inf, log10
from typing import Protocol, Self, TypeVar

import numpy as np

from mfnn.errors import ToleranceError
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Carried, Functional, characteristics
from mfnn.limit.effort import LOOSEST, Effort, OutOfTimeError
from mfnn.limit.nodes import DataNodes, product_count, product_nodes
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared

GROWTH = 1.25  # a refined direction gets this many times its nodes
COARSER = 1 / 1.5  # and the solve it is certified by this many: far fewer, since errors need not fall monotonically
LEAST_CHANGE = 2  # nodes: odd and even rules can differ in symmetry
MARGIN = 0.25  # the part of the tolerance that the probed functionals may use, so that others come out within it
LARGEST_COST = 200_000_000  # pre-activations a velocity evaluation beyond which a solve is refused
RTOL_STEP, SMALLEST_RTOL, LARGEST_RTOL = 100.0, 2.3e-14, 1e-7
TREND = 3  # rounds over which the fall of a change is judged
SAFETY = 3.0  # certified error over the change seen: two solves can agree by chance,
FLOOR = 0.05  # so no functional is taken to be more than 20 times better known than the worst probed one


class Refinable(Protocol):
    """How finely an equation is solved, in directions of which each is refined by itself, the time step's the last."""

    @property
    def directions(self) -> range:
        """The directions that can be refined."""

    def cost(self, problem: Problem) -> float:
        """What a solve costs, in pre-activations or what takes as long."""

    def scaled(self, direction: int, factor: float) -> Self:
        """This resolution with one direction made finer (factor > 1) or coarser (factor < 1)."""


R = TypeVar("R", bound=Refinable)


class Solve(Protocol):
    """One solve at one resolution."""

    def evaluate(self, functional: Functional) -> Floats:
        """F(μ̄_t) at each time, shape (times, …)."""


@dataclass(frozen=True)
class Resolution:
    """How finely one solve resolves each direction: Gauss nodes per coordinate of θ and of x, and the tolerance."""

    parameters: tuple[int, ...]
    data: tuple[int, ...]
    rtol: float

    @property
    def directions(self) -> range:
        """The directions that can be refined: coordinates of θ, then of x, then the integrator."""
        return range(len(self.parameters) + len(self.data) + 1)

    def cost(self, problem: Problem) -> float:
        """Pre-activations a velocity evaluation: parameter nodes times data nodes."""
        return product_count(problem, self.parameters) * int(np.prod(self.data, initial=1))

    def scaled(self, direction: int, factor: float) -> Resolution:
        """This resolution with one direction made finer (factor > 1) or coarser (factor < 1)."""
        counts = [*self.parameters, *self.data]
        if direction == len(counts):
            return replace(self, rtol=max(self.rtol * (RTOL_STEP if factor < 1 else 1 / RTOL_STEP), SMALLEST_RTOL))
        here = counts[direction]
        by = max(LEAST_CHANGE, abs(round(here * factor) - here))
        counts[direction] = max(2, here + by if factor > 1 else here - by)
        split = len(self.parameters)
        return replace(self, parameters=tuple(counts[:split]), data=tuple(counts[split:]))

    def __str__(self) -> str:
        shown = " x ".join(map(str, self.parameters)) + " parameter nodes"
        if self.data:
            shown += ", " + " x ".join(map(str, self.data)) + " data nodes"
        return f"{shown}, rtol {self.rtol:.0e}"


@dataclass(frozen=True, eq=False)
class Refinement(Compared):
    """A certified solve: the finest one, and for each direction the one with that direction coarser."""

    resolution: Refinable
    finest: Solve
    coarser: tuple[Solve, ...]
    reached: float  # the largest certified error of a probed functional, in its unit

    def estimate(self, functional: Functional) -> tuple[Floats, Floats]:
        """F(μ̄_t) and its certified error at each time, the largest `combine` gives up to then: signs can cross."""
        value, error = self.combine(np.array([flow.evaluate(functional) for flow in self.solves]))
        return value, np.maximum(np.maximum.accumulate(error, axis=0), self.floor(value))

    def floor(self, value: Floats) -> float:
        """The least certified error of a functional with these values."""
        return FLOOR * self.reached * unit(value)

    @property
    def solves(self) -> tuple[Solve, ...]:
        """The finest solve, then the coarser ones."""
        return (self.finest, *self.coarser)

    def combine(self, values: Floats) -> tuple[Floats, Floats]:
        """The value and certified error of a quantity computed on each of the `solves`, values (solves, …).

        The error is three times the sum over directions of the change when made coarser.
        """
        return values[0], SAFETY * np.abs(values[1:] - values[0]).sum(axis=0)


def refine(
    problem: Problem,
    times: Floats,
    tolerance: float,
    probes: Sequence[Functional],
    carried: Carried = characteristics,
    effort: Effort | None = None,
) -> Refinement:
    """The limit on product Gauss rules for μ̄_0, refined; raises as `refined` does."""

    def solve(resolution: Resolution) -> Solve:
        nodes = product_nodes(problem, resolution.parameters)
        data = DataNodes(*problem.data.quadrature(resolution.data))
        return carried(problem, nodes, data, times, resolution.rtol)

    return refined(first_resolution(problem, tolerance), solve, problem, tolerance, probes, effort)


def refined(
    first: R,
    solve_at: Callable[[R], Solve],
    problem: Problem,
    tolerance: float,
    probes: Sequence[Functional],
    effort: Effort | None = None,
) -> Refinement:
    """Refine each direction by itself until the probes are certified, or the effort is spent.

    Raises `ToleranceError` where the tolerance can't be reached, and no seconds were given of which this is the best.
    """
    effort, solved = effort or Effort(), dict[R, Solve]()
    best: Refinement | None = None
    resolution, rounds = first, list[Floats]()
    share = MARGIN * tolerance / len(resolution.directions)
    while True:
        before, wanted = effort.spent, [resolution.scaled(direction, COARSER) for direction in resolution.directions]
        solved = {known: flow for known, flow in solved.items() if known in {resolution, *wanted}}
        missing = [each for each in dict.fromkeys([resolution, *wanted]) if each not in solved]
        try:
            solved |= dict(zip(missing, effort.each(solve_at, missing), strict=True))
        except OutOfTimeError:
            if best is None or best.reached > LOOSEST:
                raise
            return best
        finest, coarser = solved[resolution], [solved[each] for each in wanted]
        changes = np.array([max(_largest_change(f, finest, flow) for f in probes) for flow in coarser])
        rounds.append(changes)
        finer = resolution
        for direction in np.flatnonzero(changes > share):
            finer = finer.scaled(int(direction), GROWTH)
        reached = SAFETY * float(changes.sum())
        following = (effort.spent - before) * finer.cost(problem) / resolution.cost(problem)
        if reached > tolerance:
            effort.tell(reached, str(resolution), following)
        spent = not effort.allows(following) and reached <= LOOSEST
        best = Refinement(resolution, finest, tuple(coarser), reached)
        if finer == resolution or spent or _foreseen_cost(finer.cost(problem), rounds, share) > LARGEST_COST:
            enough = effort.seconds is not None and reached <= LOOSEST
            if not (reached <= tolerance or enough):  # nan where a functional overflows
                raise ToleranceError(
                    f"tolerance {tolerance:.1e} is out of reach for {problem.name}: reached {reached:.1e} with {resolution}"
                )
            return best
        resolution = finer


def _foreseen_cost(cost: float, rounds: Sequence[Floats], share: float) -> float:
    """The cost of the resolution at which every direction's change falls to its share, as far as can be seen.

    The changes are extrapolated at the rate at which they fell over the last rounds; one that no longer falls never
    gets there.
    """
    nodes = rounds[-1][:-1]
    wanting = nodes > share
    if len(rounds) <= TREND or not wanting.any():
        return cost
    fall = np.log(rounds[-1 - TREND][:-1][wanting] / nodes[wanting]) / TREND
    if (fall <= 0).any():
        return np.inf
    rounds_left = (np.log(nodes[wanting] / share) / fall - 1).sum()
    return cost * GROWTH ** min(rounds_left, 1000.0)


def unit(values: Floats) -> float:
    """The power of ten of the largest size among values, or 1 below it: tolerances count in this unit.

    A tolerance is absolute for functionals of a size below ten, and beyond says how many digits after the first are right.
    """
    size = float(np.abs(values).max())
    return 10.0 ** floor(log10(size)) if 1 < size < inf else 1.0


def _largest_change(functional: Functional, finest: Solve, coarse: Solve) -> float:
    """The largest change of a functional over the times, in its unit."""
    values = finest.evaluate(functional)
    return float(np.abs(values - coarse.evaluate(functional)).max()) / unit(values)


def first_resolution(problem: Problem, tolerance: float) -> Resolution:
    """Where refinement starts: nodes in proportion to the decimals asked for, fewer for c, in which φ is linear."""
    few = len(problem.coordinate_laws) <= 2 and problem.data.directions <= 2
    decimals = -np.log10(tolerance)
    count = 12 + 5.4 * decimals if few else 5 + decimals
    return Resolution(
        parameters=(round(6 + decimals / 2),) * problem.outputs + (round(count),) * problem.dim,
        data=(round((0.7 if few else 1.0) * count),) * problem.data.directions,
        rtol=float(np.clip(tolerance * 1e-3, SMALLEST_RTOL, LARGEST_RTOL)),
    )
