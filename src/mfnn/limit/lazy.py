"""The limit with outputs on a larger scale, N^{−γ} Σ_i c^i σ(w^i·x) with 1/2 ≤ γ < 1: a linear equation for the output.

Parameters stay at μ̄_0 while the output moves, by the kernel that the start fixes:

    dG_t(x)/dt = α Σ_q π_q K(x, x_q) (y_q − G_t(x_q)),   G_0 = 0,   K_kl(x, x') = ⟨∇φ_k(·, x)·∇φ_l(·, x'), μ̄_0⟩

(Yu & Spiliopoulos, arXiv:2011.10487; Jacot, Gabriel & Hongler, arXiv:1806.07572, for γ = 1/2). With S = Π^{1/2} K Π^{1/2}
= U diag(s) Uᵀ over data nodes and outputs it has a closed form in time, so that quadrature is all that is approximated:

    G_t(x) = Σ_a u_a(x) (1 − e^{−α s_a t}) / s_a · (Uᵀ Π^{1/2} y)_a,   u(x) = K(x, ·) Π^{1/2} U

A start with ⟨φ, μ̄_0⟩ ≠ 0 has no limit, since its output is N^{1−γ} times that. Shapes: θ (m + d, J), data x (Q, d),
y (Q, m); features n = Q m run over data nodes first, their outputs second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, cast

import numpy as np

from mfnn.errors import SpecError
from mfnn.learning.assumptions import require
from mfnn.learning.observables import NetworkOutput, Observable, parse
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Functional, Trajectory
from mfnn.limit.limit import Limit, mean_of
from mfnn.limit.nodes import DataNodes, Nodes
from mfnn.limit.refinement import Refinement, unit
from mfnn.limit.replicated import Replication
from mfnn.limit.transport import certified, probed
from mfnn.spec import Floats
from mfnn.spec.arrays import table

LARGEST_KERNEL = 4000  # data nodes times outputs: the kernel's eigenvectors take the cube of it


@dataclass(frozen=True)
class OutputAt:
    """The network's output k at one point of feature space, as a functional of a solve."""

    point: tuple[float, ...]
    output: int


@dataclass(frozen=True, eq=False)
class LinearSolve(Trajectory):
    """One solve: the nodes of μ̄_0, where they stay, and the kernel's eigenvectors on the data nodes."""

    problem: Problem
    data: DataNodes
    times: Floats

    @cached_property
    def modes(self) -> tuple[Floats, Floats]:
        """s (n,) and Π^{1/2} U (n, n)."""
        root = self._root
        sizes, vectors = np.linalg.eigh(root[:, None] * self._kernel(self.data.x) * root)
        return np.maximum(sizes, 0.0), root[:, None] * vectors

    @cached_property
    def target(self) -> Floats:
        """Uᵀ Π^{1/2} y, shape (n,)."""
        return self.modes[1].T @ self.data.y.ravel()

    def felt(self, points: Floats) -> Floats:
        """u(x) = K(x, ·) Π^{1/2} U at points (P, d), shape (P, m, n)."""
        m = self.problem.outputs
        return (self._kernel(points) @ self.modes[1]).reshape(len(points), m, -1)

    def moved(self, time: float) -> Floats:
        """α ∫_0^t e^{−α s_a τ} dτ of every mode, shape (n,)."""
        rate = self.problem.learning_rate * self.modes[0]
        with np.errstate(invalid="ignore"):
            return self.problem.learning_rate * np.where(rate * time > 0, -np.expm1(-rate * time) / rate, time)

    def residual(self, time: float) -> Floats:
        """y − G_t on the data nodes, shape (Q, m)."""
        sizes, vectors = self.modes
        kept = np.exp(-self.problem.learning_rate * sizes * time) * self.target
        return (vectors @ kept / self._root**2).reshape(self.data.y.shape)

    def outputs(self, points: Floats, time: float) -> Floats:
        """G_t at points (P, d), shape (P, m)."""
        return self.felt(points) @ (self.moved(time) * self.target)

    def driven(self, time: float) -> Floats:
        """α ∫_0^t π_q r_q(s) ds, shape (Q, m)."""
        return (self.modes[1] @ (self.moved(time) * self.target)).reshape(self.data.y.shape)

    def steered(self, f: Observable) -> Floats:
        """⟨∇φ_k(·, x_q)·∇f, μ̄_0⟩, by which residuals move a mean that is not an output, shape (Q, m)."""
        sigma, m, theta, x = self.problem.sigma, self.problem.outputs, self.theta[0], self.data.x
        gradient, z = f.gradient(theta), x @ theta[m:]
        s = sigma.value(z)
        along_w = (sigma.slope(z, s) * (x @ gradient[m:])) @ (theta[:m] * self.weights).T
        return s @ (gradient[:m] * self.weights).T + along_w

    def evaluate(self, functional: Functional | OutputAt) -> Floats:
        """An output at each time, or F(μ̄_0), which stays, shape (times, …)."""
        if isinstance(functional, OutputAt):
            point = np.array([functional.point])
            return np.array([self.outputs(point, time)[0, functional.output] for time in self.times])
        return np.array([functional(self.theta[0], self.weights)] * len(self.times))

    @property
    def _root(self) -> Floats:
        """Π^{1/2}, shape (n,)."""
        return np.repeat(np.sqrt(self.data.weights), self.problem.outputs)

    def _kernel(self, points: Floats) -> Floats:
        """K between points (P, d) and the data nodes, shape (P m, Q m)."""
        sigma, m, theta, p = self.problem.sigma, self.problem.outputs, self.theta[0], self.weights
        c, w = theta[:m], theta[m:]
        there, here = points @ w, self.data.x @ w
        values = sigma.value(there), sigma.value(here)
        slopes = sigma.slope(there, values[0]), sigma.slope(here, values[1])
        products = np.einsum("kj,lj->klj", c, c) * p
        inner = np.einsum("pj,klj,qj->pkql", slopes[0], products, slopes[1], optimize=True)
        inner *= (points @ self.data.x.T)[:, None, :, None]
        outer = (values[0] * p) @ values[1].T
        for k in range(m):
            inner[:, k, :, k] += outer
        return inner.reshape(len(points) * m, -1)


