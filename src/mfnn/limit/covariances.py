"""What fluctuations are made of on one solve, whichever equation it solves: covariances of rows, (rows, rows)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mfnn.limit.field import VelocityField
from mfnn.spec import Floats


@dataclass(frozen=True)
class Constants:
    """What one solve says about its rows: matrices (rows, rows)."""

    initial: Floats
    sgd: Floats
    population: Floats  # Cov(f(θ_t), g(θ_u)) of one neuron; without noise Cov_{μ̄_0}(f ∘ Φ_t, g ∘ Φ_u)
    thermal: Floats


def weighted_covariance(values: Floats, p: Floats) -> Floats:
    """The covariance matrix (rows, rows) under weights p (J,) of values (rows, J)."""
    centred = values - (values @ p)[:, None]
    return (centred * p) @ centred.T


def step_noise(field: VelocityField, response: Floats, residual: Floats) -> Floats:
    """The integrand of Cov_sgd, (rows, rows), for Λ (rows, m, Q)."""
    pi, problem = field.data.weights, field.problem
    kick = (response * residual.T).sum(axis=1)
    spread = (response * np.sqrt(pi)).reshape(len(response), -1)
    noise = problem.data.noise_deviation**2 * (spread @ spread.T)
    return problem.learning_rate**2 * (weighted_covariance(kick, pi) + noise)
