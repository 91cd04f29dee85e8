"""The fluctuations η_t = √N (μ^N_t − μ̄_t) as a Gaussian process of few dimensions.

On the nodes of a solve the linearised equation moves δθ_j, with weights p perturbed by δp of covariance
P = diag(p) − p pᵀ at the start, N i.i.d. draws of μ̄_0, and with the noise of the steps:

    dδθ_j = ∇V_j δθ_j dt + Σ_qk ∇φ_k(θ_j, x_q) (−α π_q δG_qk dt + dW_qk)
    δG_qk = Σ_i (δp_i φ_k(θ_i, x_q) + p_i ∇φ_k(θ_i, x_q)·δθ_i)
    Cov(dW_qk, dW_ul) = α² {π_q δ_qu (r_qk r_ql + v δ_kl) − π_q π_u r_qk r_ul} dt

(arXiv:1808.09372 on nodes; derived here). ∇V_j acts on each node by itself, so with M_j = ∂θ_j(t)/∂θ_j(0) the
displacement δθ_j = M_j ζ_j has dζ_j = M_j⁻¹ Σ_qk ∇φ_k(θ_j, x_q) (…): all nodes are moved by the same few forces.
Σ_q, k and all times span a space of few dimensions, ζ_j = E_j z with E orthonormal under p, and so do the functions
φ_k(θ_i(t), x_q) of the start, δG's part in δp being a combination of white draws ω = Σ_i δp_i Ω_i. What is left is

    dz = −(a_t z + b_t ω) dt + dM,   Cov(dM) = s_t dt,   ω ~ N(0, I)

with X = E z ωᵀ and C = E z zᵀ from X' = −a X − b and C' = −a C − b Xᵀ + transpose + s, both 0 at the start. Shapes:
nodes J, P = m + d, E (J, P, k), Ω (J, l), X (k, l), C (k, k).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mfnn.errors import SpecError, ToleranceError
from mfnn.limit.characteristics import Flow, sampled
from mfnn.limit.covariances import step_noise
from mfnn.limit.derivatives import Derivatives
from mfnn.limit.series import Series
from mfnn.spec import Floats

FIRST_COUNT, LARGEST_COUNT = 24, 800  # times at which the equation is looked at
SMALLEST_RTOL = 1e-12  # below it rounding is what a series does not resolve
RESOLVED = 100.0  # what a series may leave unresolved over the integrator's relative tolerance
SPANNED = 0.3  # what a basis may leave over that tolerance's root: the constants' error is of higher order in it
LARGEST_STATE = 20_000_000  # numbers in ∇φ at all nodes and data nodes, (m + d) J times Q m


@dataclass(frozen=True)
class Gains:
    """How forces move z and how the outputs feel z and ω, at each of the abscissae."""

    moved: Floats  # (L, k, Q, m): M⁻¹ ∇φ_k(θ, x_q) = E moved
    felt: Floats  # (L, Q, m, k): Σ_i p_i ∇φ_k(θ_i, x_q)·M_i E_i
    drawn: Floats  # (L, Q, m, l): Σ_i p_i φ_k(θ_i, x_q) Ω_i


@dataclass(frozen=True)
class Response:
    """The process (z, ω) on [0, horizon] and how it moves the nodes."""

    flow: Flow
    nodes: Series  # (J, P, 1 + P): θ_j beside M_j
    directions: Floats  # E
    draws: Floats  # Ω
    abscissae: Floats  # (L,)
    gains: Gains
    damping: Series  # a
    forcing: Series  # b
    noise: Series  # s

    def at(self, time: float) -> tuple[Floats, Floats, Floats]:
        """θ (P, J), M (J, P, P) and M E (J, P, k) at one time."""
        state = self.nodes(time)
        jacobian = state[:, :, 1:]
        return state[:, :, 0].T, jacobian, jacobian @ self.directions

    def covariances(self, times: Floats) -> Iterator[tuple[Floats, Floats]]:
        """X (k, l) and C (k, k) at increasing times, one after another."""
        size = self.directions.shape[2]

        def derivative(time: float, flat: Floats) -> Floats:
            start, spread = np.split(flat.reshape(size, -1), [self.draws.shape[1]], axis=1)
            a, b = self.damping(time), self.forcing(time)
            half = a @ spread + b @ start.T
            return np.hstack([-a @ start - b, self.noise(time) - half - half.T]).ravel()

        nothing = np.zeros((size, self.draws.shape[1] + size))
        for _, state in sampled(derivative, nothing, times, self.flow.rtol):
            start, spread = np.split(state, [self.draws.shape[1]], axis=1)
            yield start, spread


def respond(flow: Flow, horizon: float, count: int = FIRST_COUNT) -> Response:
    """The process on [0, horizon] for one solve: the times are doubled in number until every series in time is resolved.

    Raises `SpecError` for a problem too large for it and `ToleranceError` where the times would be too many.
    """
    _refuse_too_large(flow)
    abscissae = Series.abscissae(horizon, count)
    states = np.array(list(_tangent(flow, abscissae)))
    directions, draws = _bases(flow, states)
    gains = _gains(flow, states, directions, draws)
    driven = flow.field.problem.learning_rate * flow.field.data.weights[:, None] * gains.moved
    damping, forcing = (
        np.einsum("taqk,tqkb->tab", driven, part, optimize=True) for part in (gains.felt, gains.drawn)
    )
    noise = np.array(
        [
            step_noise(flow.field, moved.transpose(0, 2, 1), flow.path(time))
            for time, moved in zip(abscissae, gains.moved, strict=True)
        ]
    )
    series = [Series.through(horizon, values) for values in (states, damping, forcing, noise)]
    unresolved = max(part.tail / (np.abs(part.coefficients).max() or 1.0) for part in series)
    if unresolved <= RESOLVED * max(flow.rtol, SMALLEST_RTOL):
        return Response(flow, series[0], directions, draws, abscissae, gains, *series[1:])
    if 2 * count > LARGEST_COUNT:
        name = flow.field.problem.name
        raise ToleranceError(
            f"the fluctuations of {name} are not resolved by {count} times: {unresolved:.1e} is left"
        )
    return respond(flow, horizon, 2 * count)


def _refuse_too_large(flow: Flow) -> None:
    size = flow.origin.size * flow.field.data.y.size
    if size > LARGEST_STATE:
        allowed = f"one whose fluctuations take at most {LARGEST_STATE:,} numbers, here {size:,}"
        raise SpecError("problem", flow.field.problem.name, allowed)


def _tangent(flow: Flow, times: Floats) -> Iterator[Floats]:
    """θ_j beside M_j (J, P, 1 + P) at increasing times: θ' = V, M' = ∇V M along the known field."""
    size, nodes = flow.origin.shape
    start = np.empty((nodes, size, 1 + size))
    start[:, :, 0], start[:, :, 1:] = flow.origin.T, np.eye(size)

    def derivative(time: float, flat: Floats) -> Floats:
        state, push = flat.reshape(start.shape), flow.field.push(flow.path(time))
        velocity, jacobian = Derivatives.at(flow.field, state[:, :, 0].T).velocity(push)
        return np.dstack([velocity, jacobian @ state[:, :, 1:]]).ravel()

    return (state for _, state in sampled(derivative, start, times, flow.rtol))


def _bases(flow: Flow, states: Floats) -> tuple[Floats, Floats]:
    """E (J, P, k) and Ω (J, l): what M⁻¹ ∇φ and φ, less its mean, span over all data nodes and states."""
    p, (nodes, size) = flow.weights, states.shape[1:3]
    roots = np.sqrt(np.maximum(p, np.finfo(float).tiny))
    columns = np.sqrt(flow.field.data.weights)[:, None] * np.ones(flow.field.problem.outputs)
    directions: Floats = np.zeros((nodes * size, 0))
    draws: Floats = np.zeros((nodes, 0))
    for state in states:
        here = Derivatives.at(flow.field, state[:, :, 0].T)
        pulled = _pulled(state, here) * columns * roots[:, None, None, None]
        directions = _extended(directions, pulled.reshape(nodes * size, -1), flow.rtol)
        values = here.value() * columns
        centred = (values - np.tensordot(p, values, axes=1)) * roots[:, None, None]
        draws = _extended(draws, centred.reshape(nodes, -1), flow.rtol)
    return directions.reshape(nodes, size, -1) / roots[:, None, None], draws / roots[:, None]


def _extended(basis: Floats, columns: Floats, rtol: float) -> Floats:
    """An orthonormal basis with the further directions that the columns need, but for SPANNED · √rtol of their size."""
    rest = columns
    for _ in range(2):  # the second time for what rounding left of the first
        rest = rest - basis @ (basis.T @ rest)
    cut = SPANNED * np.sqrt(rtol) * np.linalg.norm(columns)
    rest = rest[:, np.linalg.norm(rest, axis=0) > cut / np.sqrt(columns.shape[1])]
    if not rest.size:
        return basis
    left, sizes, _ = np.linalg.svd(rest, full_matrices=False)
    return np.hstack([basis, left[:, sizes > cut]])


def _pulled(state: Floats, here: Derivatives) -> Floats:
    """M_j⁻¹ ∇φ_k(θ_j, x_q), shape (J, P, Q, m)."""
    gradient = here.gradient()
    return np.linalg.solve(state[:, :, 1:], gradient.reshape(*gradient.shape[:2], -1)).reshape(gradient.shape)


def _gains(flow: Flow, states: Floats, directions: Floats, draws: Floats) -> Gains:
    p, data = flow.weights, flow.field.data.y.shape
    weighted = (p[:, None, None] * directions).reshape(-1, directions.shape[2])
    moved, felt, drawn = [], [], []
    for state in states:
        here = Derivatives.at(flow.field, state[:, :, 0].T)
        pulled, gradient = _pulled(state, here), here.gradient()
        carried = p[:, None, None] * (state[:, :, 1:] @ directions)
        moved.append((weighted.T @ pulled.reshape(len(weighted), -1)).reshape(-1, *data))
        felt.append((gradient.reshape(len(weighted), -1).T @ carried.reshape(weighted.shape)).reshape(*data, -1))
        drawn.append((here.value().reshape(len(p), -1).T @ (p[:, None] * draws)).reshape(*data, -1))
    return Gains(np.array(moved), np.array(felt), np.array(drawn))
