"""Problems whose limit is known in closed form, for the limit and for training."""

import numpy as np
import pytest
from scipy.stats import norm

from mfnn import Problem, solve_limit, train

TIMES = [0.0, 0.3, 1.0]
NORMAL = {"law": "normal", "mean": 0.4, "std": 0.7}

# Data of the linear case with b = E xy and Σ = E x² in closed form: x sin(πx) integrates to 1/π over U(−1, 1), and to
# πs² exp(−π²s²/2) over N(0, s²).
LINEAR_DATA = {
    "finite": (
        {"law": "finite", "x": [-1.0, 0.5, 2.0], "y": [-1.2, 0.1, 1.1], "weights": [0.25, 0.5, 0.25]},
        0.25 * 1.2 + 0.5 * 0.05 + 0.25 * 2.2,
        0.25 + 0.5 * 0.25 + 0.25 * 4,
    ),
    "uniform": (
        {
            "law": "regression",
            "inputs": {"law": "uniform", "low": -1, "high": 1, "dim": 1},
            "target": "sine",
            "noise_std": 0.5,
        },
        1 / np.pi,
        1 / 3,
    ),
    "normal": (
        {"law": "regression", "inputs": {"law": "normal", "std": 0.5, "dim": 1}, "target": "sine"},
        np.pi * 0.25 * np.exp(-(np.pi**2) / 8),
        0.25,
    ),
}
ALPHA = 1.3


def hyperbolic_angle(b: float, sigma: float, second: float, t: np.ndarray, alpha: float = ALPHA) -> np.ndarray:
    """p(t) = log u, where u' = 2αb u − (αΣS/2)(u² − 1), u(0) = 1: a Riccati equation with two fixed points u₋ < 0 < u₊."""
    a, half = alpha * sigma * second / 2, alpha * b
    root = np.hypot(half, a)
    high, low = (half + root) / a, (half - root) / a
    decay = (1 - high) / (1 - low) * np.exp(-2 * root * np.asarray(t))
    return np.log((high - low * decay) / (1 - decay))


def turned(theta: np.ndarray, p: float) -> np.ndarray:
    """(c_0, w_0) of shape (n, 2) carried by the linear flow: a hyperbolic rotation by p/2."""
    c, w = theta.T
    return np.stack([c * np.cosh(p / 2) + w * np.sinh(p / 2), c * np.sinh(p / 2) + w * np.cosh(p / 2)], axis=1)


def linear(vary, name: str) -> tuple[Problem, np.ndarray, float]:
    """The problem, p at TIMES and S = E(c_0² + w_0²)."""
    data, b, sigma = LINEAR_DATA[name]
    changes = {"activation": "linear", "learning_rate": ALPHA, "data": data, "initial.w": NORMAL}
    problem = vary("three_points", changes | {"initial.c": {"law": "uniform", "low": -1.5, "high": 1.5}})
    second = 0.75 + 0.4**2 + 0.7**2
    return problem, hyperbolic_angle(b, sigma, second, np.array(TIMES)), second


@pytest.mark.parametrize("name", LINEAR_DATA)
def test_linear_activation_any_data_law(vary, name: str) -> None:
    problem, p, second = linear(vary, name)
    limit = solve_limit(problem, TIMES, 1e-9)
    truth = {
        "c*w0": second / 2 * np.sinh(p),
        "c^2": 0.75 * np.cosh(p / 2) ** 2 + 0.65 * np.sinh(p / 2) ** 2,
        "w0^2": 0.75 * np.sinh(p / 2) ** 2 + 0.65 * np.cosh(p / 2) ** 2,
        "c": 0.4 * np.sinh(p / 2),
        "g(0.7)": 0.7 * second / 2 * np.sinh(p),
    }
    for observable, value in truth.items():
        assert (np.abs(limit.mean(observable) - value) <= limit.error(observable) + 1e-12).all(), observable
        np.testing.assert_allclose(limit.mean(observable), value, atol=1e-9)
    np.testing.assert_allclose(limit.output([0.7, -2.0], 1.0), np.array([0.7, -2.0]) * truth["c*w0"][-1], atol=1e-8)

    theta0 = np.random.default_rng(0).normal(size=(20, 2))
    for t, angle, there in zip(TIMES, p, limit.flow(theta0, TIMES), strict=True):
        np.testing.assert_allclose(there, turned(theta0, angle), atol=1e-8)
        density = norm.pdf(theta0[:, 1], 0.4, 0.7) * (np.abs(theta0[:, 0]) < 1.5) / 3  # the map preserves area
        np.testing.assert_allclose(limit.density(turned(theta0, angle), t), density, atol=1e-8)


