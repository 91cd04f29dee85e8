"""The limit law of the fluctuations η_t = √N (μ^N_t − μ̄_t), from one backward equation an observable and time.

With residual r_q(s) = y_q − G_s(x_q), label-noise variance v and Λ_qk(s) = Σ_j λ_j·∇φ_k(θ_j, x_q), φ_k = c_k σ(w·x),

    λ_j(t) = p_j ∇f(θ_j(t))
    −dλ_j/ds = α Σ_q π_q r_q·∇²φ(θ_j, x_q) λ_j − α p_j Σ_q π_q Λ_q·∇φ(θ_j, x_q)
    a_j = f(θ_j(t)) − α ∫_0^t Σ_q π_q Λ_q·φ(θ_j, x_q) ds
    Cov_init = Σ_j p_j a_j b_j − (Σ_j p_j a_j)(Σ_j p_j b_j)
    Cov_sgd = α² ∫_0^{min(t, u)} { Σ_q π_q ((r_q·Λ_q)(r_q·M_q) + v Λ_q·M_q) − (Σ_q π_q r_q·Λ_q)(Σ_q π_q r_q·M_q) } ds

for f at time t with Λ, a and g at time u with M, b: N·Cov(⟨f, μ^N_t⟩, ⟨g, μ^N_u⟩) → Cov_init + Cov_sgd (the linearised
limit equation of Sirignano & Spiliopoulos, arXiv:1808.09372, solved by duality). The rows of a solve are the pairs
(f, t), F observables at each of several times. Shapes: θ (m + d, J), λ (rows, m + d, J), Λ (rows, m, Q).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np
import xarray as xr

from mfnn.learning.assumptions import require
from mfnn.learning.observables import Observable, parse_all
from mfnn.limit.characteristics import Flow, carry
from mfnn.limit.field import TILE
from mfnn.limit.integrate import end_of
from mfnn.limit.solve import Limit
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared


@dataclass(frozen=True)
class Constants:
    """What one solve says about its rows: matrices (rows, rows)."""

    initial: Floats
    sgd: Floats
    population: Floats  # Cov_{μ̄_0}(f ∘ Φ_t, g ∘ Φ_u)


@dataclass(frozen=True, eq=False)
class Fluctuations(Compared):
    """The limits of N·Cov(⟨f, μ^N_t⟩, ⟨g, μ^N_u⟩) and of N·Cov(f(θ^1_t), g(θ^2_u)).

    Labelled (observable, other) for one time, (observable, time, other, other_time) for several. `error` bounds the
    numerical error of `covariance` and `pair_covariance` as the limit's certificate does: three times the sum of the
    changes when one resolution at a time is made coarser, or a 99 % half-width over replicates.
    """

    initial: xr.DataArray
    sgd: xr.DataArray
    covariance: xr.DataArray
    pair_covariance: xr.DataArray
    error: xr.DataArray


@dataclass(frozen=True)
class Rows:
    """What ends a backward solve at one time: values f(θ_j) (rows, J) and adjoints λ_j (rows, m + d, J)."""

    values: Floats
    adjoint: Floats


class _State(NamedTuple):
    """What is integrated backward: positions, adjoints, ∫ α Σ_q π_q Λ_q·φ ds and the running Cov_sgd."""

    theta: Floats  # (m + d, J)
    adjoint: Floats  # (rows, m + d, J)
    drift: Floats  # (rows, J)
    sgd: Floats  # (rows, rows)

    def pack(self) -> Floats:
        return np.concatenate([part.ravel() for part in self])

    def unpack(self, flat: Floats) -> _State:
        parts = np.split(flat, np.cumsum([part.size for part in self])[:-1])
        return _State(*(part.reshape(like.shape) for part, like in zip(parts, self, strict=True)))

    def joined_by(self, adjoint: Floats) -> _State:
        """The state with further rows that begin here."""
        more = len(adjoint)
        drift = np.concatenate([self.drift, np.zeros((more, self.theta.shape[1]))])
        return _State(self.theta, np.concatenate([self.adjoint, adjoint]), drift, np.pad(self.sgd, (0, more)))


def fluctuations(limit: Limit, observables: Sequence[str], time: float | Sequence[float]) -> Fluctuations:
    """Cov_init, Cov_sgd, their sum and the chaos constants of the named observables at one time or between several.

    Raises `SpecError` for an unknown observable, a time outside the limit's grid, a σ without two continuous derivatives
    and label noise without variance.
    """
    require(limit.problem, "fluctuations")
    functions = parse_all(observables, limit.problem)
    times = limit.within(np.atleast_1d(np.asarray(time, dtype=object)).tolist())
    solves = cast("tuple[Flow, ...]", limit.certificate.solves)
    parts = [_of_observables(flow, list(functions.values()), times, limit.rtol) for flow in solves]
    initial, sgd, population = (
        np.array([getattr(part, name) for part in parts]) for name in ("initial", "sgd", "population")
    )
    combine = limit.certificate.combine
    error = combine(initial + sgd)[1] + combine(population)[1]

    def labelled(values: Floats) -> xr.DataArray:
        names, shape = list(functions), (len(times), len(functions))
        cube = xr.DataArray(
            values.reshape(shape + shape),
            coords={"time": times, "observable": names, "other_time": times, "other": names},
            dims=("time", "observable", "other_time", "other"),
        ).transpose("observable", "time", "other", "other_time")
        return cube[:, 0, :, 0].drop_vars(["time", "other_time"]) if np.ndim(time) == 0 else cube

    first, second, shared = (labelled(combine(part)[0]) for part in (initial, sgd, population))
    return Fluctuations(first, second, first + second, first + second - shared, labelled(error))


def _of_observables(flow: Flow, functions: Sequence[Observable], times: Floats, rtol: float) -> Constants:
    """The constants of F observables at increasing times on the nodes of one solve; the first time's rows first."""
    positions = carry(flow, flow.origin, times, rtol)
    rows = [
        Rows(np.array([f(theta) for f in functions]), np.array([flow.weights * f.gradient(theta) for f in functions]))
        for theta in positions
    ]
    return constants(flow, rows, positions, times, rtol)


