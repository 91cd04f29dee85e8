"""Both particle kernels, through `train`, against sample-by-sample SGD written out."""

import numpy as np
import pytest
from scipy.special import erf

from mfnn import Problem, train
from mfnn.learning.data import Streams
from mfnn.particles.clouds import BLOCKED_FROM
from mfnn.particles.run import replica_seed

# σ and σ' written a second time, independently of the package.
SIGMA = {
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "erf": (erf, lambda z: 2 / np.sqrt(np.pi) * np.exp(-(z**2))),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda z: -np.sin(z)),
    "gaussian": (lambda z: np.exp(-(z**2)), lambda z: -2 * z * np.exp(-(z**2))),
    "relu": (lambda z: np.where(z > 0, z, 0.0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "linear": (lambda z: z, lambda z: np.ones_like(z)),
}

# Activation, m, d, width, steps. Fused: one loop (m = 1, d ≤ 3) and tiled (512 particles a tile); blocked: 256 samples
# a block in runs of 32, 1024 particles a tile. No width is a multiple of a vector, most samples leave a ragged last block.
CASES = [
    ("tanh", 1, 1, 130, 400),
    ("cos", 1, 1, 65, 130),
    ("sigmoid", 1, 3, 77, 200),
    ("erf", 1, 5, 600, 150),
    ("gaussian", 2, 1, 1030, 120),
    ("relu", 3, 4, 61, 200),
    ("sin", 1, 30, 1100, 150),
    ("linear", 3, 30, 45, 130),
    ("tanh", 2, 40, 70, 1700),  # more samples than are drawn at a time
]


def plain_sgd(sigma, theta: np.ndarray, x: np.ndarray, y: np.ndarray, alpha: float) -> np.ndarray:
    """θ (m + d, N) after one step a sample, both updates from the parameters before the step."""
    value, slope = sigma
    m, width = y.shape[1], theta.shape[1]
    c, w = [theta[:m].copy()], [theta[m:].copy()]
    for x_k, y_k in zip(x, y, strict=True):
        z = x_k @ w[-1]
        r = y_k - (c[-1] * value(z)).sum(axis=1) / width
        c_next = c[-1] + alpha / width * r[:, None] * value(z)
        w_next = w[-1] + alpha / width * (r @ c[-1]) * slope(z) * x_k[:, None]
        c, w = [c_next], [w_next]
    return np.concatenate([c[0], w[0]])


def problem_of(vary, activation: str, m: int, d: int) -> Problem:
    rng = np.random.default_rng(m + 10 * d)
    return vary(
        "three_points",
        {
            "activation": activation,
            "learning_rate": 1.5,
            "horizon": 100.0,
            "data.x": rng.normal(size=(9, d)) / np.sqrt(d),
            "data.y": rng.normal(size=(9, m)),
            "data.weights": rng.dirichlet(np.ones(9)),
            "data.noise_std": 0.3,
            "initial.c": [{"law": "uniform", "low": -1, "high": 2 + k} for k in range(m)],
            "initial.w": {"law": "normal", "mean": 0.2},
        },
    )


@pytest.mark.parametrize(("activation", "m", "d", "width", "steps"), CASES)
def test_training_is_the_plain_loop(vary, activation: str, m: int, d: int, width: int, steps: int) -> None:
    problem = problem_of(vary, activation, m, d)
    replicas, end = [3, 0], (steps + 0.5) / width
    runs = train(problem, width, replicas, [0.0, end], keep=width, root_seed=11)
    for row, replica in enumerate(replicas):
        streams = Streams(replica_seed(problem, width, replica, 11))
        start = problem.initial.sample(streams.initial, width, m, d)
        np.testing.assert_array_equal(runs.theta[row, 0].values.T, start)
        x, y = problem.data.sample(streams, steps)
        expected = plain_sgd(SIGMA[activation], start, x, y, problem.learning_rate)
        assert np.abs(expected - start).max() > 0.1  # the run has gone somewhere
        np.testing.assert_allclose(runs.theta[row, 1].values.T, expected, rtol=1e-12, atol=1e-12)


def test_the_cases_reach_both_kernels_and_every_activation() -> None:
    assert {d >= BLOCKED_FROM for _, _, d, _, _ in CASES} == {True, False}
    assert {activation for activation, *_ in CASES} == set(SIGMA)


@pytest.mark.parametrize(("m", "d"), [(1, 1), (2, 40)])
def test_a_run_of_width_one(vary, m: int, d: int) -> None:
    """N = 1: rate α, mean over a single particle, one vector of padding."""
    problem = problem_of(vary, "tanh", m, d)
    runs = train(problem, 1, [0], [0.0, 5.0], keep=1)
    streams = Streams(replica_seed(problem, 1, 0, 0))
    start = problem.initial.sample(streams.initial, 1, m, d)
    expected = plain_sgd(SIGMA["tanh"], start, *problem.data.sample(streams, 5), problem.learning_rate)
    np.testing.assert_allclose(runs.theta[0, 1].values.T, expected, rtol=1e-12)
