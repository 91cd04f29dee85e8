"""The covariance of the fluctuations between all of many times, forward in time and for all at once.

    Cov(⟨f, η_t⟩, ⟨g, η_u⟩) = F_t·Z_u(t) + h_t·X_uᵀ G_u + Cov_{μ̄_0}(f ∘ Φ_t, g ∘ Φ_u),   u ≤ t
    Z_u' = −a Z_u − b (X_uᵀ G_u + k_u),   Z_u(u) = C_u G_u + X_u k_u

with ⟨f, η_t⟩ = F_t·z_t + Σ_j δp_j f(θ_j), F_t = Σ_j p_j ∇f_j·M_j E_j and h_t = Σ_j p_j f_j Ω_j, G_u and k_u likewise for
g, and (z, ω), a, b, X, C of `response` (derived here): what the adjoint of `fluctuations` computes by a
solve backward from every time, from one solve forward. Z_u is Cov(z_t, ⟨g, η_u⟩).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.integrate import solve_ivp

from mfnn.learning.observables import Observable
from mfnn.limit.characteristics import Flow
from mfnn.limit.response import Response, respond
from mfnn.spec import Floats


class Look(NamedTuple):
    """How F observables see the process at one time."""

    along: Floats  # F_t, (F, k)
    drawn: Floats  # h_t, (F, l)
    centred: Floats  # f(θ_j) less its mean, (F, J)


def path_covariance(flow: Flow, functions: Sequence[Observable], times: Floats) -> Floats:
    """The covariance between increasing times on the nodes of one solve, shape (times, F, times, F)."""
    response = respond(flow, float(times[-1]) or flow.path.horizon)
    count, p = len(functions), flow.weights
    covariance = np.zeros((len(times), count, len(times), count))
    looks: list[Look] = []
    shared: Floats = np.zeros((response.directions.shape[2], 0))
    seen: Floats = np.zeros((response.draws.shape[1], 0))
    for i, (start, spread) in enumerate(response.covariances(times)):
        if i:
            shared = _carried(response, shared, seen, float(times[i - 1]), float(times[i]))
        look = _look(response, functions, float(times[i]))
        looks.append(look)
        shared = np.hstack([shared, spread @ look.along.T + start @ look.drawn.T])
        seen = np.hstack([seen, start.T @ look.along.T + look.drawn.T])
        own = np.concatenate([earlier.centred for earlier in looks])
        drawn = np.concatenate([earlier.drawn for earlier in looks])
        block = look.along @ shared + look.drawn @ (seen - drawn.T) + (look.centred * p) @ own.T
        covariance[i, :, : i + 1] = block.reshape(count, i + 1, count)
        covariance[: i + 1, :, i] = covariance[i, :, : i + 1].transpose(1, 2, 0)
    return covariance


def _look(response: Response, functions: Sequence[Observable], time: float) -> Look:
    p = response.flow.weights
    theta, _, carried = response.at(time)
    values = np.array([f(theta) for f in functions])
    gradients = np.array([(p * f.gradient(theta)).T for f in functions])
    return Look(
        np.tensordot(gradients, carried, axes=2), (values * p) @ response.draws, values - (values @ p)[:, None]
    )


def _carried(response: Response, shared: Floats, seen: Floats, start: float, end: float) -> Floats:
    """Z from one time to a later one for all rows that began before, shape (k, rows)."""

    def derivative(time: float, flat: Floats) -> Floats:
        return (-response.damping(time) @ flat.reshape(shared.shape) - response.forcing(time) @ seen).ravel()

    rtol = response.flow.rtol
    solved = solve_ivp(derivative, (start, end), shared.ravel(), method="DOP853", rtol=rtol, atol=rtol)
    return solved.y[:, -1].reshape(shared.shape)