def constants(flow: Flow, rows: Sequence[Rows], positions: Floats, times: Floats, rtol: float) -> Constants:
    """The constants of rows that end at increasing times, where the nodes are at `positions` (times, m + d, J)."""
    none = np.zeros((0, *flow.origin.shape))
    state = _State(positions[-1], none, none[:, 0], np.zeros((0, 0)))
    for k in reversed(range(len(times))):
        state = state.joined_by(rows[k].adjoint)
        start = float(times[k - 1]) if k else 0.0
        if times[k] > start:
            state = _backward(flow, state, float(times[k]), start, rtol)
    latest_first = np.concatenate([part.values for part in reversed(rows)])
    ends = np.cumsum([0, *(len(part.values) for part in reversed(rows))])
    order = np.concatenate([np.arange(ends[k], ends[k + 1]) for k in reversed(range(len(rows)))]).astype(int)
    p = flow.weights
    matrices = (_covariance(latest_first - state.drift, p), state.sgd, _covariance(latest_first, p))
    return Constants(*(matrix[np.ix_(order, order)] for matrix in matrices))


def _covariance(values: Floats, p: Floats) -> Floats:
    """The covariance matrix (rows, rows) under weights p (J,) of values (rows, J)."""
    centred = values - (values @ p)[:, None]
    return (centred * p) @ centred.T


def _backward(flow: Flow, end: _State, time: float, start: float, rtol: float) -> _State:
    """Integrate from `time` back to `start`."""

    def derivative(s: float, flat: Floats) -> Floats:
        return _rates(flow, end.unpack(flat), flow.path(s)).pack()

    return end.unpack(end_of(derivative, time, start, end.pack(), rtol, _scales(end, rtol)))


def _scales(end: _State, rtol: float) -> Floats:
    """Absolute tolerances: rtol for positions and integrals, rtol p_j for the adjoints, which carry that factor."""
    size = np.abs(end.adjoint).max(axis=(1, 2), keepdims=True) + np.zeros_like(end.adjoint)
    ones = _State(np.ones_like(end.theta), size, np.ones_like(end.drift), np.ones_like(end.sgd))
    return rtol * ones.pack()


def _rates(flow: Flow, state: _State, residual: Floats) -> _State:
    """d/ds of the state; `drift` and `sgd` grow backward in time, hence their minus signs."""
    field = flow.field
    problem, x, m = field.problem, field.data.x, field.problem.outputs
    push, p, xt = field.push(residual), flow.weights, x.T
    response = np.zeros((len(state.adjoint), m, len(x)))
    for part, s, slope, _ in _tiles(flow, state.theta):
        c, outer, inner = state.theta[:m, part], state.adjoint[:, :m, part], state.adjoint[:, m:, part]
        along = (c[:, None] * inner[:, None]) @ slope.T  # (rows, m, d, Q)
        response += outer @ s.T + (along * xt).sum(axis=2)
    weighted = problem.learning_rate * field.data.weights * response
    steered = weighted[:, :, None] * xt
    velocity, adjoint, drift = (np.empty_like(part) for part in state[:3])
    for part, s, slope, bend in _tiles(flow, state.theta):
        c, outer, inner = state.theta[:m, part], state.adjoint[:, :m, part], state.adjoint[:, m:, part]
        mixed = (push.T[:, None] * xt) @ slope  # ∂²/∂c∂w of Σ α π r·φ, (m, d, part)
        bent = (xt[:, None] * xt) @ (bend * (push @ c))  # ∂²/∂w∂w, (d, d, part)
        velocity[:m, part], velocity[m:, part] = push.T @ s, (mixed * c[:, None]).sum(axis=0)
        fed, turned = weighted @ s, steered @ slope
        drift[:, part] = (fed * c).sum(axis=1)
        adjoint[:, :m, part] = p[part] * fed - (mixed * inner[:, None]).sum(axis=2)
        adjoint[:, m:, part] = p[part] * (turned * c[:, None]).sum(axis=1) - (mixed * outer[:, :, None]).sum(axis=1)
        adjoint[:, m:, part] -= (bent * inner[:, None]).sum(axis=2)
    return _State(velocity, adjoint, -drift, -step_noise(flow, response, residual))


def _tiles(flow: Flow, theta: Floats) -> Iterator[tuple[slice, Floats, Floats, Floats]]:
    """Parts of the nodes with σ, σ' and σ'' at the data nodes, each (Q, part)."""
    x, sigma = flow.field.data.x, flow.field.problem.sigma
    columns = max(1, TILE // len(x))
    for start in range(0, theta.shape[1], columns):
        part = slice(start, start + columns)
        z = x @ theta[flow.field.problem.outputs :, part]
        s = sigma.value(z)
        yield part, s, sigma.slope(z, s), sigma.curvature(z, s)


def step_noise(flow: Flow, response: Floats, residual: Floats) -> Floats:
    """The integrand of Cov_sgd, (rows, rows), for Λ (rows, m, Q)."""
    pi, problem = flow.field.data.weights, flow.field.problem
    kick = (response * residual.T).sum(axis=1)
    spread = (response * np.sqrt(pi)).reshape(len(response), -1)
    noise = problem.data.noise_deviation**2 * (spread @ spread.T)
    return problem.learning_rate**2 * (_covariance(kick, pi) + noise)
