"""Where noisy SGD settles: the stationary law of its Fokker–Planck equation, and the free energy that falls on the way.

    p ∝ exp(−[λ_c c² / 2 + λ_w w² / 2 + c h(w)] / τ),   h(w) = Σ_q π_q (G_q − y_q) σ(w x_q),   G_q = ⟨φ(·, x_q), p⟩
    F(p) = ½ Σ_q π_q (y_q − G_q)² + ⟨λ_c c² + λ_w w², p⟩ / 2 + τ ⟨log p, p⟩

(Hu, Ren, Šiška & Szpruch, arXiv:1905.07769; Mei, Montanari & Nguyen, arXiv:1804.06561). Given w, c is normal with mean
−h(w) / λ_c and variance τ / λ_c, so the fixed point is one in the numbers G_q with integrals over w alone. Its residual
has the Jacobian 1 + Cov(φ, φ) Π / τ, positive, so Newton's steps find the one zero. One input and one output.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp, roots_hermitenorm

from mfnn.errors import SpecError, ToleranceError
from mfnn.learning.assumptions import require
from mfnn.learning.laws import Law, Normal, Uniform
from mfnn.learning.observables import parse
from mfnn.learning.problem import Problem
from mfnn.limit.diffusion import DiffusedLimit, Diffusion
from mfnn.limit.limit import Limit
from mfnn.limit.nodes import DataNodes
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared, table

DATA_NODES, HERMITE_NODES = 64, 48
POINTS, DEVIATIONS = 2001, 12.0  # of w, so many deviations of N(0, τ / λ_w) to either side of where it may be
MOST_STEPS, SOLVED = 60, 1e-13


@dataclass(frozen=True, eq=False)
class StationaryLaw(Compared):
    """The stationary law on nodes of w with probabilities, c normal given w; made by `stationary`."""

    problem: Problem
    data: DataNodes
    residual: Floats  # G − y, (Q,)
    w: Floats
    probabilities: Floats
    energy: float  # the free energy, its least value

    def mean(self, observable: str) -> float:
        """⟨f, p⟩; raises `SpecError` for an unknown observable."""
        f = parse(observable, self.problem)
        nodes, weights = roots_hermitenorm(HERMITE_NODES)
        centre, spread = self._given_w()
        c = centre + spread * nodes[:, None]
        theta = np.stack([c.ravel(), np.broadcast_to(self.w, c.shape).ravel()])
        return float(weights @ f(theta).reshape(c.shape) @ self.probabilities / weights.sum())

    def output(self, x: Floats) -> Floats:
        """G(x) at features x (n, 1) or (n,): shape (n,)."""
        points = table("x", np.reshape(x, (-1, 1)), 1)
        return self.problem.sigma.value(points * self.w) @ (self.probabilities * self._given_w()[0])

    def _given_w(self) -> tuple[Floats, float]:
        """The mean of c given w at the nodes, and its standard deviation."""
        pull = (self.data.weights * self.residual) @ self.problem.sigma.value(self.data.x * self.w)
        return -pull / self.problem.decay.c, float(np.sqrt(self.problem.temperature / self.problem.decay.c))


def stationary(problem: Problem) -> StationaryLaw:
    """The law that noisy SGD leads to.

    Raises `SpecError` without noise, without a decay of both parameters, for more than one input or output and for an
    unbounded σ, whose law need not be normalisable; `ToleranceError` where Newton's steps do not get there.
    """
    problem = Problem.model_validate(problem)
    require(problem, "the stationary law")
    data = DataNodes(*problem.data.quadrature((DATA_NODES,) * problem.data.directions))
    y, (decay_c, decay_w), tau = data.y[:, 0], (problem.decay.c, problem.decay.w), problem.temperature
    bound = float((data.weights * np.abs(y)).sum()) / np.sqrt(decay_c * decay_w)
    reach = bound + DEVIATIONS * np.sqrt(tau / decay_w)
    w = np.linspace(-reach, reach, POINTS)
    units, residual = problem.sigma.value(data.x * w), -y

    def state(at: Floats) -> tuple[Floats, Floats, Floats, float]:
        """G less the one that it leads to, its Jacobian, the probabilities of w and log Z."""
        pull = (data.weights * at) @ units
        exponent = (pull**2 / decay_c - decay_w * w**2) / (2 * tau)
        log_mass = float(logsumexp(exponent))
        p, mean = np.exp(exponent - log_mass), -pull / decay_c
        output = units @ (p * mean)
        second = (units * (p * (mean**2 + tau / decay_c))) @ units.T - np.outer(output, output)
        volume = np.log((w[1] - w[0]) * np.sqrt(2 * np.pi * tau / decay_c))
        return at + y - output, np.eye(len(at)) + second * data.weights / tau, p, log_mass + volume

    gap, jacobian, p, log_z = state(residual)
    for _ in range(MOST_STEPS):
        if np.abs(gap).max() < SOLVED:
            return StationaryLaw(problem, data, residual, w, p, _energy(data, residual, log_z, tau))
        step = np.linalg.solve(jacobian, gap)
        for halvings in range(40):
            tried = residual - step / 2**halvings
            found = state(tried)
            if np.abs(found[0]).max() < np.abs(gap).max():
                break
        residual, (gap, jacobian, p, log_z) = tried, found
    raise ToleranceError(f"the stationary law of {problem.name} is not found: {np.abs(gap).max():.1e} is left")


def _energy(data: DataNodes, residual: Floats, log_z: float, tau: float) -> float:
    """F at the stationary law, where τ log p = −λ θ²/2 − c h − τ log Z: ½ E r² − Σ π r G − τ log Z."""
    output = residual + data.y[:, 0]
    return float(data.weights @ (residual**2 / 2 - residual * output)) - tau * log_z


def free_energy(limit: Limit) -> Floats:
    """F(μ̄_t) at the times of a limit with noise, shape (times,), on its finest solve; raises `SpecError` for others."""
    if not isinstance(limit, DiffusedLimit):
        limit.refuse("the free energy")
    solve = limit.solves[0]
    return np.array([_along(solve, float(t), p) for t, p in zip(solve.times, solve.densities, strict=True)])


def _along(solve: Diffusion, time: float, density: Floats) -> float:
    problem, torus = solve.torus.field.problem, solve.torus
    data, decay = torus.field.data, np.array([problem.decay.c, problem.decay.w])
    output = solve.at(
        time, density, lambda theta, p: torus.field.problem.sigma.value(data.x * theta[1]) @ (theta[0] * p)
    )
    quadratic = solve.at(time, density, lambda theta, p: decay @ theta**2 @ p / 2)
    entropy = (
        sum(map(_entropy, problem.coordinate_laws)) if time == 0 else _entropy_on(torus.weights(density), torus.cell)
    )
    return float(data.weights @ (data.y[:, 0] - output) ** 2 / 2 + quadratic - problem.temperature * entropy)


def _entropy_on(masses: Floats, cell: float) -> float:
    kept = masses[masses > 0]
    return float(-(kept * np.log(kept / cell)).sum())


def _entropy(law: Law) -> float:
    """−⟨log p, p⟩ of an initial law."""
    if isinstance(law, Uniform):
        return float(np.log(law.high - law.low))
    if not isinstance(law, Normal):
        raise SpecError("initial.law", law, "uniform or normal")
    return float(np.log(2 * np.pi * np.e * law.std**2) / 2)
