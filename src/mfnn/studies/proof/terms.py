"""The terms of the proof: what separates the path of a test function from its drift, step by step.

Sirignano & Spiliopoulos (arXiv:1805.01053, section 3) expand one step of training to first order in the step size and
split that order into its conditional mean and a martingale difference. With φ(θ, x) = c σ(w·x), the residual
r_k = y_k − g_k(x_k) and h_k(x) = ⟨∇φ(·, x)·∇f, ν_k⟩, the first order of step k is kick_k / N, kick_k = α r_k h_k(x_k), and

    ⟨f, μ^N_t⟩ − ⟨f, μ^N_0⟩ = ∫_0^t drift(μ^N_s) ds + M_t + R_t + V_t,   μ^N_t = ν_{⌊Nt⌋},
    drift(ν_k) = E[kick_k | ν_k] = α E_π[(y − g_k(x)) h_k(x)]
    M_t = (1/N) Σ_{k < ⌊Nt⌋} (kick_k − drift(ν_k))                      a martingale, of order N^{-1/2}
    R_t = Σ_{k < ⌊Nt⌋} (⟨f, ν_{k+1}⟩ − ⟨f, ν_k⟩ − kick_k / N)           the Taylor remainder, of order 1/N
    V_t = −(t − ⌊Nt⌋/N) drift(ν_{⌊Nt⌋})                                 the interval cut short at t, of order 1/N

E_π is a Gauss rule in the inputs and exact in the label noise, in which a kick is linear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import floor
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from mfnn.errors import DivergedError
from mfnn.learning.assumptions import require
from mfnn.learning.data import Streams
from mfnn.learning.observables import Observable, parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.nodes import DataNodes
from mfnn.numerics.kernel_activations import KERNEL_ACTIVATIONS
from mfnn.particles.clouds import GROUP
from mfnn.particles.run import replica_seed
from mfnn.spec import Floats

NODES = 20  # Gauss nodes of an input coordinate: the error of a bracket is a millionth of it

Respond = Callable[[Floats, Floats, Floats, Floats, Floats], None]


class Paths(NamedTuple):
    """F test functions at every step k of R replicas of one width trained for K steps."""

    value: Floats  # ⟨f, ν_k⟩, (K + 1, F, R)
    moment: Floats  # ⟨c⁴ + |w|⁴, ν_k⟩, (K + 1, R)
    kick: Floats  # kick_k, (K, F, R)
    drift: Floats  # E[kick_k | ν_k], (K, F, R)
    variance: Floats  # Var(kick_k | ν_k), (K, F, R)


class Terms(NamedTuple):
    """The right-hand side at one time, each (F, R), and the predictable bracket of its martingale."""

    integral: Floats  # ∫_0^t drift(μ^N_s) ds
    martingale: Floats
    remainder: Floats
    last: Floats
    bracket: Floats  # Σ_k Var(kick_k / N | ν_k), whose mean is that of the martingale's square


def follow(
    problem: Problem, width: int, replicas: Sequence[int], observables: Sequence[str], root_seed: int
) -> Paths:
    """Train replicas of width N as `mfnn.train` does, ⌊NT⌋ steps, and record every step.

    Raises `SpecError` for a problem with several outputs, labels without variance or an unknown observable, and
    `DivergedError`.
    """
    require(problem, "the terms of the proof")
    functions = list(parse_all(observables, problem).values())
    size = max(1, GROUP // width)
    groups = [replicas[start : start + size] for start in range(0, len(replicas), size)]
    parts = [_follow(problem, width, group, functions, root_seed) for group in groups]
    return Paths(*(np.concatenate(part, axis=-1) for part in zip(*parts, strict=True)))


def _follow(
    problem: Problem, width: int, group: Sequence[int], functions: Sequence[Observable], root_seed: int
) -> Paths:
    """The paths of replicas trained in lockstep."""
    streams = [Streams(replica_seed(problem, width, replica, root_seed)) for replica in group]
    theta = np.stack([problem.initial.sample(s.initial, width, 1, problem.dim) for s in streams], axis=1)
    steps = floor(round(width * problem.horizon, 9))
    samples = [problem.data.sample(stream, steps) for stream in streams]
    x, y = (np.stack(part, axis=1) for part in zip(*samples, strict=True))  # (K, R, d), (K, R, 1)
    data = data_nodes(problem)
    value, kick, drift, variance = (np.empty((steps + extra, len(functions), len(group))) for extra in (1, 0, 0, 0))
    moment = np.empty((steps + 1, len(group)))
    for k in range(steps + 1):
        value[k] = [f(theta).mean(axis=1) for f in functions]
        moment[k] = ((theta[0] ** 2) ** 2 + (theta[1:] ** 2).sum(axis=0) ** 2).mean(axis=1)
        if k < steps:
            output, response = _responses(problem, theta, functions, x[k], data.x)
            residual = y[k, :, 0] - output[:, 0]
            if not np.isfinite(residual).all():
                raise DivergedError(problem.name, width, group[int(np.argmin(np.isfinite(residual)))], k)
            kick[k] = problem.learning_rate * residual * response[..., 0]
            drift[k], variance[k] = kick_moments(problem, data, output[:, 1:], response[..., 1:])
            _step(problem, theta, x[k], residual)
    return Paths(value, moment, kick, drift, variance)


def _step(problem: Problem, theta: Floats, x: Floats, residual: Floats) -> None:
    """One step of every replica in place (arXiv:1805.01053, eq. 1.3): θ (1 + d, R, N), x (R, d), residual (R,)."""
    rate = problem.learning_rate / theta.shape[2] * residual[:, None]
    z = (theta[1:] * x.T[:, :, None]).sum(axis=0)
    s = problem.sigma.value(z)
    push = rate * theta[0] * problem.sigma.slope(z, s)
    theta[0] += rate * s
    theta[1:] += push * x.T[:, :, None]


def data_nodes(problem: Problem) -> DataNodes:
    """The rule that stands for E_π; a finite data set is its own."""
    return DataNodes(*problem.data.quadrature((NODES,) * problem.data.directions))


def kick_moments(problem: Problem, data: DataNodes, output: Floats, response: Floats) -> tuple[Floats, Floats]:
    """E and Var of α r h(x) over (x, y) ~ π, label noise included, for g (…, Q) and h (…, Q) on the data nodes."""
    residual = data.y[:, 0] - output
    # sums, not matrix products, whose last bits depend on how many replicas are multiplied at once
    mean = (residual * response * data.weights).sum(axis=-1)
    square = ((residual**2 + problem.data.noise_deviation**2) * response**2 * data.weights).sum(axis=-1)
    return problem.learning_rate * mean, problem.learning_rate**2 * (square - mean**2)


def terms(paths: Paths, width: int, steps: float) -> Terms:
    """The terms at time t = steps / N, at most K steps that need not be whole, of the paths of width N."""
    k = floor(steps)
    past = paths.drift[:k].sum(axis=0) / width
    last = paths.drift[k] * (steps - k) / width if k < steps else np.zeros_like(past)
    first_order = paths.kick[:k].sum(axis=0) / width
    return Terms(
        integral=past + last,
        martingale=first_order - past,
        remainder=paths.value[k] - paths.value[0] - first_order,
        last=-last,
        bracket=paths.variance[:k].sum(axis=0) / width**2,
    )


def _responses(
    problem: Problem, theta: Floats, functions: Sequence[Observable], x: Floats, nodes: Floats
) -> tuple[Floats, Floats]:
    """g (R, 1 + Q) and h (F, R, 1 + Q) at each replica's sample x (R, d), then at the nodes (Q, d); θ (1 + d, R, N)."""
    replicas, count = len(x), len(nodes)
    points = np.concatenate([x[:, None], np.broadcast_to(nodes, (replicas, count, problem.dim))], axis=1)
    flat = theta.reshape(len(theta), -1)
    gradient = np.stack([f.gradient(theta) for f in functions]).reshape(len(functions), *flat.shape)
    output, response = np.empty((replicas, 1 + count)), np.empty((len(functions), replicas, 1 + count))
    _respond(problem.activation, problem.dim)(flat, gradient, points, output, response)
    return output, response


