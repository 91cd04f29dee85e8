"""The limit variance of the fluctuations η_t = √N (μ^N_t − μ̄_t), from one backward equation an observable.

With residual r_q(s) = y_q − G_s(x_q), label-noise variance v and Λ_qk(s) = Σ_j λ_j·∇φ_k(θ_j, x_q), φ_k = c_k σ(w·x),

    λ_j(t) = p_j ∇f(θ_j(t))
    −dλ_j/ds = α Σ_q π_q r_q·∇²φ(θ_j, x_q) λ_j − α p_j Σ_q π_q Λ_q·∇φ(θ_j, x_q)
    a_j = f(θ_j(t)) − α ∫_0^t Σ_q π_q Λ_q·φ(θ_j, x_q) ds
    V_init = Σ_j p_j a_j² − (Σ_j p_j a_j)²
    V_sgd = α² ∫_0^t { Σ_q π_q ((r_q·Λ_q)² + v |Λ_q|²) − (Σ_q π_q r_q·Λ_q)² } ds

and N·Var⟨f, μ^N_t⟩ → V_init + V_sgd; covariances by polarisation (the linearised limit equation of Sirignano &
Spiliopoulos, arXiv:1808.09372, solved by duality). Shapes: θ (m + d, J), λ (F, m + d, J), Λ (F, Q, m).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np
import xarray as xr
from scipy.integrate import solve_ivp

from mfnn.limit.characteristics import Flow, carry
from mfnn.limit.solve import Limit
from mfnn.observables import Observable, parse_all
from mfnn.spec import Floats


class Constants(NamedTuple):
    """What one solve says about F observables: matrices (F, F)."""

    initial: Floats
    sgd: Floats
    population: Floats  # Cov_{μ̄}(f, g) = ⟨f g, μ̄⟩ − ⟨f, μ̄⟩⟨g, μ̄⟩


@dataclass(frozen=True)
class Fluctuations:
    """The limits of N·Cov(⟨f, μ^N_t⟩, ⟨g, μ^N_t⟩) and of N·Cov(f(θ^1_t), g(θ^2_t)), labelled (F, F).

    `error` bounds the numerical error of `covariance` and `pair_covariance` as the limit's certificate does: the sum
    of the changes when one resolution at a time is made coarser, or a 99 % half-width over replicates.
    """

    initial: xr.DataArray
    sgd: xr.DataArray
    covariance: xr.DataArray
    pair_covariance: xr.DataArray
    error: xr.DataArray


class _State(NamedTuple):
    """What is integrated backward: positions, adjoints, ∫ α Σ_q π_q Λ_q·φ ds and the running V_sgd."""

    theta: Floats  # (m + d, J)
    adjoint: Floats  # (F, m + d, J)
    drift: Floats  # (F, J)
    sgd: Floats  # (F, F)

    def pack(self) -> Floats:
        return np.concatenate([part.ravel() for part in self])

    def unpack(self, flat: Floats) -> _State:
        parts = np.split(flat, np.cumsum([part.size for part in self])[:-1])
        return _State(*(part.reshape(like.shape) for part, like in zip(parts, self, strict=True)))


def fluctuations(limit: Limit, observables: Sequence[str], time: float) -> Fluctuations:
    """V_init, V_sgd, their sum and the chaos constants of the named observables at one time.

    Raises `SpecError` for an unknown observable or a time outside the limit's grid.
    """
    functions = parse_all(observables, limit.problem)
    (when,) = limit.within([time])
    solves = cast("tuple[Flow, ...]", limit.certificate.solves)
    constants = [_constants(flow, list(functions.values()), float(when), limit.rtol) for flow in solves]
    names = list(functions)

    def labelled(values: Floats) -> xr.DataArray:
        return xr.DataArray(values, coords={"observable": names, "other": names}, dims=("observable", "other"))

    initial, _ = limit.certificate.combine(np.array([part.initial for part in constants]))
    sgd, _ = limit.certificate.combine(np.array([part.sgd for part in constants]))
    population, population_error = limit.certificate.combine(np.array([part.population for part in constants]))
    _, error = limit.certificate.combine(np.array([part.initial + part.sgd for part in constants]))
    return Fluctuations(
        labelled(initial),
        labelled(sgd),
        labelled(initial + sgd),
        labelled(initial + sgd - population),
        labelled(error + population_error),
    )


def _constants(flow: Flow, functions: list[Observable], time: float, rtol: float) -> Constants:
    """The constants on the nodes of one solve."""
    p = flow.weights
    (theta,) = carry(flow, flow.origin, np.array([time]), rtol)
    values = np.array([f(theta) for f in functions])
    adjoint = np.array([p * f.gradient(theta) for f in functions])
    count = len(functions)
    end = _State(theta, adjoint, np.zeros((count, p.size)), np.zeros((count, count)))
    start = _backward(flow, end, time, rtol) if time > 0 else end
    return Constants(_covariance(values - start.drift, p), start.sgd, _covariance(values, p))


def _covariance(values: Floats, p: Floats) -> Floats:
    """The covariance matrix (F, F) under weights p (J,) of values (F, J)."""
    centred = values - (values @ p)[:, None]
    return (centred * p) @ centred.T


def _backward(flow: Flow, end: _State, time: float, rtol: float) -> _State:
    """Integrate from `time` back to 0."""

    def derivative(s: float, flat: Floats) -> Floats:
        return _rates(flow, end.unpack(flat), flow.path(s)).pack()

    solved = solve_ivp(derivative, (time, 0.0), end.pack(), method="DOP853", rtol=rtol, atol=_scales(end, rtol))
    return end.unpack(solved.y[:, -1])


def _scales(end: _State, rtol: float) -> Floats:
    """Absolute tolerances: rtol for positions and integrals, rtol p_j for the adjoints, which carry that factor."""
    size = np.abs(end.adjoint).max(axis=(1, 2), keepdims=True) + np.zeros_like(end.adjoint)
    ones = _State(np.ones_like(end.theta), size, np.ones_like(end.drift), np.ones_like(end.sgd))
    return rtol * ones.pack()


def _rates(flow: Flow, state: _State, residual: Floats) -> _State:
    """d/ds of the state; `drift` and `sgd` grow backward in time, hence their minus signs."""
    field = flow.field
    problem, x, pi = field.problem, field.data.x, field.data.weights
    alpha, m, p = problem.learning_rate, problem.outputs, flow.weights
    c, w = state.theta[:m], state.theta[m:]
    z = x @ w
    s = problem.sigma.value(z)
    slope, bend = problem.sigma.slope(z, s), problem.sigma.curvature(z, s)
    push = field.push(residual)
    pushed = push @ c  # Σ_k α π_q r_qk c_jk, (Q, J)
    velocity = np.concatenate([push.T @ s, x.T @ (slope * pushed)])
    adjoint, drift, responses = np.empty_like(state.adjoint), np.empty_like(state.drift), []
    for f, (outer, inner) in enumerate((row[:m], row[m:]) for row in state.adjoint):
        along = slope * (x @ inner)  # σ'(w_j·x_q) x_q·λ^w_j, (Q, J)
        response = s @ outer.T + along @ c.T  # Λ, (Q, m)
        weighted = alpha * pi[:, None] * response
        drift[f] = ((weighted.T @ s) * c).sum(axis=0)
        bent = slope * (push @ outer) + bend * pushed * (x @ inner)
        hessian = np.concatenate([push.T @ along, x.T @ bent])
        feedback = np.concatenate([weighted.T @ s, x.T @ (slope * (weighted @ c))])
        adjoint[f] = p * feedback - hessian
        responses.append(response)
    return _State(velocity, adjoint, -drift, -_step_noise(flow, np.array(responses), residual))


def _step_noise(flow: Flow, response: Floats, residual: Floats) -> Floats:
    """The integrand of V_sgd, (F, F), for Λ (F, Q, m)."""
    pi, problem = flow.field.data.weights, flow.field.problem
    kick = np.einsum("fqk,qk->fq", response, residual)
    noise = problem.data.noise_deviation**2 * np.einsum("fqk,gqk,q->fg", response, response, pi)
    return problem.learning_rate**2 * (_covariance(kick, pi) + noise)
