"""The limit law of the fluctuations η_t = √N (μ^N_t − μ̄_t), from one backward equation an observable and time.

With residual r_q(s) = y_q − G_s(x_q), label-noise variance v and Λ_qk(s) = Σ_j λ_j·∇φ_k(θ_j, x_q), φ_k = c_k σ(w·x),

    λ_j(t) = p_j ∇f(θ_j(t))
    −dλ_j/ds = α Σ_q π_q r_q·∇²φ(θ_j, x_q) λ_j − α p_j Σ_q π_q Λ_q·∇φ(θ_j, x_q) − α λ λ_j
    a_j = f(θ_j(t)) − α ∫_0^t Σ_q π_q Λ_q·φ(θ_j, x_q) ds
    Cov_init = Σ_j p_j a_j b_j − (Σ_j p_j a_j)(Σ_j p_j b_j)
    Cov_sgd = α² ∫_0^{min(t, u)} { Σ_q π_q ((r_q·Λ_q)(r_q·M_q) + v Λ_q·M_q) − (Σ_q π_q r_q·Λ_q)(Σ_q π_q r_q·M_q) } ds

for f at time t with Λ, a and g at time u with M, b: N·Cov(⟨f, μ^N_t⟩, ⟨g, μ^N_u⟩) → Cov_init + Cov_sgd (the linearised
limit equation of Sirignano & Spiliopoulos, arXiv:1808.09372, solved by duality). The rows of a solve are the pairs
(f, t), F observables at each of several times. Shapes: θ (m + d, J), λ (rows, m + d, J), Λ (rows, m, Q).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple, overload

import numpy as np
import xarray as xr

from mfnn.learning.assumptions import require
from mfnn.learning.observables import Observable, parse_all
from mfnn.limit.characteristics import Flow, carry
from mfnn.limit.covariances import Constants, step_noise, weighted_covariance
from mfnn.limit.deep import DeepLimit
from mfnn.limit.deep_fluctuations import DeepFluctuations, deep_fluctuations
from mfnn.limit.diffused_fluctuations import diffused_constants
from mfnn.limit.diffusion import DiffusedLimit
from mfnn.limit.effort import Effort
from mfnn.limit.field import TILE
from mfnn.limit.integrate import end_of
from mfnn.limit.lazy import LazyLimit
from mfnn.limit.lazy_fluctuations import LazyFluctuations, lazy_fluctuations
from mfnn.limit.limit import Limit
from mfnn.limit.transport import transported
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared

# Learning rate times how long positions are integrated backward before they are set to where they came from: what
# contracts in time expands against it, by e^(rate times time).
REACH = 8.0


@dataclass(frozen=True, eq=False)
class Fluctuations(Compared):
    """The limits of N·Cov(⟨f, μ^N_t⟩, ⟨g, μ^N_u⟩) and of N·Cov(f(θ^1_t), g(θ^2_u)).

    Labelled (observable, other) for one time, (observable, time, other, other_time) for several. `error` bounds the
    numerical error of `covariance` and `pair_covariance` as the limit's certificate does: three times the sum of the
    changes when one resolution at a time is made coarser, or a 99 % half-width over replicates. `covariance` is the sum
    of `initial`, from the draw of the start, `sgd`, from that of the samples, and `thermal`, from the noise of the steps.
    """

    initial: xr.DataArray
    sgd: xr.DataArray
    thermal: xr.DataArray
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


@overload
def fluctuations(  # type: ignore[overload-overlap]  # what is known of this kind of limit has a type of its own
    limit: LazyLimit, observables: Sequence[str], time: float | Sequence[float], threads: int = 1
) -> LazyFluctuations: ...
@overload
def fluctuations(  # type: ignore[overload-overlap]  # the same
    limit: DeepLimit, observables: Sequence[str], time: float | Sequence[float], threads: int = 1
) -> DeepFluctuations: ...
@overload
def fluctuations(
    limit: Limit, observables: Sequence[str], time: float | Sequence[float], threads: int = 1
) -> Fluctuations: ...
def fluctuations(
    limit: Limit, observables: Sequence[str], time: float | Sequence[float], threads: int = 1
) -> Fluctuations | LazyFluctuations | DeepFluctuations:
    """Cov_init, Cov_sgd, Cov_thermal, their sum and the chaos constants of the named observables at one or several times.

    Of a limit with an `output_exponent` below 1, both parts with powers of N of their own, `LazyFluctuations`; of two
    hidden layers three parts, `DeepFluctuations`; both at one time only. `threads` share out the solves of a limit that a
    flow carries, and change nothing else. Raises
    `SpecError` for an unknown observable, a time outside the limit's grid, a σ without two continuous derivatives and
    label noise without variance.
    """
    if isinstance(limit, LazyLimit):
        return lazy_fluctuations(limit, observables, time)
    if isinstance(limit, DeepLimit):
        return deep_fluctuations(limit, observables, time)
    require(limit.problem, "fluctuations")
    functions = parse_all(observables, limit.problem)
    times = limit.within(np.atleast_1d(np.asarray(time, dtype=object)).tolist())
    combine, parts = _constants(limit, list(functions.values()), times, Effort(threads=threads))
    sources = [np.array([getattr(part, source) for part in parts]) for source in ("initial", "sgd", "thermal")]
    population = np.array([part.population for part in parts])
    error = combine(np.sum(sources, axis=0))[1] + combine(population)[1]

    def labelled(values: Floats) -> xr.DataArray:
        names, shape = list(functions), (len(times), len(functions))
        cube = xr.DataArray(
            values.reshape(shape + shape),
            coords={"time": times, "observable": names, "other_time": times, "other": names},
            dims=("time", "observable", "other_time", "other"),
        ).transpose("observable", "time", "other", "other_time")
        return cube[:, 0, :, 0].drop_vars(["time", "other_time"]) if np.ndim(time) == 0 else cube

    first, second, third, shared = (labelled(combine(part)[0]) for part in (*sources, population))
    total = first + second + third
    return Fluctuations(first, second, third, total, total - shared, labelled(error))


def _constants(
    limit: Limit, functions: Sequence[Observable], times: Floats, effort: Effort
) -> tuple[Callable[[Floats], tuple[Floats, Floats]], list[Constants]]:
    """How the solves of a limit are combined, and what each of them says about the functions at the times."""
    if isinstance(limit, DiffusedLimit):
        return limit.certificate.combine, [diffused_constants(solve, functions, times) for solve in limit.solves]
    solved = transported(limit, "fluctuations")

    def on_one(flow: Flow) -> Constants:
        return _of_observables(flow, functions, times, solved.rtol)

    return solved.certificate.combine, effort.each(on_one, solved.solves)


def _of_observables(flow: Flow, functions: Sequence[Observable], times: Floats, rtol: float) -> Constants:
    """The constants of F observables at increasing times on the nodes of one solve; the first time's rows first."""
    positions = carry(flow, flow.origin, times, rtol)
    rows = [
        Rows(
            np.array([f(theta) for f in functions]),
            flow.field.seen(np.array([flow.weights * f.gradient(theta) for f in functions])),
        )
        for theta in positions
    ]
    return constants(flow, rows, positions, times, rtol)


