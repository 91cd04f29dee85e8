"""The fluctuations with noisy steps, from one backward equation an observable and time (derived here).

With residual r_q = y_q − G_s(x_q), Λ_q(s) = ⟨∇φ(·, x_q)·∇a_s, μ̄_s⟩ and the drift V − αλθ of the Fokker–Planck equation,

    −∂_s a = V·∇a + ατ Δa − α Σ_q π_q Λ_q φ(·, x_q),   a_t = f
    Cov_init = Cov_{μ̄_0}(a_0, b_0),   Cov_thermal = 2ατ ∫ ⟨∇a_s·∇b_s, μ̄_s⟩ ds,   Cov_sgd as without noise

The operator is the transposed one of the forward solve, on its grid. Without the last term of the equation a is
E(f(θ_t) | θ_s), of which the covariance of one neuron with itself is made. Shapes: a (rows, n_c, n_w), transforms
(rows, n_c, n_w // 2 + 1), Λ (rows, 1, Q).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import fft

from mfnn.learning.observables import Observable
from mfnn.limit.covariances import Constants, step_noise, weighted_covariance
from mfnn.limit.diffusion import Diffusion
from mfnn.spec import Floats


@dataclass(frozen=True)
class _Sums:
    """What a backward solve adds up, each (rows, rows)."""

    sgd: Floats
    thermal: Floats

    def plus(self, rate: _Sums, step: float) -> _Sums:
        return _Sums(self.sgd + step * rate.sgd, self.thermal + step * rate.thermal)

    def joined_by(self, more: int) -> _Sums:
        return _Sums(np.pad(self.sgd, (0, more)), np.pad(self.thermal, (0, more)))


@dataclass(frozen=True)
class _Moment:
    """The law at one time, as the backward equation sees it."""

    solve: Diffusion
    weights: Floats  # p χ Δc Δw, (n_c, n_w)
    residual: Floats  # (Q, 1)
    drift: tuple[Floats, Floats]

    @classmethod
    def at(cls, solve: Diffusion, time: float) -> _Moment:
        torus, density = solve.torus, solve.path(time)
        residual = torus.field.data.y - torus.output(density)
        return cls(solve, torus.window * density * torus.cell, residual, torus.drift(residual))

    def rates(self, modes: Floats, fed: int) -> tuple[Floats, _Sums]:
        """−∂_s of the transforms without the diffusion, and of the sums; the first `fed` rows feel the feedback."""
        torus, problem = self.solve.torus, self.solve.torus.field.problem
        along_c, along_w = torus.gradient(modes)
        carried = self.drift[0] * along_c + self.drift[1] * along_w
        (units, bends), c = torus.features, torus.c.points
        felt = (self.weights * along_c[:fed]).sum(axis=1) @ units.T
        felt += (c[:, None] * self.weights * along_w[:fed]).sum(axis=1) @ bends.T
        feedback = problem.learning_rate * (torus.field.data.weights * felt) @ units
        carried[:fed] -= torus.window * c[:, None] * feedback[:, None]
        noise = 2 * problem.learning_rate * problem.temperature
        root = np.sqrt(np.maximum(self.weights, 0))
        moved = np.concatenate([root * along_c[:fed], root * along_w[:fed]], axis=1).reshape(fed, -1)
        sums = _Sums(step_noise(torus.field, felt[:, None], self.residual), noise * (moved @ moved.T))
        return fft.rfft2(carried), sums


def diffused_constants(solve: Diffusion, functions: Sequence[Observable], times: Floats) -> Constants:
    """The constants of F observables at increasing times on the grid of one solve; the first time's rows first."""
    torus, count = solve.torus, len(functions)
    values = np.array([f(torus.theta).reshape(torus.shape) for f in functions])
    ends = fft.rfft2(torus.window * values)
    fed, free = ends[:0], ends[:0]
    sums = _Sums(np.zeros((0, 0)), np.zeros((0, 0)))
    population = np.zeros((len(times) * count,) * 2)
    for k in reversed(range(len(times))):
        fed, free, sums = np.concatenate([fed, ends]), np.concatenate([free, ends]), sums.joined_by(count)
        own = _covariance(solve, float(times[k]), free)
        size = len(own)
        population[size - count : size, :size], population[:size, size - count : size] = own[-count:], own[:, -count:]
        start = float(times[k - 1]) if k else 0.0
        fed, free, sums = _backward(solve, fed, free, sums, float(times[k]), start)
    latest_first = _covariance(solve, 0.0, fed), sums.sgd, population, sums.thermal
    order = np.arange(len(fed)).reshape(len(times), count)[::-1].ravel()
    return Constants(*(matrix[np.ix_(order, order)] for matrix in latest_first))


def _backward(
    solve: Diffusion, fed: Floats, free: Floats, sums: _Sums, time: float, start: float
) -> tuple[Floats, Floats, _Sums]:
    """From `time` back to `start`, by RK4 in the frame of the diffusion."""
    count = int(np.ceil((time - start) / solve.longest_step))
    step, several = (
        (time - start) / max(count, 1),
        start > 0,
    )  # covariances between times need the rows without feedback
    modes, rows = np.concatenate([fed, free]) if several else fed, len(fed)
    half = np.exp(-step / 2 * solve.torus.diffusivity)
    here = _Moment.at(solve, time)
    for k in range(count):
        now = time - k * step
        middle, before = _Moment.at(solve, now - step / 2), _Moment.at(solve, max(now - step, 0.0))
        first, a = here.rates(modes, rows)
        moved = half * modes
        second, b = middle.rates(moved + step / 2 * half * first, rows)
        third, c = middle.rates(moved + step / 2 * second, rows)
        fourth, d = before.rates(half * (moved + step * third), rows)
        modes = half * (moved + step / 6 * (half * first + 2 * (second + third))) + step / 6 * fourth
        sums = sums.plus(a, step / 6).plus(b, step / 3).plus(c, step / 3).plus(d, step / 6)
        here = before
    return modes[:rows], modes[rows:] if several else free, sums


def _covariance(solve: Diffusion, time: float, modes: Floats) -> Floats:
    """The covariance matrix of rows under μ̄_t, (rows, rows)."""
    torus = solve.torus
    density = torus.density(torus.initial()) if time == 0 else solve.path(time)
    return weighted_covariance(fft.irfft2(modes, torus.shape).reshape(len(modes), -1), torus.weights(density))
