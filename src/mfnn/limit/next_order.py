"""The next order of E⟨f, μ^N_t⟩ on the nodes of one solve: B_t(f)/N beyond the limit.

    E⟨f, μ^N_t⟩ = ⟨f, μ̄_t⟩ + B_t(f)/N + o(1/N)
    B_t(f) = Σ_j ∇f_j·X_jj + ½ Σ_j p_j tr(∇²f_j C_jj) + Σ_j p_j ∇f_j·m_j

(derived here: SGD on the node system, expanded to second order). With C_ji = E δθ_j δθ_iᵀ and X_ji = E δθ_j δp_i of
the fluctuations, and the mean displacement m_j of order 1/N,

    m_j' = ∇V_j m_j − α Σ_qk π_q ∇φ_k(θ_j, x_q) Σ_i p_i ∇φ_k(θ_i, x_q)·m_i + S_j,   m_j(0) = 0
    S_j = α Σ_qk π_q {½ r_qk ∇³φ_k[C_jj] − ∇²φ_k E[δG_qk δθ_j] − ½ E[δ²G_qk] ∇φ_k} − ½ θ_j''
    E[δ²G_qk] = Σ_i (2 ∇φ_k(θ_i, x_q)·X_ii + p_i tr(∇²φ_k(θ_i, x_q) C_ii))

where −½ θ_j'' is the error of Euler steps of size 1/N. As for the fluctuations, m_j = M_j (∫ M_j⁻¹ S_j + E_j y) with
y' = −a y − (the force of what the outputs feel of the integral). Shapes as in `response`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mfnn.learning.observables import Observable
from mfnn.limit.characteristics import Flow, sampled
from mfnn.limit.derivatives import Derivatives
from mfnn.limit.response import Response, respond
from mfnn.limit.series import Series
from mfnn.spec import Floats


class Orders(NamedTuple):
    """⟨f, μ̄_t⟩, B_t(f) and V_t(f), each (observables, times), or (observables,) at one time."""

    mean: Floats
    bias: Floats
    variance: Floats


class Moments(NamedTuple):
    """What the nodes have of X and C by themselves at one time."""

    own_draw: Floats  # X_jj = E δθ_j δp_j, (J, P)
    own_spread: Floats  # C_jj = E δθ_j δθ_jᵀ, (J, P, P)


def orders(flow: Flow, functions: Sequence[Observable], times: Floats) -> Orders:
    """The mean, its next order and the variance of the functions at increasing times on the nodes of one solve."""
    response = respond(flow, float(times[-1]) or flow.path.horizon)
    moments = np.union1d(times, response.abscissae)
    covariances = dict(zip(moments.tolist(), response.covariances(moments), strict=True))
    displacements = _displacements(response, [covariances[t] for t in response.abscissae.tolist()], times)
    found = [
        _at_one_time(response, functions, time, covariances[time], displaced)
        for time, displaced in zip(times.tolist(), displacements, strict=True)
    ]
    return Orders(*np.array(found).transpose(1, 2, 0))


def _at_one_time(
    response: Response,
    functions: Sequence[Observable],
    time: float,
    covariance: tuple[Floats, Floats],
    displaced: Floats,
) -> Orders:
    """The constants (F,) at one time, V_t(f) = ∇FᵀC∇F + 2 ∇FᵀX f + fᵀP f with ∇F_j = p_j ∇f_j."""
    p, (start, spread) = response.flow.weights, covariance
    theta, _, carried = response.at(time)
    own = _moments(response, carried, start, spread)
    means, biases, variances = [], [], []
    for f in functions:
        value, gradient = f(theta), f.gradient(theta).T
        bent = np.einsum("abj,jab->j", f.hessian(theta), own.own_spread)
        along, drawn = np.tensordot(p[:, None] * gradient, carried, axes=2), (p * value) @ response.draws
        means.append(value @ p)
        biases.append((gradient * own.own_draw).sum() + p @ (bent / 2 + (gradient * displaced).sum(axis=1)))
        variances.append(along @ spread @ along + 2 * along @ start @ drawn + p @ (value - means[-1]) ** 2)
    return Orders(np.array(means), np.array(biases), np.array(variances))


def _moments(response: Response, carried: Floats, start: Floats, spread: Floats) -> Moments:
    flat = carried.reshape(-1, len(spread))  # one large product in place of many small ones
    own_draw = ((flat @ start).reshape(*carried.shape[:2], -1) * response.draws[:, None]).sum(axis=2)
    own_spread = (flat @ spread).reshape(carried.shape) @ carried.transpose(0, 2, 1)
    return Moments(response.flow.weights[:, None] * own_draw, own_spread)


def _displacements(response: Response, covariances: Sequence[tuple[Floats, Floats]], times: Floats) -> list[Floats]:
    """m (J, P) at each of the times from X and C at the abscissae."""
    horizon, p = response.nodes.horizon, response.flow.weights[:, None]
    pulled = [_pulled_source(response, k, *covariance) for k, covariance in enumerate(covariances)]
    alone = Series.through(horizon, np.array(pulled)).integral()
    forces = [_force(response, k, p * _apply(response, time, alone)) for k, time in enumerate(response.abscissae)]
    force = Series.through(horizon, np.array(forces))

    def derivative(time: float, shared: Floats) -> Floats:
        return -response.damping(time) @ shared - force(time)

    shared = sampled(derivative, np.zeros(response.directions.shape[2]), times, response.flow.rtol)
    return [_apply(response, time, alone) + response.at(time)[2] @ y for time, y in shared]


def _force(response: Response, k: int, vectors: Floats) -> Floats:
    """The force on z at the k-th abscissa when the nodes move by v_j (J, P), weights included: shape (k,)."""
    field = response.flow.field
    here = Derivatives.at(field, response.at(response.abscissae[k])[0])
    return np.tensordot(response.gains.moved[k], field.push(here.felt(vectors)), axes=2)


def _apply(response: Response, time: float, pulled: Series) -> Floats:
    """M_j v_j at one time for v (J, P)."""
    return (response.at(time)[1] @ pulled(time)[:, :, None])[:, :, 0]


def _pulled_source(response: Response, k: int, start: Floats, spread: Floats) -> Floats:
    """M_j⁻¹ S_j at the k-th abscissa, shape (J, P)."""
    flow, gains = response.flow, response.gains
    field, time = flow.field, float(response.abscissae[k])
    theta, jacobian, carried = response.at(time)
    here = Derivatives.at(field, theta)
    push, p = field.push(flow.path(time)), flow.weights[:, None]
    own = _moments(response, carried, start, spread)
    velocity, bent = here.velocity(push)
    outputs = gains.drawn[k] @ start.T + gains.felt[k] @ spread  # E δG_qk z, (Q, m, k)
    together = np.tensordot(carried, outputs, axes=(2, 2))  # E δG_qk δθ_j, (J, P, Q, m)
    second = 2 * here.felt(own.own_draw) + here.traces(p[:, :, None] * own.own_spread)
    source = here.third(push, own.own_spread) / 2
    source -= here.bent_by(together, field.problem.learning_rate * field.data.weights)
    source -= here.pull(field.push(second - here.felt(p * velocity))) / 2  # θ'' has −α Σ π ∇φ dG/dt
    source -= (bent @ velocity[:, :, None])[:, :, 0] / 2
    return np.linalg.solve(jacobian, source[:, :, None])[:, :, 0]
