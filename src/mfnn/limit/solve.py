"""`solve_limit`: the limit law μ̄_t of a problem with a certified error for every functional asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import cast

import numpy as np

from mfnn.arrays import Compared, table
from mfnn.errors import SpecError, ToleranceError
from mfnn.learning.observables import NetworkOutput, Observable, network_output, parse, parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Flow, Functional, carry
from mfnn.limit.density import density
from mfnn.limit.refinement import Refinement, refine
from mfnn.limit.replicated import Replication, replicate
from mfnn.spec import Floats

PRODUCT_RULE_UP_TO = 5  # coordinates of θ; beyond it a product rule needs too many nodes
PROBED_POINTS = 8  # data nodes whose network output every solve is refined for


def mean_of(f: Observable) -> Functional:
    """The linear functional μ ↦ ⟨f, μ⟩."""
    return lambda theta, weights: f(theta) @ weights


@dataclass(frozen=True, eq=False)
class Limit(Compared):
    """μ̄_t on a time grid to a tolerance, made by `solve_limit`; times in units of N steps."""

    problem: Problem = field(repr=False)
    times: Floats  # (number of times,)
    tolerance: float
    certificate: Refinement | Replication = field(repr=False)

    @property
    def representative(self) -> Flow:
        """The solve whose field stands for V: the finest, or one of the replicates."""
        if isinstance(self.certificate, Refinement):
            return self.certificate.finest
        return cast(Flow, self.certificate.flows[0])

    def estimate(self, functional: Functional) -> tuple[Floats, Floats]:
        """F(μ̄_t) and its certified error at each time for any functional F(θ, p) of a weighted cloud; no refusal."""
        return self.certificate.estimate(functional)

    def mean(self, observable: str) -> Floats:
        """⟨f, μ̄_t⟩ at each time, shape (times,); raises `ToleranceError` when it can't be certified."""
        return self._certified(observable)[0]

    def error(self, observable: str) -> Floats:
        """The certified error of `mean`, shape (times,), at most the tolerance; raises `ToleranceError` otherwise."""
        return self._certified(observable)[1]

    def flow(self, theta0: Floats, times: Sequence[float]) -> Floats:
        """Φ_t(θ_0), the characteristics of V(·; μ̄_t) from theta0 (n, m + d): shape (times, n, m + d)."""
        start = self._points(theta0)
        return carry(self.representative, start, self.within(times), self.rtol).transpose(0, 2, 1)

    def output(self, x: Floats, time: float) -> Floats:
        """G_t(x) = ⟨c σ(w·x), μ̄_t⟩ at features x (n, d): shape (n,), or (n, m) for m > 1 outputs."""
        points = table(
            "x", np.reshape(x, (-1, 1)) if self.problem.dim == 1 and np.ndim(x) == 1 else x, self.problem.dim
        )
        finest = self.representative
        (theta,) = carry(finest, finest.origin, self.within([time]), self.rtol)
        output = network_output(self.problem, theta, finest.weights, points)
        return output[:, 0] if self.problem.outputs == 1 else output

    def density(self, theta: Floats, time: float) -> Floats:
        """p(t, θ), the density of μ̄_t at theta (n, m + d): shape (n,)."""
        (when,) = self.within([time])
        return density(self.representative, self._points(theta), when, self.rtol)

    @property
    def rtol(self) -> float:
        """The relative tolerance of integrations along the known field."""
        return max(self.tolerance * 1e-2, 1e-12)

    def _points(self, theta: Floats) -> Floats:
        """Points (n, m + d) as rows of coordinates (m + d, n)."""
        return np.ascontiguousarray(table("theta", theta, self.problem.outputs + self.problem.dim).T)

    def within(self, times: Sequence[float]) -> Floats:
        """Times up to the last solved one: beyond it the field is not known."""
        grid = self.problem.time_grid(times)
        if grid[-1] > (self.times[-1] or self.problem.horizon):
            raise SpecError("times", times, f"times up to the last solved one, {self.times[-1]:g}")
        return grid

    def _certified(self, observable: str) -> tuple[Floats, Floats]:
        value, error = self.estimate(mean_of(parse(observable, self.problem)))
        if error.max() > self.tolerance:
            raise ToleranceError(
                f"{observable}: certified error {error.max():.1e} exceeds the tolerance {self.tolerance:.1e}; "
                "name it in solve_limit(..., observables=[...]) to have the solve refined for it"
            )
        return value, error


def solve_limit(
    problem: Problem, times: Sequence[float], tolerance: float = 1e-8, observables: Sequence[str] = ()
) -> Limit:
    """Solve the limit equation on a time grid so that functionals are certified to `tolerance`.

    The solve is refined for second moments, products of c and w, cosines, the network's output at data nodes and
    `observables`. Up to 5 coordinates of θ it uses product Gauss rules, above that scrambled Sobol' nodes, whose
    error is an estimate from replicates. Raises `SpecError` for bad arguments and `ToleranceError`, with what was
    reached, when the tolerance is out of reach.
    """
    grid = problem.time_grid(times)
    if not (isinstance(tolerance, Real) and 0 < tolerance < 1):
        raise SpecError("tolerance", tolerance, "a number between 0 and 1")
    probes = [mean_of(f) for f in (*parse_all(observables, problem).values(), *_probes(problem))]
    method = refine if len(problem.coordinate_laws) <= PRODUCT_RULE_UP_TO else replicate
    return Limit(problem, grid, float(tolerance), method(problem, grid, tolerance, probes))


def _probes(problem: Problem) -> list[Observable]:
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
