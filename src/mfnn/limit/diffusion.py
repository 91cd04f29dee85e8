"""The limit of noisy SGD, τ > 0: the Fokker–Planck equation solved on tori that are refined until it is certified.

Directions of refinement are the points of either coordinate, its reach, the nodes of the data and the time step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, cast

import numpy as np
import numpy.typing as npt
from scipy.signal import resample

from mfnn.errors import SpecError, ToleranceError
from mfnn.learning.assumptions import require
from mfnn.learning.observables import Observable, network_output
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Functional
from mfnn.limit.fokker_planck import Torus, evolved
from mfnn.limit.limit import Limit, mean_of
from mfnn.limit.nodes import DataNodes, Nodes, product_nodes
from mfnn.limit.refinement import Refinement, refined, unit
from mfnn.limit.series import Series
from mfnn.limit.torus_resolution import STABLE, TorusResolution, first_resolution
from mfnn.limit.transport import probed
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared, table

FINER = 4  # times as many points a coordinate as the solve's, where neurons are drawn from p
SMALLEST_COURANT = 0.1  # below it an instability is not that of the steps
START_NODES = 96  # Gauss nodes a coordinate of μ̄_0 itself, where nothing has been solved yet
PATH_POINTS, PATH_TAIL, MOST_PATH_POINTS = (
    40,
    1e-6,
    160,
)  # Chebyshev times at which p is kept, residuals resolved so far


@dataclass(frozen=True, eq=False)
class Diffusion(Compared):
    """One solve: p at the times and, as a series in time, at all others."""

    torus: Torus
    times: Floats
    densities: Floats  # (times, n_c, n_w)
    path: Series  # (n_c, n_w) at a time
    longest_step: float
    start: Nodes  # of μ̄_0

    def evaluate(self, functional: Functional) -> Floats:
        """F(μ̄_t) at each of `times`, shape (times, …)."""
        return np.array([self.at(time, p, functional) for time, p in zip(self.times, self.densities, strict=True)])

    def at(self, time: float, density: Floats, functional: Functional) -> Floats:
        """F of the law that has the density p at a time; at time 0 of μ̄_0."""
        if time == 0:
            return functional(self.start.theta, self.start.weights)
        return functional(self.torus.theta, self.torus.weights(density))

    def density(self, time: float, points: Floats) -> Floats:
        """p_t at points (n, 2): shape (n,)."""
        if time == 0:
            return self.torus.field.problem.initial.density(points, 1, 1)
        return self.torus.at_points(self.on_grid(time), points)

    def on_grid(self, time: float) -> Floats:
        """p_t on the grid, (n_c, n_w): as solved at `times`, between them by the series, which a jump in p_0 disturbs."""
        (solved,) = np.nonzero(self.times == time)
        return self.densities[solved[0]] if solved.size else self.path(time)

    def transport(self, time: float, levels: Floats) -> Floats:
        """Levels (n, 2) of the unit square carried to p_t: c by its marginal law, w by its law given c; shape (n, 2).

        p_t, a Fourier series, is taken as constant on the cells of a grid FINER times as fine (Rosenblatt, 1952), and as 0
        where it is no larger than its ripples, whose size its negative values tell.
        """
        if time == 0:
            return self.torus.field.problem.initial.transport(levels, 1, 1)
        torus = self.torus
        shape = FINER * np.array(torus.shape)
        fine = resample(resample(self.on_grid(time), shape[0], axis=0), shape[1], axis=1)
        masses = np.where(fine > max(-fine.min(), 0.0), fine, 0.0)
        rows = masses.sum(axis=1)
        row, along_c = _within(rows, levels[:, 0])
        before = np.concatenate([[0.0], rows.cumsum()])
        cell, along_w = _within(masses.ravel(), (before[row] + levels[:, 1] * np.diff(before)[row]) / before[-1])
        places = np.stack([row + along_c, cell - row * shape[1] + along_w], axis=1)
        steps = np.array([axis.length for axis in torus.axes]) / shape
        return np.array([axis.points[0] for axis in torus.axes]) + (places - 0.5) * steps


def _within(masses: Floats, levels: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """The cell at which masses (n,), laid end to end, reach each level in (0, 1), and the part of it below the level."""
    ends = np.concatenate([[0.0], masses.cumsum()])
    sought = levels * ends[-1]
    cell = np.clip(np.searchsorted(ends, sought, side="right") - 1, 0, len(masses) - 1)
    part = np.divide(sought - ends[cell], masses[cell], out=np.zeros(len(cell)), where=masses[cell] > 0)
    return cell, np.clip(part, 0.0, 1.0)


def diffuse(
    problem: Problem, resolution: TorusResolution, times: Floats, path_points: int | None = None
) -> Diffusion:
    """Solve to the last of the times; p is kept at Chebyshev times that are doubled until they resolve the residual."""
    data = DataNodes(*problem.data.quadrature(resolution.data))
    torus = Torus.over(problem, data, resolution.reach, resolution.counts)
    horizon = float(times[-1]) or problem.horizon
    count = path_points or round(PATH_POINTS * STABLE / resolution.courant)
    abscissae, step = Series.abscissae(horizon, count), resolution.courant / torus.courant()
    densities, kept = np.empty((len(times), *torus.shape)), np.empty((count, *torus.shape))
    grid = np.union1d(times, abscissae)
    for time, modes in zip(grid, evolved(torus, grid, step), strict=True):
        density = torus.density(modes)
        densities[times == time], kept[abscissae == time] = density, density
    if not np.isfinite(densities).all():
        if resolution.courant < SMALLEST_COURANT:
            raise ToleranceError(f"the law of {problem.name} leaves the finite numbers with {resolution}")
        return diffuse(problem, replace(resolution, courant=resolution.courant / 2), times)
    residuals = Series.through(horizon, np.array([torus.output(density) for density in kept]))
    if residuals.tail > PATH_TAIL and 2 * count <= MOST_PATH_POINTS:
        return diffuse(problem, resolution, times, 2 * count)
    start = product_nodes(problem, (START_NODES, START_NODES))
    return Diffusion(torus, times, densities, Series.through(horizon, kept), step, start)


@dataclass(frozen=True, eq=False)
class DiffusedLimit(Limit):
    """A law that diffuses, with a smooth density at all times after the start."""

    KIND: ClassVar[str] = "of noisy steps"

    certificate: Refinement = field(repr=False)

    @property
    def solves(self) -> tuple[Diffusion, ...]:
        """The solves that the certificate compares."""
        return cast("tuple[Diffusion, ...]", self.certificate.solves)

    def _output(self, x: Floats, time: float) -> tuple[Floats, Floats]:
        points = table("x", np.reshape(x, (-1, 1)) if np.ndim(x) == 1 else x, 1)
        (when,) = self.within([time])

        def output(solve: Diffusion) -> Floats:
            return solve.at(when, solve.path(when), lambda theta, p: network_output(self.problem, theta, p, points))

        value, error = self._on_solves(output)
        labels = self.solves[0].torus.field.data.y
        value, error = self._certified("output", value, error, unit(np.append(value, labels)))
        return value[:, 0], error[:, 0]

    def _density(self, theta: Floats, time: float) -> tuple[Floats, Floats]:
        (when,), points = self.within([time]), table("theta", theta, 2)
        if when == 0:
            value = self.solves[0].density(when, points)
            return value, np.zeros_like(value)
        value, error = self._on_solves(lambda solve: solve.density(when, points))
        return self._certified("density", value, error, unit(value))

    def _on_solves(self, quantity: Callable[[Diffusion], Floats]) -> tuple[Floats, Floats]:
        """A quantity and its certified error."""
        value, error = self.certificate.combine(np.array(list(map(quantity, self.solves))))
        return value, np.maximum(error, self.certificate.floor(value))


def solve_diffusion(
    problem: Problem,
    times: Floats,
    tolerance: float,
    functions: Mapping[str, Observable],
    method: str | None,
) -> DiffusedLimit:
    """Solve the Fokker–Planck equation of noisy steps; raises as `solve_limit` does, and where m = d = 1 does not hold."""
    require(problem, "the limit with noise")
    if method is not None:
        raise SpecError("method", method, "None with noise, whose equation is solved by a spectral method alone")
    probes = [mean_of(f) for f in (*functions.values(), *probed(problem))]
    first = first_resolution(problem, tolerance, float(times[-1]) or problem.horizon)
    solved = refined(first, lambda at: diffuse(problem, at, times), problem, tolerance, probes)
    return DiffusedLimit(problem, times, tolerance, solved)