def test_linear_activation_in_training(vary) -> None:
    """⟨c w⟩ of a wide network is within O(N^{-1/2}) of the exact one: 5 standard errors over 16 replicas."""
    problem, p, second = linear(vary, "finite")
    runs = train(problem, 2000, range(16), TIMES, ["c*w0", "c^2"])
    for k in (1, 2):
        values = runs["c*w0"][:, k].values
        error = values.mean() - second / 2 * np.sinh(p[k])
        assert abs(error) < 5 * values.std(ddof=1) / 4 + 2e-3


# ---- one data point ----


def single_point(vary, activation: str, x: list[float], **changes: object) -> Problem:
    data = {"law": "finite", "x": [x], "y": [0.9]}
    return vary("three_points", {"activation": activation, "data": data, **changes})


def test_one_data_point_conserves_tanhs_invariant_along_the_flow(vary) -> None:
    """|x|²c² − sinh²(w·x) does not change, and w moves along x only."""
    x = np.array([0.8, -1.1])
    narrow = {"initial.w": {"law": "uniform", "low": -1, "high": 1}}
    limit = solve_limit(single_point(vary, "tanh", x.tolist(), **narrow), [0.0, 2.0], 1e-5)
    theta0 = np.random.default_rng(3).uniform(-1, 1, (30, 3))
    paths = limit.flow(theta0, [0.0, 0.5, 1.0, 2.0])
    invariant = x @ x * paths[..., 0] ** 2 - np.sinh(paths[..., 1:] @ x) ** 2
    assert np.abs(paths[-1] - paths[0]).max() > 0.1
    np.testing.assert_allclose(invariant, np.broadcast_to(invariant[0], invariant.shape), atol=1e-6)
    across = paths[..., 1:] @ np.array([1.1, 0.8])
    np.testing.assert_allclose(across, np.broadcast_to(across[0], across.shape), atol=1e-10)


def test_one_data_point_conserves_tanhs_invariant_in_training_to_first_order(vary) -> None:
    """A step changes the invariant by O(N^{-2}), so N steps change it by O(1/N): ten times the width, a tenth."""
    problem = single_point(vary, "tanh", [0.8])
    drift = []
    for width in (100, 1000):
        theta = train(problem, width, range(4), [0.0, 2.0], keep=width).theta.values
        invariant = 0.64 * theta[..., 0] ** 2 - np.sinh(0.8 * theta[..., 1]) ** 2
        drift.append(np.abs(invariant[:, 1] - invariant[:, 0]).mean())
    assert 1e-6 < drift[0] < 20 / 100
    assert drift[0] / drift[1] == pytest.approx(10, rel=0.15)


def test_one_data_point_has_no_sampling_noise(vary) -> None:
    """With a single sample, and all neurons alike up to sign at the start, training is Euler's method for the limit."""
    problem = single_point(vary, "tanh", [0.8])
    limit = solve_limit(problem, [0.0, 2.0], 1e-8)
    runs = train(problem, 4000, range(8), [0.0, 2.0], keep=4000)
    start, end = runs.theta.values[:, 0], runs.theta.values[:, 1]
    # Its only difference from the flow of μ̄ is the empirical measure of 4000 neurons and the step: both small.
    for replica in range(8):
        coupled = limit.flow(start[replica], [2.0])[0]
        assert np.abs(end[replica] - coupled).max() < 5 / np.sqrt(4000)


# ---- frozen and trivial cases ----


def test_frozen_w_relaxes_exponentially(vary) -> None:
    """x = 0 and σ = cos: K = 1, so ȳ − G_t = exp(−αt)(ȳ − G_0), for labels of any law; w stands still."""
    data = {"law": "finite", "x": [0.0, 0.0], "y": [2.0, -1.0], "weights": [0.8, 0.2]}
    problem = vary("three_points", {"activation": "cos", "data": data, "learning_rate": 1.7})
    limit = solve_limit(problem, TIMES, 1e-10)
    residual = (1.4 - 0.5) * np.exp(-1.7 * np.array(TIMES))
    np.testing.assert_allclose(limit.mean("c"), 1.4 - residual, atol=1e-10)
    np.testing.assert_allclose(limit.mean("w0^2"), 4 / 3, atol=1e-10)
    theta0 = np.array([[0.3, 1.0], [-2.0, 0.5]])
    moved = theta0 + np.array([1.4 - residual[-1] - 0.5, 0.0])  # every c moves by the same amount
    np.testing.assert_allclose(limit.flow(theta0, [1.0])[0], moved, atol=1e-10)
    inside = np.array([[0.3, 1.0], [-0.4, -1.9]]) + (moved - theta0)[0]
    np.testing.assert_allclose(limit.density(inside, 1.0), 1 / 8, atol=1e-9)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_nothing_to_learn_nothing_moves(vary, activation: str) -> None:
    """Zero labels and E c_0 = 0: G = 0 already, so every neuron of the limit stands still, and the density with it."""
    problem = vary(
        "three_points",
        {"activation": activation, "data.y": [0.0, 0.0, 0.0], "initial.c": {"law": "uniform", "low": -1, "high": 1}},
    )
    limit = solve_limit(problem, [0.0, 1.0, 2.0], 1e-9)
    for name, value in {"c^2": 1 / 3, "w0^2": 4 / 3, "c*w0": 0.0, "g(1)": 0.0}.items():
        np.testing.assert_allclose(limit.mean(name), value, atol=1e-11)
    theta0 = np.array([[0.5, 1.0], [-0.2, -1.7]])
    np.testing.assert_allclose(limit.flow(theta0, [2.0])[0], theta0, atol=1e-11)
    np.testing.assert_allclose(limit.density(theta0, 2.0), 1 / 8, atol=1e-10)


