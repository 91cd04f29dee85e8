"""The limit equation by characteristics: μ̄_t = Φ_t # μ̄_0 with Φ the flow of θ̇ = V(θ; μ̄_t).

The nodes of μ̄_0 are carried along the field they generate themselves; once that field is known as a function of time,
so is the characteristic of any other point.

Shapes: θ (m + d, J), node weights p (J,), data x (Q, d), y (Q, m), outputs G (Q, m).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from scipy.integrate import DOP853

from mfnn.errors import ToleranceError
from mfnn.learning.problem import Problem
from mfnn.limit.field import VelocityField
from mfnn.limit.nodes import DataNodes, Nodes
from mfnn.limit.series import Series
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared

MOST_STEPS = 2000  # of the integrator; smooth fields need tens
PATH_POINTS, ROUGH_PATH_POINTS = (
    48,
    16,
)  # times at which the residual is sampled at first; the outputs there cost as steps do
ROUGH = 1e-6  # relative tolerance
STIFF = 1000  # velocity evaluations from which on the residual starts with a layer that hundreds of points resolve

Derivative = Callable[[float, Floats], Floats]  # of a flat state
Watch = Callable[[float, float], None]  # told the seconds of a solve so far, and which part of it is done
Carried = Callable[
    [Problem, Nodes, DataNodes, Floats, float], "Trajectory"
]  # a solve on nodes at times, to a tolerance
Functional = Callable[[Floats, Floats], Floats]  # F(μ) of μ = Σ_j p_j δ_{θ_j}, called with θ (m + d, J) and p (J,)


@dataclass(frozen=True, eq=False)
class Trajectory(Compared):
    """A weighted cloud at each of several times: theta (times, m + d, J), weights (J,)."""

    theta: Floats
    weights: Floats

    def evaluate(self, functional: Functional) -> Floats:
        """F(μ̄_t) at each time, shape (times, …)."""
        return np.array([functional(theta, self.weights) for theta in self.theta])


@dataclass(frozen=True, eq=False)
class Flow(Trajectory):
    """One solve: the nodes carried to each time, where they started, and the residual y − G_t that carried them."""

    field: VelocityField
    origin: Floats  # (m + d, J)
    path: Series  # (Q, m) at a time
    rtol: float


def characteristics(
    problem: Problem,
    nodes: Nodes,
    data: DataNodes,
    times: Floats,
    rtol: float,
    path_points: int = 0,
    watch: Watch | None = None,
) -> Flow:
    """Carry the nodes of μ̄_0 along their own flow to each of the times by DOP853 with relative tolerance `rtol`.

    The residual path is sampled at Chebyshev points, more of them until the series resolves it to `rtol`.
    """
    field = VelocityField(problem, data, nodes.mask)
    horizon = float(times[-1]) or problem.horizon
    path_points = path_points or (PATH_POINTS if rtol < ROUGH else ROUGH_PATH_POINTS)
    abscissae = Series.abscissae(horizon, path_points)
    theta = np.empty((len(times), *nodes.theta.shape))
    values = np.empty((path_points, *data.y.shape))

    evaluations = 0

    def derivative(_: float, flat: Floats) -> Floats:
        nonlocal evaluations
        evaluations += 1
        return field.self_consistent(Nodes(flat.reshape(nodes.theta.shape), nodes.weights)).ravel()

    for time, state in sampled(derivative, nodes.theta, np.union1d(times, abscissae), rtol, watch):
        if time in times:
            theta[np.searchsorted(times, time)] = state
        if time in abscissae:
            values[np.searchsorted(abscissae, time)] = data.y - field.output(Nodes(state, nodes.weights))
    path = Series.through(horizon, values)
    if path.tail > max(rtol, 1e-12) * max(1.0, float(np.abs(values).max())) and path_points < 1000:
        more = 2 if evaluations < STIFF else 8
        return characteristics(problem, nodes, data, times, rtol, more * path_points, watch)
    return Flow(theta, nodes.weights, field, nodes.theta, path, rtol)


def carry(flow: Flow, theta0: Floats, times: Floats, rtol: float, mask: Floats | None = None) -> Floats:
    """Φ_t(θ_0) for any θ_0 (m + d, n) under the known field, shape (number of times, m + d, n).

    The nodes of a sparse network have their own mask; other points need one of the shape of θ_0.
    """
    field = flow.field if mask is None else replace(flow.field, mask=mask)

    def derivative(time: float, flat: Floats) -> Floats:
        return field.velocity(flat.reshape(theta0.shape), flow.path(time)).ravel()

    return np.stack([state for _, state in sampled(derivative, theta0, times, rtol)])


def sampled(
    derivative: Derivative, start: Floats, times: Floats, rtol: float, watch: Watch | None = None
) -> Iterator[tuple[float, Floats]]:
    """The solution of an ODE from time 0 at increasing times, one after another, nothing else stored.

    `watch` is told after every step how many seconds it took so far, and which part of the time that was.
    """
    pending, began = list(times), monotonic()
    while pending and pending[0] == 0.0:
        yield pending.pop(0), start
    if not pending:
        return
    solver = DOP853(derivative, 0.0, start.ravel(), pending[-1], rtol=rtol, atol=rtol)
    steps = 0
    while pending:
        message, steps = solver.step(), steps + 1
        if watch:
            watch(monotonic() - began, solver.t / solver.t_bound)
        if solver.status == "failed" or steps > MOST_STEPS:
            raise ToleranceError(
                f"a relative tolerance of {rtol:.1e} is out of reach for the integrator, which stopped at "
                f"t = {solver.t:g}: {message or f'{MOST_STEPS} steps, so the velocity field is not smooth enough'}"
            )
        dense = None
        while pending and pending[0] <= solver.t:
            time = pending.pop(0)
            dense = dense or solver.dense_output()
            state = solver.y if time == solver.t else dense(time)
            yield time, state.reshape(start.shape)