def constants(flow: Flow, rows: Sequence[Rows], positions: Floats, times: Floats, rtol: float) -> Constants:
    """The constants of rows that end at increasing times, where the nodes are at `positions` (times, m + d, J)."""
    none = np.zeros((0, *flow.origin.shape))
    state, ending = _State(positions[-1], none, none[:, 0], np.zeros((0, 0))), dict(zip(times, rows, strict=True))
    stops = _stops(times, REACH / flow.field.problem.learning_rate)
    along = positions if len(stops) == len(times) else carry(flow, flow.origin, stops, rtol)
    for k in reversed(range(len(stops))):
        state = state._replace(theta=along[k])
        if stops[k] in ending:
            state = state.joined_by(ending[stops[k]].adjoint)
        start = float(stops[k - 1]) if k else 0.0
        if stops[k] > start:
            state = _backward(flow, state, float(stops[k]), start, rtol)
    latest_first = np.concatenate([part.values for part in reversed(rows)])
    ends = np.cumsum([0, *(len(part.values) for part in reversed(rows))])
    order = np.concatenate([np.arange(ends[k], ends[k + 1]) for k in reversed(range(len(rows)))]).astype(int)
    p = flow.weights
    own, thermal = weighted_covariance(latest_first, p), np.zeros_like(state.sgd)
    matrices = (weighted_covariance(latest_first - state.drift, p), state.sgd, own, thermal)
    return Constants(*(matrix[np.ix_(order, order)] for matrix in matrices))


def _stops(times: Floats, reach: float) -> Floats:
    """The times, and others between them and 0 wherever they are further apart than `reach`."""
    parts = [
        np.linspace(start, end, max(1, ceil((end - start) / reach)) + 1)[1:] if end > start else np.array([end])
        for start, end in zip((0.0, *times[:-1]), times, strict=True)
    ]
    return np.concatenate(parts)


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
    field.damped(velocity, state.theta)
    if problem.damping.any():
        adjoint += problem.damping[:, None] * state.adjoint
    return _State(velocity, field.seen(adjoint), -drift, -step_noise(field, response, residual))


def _tiles(flow: Flow, theta: Floats) -> Iterator[tuple[slice, Floats, Floats, Floats]]:
    """Parts of the nodes with σ, σ' and σ'' at the data nodes, each (Q, part)."""
    x, sigma = flow.field.data.x, flow.field.sigma
    columns = max(1, TILE // len(x))
    for start in range(0, theta.shape[1], columns):
        part = slice(start, start + columns)
        z = x @ theta[flow.field.problem.outputs :, part]
        s = sigma.value(z)
        yield part, s, sigma.slope(z, s), sigma.curvature(z, s)
