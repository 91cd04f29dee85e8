"""The limit equation by conservative finite volumes on a (c, w) grid, for one input and one output (m = d = 1).

    ∂_t p + ∂_c(p H(w)) + ∂_w(p c H'(w)) = 0,   H(w) = α E_π[(y − G(x)) σ(w x)],   G(x) = ∬ c σ(w x) p dc dw

the continuity equation of Sirignano & Spiliopoulos (arXiv:1805.01053, eq. 1.5), here without the decay −α λ θ of either
velocity: V is the gradient of c H(w), so it is known from H at the cells' centres and H' at their w-faces. Fluxes are
upwind with slopes that leave no negative value in a cell (MUSCL), time steps are Heun's, a convex combination of Euler
steps (SSP-RK2). Nothing crosses the
edge of the box, so mass is conserved; where the slopes are not cut the method is of second order.

Shapes: densities p (n, n) with c along the first axis, data x (Q, 1), y (Q, 1), π (Q,).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mfnn.learning.assumptions import require
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Functional, carry
from mfnn.limit.limit import Limit
from mfnn.limit.nodes import DataNodes
from mfnn.limit.transport import transported
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared

DATA_NODES = 32  # Gauss nodes of continuous inputs; their error is far below a grid's
# An Euler step keeps p ≥ 0 while Δt (|V_c|/Δc + |V_w|/Δw) ≤ 1/2: a face value is at most twice the cell's average.
# The second stage of a step sees a field that differs by O(Δt).
COURANT = 0.4
OUTSIDE = 1e-7  # the mass of a marginal of μ̄_0 beyond either end of what the box follows
EDGE_POINTS, FLOW_TIMES = 64, 33  # where and when the flow of that rectangle's edge is looked at
MARGIN = 0.02  # of the box's width, left free on either side

Box = tuple[tuple[float, float], tuple[float, float]]  # (low, high) of c and of w


@dataclass(frozen=True, eq=False)
class Grid(Compared):
    """n × n equal cells of a box, by their faces c and w, each (n + 1,)."""

    c: Floats
    w: Floats

    @classmethod
    def uniform(cls, box: Box, cells: int) -> Grid:
        """cells × cells cells of a box."""
        return cls(*(np.linspace(low, high, cells + 1) for low, high in box))

    @property
    def steps(self) -> tuple[float, float]:
        """Δc and Δw."""
        return float(self.c[1] - self.c[0]), float(self.w[1] - self.w[0])

    @property
    def centres(self) -> tuple[Floats, Floats]:
        """The middles of the cells along c and along w, each (n,)."""
        return (self.c[1:] + self.c[:-1]) / 2, (self.w[1:] + self.w[:-1]) / 2


@dataclass(frozen=True, eq=False)
class GridSolution(Compared):
    """Cell averages of p at each of several times: density (times, n, n)."""

    grid: Grid
    density: Floats
    least: float  # the least cell average after any time step
    defect: float  # the largest change of the total mass after any time step

    @property
    def masses(self) -> Floats:
        """The mass in each cell, shape (times, n, n)."""
        return self.density * np.prod(self.grid.steps)

    def evaluate(self, functional: Functional) -> Floats:
        """F(μ̄_t) at each time with the mass of every cell at its centre, which is of second order."""
        theta = np.stack([axis.ravel() for axis in np.meshgrid(*self.grid.centres, indexing="ij")])
        return np.array([functional(theta, mass.ravel()) for mass in self.masses])


def finite_volumes(problem: Problem, grid: Grid, times: Floats) -> GridSolution:
    """Solve the limit equation on a grid from μ̄_0's exact cell averages, normalised, at increasing times.

    Raises `SpecError` unless m = d = 1 and σ has two continuous derivatives, which the order of the method rests on.
    """
    require(problem, "finite_volumes")
    data = DataNodes(*problem.data.quadrature((DATA_NODES,) * problem.data.directions))
    field = GridField.of(problem, grid, data)
    p = initial_density(problem, grid)
    solved, seen, now = [], [(p.min(), p.sum())], 0.0
    for time in times:
        for step in _steps(field, p, now, float(time)):
            p = step
            seen.append((p.min(), p.sum()))
        solved.append(p)
        now = float(time)
    least, total = np.array(seen).T
    defect = np.abs(total - total[0]).max() * np.prod(grid.steps)
    return GridSolution(grid, np.array(solved), float(least.min()), float(defect))


def enclosing_box(limit: Limit) -> Box:
    """A box (low, high) of c and of w that the limit's flow does not leave from all but 4e-7 of μ̄_0.

    Φ_t maps the edge of a rectangle to the edge of its image, so only the edge is followed.
    """
    (c_low, c_high), (w_low, w_high) = [
        law.quantile(np.array([OUTSIDE, 1 - OUTSIDE])) for law in limit.problem.coordinate_laws
    ]
    c, w = np.linspace(c_low, c_high, EDGE_POINTS), np.linspace(w_low, w_high, EDGE_POINTS)
    sides = [(c, np.full_like(c, end)) for end in (w_low, w_high)]
    sides += [(np.full_like(w, end), w) for end in (c_low, c_high)]
    edge = np.concatenate([np.stack(side) for side in sides], axis=1)
    solved = transported(limit, "a box that the flow does not leave")
    paths = carry(solved.representative, edge, np.linspace(0, limit.times[-1], FLOW_TIMES), solved.rtol)
    low, high = paths.min(axis=(0, 2)), paths.max(axis=(0, 2))
    margin = MARGIN * (high - low)
    (c_low, w_low), (c_high, w_high) = low - margin, high + margin
    return (float(c_low), float(c_high)), (float(w_low), float(w_high))


def initial_mass(problem: Problem, grid: Grid) -> Floats:
    """The mass of μ̄_0 in every cell, by differences of its distribution functions, shape (n, n)."""
    along = [np.diff(law.cdf(faces)) for law, faces in zip(problem.coordinate_laws, (grid.c, grid.w), strict=True)]
    return np.outer(*along)


def initial_density(problem: Problem, grid: Grid) -> Floats:
    """The cell averages of p_0 conditioned on the box, shape (n, n)."""
    mass = initial_mass(problem, grid)
    return mass / (mass.sum() * np.prod(grid.steps))


@dataclass(frozen=True)
class GridField:
    """The self-consistent field of a density on a grid, through what φ is at the data nodes."""

    grid: Grid
    y: Floats  # (Q,)
    push: Floats  # α π_q, (Q,)
    damping: Floats  # α λ of c and of w, (2,)
    units: Floats  # σ(w x_q) at the cells' centres, (Q, n)
    bends: Floats  # x_q σ'(w x_q) at the inner w-faces, (Q, n − 1)

    @classmethod
    def of(cls, problem: Problem, grid: Grid, data: DataNodes) -> GridField:
        """The field of one problem on a grid."""
        sigma, z = problem.sigma, data.x * grid.w[1:-1]
        units, bends = sigma.value(data.x * grid.centres[1]), data.x * sigma.slope(z, sigma.value(z))
        return cls(grid, data.y[:, 0], problem.learning_rate * data.weights, problem.damping, units, bends)

    def __call__(self, p: Floats) -> tuple[Floats, Floats]:
        """H at the cells' centres, (n,), and H' at the inner w-faces, (n − 1,), given p (n, n)."""
        output = self.units @ (self.grid.centres[0] @ p) * np.prod(self.grid.steps)
        force = self.push * (self.y - output)
        return force @ self.units, force @ self.bends

    def longest_step(self, p: Floats) -> float:
        """The longest time step that COURANT allows."""
        along_c, along_w = self(p)
        dc, dw = self.grid.steps
        c, w = np.abs(self.grid.c).max(), np.abs(self.grid.w).max()
        speed = (np.abs(along_c).max() + self.damping[0] * c) / dc
        speed += (c * np.abs(along_w).max() + self.damping[1] * w) / dw
        return COURANT / float(speed)

    def rate(self, p: Floats) -> Floats:
        """dp/dt of the cell averages, shape (n, n)."""
        along_c, along_w = self(p)
        dc, dw = self.grid.steps
        (c, w), (decay_c, decay_w) = (self.grid.c[1:-1, None], self.grid.w[1:-1, None]), self.damping
        through_c = _flux(p, along_c[None, :] - decay_c * c) / dc
        through_w = _flux(p.T, along_w[:, None] * self.grid.centres[0] - decay_w * w).T / dw
        rate = np.zeros_like(p)
        rate[:-1] -= through_c
        rate[1:] += through_c
        rate[:, :-1] -= through_w
        rate[:, 1:] += through_w
        return rate


def _flux(p: Floats, velocity: Floats) -> Floats:
    """The upwind flux through the inner faces across the first axis, shape (n − 1, n), from linear pieces.

    A piece has the centred slope, cut where one of its ends would be negative.
    """
    rise = np.zeros_like(p)
    rise[1:-1] = np.clip((p[2:] - p[:-2]) / 4, -p[1:-1], p[1:-1])  # half the slope times the cell's length
    return velocity * np.where(velocity > 0, (p + rise)[:-1], (p - rise)[1:])


def _steps(field: GridField, p: Floats, start: float, end: float) -> Iterator[Floats]:
    """The density after each of Heun's steps from `start` to `end`."""
    while end > start:
        remaining = int(np.ceil((end - start) / field.longest_step(p)))
        dt = (end - start) / remaining
        euler = p + dt * field.rate(p)
        p = (p + euler + dt * field.rate(euler)) / 2
        start = start + dt if remaining > 1 else end
        yield p
