"""Fluctuations of networks whose output is N^{−γ} Σ_i c^i σ(w^i·x), 1/2 ≤ γ < 1: two sources with powers of their own.

The output's start is a sum of N i.i.d. terms and fluctuates by N^{1/2−γ}; every step kicks it by (α/N) r·K(·, x):

    Var g^N_t(x) ≈ N^{1−2γ} Var_{μ̄_0}(a_t) + N^{−1} V_samples,   a_t = φ(·, x) − Σ_q h_t(x, q)·φ(·, x_q)
    V_samples = α² ∫_0^t { Σ_q π_q ((k_q·r_q)² + v |k_q|²) − (Σ_q π_q k_q·r_q)² } ds,   k = E_{t−s} K(x, ·)

E_t being the propagator of dδG/dt = −α K Π δG, h_t = (1 − E_t) on data nodes, v the variance of label noise (derived
here, by the modes of mfnn.limit.lazy). Of order N^{−1} is also what the start contributes by the kernel that it draws:
left out, as what falls faster than the first term. A mean ⟨f, μ^N⟩ stays, its fluctuations do not: an output
that starts off by N^{1−γ} ⟨φ, μ^N_0⟩ moves it by N^{γ−1} times that: its variance is Var_{μ̄_0}(a_t)/N with

    a_t = f − Σ_q h_t(f, q)·φ(·, x_q),   h_t(f, ·) = α ∫_0^t κ_f Π E_s ds,   κ_f = ⟨∇φ(·, x_q)·∇f, μ̄_0⟩

while samples move it by less. Shapes: rows are observables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from mfnn.errors import ToleranceError
from mfnn.learning.assumptions import require
from mfnn.learning.observables import NetworkOutput, Observable, parse_all
from mfnn.limit.lazy import LazyLimit, LinearSolve
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared, integer

FIRST_TIMES, MOST_TIMES = 32, 4096  # Gauss nodes of the integral over time, doubled until it no longer changes
RESOLVED = 1e-9  # relative change at which the integral counts as known


@dataclass(frozen=True, eq=False)
class LazyFluctuations(Compared):
    """What the start and the samples contribute to variances, each with its power of N, labelled (observable, other).

    `initial` is the covariance of N^{γ−1/2} (g^N − G) and of N^{1/2} (⟨f, μ^N⟩ − ⟨f, μ̄⟩) that the start gives, `sgd` that
    of N^{1/2} (g^N − G) that the samples give; `error` bounds the numerical error of their sum as the limit's
    certificate does.
    """

    initial: xr.DataArray
    sgd: xr.DataArray
    error: xr.DataArray
    output_exponent: float
    outputs: frozenset[str] = field(repr=False)  # those observables that are outputs of the network

    def variance(self, width: int) -> xr.DataArray:
        """The variance at width N to the leading order of each source, N^{1−2γ} or N^{−1} `initial` + N^{−1} `sgd`.

        Raises `SpecError` for a width that is no positive integer.
        """
        n = float(integer("width", width, 1))
        names = self.initial["observable"].values
        powers = np.array([1 - 2 * self.output_exponent if name in self.outputs else -1.0 for name in names])
        values = n**powers * np.diag(self.initial.values) + np.diag(self.sgd.values) / n
        return xr.DataArray(values, coords={"observable": names}, dims="observable")


def lazy_fluctuations(
    limit: LazyLimit, observables: Sequence[str], time: float | Sequence[float]
) -> LazyFluctuations:
    """Both parts for the named observables at one time; raises as `fluctuations` does, and for several times."""
    require(limit.problem, "fluctuations with γ < 1")
    functions = parse_all(observables, limit.problem)
    when = limit.one_time(time)
    parts = np.array([_parts(solve, list(functions.values()), when) for solve in limit.solves])
    value, error = limit.certificate.combine(parts)
    names = list(functions)

    def labelled(matrix: Floats) -> xr.DataArray:
        return xr.DataArray(matrix, coords={"observable": names, "other": names}, dims=("observable", "other"))

    outputs = frozenset(name for name, f in functions.items() if isinstance(f, NetworkOutput))
    start, samples, wrong = labelled(value[0]), labelled(value[1]), labelled(error.sum(axis=0))
    return LazyFluctuations(start, samples, wrong, limit.output_exponent, outputs)


def _parts(solve: LinearSolve, functions: Sequence[Observable], time: float) -> Floats:
    """The covariances from the start and from the samples, (2, rows, rows), on one solve."""
    felt = _felt(solve, functions)
    outputs = np.array([isinstance(f, NetworkOutput) for f in functions])
    return np.array([_from_start(solve, functions, felt, time), _from_samples(solve, felt * outputs[:, None], time)])


def _felt(solve: LinearSolve, functions: Sequence[Observable]) -> Floats:
    """u(x) of every row that is an output, κ_f Π^{1/2} U of the others: (rows, n)."""
    return np.array(
        [
            solve.felt(np.array([f.point]))[0, f.output]
            if isinstance(f, NetworkOutput)
            else solve.steered(f).ravel() @ solve.modes[1]
            for f in functions
        ]
    ).reshape(len(functions), -1)


def _from_start(solve: LinearSolve, functions: Sequence[Observable], felt: Floats, time: float) -> Floats:
    """Cov_{μ̄_0}(a_t, b_t), (rows, rows)."""
    theta, p, m, data = solve.theta[0], solve.weights, solve.problem.outputs, solve.data
    seen = ((felt * solve.moved(time)) @ solve.modes[1].T).reshape(len(felt), *data.y.shape)  # h_t(x, q)
    s = solve.problem.sigma.value(data.x @ theta[m:])
    values = np.array([f(theta) for f in functions]) - np.einsum("rqk,qj,kj->rj", seen, s, theta[:m], optimize=True)
    centred = values - (values @ p)[:, None]
    return (centred * p) @ centred.T


def _from_samples(solve: LinearSolve, felt: Floats, time: float) -> Floats:
    """V_samples, (rows, rows): the integral over time by Gauss nodes, doubled in number until it is resolved."""
    count, before = FIRST_TIMES, np.full((len(felt), len(felt)), np.inf)
    while count <= MOST_TIMES:
        nodes, weights = np.polynomial.legendre.leggauss(count)
        moments = time * (1 + nodes) / 2
        rates = np.array([_rate(solve, felt, time, s) for s in moments])
        now = time / 2 * np.tensordot(weights, rates, axes=1)
        if np.abs(now - before).max() <= RESOLVED * max(np.abs(now).max(), np.finfo(float).tiny):
            return now
        count, before = 2 * count, now
    raise ToleranceError(f"the noise of the steps of {solve.problem.name} is not resolved by {MOST_TIMES} times")


def _rate(solve: LinearSolve, felt: Floats, time: float, s: float) -> Floats:
    """The integrand of V_samples at time s, (rows, rows)."""
    (sizes, vectors), problem, pi = solve.modes, solve.problem, solve.data.weights
    kept = felt * np.exp(-problem.learning_rate * sizes * (time - s))
    k = (kept @ vectors.T).reshape(len(felt), *solve.data.y.shape) / pi[:, None]  # E_{t−s} K(x, ·), (rows, Q, m)
    kicks = (k * solve.residual(s)).sum(axis=2)
    noise = (k * (problem.data.noise_deviation * np.sqrt(pi))[:, None]).reshape(len(felt), -1)
    mean = kicks @ pi
    return problem.learning_rate**2 * ((kicks * pi) @ kicks.T + noise @ noise.T - np.outer(mean, mean))
