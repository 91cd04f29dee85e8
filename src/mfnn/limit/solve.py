"""`solve_limit`: the limit law μ̄_t of a problem with a certified error for every functional asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import cast

import numpy as np
import xarray as xr

from mfnn.errors import SpecError, ToleranceError
from mfnn.learning.assumptions import departures
from mfnn.learning.observables import NetworkOutput, Observable, network_output, parse, parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Flow, Functional, carry
from mfnn.limit.density import density
from mfnn.limit.method import chosen
from mfnn.limit.refinement import Refinement, refine, unit
from mfnn.limit.replicated import Replication, replicate
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared, table

RTOL_COARSER = 4.0  # times the tolerance of an integration along the known field: its error at least triples
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

    @property
    def departures(self) -> tuple[str, ...]:
        """The hypotheses of the law of large numbers that the problem does not meet; the equation is solved regardless."""
        return departures(self.problem)

    def estimate(self, functional: Functional) -> tuple[Floats, Floats]:
        """F(μ̄_t) and its certified error at each time for any functional F(θ, p) of a weighted cloud; no refusal."""
        return self.certificate.estimate(functional)

    def mean(self, observable: str) -> Floats:
        """⟨f, μ̄_t⟩ at each of `times`, shape (times,); raises `ToleranceError` when it can't be certified."""
        return self._mean(observable)[0]

    def error(self, observable: str) -> Floats:
        """The certified error of `mean`, shape (times,), at most the tolerance; raises `ToleranceError` otherwise."""
        return self._mean(observable)[1]

    def dataset(self, observables: Sequence[str]) -> xr.Dataset:
        """ "mean" and "error" (observable, time) of the named observables, labelled as `train` labels its records."""
        both = np.array([self._mean(name) for name in parse_all(observables, self.problem)]).reshape(
            -1, 2, len(self.times)
        )
        dims = ("observable", "time")
        coords = {"observable": list(observables), "time": self.times}
        return xr.Dataset({"mean": (dims, both[:, 0]), "error": (dims, both[:, 1])}, coords)

    def flow(self, theta0: Floats, times: Sequence[float]) -> Floats:
        """Φ_t(θ_0), the characteristics of V(·; μ̄_t) from theta0 (n, m + d): shape (times, n, m + d).

        Raises `ToleranceError` when it can't be certified.
        """
        return self._flow(theta0, times)[0]

    def flow_error(self, theta0: Floats, times: Sequence[float]) -> Floats:
        """The certified error of `flow`, of its shape."""
        return self._flow(theta0, times)[1]

    def output(self, x: Floats, time: float) -> Floats:
        """G_t(x) = ⟨c σ(w·x), μ̄_t⟩ at features x (n, d): shape (n,), or (n, m) for m > 1 outputs.

        Raises `ToleranceError` when it can't be certified.
        """
        return self._output(x, time)[0]

    def output_error(self, x: Floats, time: float) -> Floats:
        """The certified error of `output`, of its shape."""
        return self._output(x, time)[1]

    def density(self, theta: Floats, time: float) -> Floats:
        """p(t, θ), the density of μ̄_t at theta (n, m + d): shape (n,).

        Raises `SpecError` for a σ without two continuous derivatives, and `ToleranceError` when it can't be certified, as
        it cannot where p jumps, at the edge of the image of a uniform initial law.
        """
        return self._density(theta, time)[0]

    def density_error(self, theta: Floats, time: float) -> Floats:
        """The certified error of `density`, of its shape."""
        return self._density(theta, time)[1]

    @property
    def rtol(self) -> float:
        """The relative tolerance of integrations along the known field."""
        return max(self.tolerance * 1e-2, 1e-12)

    def within(self, times: Sequence[float]) -> Floats:
        """Times up to the last solved one: beyond it the field is not known."""
        grid = self.problem.time_grid(times)
        if grid[-1] > (self.times[-1] or self.problem.horizon):
            raise SpecError("times", times, f"times up to the last solved one, {self.times[-1]:g}")
        return grid

    def _mean(self, observable: str) -> tuple[Floats, Floats]:
        value, error = self.estimate(mean_of(parse(observable, self.problem)))
        return self._certified(observable, value, error, unit(value))

    def _flow(self, theta0: Floats, times: Sequence[float]) -> tuple[Floats, Floats]:
        start, grid = self._points(theta0), self.within(times)
        value, error = self._on_solves(lambda flow, rtol: carry(flow, start, grid, rtol).transpose(0, 2, 1))
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
        solves = cast("tuple[Flow, ...]", self.certificate.solves)
        rtols = [self.rtol] * len(solves)
        if isinstance(self.certificate, Replication):
            return self.certificate.combine(np.array(list(map(quantity, solves, rtols))))
        rtols[-1] *= RTOL_COARSER
        value, error = self.certificate.combine(np.array(list(map(quantity, solves, rtols))))
        return value, np.maximum(error, self.certificate.floor(value))

    def _certified(self, what: str, value: Floats, error: Floats, scale: float) -> tuple[Floats, Floats]:
        """Both, unless an error exceeds the tolerance in units of `scale`."""
        if not error.max() <= self.tolerance * scale:  # nan where a functional overflows
            raise ToleranceError(
                f"{what}: certified error {error.max():.1e} exceeds the tolerance {self.tolerance:.1e}"
                f"{f' in units of {scale:g}' if scale > 1 else ''}; name it in solve_limit(..., observables=[...]) to have "
                "the solve refined for it, outputs as g(...), or ask for a smaller tolerance there"
            )
        return value, error


def solve_limit(
    problem: Problem,
    times: Sequence[float],
    tolerance: float = 1e-8,
    observables: Sequence[str] = (),
    method: str | None = None,
) -> Limit:
    """Solve the limit equation on a time grid so that functionals are certified to `tolerance`.

    The solve is refined for second moments, products of c and w, cosines, the network's output at data nodes and
    `observables`. A tolerance is absolute for functionals of a size below ten; beyond, it counts in units of the power of
    ten of the functional's largest size, so that 1e-4 is four digits after the first. `method` is "product", product
    Gauss rules, or "sobol", scrambled Sobol' nodes, whose error is an estimate from replicates; by default the one that
    is foreseen to cost less.

    A σ outside C_b², as relu and linear are, is not within the theorem's hypotheses: the equation is solved, and the
    certificate holds for its solution; `Limit.departures` says what the theorem asks beyond. Raises `SpecError` for bad
    arguments, initial laws without all moments and a random common shift; `ToleranceError`, with what was reached or
    foreseen, when the tolerance is out of reach.
    """
    problem = Problem.model_validate(problem)
    grid = problem.time_grid(times)
    if not (isinstance(tolerance, Real) and 0 < tolerance < 1):
        raise SpecError("tolerance", tolerance, "a number between 0 and 1")
    tolerance, functions = float(tolerance), parse_all(observables, problem)
    solve = {"product": refine, "sobol": replicate}[chosen(problem, tolerance, method)]
    probes = [mean_of(f) for f in (*functions.values(), *_probes(problem))]
    return Limit(problem, grid, tolerance, solve(problem, grid, tolerance, probes))


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