def test_symmetry_is_kept(sine1d_limit) -> None:
    """sine1d is invariant under (c, w) → (−c, −w): odd means vanish and the flow is odd."""
    for name in ("c", "w0", "c^2*w0", "sin(w0)"):
        np.testing.assert_allclose(sine1d_limit.mean(name), 0, atol=1e-11)
    theta0 = np.array([[0.5, 1.0], [0.9, -2.0]])
    flow = sine1d_limit.flow(np.concatenate([theta0, -theta0]), [2.0])[0]
    np.testing.assert_allclose(flow[:2], -flow[2:], atol=1e-9)


def test_learning_rate_is_a_change_of_time(vary) -> None:
    """V is proportional to α, so α = 2 at t is α = 1 at 2t."""
    slow = solve_limit(vary("three_points"), [0.0, 0.5, 2.0], 1e-8)
    fast = solve_limit(vary("three_points", {"learning_rate": 2.0}), [0.0, 0.25, 1.0], 1e-8)
    for name in ("c^2", "cos(w0)", "g(1.5)"):
        np.testing.assert_allclose(slow.mean(name), fast.mean(name), atol=1e-8)
    theta0 = np.array([[0.5, 1.0], [0.9, -2.0]])
    np.testing.assert_allclose(slow.flow(theta0, [2.0]), fast.flow(theta0, [1.0]), atol=1e-8)


# ---- Sobol' nodes ----


def test_sobol_solve_covers_an_exact_case_in_six_dimensions(vary) -> None:
    """Linear σ with one data point v: c and ω = w·v/|v| follow the d = 1 solution with Σ = |v|², the rest stands still."""
    v = np.array([0.5, -0.3, 0.8, 0.2, -0.6, 0.4])
    laws = [
        {"law": "uniform", "low": -1, "high": 2},
        {"law": "uniform", "low": -0.5, "high": 0.5},
        {"law": "normal"},
        {"law": "uniform", "low": 0, "high": 1},
        {"law": "uniform", "low": -1, "high": 1},
        {"law": "normal", "mean": 0.3, "std": 0.5},
    ]
    means, variances = np.array([0.5, 0, 0, 0.5, 0, 0.3]), np.array([0.75, 1 / 12, 1, 1 / 12, 1 / 3, 0.25])
    length = np.sqrt(v @ v)
    omega = (variances @ v**2 + (means @ v) ** 2) / length**2
    problem = vary(
        "three_points",
        {
            "activation": "linear",
            "data": {"law": "finite", "x": [v.tolist()], "y": [0.9]},
            "initial.c": {"law": "uniform", "low": -1, "high": 1},
            "initial.w": laws,
        },
    )
    limit = solve_limit(problem, [0.0, 1.0], 5e-3)
    p = hyperbolic_angle(0.9 * length, length**2, 1 / 3 + omega, np.array([0.0, 1.0]), alpha=1.0)
    truth = {
        "c^2": np.cosh(p / 2) ** 2 / 3 + np.sinh(p / 2) ** 2 * omega,
        f"g({','.join(map(str, v))})": length * (1 / 3 + omega) / 2 * np.sinh(p),
        "c": np.sinh(p / 2) * (means @ v) / length,
    }
    for name, value in truth.items():
        assert (limit.error(name) <= 5e-3).all()
        assert limit.error(name)[-1] > 0
        allowed = limit.error(name) + 2e-9  # the points are multiples of 2^-30
        assert (np.abs(limit.mean(name) - value) <= allowed).all(), name
    across, theta0 = np.array([0.3, 0.5, 0, 0, 0, 0]), np.random.default_rng(0).normal(size=(5, 7))
    end = limit.flow(theta0, [1.0])[0]
    np.testing.assert_allclose(end[:, 1:] @ across, theta0[:, 1:] @ across, atol=1e-8)
    start, there = (np.stack([theta[:, 0], theta[:, 1:] @ v / length], axis=1) for theta in (theta0, end))
    np.testing.assert_allclose(there, turned(start, p[-1]), atol=5e-2)
