"""The limit equation by characteristics: μ̄_t = Φ_t # μ̄_0 with Φ the flow of θ̇ = V(θ; μ̄_t).

On Gauss nodes matched to μ̄_0 the error falls spectrally in the number of nodes. Every solve is certified: each
functional comes with three times the sum of its changes when one resolution at a time is made coarser: the nodes of
each parameter coordinate, the nodes of each input coordinate, the tolerance of the integrator. That is the error of
the coarse solutions, so it bounds the error of the reported one with the margin that convergence gives.

Shapes: θ (m + d, J), node weights p (J,), data x (Q, d), y (Q, m), outputs G (Q, m).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.integrate import DOP853

from mfnn.errors import ToleranceError
from mfnn.limit.field import ResidualPath, VelocityField
from mfnn.limit.nodes import DataNodes, Nodes, product_nodes
from mfnn.problem import Problem
from mfnn.spec import Floats

GROWTH = 1.5  # a refined direction gets this many times its nodes
MARGIN = 0.25  # the part of the tolerance that the probed functionals may use, so that others come out within it
LARGEST_COST = 200_000_000  # pre-activations a velocity evaluation beyond which a solve is refused
RTOL_STEP, SMALLEST_RTOL = 1000.0, 2.3e-14
SAFETY = 3.0  # certified error over the change seen: two solves can agree by chance


Functional = Callable[[Floats, Floats], Floats]  # F(μ) of μ = Σ_j p_j δ_{θ_j}, called with θ (m + d, J) and p (J,)


@dataclass(frozen=True)
class Trajectory:
    """A weighted cloud at each of several times: theta (times, m + d, J), weights (J,)."""

    theta: Floats
    weights: Floats

    def evaluate(self, functional: Functional) -> Floats:
        """F(μ̄_t) at each time, shape (times, …)."""
        return np.array([functional(theta, self.weights) for theta in self.theta])


@dataclass(frozen=True)
class Flow(Trajectory):
    """One solve: the nodes carried to each time, where they started, and the residual path that carried them."""

    field: VelocityField
    origin: Floats  # (m + d, J)
    path: ResidualPath


def characteristics(
    problem: Problem, nodes: Nodes, data: DataNodes, times: Floats, rtol: float, path_points: int = 48
) -> Flow:
    """Carry the nodes of μ̄_0 along their own flow to each of the times by DOP853 with relative tolerance `rtol`.

    The residual path is sampled at Chebyshev points, doubled in number until the series resolves it to `rtol`.
    """
    field = VelocityField(problem, data)
    horizon = float(times[-1]) or problem.horizon
    abscissae = ResidualPath.abscissae(horizon, path_points)
    theta = np.empty((len(times), *nodes.theta.shape))
    values = np.empty((path_points, *data.y.shape))

    def derivative(_: float, flat: Floats) -> Floats:
        return field.self_consistent(Nodes(flat.reshape(nodes.theta.shape), nodes.weights)).ravel()

    for time, state in _sampled(derivative, nodes.theta, np.union1d(times, abscissae), rtol):
        if time in times:
            theta[np.searchsorted(times, time)] = state
        if time in abscissae:
            values[np.searchsorted(abscissae, time)] = data.y - field.output(Nodes(state, nodes.weights))
    path = ResidualPath.through(horizon, values)
    if path.tail > max(rtol, 1e-12) * max(1.0, float(np.abs(values).max())) and path_points < 1000:
        return characteristics(problem, nodes, data, times, rtol, 2 * path_points)
    return Flow(theta, nodes.weights, field, nodes.theta, path)


def carry(flow: Flow, theta0: Floats, times: Floats, rtol: float) -> Floats:
    """Φ_t(θ_0) for any θ_0 (m + d, n) under the known field, shape (number of times, m + d, n)."""

    def derivative(time: float, flat: Floats) -> Floats:
        return flow.field.velocity(flat.reshape(theta0.shape), flow.path(time)).ravel()

    return np.stack([state for _, state in _sampled(derivative, theta0, times, rtol)])


def _sampled(derivative, start: Floats, times: Floats, rtol: float) -> Iterator[tuple[float, Floats]]:  # type: ignore[no-untyped-def]
    """The solution of an ODE from time 0 at increasing times, one after another, nothing else stored."""
    pending = list(times)
    while pending and pending[0] == 0.0:
        yield pending.pop(0), start
    if not pending:
        return
    solver = DOP853(derivative, 0.0, start.ravel(), pending[-1], rtol=rtol, atol=rtol)
    while pending:
        message = solver.step()
        if solver.status == "failed":
            raise FloatingPointError(f"the integration stopped at t = {solver.t:g}: {message}")
        dense = None
        while pending and pending[0] <= solver.t:
            time = pending.pop(0)
            dense = dense or solver.dense_output()
            state = solver.y if time == solver.t else dense(time)
            yield time, state.reshape(start.shape)


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

    @property
    def cost(self) -> int:
        """Pre-activations a velocity evaluation: parameter nodes times data nodes."""
        return int(np.prod(self.parameters)) * int(np.prod(self.data, initial=1))

    def scaled(self, direction: int, factor: float) -> Resolution:
        """This resolution with one direction made finer (factor > 1) or coarser (factor < 1)."""
        counts = [*self.parameters, *self.data]
        if direction == len(counts):
            return replace(self, rtol=max(self.rtol * (RTOL_STEP if factor < 1 else 1 / RTOL_STEP), SMALLEST_RTOL))
        counts[direction] = max(2, round(counts[direction] * factor))
        split = len(self.parameters)
        return replace(self, parameters=tuple(counts[:split]), data=tuple(counts[split:]))

    def __str__(self) -> str:
        shown = " x ".join(map(str, self.parameters)) + " parameter nodes"
        if self.data:
            shown += ", " + " x ".join(map(str, self.data)) + " data nodes"
        return f"{shown}, rtol {self.rtol:.0e}"


@dataclass(frozen=True)
class Refinement:
    """A certified solve: the finest flow, and for each direction the flow with that direction coarser."""

    resolution: Resolution
    finest: Flow
    coarser: tuple[Flow, ...]

    def estimate(self, functional: Functional) -> tuple[Floats, Floats]:
        """F(μ̄_t) and its certified error at each time, the largest `combine` gives up to then: signs can cross."""
        value, error = self.combine(np.array([flow.evaluate(functional) for flow in self.solves]))
        return value, np.maximum.accumulate(error, axis=0)

    @property
    def solves(self) -> tuple[Flow, ...]:
        """The finest flow, then the coarser ones."""
        return (self.finest, *self.coarser)

    def combine(self, values: Floats) -> tuple[Floats, Floats]:
        """The value and certified error of a quantity computed on each of the `solves`, values (solves, …).

        The error is three times the sum over directions of the change when made coarser.
        """
        return values[0], SAFETY * np.abs(values[1:] - values[0]).sum(axis=0)


def refine(problem: Problem, times: Floats, tolerance: float, probes: Sequence[Functional]) -> Refinement:
    """Refine each direction by itself until the probes are certified; raises `ToleranceError` when that can't be."""
    solved: dict[Resolution, Flow] = {}

    def solve(resolution: Resolution) -> Flow:
        if resolution not in solved:
            nodes = product_nodes(problem, resolution.parameters)
            data = DataNodes(*problem.data.quadrature(resolution.data))
            solved[resolution] = characteristics(problem, nodes, data, times, resolution.rtol)
        return solved[resolution]

    resolution = _first_resolution(problem, tolerance)
    while True:
        finest = solve(resolution)
        coarser = [solve(resolution.scaled(direction, 1 / GROWTH)) for direction in resolution.directions]
        changes = np.array([max(_largest_change(f, finest, flow) for f in probes) for flow in coarser])
        share = MARGIN * tolerance / len(changes)
        finer = resolution
        for direction in np.flatnonzero(changes > share):
            finer = finer.scaled(int(direction), GROWTH)
        if finer == resolution or finer.cost > LARGEST_COST:
            if SAFETY * changes.sum() > tolerance:
                raise ToleranceError(
                    f"tolerance {tolerance:.1e} is out of reach for {problem.name}: "
                    f"reached {SAFETY * changes.sum():.1e} with {resolution}"
                )
            return Refinement(resolution, finest, tuple(coarser))
        kept = {finer, *(finer.scaled(direction, 1 / GROWTH) for direction in finer.directions)}
        solved = {known: flow for known, flow in solved.items() if known in kept}
        resolution = finer


def _largest_change(functional: Functional, finest: Flow, coarse: Flow) -> float:
    return float(np.abs(finest.evaluate(functional) - coarse.evaluate(functional)).max())


def _first_resolution(problem: Problem, tolerance: float) -> Resolution:
    """Where refinement starts: nodes in proportion to the digits asked for, fewer for c, in which φ is linear."""
    few = len(problem.coordinate_laws) <= 2 and problem.data.directions <= 2
    count = round((8 if few else 5) + (4 if few else 1) * -np.log10(tolerance))
    return Resolution(
        parameters=(max(count // 2, 10),) * problem.outputs + (count,) * problem.dim,
        data=(count,) * problem.data.directions,
        rtol=max(tolerance * 1e-4, SMALLEST_RTOL),
    )
