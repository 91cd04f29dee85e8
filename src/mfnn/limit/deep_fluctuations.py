"""Fluctuations of networks with two hidden layers, in three parts: the draw of each layer, and the samples.

    Var⟨f⟩ ≈ V_w/N_1 + V_c/N_2 + V_samples/steps,   steps = max(N_1, N_2) a unit of time

On the nodes of mfnn.limit.deep a mean F(t) is a function of the probabilities p, ρ; the draw of N_1 neurons w gives
V_w = Var_p(∂F/∂p), that of N_2 neurons c gives V_c = Var_ρ(∂F/∂ρ) (the draw of v(0) is of order 1/(N_1 N_2)). With λ the
adjoint of the state and κ_q = λ·(the direction in which a sample at x_q moves it: none in D where v stays),
dλ/ds = −∂L/∂(state),

    L = α Σ_q π_q r_q κ_q,   ∂F/∂p = explicit + ∫_0^t ∂L/∂p ds
    V_samples = α² ∫_0^t {Σ_q π_q (r_q² + v) κ_q² − (Σ_q π_q r_q κ_q)²} ds

with v the variance of label noise (derived here; checked against networks). Shapes: λ_w (rows, d, I), λ_D (rows, I, J),
λ_c (rows, J), κ (rows, Q).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr

from mfnn.learning.assumptions import require
from mfnn.learning.observables import NetworkOutput
from mfnn.learning.pairs import PairFunction, pair_functions
from mfnn.limit.deep import DeepFlow, DeepLimit, Layers
from mfnn.limit.integrate import end_of
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared, integer

LEAST_SCALE = 1e-3  # of a part of the state, in units of which its absolute tolerance counts


@dataclass(frozen=True, eq=False)
class DeepFluctuations(Compared):
    """The three parts of N Cov(⟨f⟩, ⟨g⟩), labelled (observable, other), and their sum for two layers of one width.

    `error` bounds the numerical error of `covariance` as the limit's certificate does.
    """

    w: xr.DataArray
    c: xr.DataArray
    sgd: xr.DataArray
    covariance: xr.DataArray
    error: xr.DataArray

    def variance(self, width: int | tuple[int, int]) -> xr.DataArray:
        """The variances at one width or a pair (N_1, N_2): V_w/N_1 + V_c/N_2 + V_samples/max(N_1, N_2).

        Raises `SpecError` for a width that is no positive integer.
        """
        first, second = (integer("width", part, 1) for part in np.broadcast_to(width, 2).tolist())
        parts = self.w / first + self.c / second + self.sgd / max(first, second)
        names = parts["observable"].values
        return xr.DataArray(np.diag(parts.values), coords={"observable": names}, dims="observable")


class _State(NamedTuple):
    """What is integrated backward: λ of every part of the state, ∂F/∂p, ∂F/∂ρ and the running V_samples."""

    w: Floats  # (rows, d, I)
    moved: Floats  # (rows, I, J)
    c: Floats  # (rows, J)
    by_p: Floats  # (rows, I)
    by_rho: Floats  # (rows, J)
    sgd: Floats  # (rows, rows)

    def pack(self) -> Floats:
        return np.concatenate([part.ravel() for part in self])

    def unpack(self, flat: Floats) -> _State:
        parts = np.split(flat, np.cumsum([part.size for part in self])[:-1])
        return _State(*(part.reshape(like.shape) for part, like in zip(parts, self, strict=True)))


def deep_fluctuations(
    limit: DeepLimit, observables: Sequence[str], time: float | Sequence[float]
) -> DeepFluctuations:
    """All parts for the named observables at one time; raises as `fluctuations` does."""
    require(limit.problem, "fluctuations of two hidden layers")
    functions = pair_functions(observables, limit.problem)
    when = limit.one_time(time)
    parts = np.array([_parts(flow, list(functions.values()), when, limit.rtol) for flow in limit.solves])
    value, _ = limit.certificate.combine(parts)
    total, error = limit.certificate.combine(parts.sum(axis=1))
    names = list(functions)
    labelled = [
        xr.DataArray(matrix, coords={"observable": names, "other": names}, dims=("observable", "other"))
        for matrix in (*value, total, error)
    ]
    return DeepFluctuations(*labelled)


def _parts(flow: DeepFlow, functions: Sequence[PairFunction | NetworkOutput], time: float, rtol: float) -> Floats:
    """The covariances from w, from c and from the samples, (3, rows, rows), on one solve."""
    layers = flow.at(time)
    w, moved, c, by_p, by_rho = map(np.array, zip(*(_end(flow, layers, f) for f in functions), strict=True))
    end = _State(w, moved, c, by_p, by_rho, np.zeros((len(functions), len(functions))))

    def derivative(s: float, flat: Floats) -> Floats:
        return _rates(flow, flow.at(s), end.unpack(flat)).pack()

    sizes = [max(float(np.abs(part).max(initial=0)), LEAST_SCALE) * np.ones(part.size) for part in end]
    scales = rtol * np.concatenate(sizes)
    begun = end.unpack(end_of(derivative, time, 0.0, end.pack(), rtol, scales)) if time > 0 else end
    return np.array([_covariance(begun.by_p, flow.p), _covariance(begun.by_rho, flow.rho), begun.sgd])


def _covariance(values: Floats, p: Floats) -> Floats:
    centred = values - (values @ p)[:, None]
    return (centred * p) @ centred.T


def _end(flow: DeepFlow, layers: Layers, f: PairFunction | NetworkOutput) -> tuple[Floats, ...]:
    """λ_w, λ_D, λ_c, ∂F/∂p and ∂F/∂ρ of one function at its own time."""
    p, rho, sigma = flow.p, flow.rho, flow.problem.sigma
    if isinstance(f, NetworkOutput):
        x = np.array([f.point])
        z, h = (part[:, 0] for part in flow.hidden(layers, x))
        s, t = sigma.value(z), sigma.value(h)
        felt = rho * layers.c * sigma.slope(h, t)
        back = flow.weights(layers) @ felt
        return (x[0][:, None] * p * sigma.slope(z, s) * back, np.outer(p * s, felt), rho * t, s * back, layers.c * t)
    (a, slope_a), (e, slope_e) = f.of_w(layers.w), f.of_c(layers.c)
    b, slope_b = flow.averaged(f, layers)
    over_c, over_w = b @ (rho * e), (p * a) @ b
    return (p * slope_a * over_c, np.outer(p * a, rho * e) * slope_b, rho * slope_e * over_w, a * over_c, e * over_w)


def _rates(flow: DeepFlow, layers: Layers, state: _State) -> _State:
    """d/ds of the state; all of it grows backward in time, hence the minus signs."""
    sigma, (x, y, pi), p, rho, c = flow.problem.sigma, flow.data, flow.p, flow.rho, layers.c
    alpha, v = flow.problem.learning_rate, flow.weights(layers)
    z, h = flow.hidden(layers, x)
    s, t = sigma.value(z), sigma.value(h)
    s1, t1 = sigma.slope(z, s), sigma.slope(h, t)
    s2, t2 = sigma.curvature(z, s), sigma.curvature(h, t)
    residual = y[:, 0] - (rho * c) @ t
    along = np.einsum("rai,qa->riq", state.w, x)
    by_w = np.einsum("ij,riq->rjq", v, along * s1)
    moved = flow.follows * state.moved
    inner = np.einsum("rij,iq->rjq", moved, s) + rho[:, None] * by_w
    kappa = state.c @ t + (c[:, None] * t1 * inner).sum(axis=1)
    a, b = -alpha * pi * kappa, alpha * pi * residual
    outer = (rho * c)[:, None] * a[:, None] + state.c[:, :, None] * b
    into_h = outer * t1 + b * c[:, None] * inner * t2  # ∂L/∂H, (rows, J, Q)
    back = np.einsum("ij,rjq->riq", v, into_h)
    felt = b * c[:, None] * t1
    into_s = p[:, None] * back + np.einsum("rij,jq->riq", moved, felt)
    pulled = v @ (rho[:, None] * felt)
    rate_w = np.einsum("riq,qa->rai", into_s * s1 + pulled * along * s2, x)
    rate_moved = p[:, None] * np.einsum("iq,rjq->rij", s, into_h)
    rate_moved += np.einsum("riq,jq->rij", along * s1, rho[:, None] * felt)
    rate_c = rho * (a @ t.T) + (b * t1 * inner).sum(axis=2)
    by_p, by_rho = (back * s).sum(axis=2), c * (a @ t.T) + (felt * by_w).sum(axis=2)
    kicks = kappa * residual
    noise = flow.problem.data.noise_deviation**2 * (kappa * pi) @ kappa.T
    sgd = alpha**2 * (_covariance(kicks, pi) + noise)
    return _State(-rate_w, -rate_moved, -rate_c, -by_p, -by_rho, -sgd)
