"""The limit by characteristics, μ̄_t = Φ_t # μ̄_0: of the theorem's own equation, with a certified error for everything.

Refined on product Gauss rules, or estimated from scrambles of Sobol' points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, cast

import numpy as np

from mfnn.learning.observables import NetworkOutput, Observable, network_output, parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Carried, Flow, Functional, carry, characteristics
from mfnn.limit.density import density
from mfnn.limit.effort import Effort
from mfnn.limit.limit import Limit, mean_of
from mfnn.limit.method import chosen
from mfnn.limit.refinement import Refinement, refine, unit
from mfnn.limit.replicated import Replication, replicate
from mfnn.spec import Floats
from mfnn.spec.arrays import table

RTOL_COARSER = 4.0  # times the tolerance of an integration along the known field: its error at least triples
PROBED_POINTS = 8  # data nodes whose network output every solve is refined for


@dataclass(frozen=True, eq=False)
class TransportedLimit(Limit):
    """A law carried by a flow, Φ_t # μ̄_0."""

    KIND: ClassVar[str] = "carried by a flow"

    certificate: Refinement | Replication = field(repr=False)

    @property
    def solves(self) -> tuple[Flow, ...]:
        """The solves that the certificate compares."""
        return cast("tuple[Flow, ...]", self.certificate.solves)

    @property
    def representative(self) -> Flow:
        """The solve whose field stands for V: the finest, or one of the replicates."""
        if isinstance(self.certificate, Refinement):
            return cast(Flow, self.certificate.finest)
        return cast(Flow, self.certificate.flows[0])

    @property
    def rtol(self) -> float:
        """The relative tolerance of integrations along the known field."""
        return max(self.tolerance * 1e-2, 1e-12)

    def _flow(self, theta0: Floats, times: Sequence[float]) -> tuple[Floats, Floats]:
        start, grid, mask = self._points(theta0), self.within(times), None
        if self.problem.connectivity is not None:  # a weight that starts at 0 is one that the neuron does not have
            mask = np.where(np.arange(len(start)) < self.problem.outputs, 1.0, (start != 0).T).T
        value, error = self._on_solves(lambda flow, rtol: carry(flow, start, grid, rtol, mask).transpose(0, 2, 1))
        return self._certified("flow", value, error, unit(value))

    def _output(self, x: Floats, time: float) -> tuple[Floats, Floats]:
        points = table(
            "x", np.reshape(x, (-1, 1)) if self.problem.dim == 1 and np.ndim(x) == 1 else x, self.problem.dim
        )
        grid = self.within([time])

        def output(flow: Flow, rtol: float) -> Floats:
            (theta,) = carry(flow, flow.origin, grid, rtol)
            return network_output(self.problem, theta, flow.weights, points)

        value, error = self._on_solves(output)
        value, error = self._certified(
            "output", value, error, unit(np.append(value, self.representative.field.data.y))
        )
        return (value[:, 0], error[:, 0]) if self.problem.outputs == 1 else (value, error)

    def _density(self, theta: Floats, time: float) -> tuple[Floats, Floats]:
        (when,), points = self.within([time]), self._points(theta)
        value, error = self._on_solves(lambda flow, rtol: density(flow, points, when, rtol))
        return self._certified("density", value, error, unit(value))

    def _points(self, theta: Floats) -> Floats:
        """Points (n, m + d) as rows of coordinates (m + d, n)."""
        return np.ascontiguousarray(table("theta", theta, self.problem.outputs + self.problem.dim).T, dtype=float)

    def _on_solves(self, quantity: Callable[[Flow, float], Floats]) -> tuple[Floats, Floats]:
        """A quantity that takes an integration along the known field, and its certified error.

        Computed on every solve, on the last one, whose integrator is the coarser one, with a larger tolerance too.
        """
        solves, rtols = self.solves, [self.rtol] * len(self.solves)
        if isinstance(self.certificate, Replication):
            return self.certificate.combine(np.array(list(map(quantity, solves, rtols))))
        rtols[-1] *= RTOL_COARSER
        value, error = self.certificate.combine(np.array(list(map(quantity, solves, rtols))))
        return value, np.maximum(error, self.certificate.floor(value))


def solve_transport(
    problem: Problem,
    times: Floats,
    tolerance: float,
    functions: Mapping[str, Observable],
    method: str | None,
    effort: Effort,
) -> TransportedLimit:
    """Solve by the named method, or by the one that is foreseen to cost less; raises as `solve_limit` does."""
    probes = [mean_of(f) for f in (*functions.values(), *probed(problem))]
    carried = partial(characteristics, watch=effort.watch)
    certificate = certified(problem, times, tolerance, probes, method, carried, effort)
    return TransportedLimit(problem, times, max(tolerance, certificate.reached), certificate)


def certified(
    problem: Problem,
    times: Floats,
    tolerance: float,
    probes: Sequence[Functional],
    method: str | None,
    carried: Carried = characteristics,
    effort: Effort | None = None,
) -> Refinement | Replication:
    """Solves by the named method, or by the one that is foreseen to cost less, until the probes are known well enough."""
    insisted = effort is not None and effort.seconds is not None
    if chosen(problem, tolerance, method, insisted) == "product":
        return refine(problem, times, tolerance, probes, carried, effort)
    return replicate(problem, times, tolerance, probes, carried=carried, effort=effort)


def transported(limit: Limit, function: str) -> TransportedLimit:
    """The limit as one that a flow carries; raises `SpecError` for others, for which `function` has no formula."""
    return limit if isinstance(limit, TransportedLimit) else limit.refuse(function)


def probed(problem: Problem) -> list[Observable]:
    """Functionals that see every coordinate, its interplay with c, and the network's output."""
    names = problem.coordinate_names
    inner = names[problem.outputs :]
    monomials = [f"{name}^2" for name in names]
    monomials += [f"{names[0]}*{name}^{power}" for name in inner for power in (1, 2)]
    monomials += [f"cos({name})" for name in inner] + [f"cos({names[0]})*{name}^2" for name in inner]
    points = problem.data.quadrature((5,) * problem.data.directions)[0]
    chosen = points[:: max(1, len(points) // PROBED_POINTS)]
    outputs = [
        NetworkOutput(problem.sigma, k, problem.outputs, tuple(map(float, point)))
        for point in chosen
        for k in range(problem.outputs)
    ]
    return [*parse_all(monomials, problem).values(), *outputs]