@cache
def _respond(activation: str, dim: int) -> Respond:
    """The compiled sums over particles: g(x) = mean of c σ(w·x) and h(x) = mean of σ ∂_c f + c σ' x·∇_w f.

    Arguments: θ (1 + d, R N), ∇f (F, 1 + d, R N), points (R, P, d), and to be filled g (R, P), h (F, R, P).
    """
    activate, project = _sums(activation, dim)

    @njit(error_model="numpy")
    def respond(theta, gradient, points, output, response):
        width = theta.shape[1] // len(points)
        s, push = np.empty(width), np.empty(width)
        for r in range(len(points)):  # rows of one replica, copied: a loop over a slice is not vectorised
            cloud = theta[:, r * width : (r + 1) * width].copy()
            slopes = gradient[:, :, r * width : (r + 1) * width].copy()
            for p in range(points.shape[1]):
                output[r, p] = activate(cloud, points[r, p], s, push)
                for f in range(len(gradient)):
                    response[f, r, p] = project(slopes[f], points[r, p], s, push)

    return respond


def _sums(activation: str, dim: int):
    """The two sums at one point x of one replica; `activate`, which is g, leaves σ and c σ' for `project`, which is h."""
    value, slope = KERNEL_ACTIVATIONS[activation].value, KERNEL_ACTIVATIONS[activation].slope
    loop: dict[str, Any] = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}

    @njit(**loop)
    def along(rows, i, x):
        total = 0.0
        for a in range(dim):
            total += rows[1 + a, i] * x[a]
        return total

    @njit(**loop)
    def activate(theta, x, s, push):
        total = 0.0
        for i in range(s.size):
            z = along(theta, i, x)
            s[i] = value(z)
            push[i] = theta[0, i] * slope(z, s[i])
            total += theta[0, i] * s[i]
        return total / s.size

    @njit(**loop)
    def project(gradient, x, s, push):
        total = 0.0
        for i in range(s.size):
            total += s[i] * gradient[0, i] + push[i] * along(gradient, i, x)
        return total / s.size

    return activate, project
