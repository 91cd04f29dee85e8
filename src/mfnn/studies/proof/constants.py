"""What the terms of the proof come to in the limit: constants from the limit equation alone, no network in them.

With r and h of `proof.terms` taken under μ̄_s, v the variance of the label noise and kick = α r h(x), (x, y) ~ π:

    N·E M_T² → ∫_0^T Var_π(kick) ds
    N·R_T → (α²/2) ∫_0^T E_π[(r² + v) ⟨∇φ(·, x)·∇²f ∇φ(·, x), μ̄_s⟩] ds
    N·sup_{t ≤ T} |V_t| → sup_s |drift(μ̄_s)|
    E|⟨f, μ^N_{t+δ}⟩ − ⟨f, μ^N_t⟩|² ≤ C² (δ + 1/N)² as N grows, C² = sup_s E_π kick²  (Minkowski, step by step)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mfnn.learning.assumptions import require
from mfnn.learning.observables import Observable, parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.nodes import DataNodes
from mfnn.limit.solve import solve_limit
from mfnn.spec import Floats
from mfnn.studies.proof.terms import data_nodes, kick_moments

TIMES = 128  # Gauss nodes in time: far more than the integrals need, enough for a supremum to be within 1e-4
TOLERANCE = 1e-6
NUDGE = 1e-4  # of the central difference that gives ∇²f along ∇φ; its error is of the order of the square


class Constants(NamedTuple):
    """The limits for F test functions, each (F,)."""

    martingale: Floats
    remainder: Floats
    last: Floats
    increment: Floats


def constants(problem: Problem, observables: Sequence[str]) -> Constants:
    """The constants of the named test functions; raises `SpecError` for an unknown one, and where ∇²f does not exist."""
    require(problem, "the constants of the proof")
    functions, data = list(parse_all(observables, problem).values()), data_nodes(problem)
    levels, weights = np.polynomial.legendre.leggauss(TIMES)
    times = problem.horizon * np.concatenate([[0.0], (1 + levels) / 2, [1.0]])
    limit = solve_limit(problem, [float(t) for t in times], TOLERANCE)
    values, _ = limit.estimate(lambda theta, p: _rates(problem, data, functions, theta, p))  # (times, 3, F)
    drift, variance, bend = values.transpose(1, 0, 2)
    return Constants(
        martingale=problem.horizon / 2 * weights @ variance[1:-1],
        remainder=problem.horizon / 2 * weights @ bend[1:-1],
        last=np.abs(drift).max(axis=0),
        increment=np.sqrt((variance + drift**2).max(axis=0)),
    )


def _rates(problem: Problem, data: DataNodes, functions: Sequence[Observable], theta: Floats, p: Floats) -> Floats:
    """E kick, Var kick and the rate of N·R under Σ_j p_j δ_{θ_j}, shape (3, F), for θ (1 + d, J)."""
    c, w = theta[0], theta[1:]
    z = data.x @ w
    s = problem.sigma.value(z)
    push = problem.sigma.slope(z, s) * c
    toward = np.concatenate([s[None], push * data.x.T[:, :, None]])  # ∇φ(θ_j, x_q), (1 + d, Q, J)
    output = s @ (c * p)
    gradient = np.array([f.gradient(theta) for f in functions])
    mean, variance = kick_moments(problem, data, output, np.einsum("aqj,faj,j->fq", toward, gradient, p))
    square = (data.y[:, 0] - output) ** 2 + problem.data.noise_deviation**2
    curvature = np.array([_curvature(f, theta, toward) @ p for f in functions])
    return np.array([mean, variance, problem.learning_rate**2 / 2 * (curvature * square) @ data.weights])


def _curvature(f: Observable, theta: Floats, toward: Floats) -> Floats:
    """∇φ·∇²f ∇φ by a central difference, (Q, J), for ∇φ (1 + d, Q, J)."""
    ahead, behind = (
        f.gradient((theta[:, None] + sign * NUDGE * toward).reshape(len(theta), -1)).reshape(toward.shape)
        for sign in (1, -1)
    )
    return ((ahead - behind) * toward).sum(axis=0) / (2 * NUDGE)