def linear_solve(problem: Problem, nodes: Nodes, data: DataNodes, times: Floats, rtol: float) -> LinearSolve:
    """The solve on given nodes; exact in time, whatever `rtol`."""
    seen = data.weights > 0
    used = DataNodes(data.x[seen], data.y[seen], data.weights[seen])
    if used.y.size > LARGEST_KERNEL:
        raise SpecError("data", f"{used.y.size} data nodes times outputs", f"at most {LARGEST_KERNEL} for γ < 1")
    return LinearSolve(nodes.theta[None], nodes.weights, problem, used, times)


@dataclass(frozen=True, eq=False)
class LazyLimit(Limit):
    """μ̄_0, which stays, and an output that moves; made by `solve_limit` for a protocol with γ < 1."""

    KIND: ClassVar[str] = "of networks whose parameters stay"

    certificate: Refinement | Replication = field(repr=False)
    output_exponent: float = 1.0

    @property
    def solves(self) -> tuple[LinearSolve, ...]:
        """The solves that the certificate compares."""
        return cast("tuple[LinearSolve, ...]", self.certificate.solves)

    def displacement(self, observable: str) -> Floats:
        """The limit of N^{1−γ} (⟨f, μ^N_t⟩ − ⟨f, μ^N_0⟩), α ∫_0^t Σ_q π_q r_q·⟨∇φ(·, x_q)·∇f, μ̄_0⟩ ds, shape (times,).

        Raises `SpecError` for the network's output, which moves by itself, and `ToleranceError` as `mean` does.
        """
        f = parse(observable, self.problem)
        if isinstance(f, NetworkOutput):
            raise SpecError("observable", observable, "a function of the parameters: `mean` has the output")
        values = np.array([[_displaced(solve, f, time) for time in self.times] for solve in self.solves])
        value, error = self.certificate.combine(values)
        return self._certified(observable, value, error, unit(value))[0]

    def _mean(self, observable: str) -> tuple[Floats, Floats]:
        f = parse(observable, self.problem)
        value, error = self.estimate(cast(Functional, _probe(f)))
        return self._certified(observable, value, error, unit(value))

    def _flow(self, theta0: Floats, times: Sequence[float]) -> tuple[Floats, Floats]:
        start = table("theta", theta0, self.problem.outputs + self.problem.dim)
        still = np.broadcast_to(start, (len(self.within(times)), *start.shape))
        return still.copy(), np.zeros(still.shape)

    def _output(self, x: Floats, time: float) -> tuple[Floats, Floats]:
        (when,), points = self.within([time]), table("x", x, self.problem.dim)
        value, error = self.certificate.combine(np.array([solve.outputs(points, when) for solve in self.solves]))
        value, error = self._certified("output", value, error, unit(value))
        return (value[:, 0], error[:, 0]) if self.problem.outputs == 1 else (value, error)

    def _density(self, theta: Floats, time: float) -> tuple[Floats, Floats]:
        self.within([time])
        points = table("theta", theta, self.problem.outputs + self.problem.dim)
        laws = self.problem.coordinate_laws
        value = np.prod([law.density(points[:, a]) for a, law in enumerate(laws)], axis=0)
        return value, np.zeros(value.shape)


def _displaced(solve: LinearSolve, f: Observable, time: float) -> float:
    """α ∫_0^t Σ_q π_q r_q·⟨∇φ(·, x_q)·∇f, μ̄_0⟩ ds on the nodes of one solve."""
    return float((solve.driven(time) * solve.steered(f)).sum())


def _probe(f: Observable) -> Functional | OutputAt:
    """What a solve evaluates for a test function: an output, or a mean that stays."""
    return OutputAt(f.point, f.output) if isinstance(f, NetworkOutput) else mean_of(f)


def solve_lazy(
    problem: Problem,
    times: Floats,
    tolerance: float,
    functions: Mapping[str, Observable],
    method: str | None,
    output_exponent: float,
) -> LazyLimit:
    """Solve the linear equation so that means and outputs are certified; raises as `solve_limit` does."""
    require(problem, "a limit with γ < 1")
    probes = cast("list[Functional]", [_probe(f) for f in (*functions.values(), *probed(problem))])
    certificate = certified(problem, times, tolerance, probes, method, linear_solve)
    limit = LazyLimit(problem, times, tolerance, certificate, output_exponent)
    _refuse_a_start_with_output(limit)
    return limit


def _refuse_a_start_with_output(limit: LazyLimit) -> None:
    """Raise `SpecError` where ⟨φ(·, x_q), μ̄_0⟩ is not 0 on all data nodes."""
    solve, m = limit.solves[0], limit.problem.outputs
    theta, sigma = solve.theta[0], limit.problem.sigma
    start = sigma.value(solve.data.x @ theta[m:]) @ (theta[:m] * solve.weights).T
    if np.abs(start).max() > limit.tolerance:
        allowed = "of mean 0, or another start whose output is 0, where output_exponent < 1"
        raise SpecError("initial.c", f"outputs of {np.abs(start).max():.2g} N^(1 - output_exponent)", allowed)
