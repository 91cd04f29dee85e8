"""The density of μ̄_t at any point, by following its characteristic backward.

G_t on the data nodes fixes V as a known field, so p(t, θ) = p_0(θ_0) exp(−∫_0^t ∇·V(θ_s) ds) along the characteristic
with θ_t = θ, exactly: no grid, no kernel width.
"""

from __future__ import annotations

import numpy as np

from mfnn.learning.assumptions import require
from mfnn.limit.characteristics import Flow
from mfnn.limit.integrate import end_of
from mfnn.spec import Floats


def density(flow: Flow, theta: Floats, time: float, rtol: float) -> Floats:
    """p(t, θ) at points theta (m + d, n), shape (n,).

    Raises `SpecError` for a σ without two continuous derivatives, where ∇·V has masses that no path sees, and
    `ToleranceError` where the integrator does not get there.
    """
    problem, size = flow.field.problem, theta.size
    require(problem, "density")
    if time > 0:

        def derivative(s: float, flat: Floats) -> Floats:
            here, residual = flat[:size].reshape(theta.shape), flow.path(s)
            velocity = flow.field.velocity(here, residual)
            return np.concatenate([velocity.ravel(), flow.field.divergence(here, residual)])

        start = np.concatenate([theta.ravel(), np.zeros(theta.shape[1])])
        end = end_of(derivative, time, 0.0, start, rtol, rtol)
        origin, minus_divergence = end[:size].reshape(theta.shape), end[size:]
    else:
        origin, minus_divergence = theta, np.zeros(theta.shape[1])
    p0 = problem.initial.density(origin.T, problem.outputs, problem.dim)
    return p0 * np.exp(minus_divergence)
