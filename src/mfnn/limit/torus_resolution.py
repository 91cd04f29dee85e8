"""How finely a Fokker–Planck equation is resolved, and where its refinement starts.

The reach of p is found by a rough solve: it is looked at where it falls to 10⁻² of its peak, and taken to fall on like a
normal density. The certificate compares with a narrower reach, as it compares with coarser grids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, log10, pi, sqrt

import numpy as np

from mfnn.errors import ToleranceError
from mfnn.learning.laws import Law
from mfnn.learning.problem import Problem
from mfnn.limit.fokker_planck import Interval, Torus, evolved
from mfnn.limit.nodes import DataNodes

STABLE = 1.8  # wave number times velocity times step at first; RK4 is stable up to 2.8, where the drift is not damped
REACH_POWER = 0.25  # of the factor by which a reach is scaled: densities fall like normal ones,
COUNT_POWER = 0.5  # and of that by which the points and steps of a coarser solve are fewer: spectra fall so, too
TAIL = 1e-9  # of an initial law beyond the first reach, on either side
ROUGH_POINTS, ROUGH_DATA, ROUGH_COURANT, ROUGH_TIMES = 56, 24, 2.0, 12
SEEN = 1e-2  # of its peak: a marginal density is followed down to there
WIDER, WIDENINGS = 1.4, 6  # where it is larger at the end of its reach


@dataclass(frozen=True)
class TorusResolution:
    """How finely one solve resolves each direction.

    `reach` are the intervals of c and of w that p lives on, `counts` the points over them, `data` the Gauss nodes of
    the inputs, `courant` the time step times the fastest mode's rate.
    """

    reach: tuple[Interval, Interval]
    counts: tuple[int, int]
    data: tuple[int, ...]
    courant: float

    @property
    def directions(self) -> range:
        """Points of c and of w, reach of c and of w, the data's coordinates, the time step."""
        return range(4 + len(self.data) + 1)

    def cost(self, problem: Problem) -> float:
        """Points times steps; these are as many as the points of a coordinate, over a number that is alike everywhere."""
        return self.counts[0] * self.counts[1] * sum(self.counts) / self.courant

    def scaled(self, direction: int, factor: float) -> TorusResolution:
        """This resolution with one direction made finer (factor > 1) or coarser (factor < 1).

        A wider reach has as many points more, so that their distance stays what it was.
        """
        if direction == self.directions[-1]:
            return replace(self, courant=self.courant / factor ** (COUNT_POWER if factor < 1 else 1.0))
        if direction >= 4:
            (count,) = self.data
            return replace(self, data=(max(2, round(count * factor) + (1 if factor > 1 else -1)),))
        reach, counts = self.reach, self.counts
        factor **= REACH_POWER if direction >= 2 else COUNT_POWER if factor < 1 else 1.0
        by = (factor, 1.0) if direction % 2 == 0 else (1.0, factor)
        if direction >= 2:
            reach = _scaled(reach[0], by[0]), _scaled(reach[1], by[1])
        return replace(self, counts=(round(counts[0] * by[0]), round(counts[1] * by[1])), reach=reach)

    def __str__(self) -> str:
        (c_low, c_high), (w_low, w_high) = self.reach
        shown = (
            f"{self.counts[0]} x {self.counts[1]} points of [{c_low:.3g}, {c_high:.3g}] x [{w_low:.3g}, {w_high:.3g}]"
        )
        if self.data:
            shown += f", {self.data[0]} data nodes"
        return f"{shown}, Courant number {self.courant:.2g}"


def first_resolution(problem: Problem, tolerance: float, horizon: float) -> TorusResolution:
    """Where refinement starts, for a reach down to the tolerance of the peak."""
    decimals = -log10(tolerance)
    reach = _reach(problem, horizon, 1e-3 * tolerance)
    counts = [
        round(max(44 + 5 * decimals, sqrt(2 * log(1 / tolerance)) * (high - low) / (pi * _spread(law))))
        for law, (low, high) in zip(problem.coordinate_laws, reach, strict=True)
    ]
    data = (round(16 + 6 * decimals),) * problem.data.directions
    return TorusResolution(reach, (counts[0], counts[1]), data, STABLE)


def _reach(problem: Problem, horizon: float, level: float) -> tuple[Interval, Interval]:
    """Intervals of c and w outside of which the marginal densities stay below a level of their peaks."""
    ends = np.array([TAIL, 1 - TAIL])
    first = [(float(low), float(high)) for low, high in (law.quantile(ends) for law in problem.coordinate_laws)]
    beyond = sqrt(log(1 / level) / log(1 / SEEN))
    tried, points = list(first), ROUGH_POINTS
    for _ in range(WIDENINGS):
        seen = _seen(problem, horizon, (tried[0], tried[1]), points)
        if None not in seen:
            break
        tried = [_scaled(each, WIDER) if found is None else each for each, found in zip(tried, seen, strict=True)]
        points = round(WIDER * points)
    else:
        raise ToleranceError(
            f"the law of {problem.name} is not resolved up to time {horizon:g}: with so little noise it is too fine, or it "
            "spreads too far"
        )
    wide = [_scaled(found, beyond) for found in seen if found is not None]
    c, w = ((min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(first, wide, strict=True))
    return c, w


def _seen(problem: Problem, horizon: float, reach: tuple[Interval, Interval], count: int) -> list[Interval | None]:
    """Where the marginals of c and of w are above SEEN of their peaks at some time; None where that is at an end."""
    data = DataNodes(*problem.data.quadrature((ROUGH_DATA,) * problem.data.directions))
    torus = Torus.over(problem, data, reach, (count, count))
    times = horizon * np.arange(1, ROUGH_TIMES + 1) / ROUGH_TIMES
    densities = [torus.density(modes) for modes in evolved(torus, times, ROUGH_COURANT / torus.courant())]
    found: list[Interval | None] = []
    for axis, (points, (low, high)) in enumerate(zip((torus.c.points, torus.w.points), reach, strict=True)):
        marginals = np.array([density.sum(axis=1 - axis) for density in densities])
        large = points[(marginals > SEEN * marginals.max(axis=1, keepdims=True)).any(axis=0)]
        inside = np.isfinite(marginals).all() and low < large.min() and large.max() < high
        found.append((float(large.min()), float(large.max())) if inside else None)
    return found


def _scaled(interval: Interval, factor: float) -> Interval:
    centre, half = (interval[0] + interval[1]) / 2, (interval[1] - interval[0]) / 2 * factor
    return centre - half, centre + half


def _spread(law: Law) -> float:
    """Half of what lies between the quantiles at one standard deviation of a normal law."""
    low, high = law.quantile(np.array([0.159, 0.841]))
    return float(high - low) / 2
