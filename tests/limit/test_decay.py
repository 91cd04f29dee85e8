"""Weight decay without noise: exact cases, the density's Jacobian, two routes to the fluctuations, finite volumes."""

import numpy as np
import pytest

from mfnn import Limit, Problem, finite_width, fluctuations, solve_limit, train
from mfnn.limit.finite_volume import Grid, enclosing_box, finite_volumes

BELL = {"initial.c": {"law": "normal", "mean": 0.2, "std": 0.5}, "initial.w": {"law": "normal", "std": 0.8}}
DECAY = {"decay": {"c": 0.5, "w": 0.2}, "horizon": 1.0}
NAMES = ["c^2", "w0^2", "c*w0", "g(0.5)"]


@pytest.fixture(scope="module")
def decayed(vary) -> Problem:
    return vary("three_points", {**BELL, **DECAY, "data.noise_std": 0.2})


@pytest.fixture(scope="module")
def limit(decayed: Problem) -> Limit:
    return solve_limit(decayed, [0.0, 0.5, 1.0], 1e-6, NAMES)


def test_parameters_that_no_sample_moves_decay_exponentially(vary) -> None:
    problem = vary("three_points", {**BELL, **DECAY, "data.x": [[0.0]], "data.y": [0.3], "learning_rate": 2.0})
    solved, times = solve_limit(problem, [0.0, 0.3, 1.0], 1e-9), np.array([0.0, 0.3, 1.0])
    np.testing.assert_allclose(solved.mean("c"), 0.2 * np.exp(-2 * 0.5 * times), atol=1e-9)
    np.testing.assert_allclose(solved.mean("w0^2"), 0.64 * np.exp(-2 * 2 * 0.2 * times), atol=1e-9)
    assert "parameters decay" in solved.departures


def test_the_density_is_that_of_the_image(limit: Limit) -> None:
    """p_t(Φ_t(θ)) |det ∂Φ_t| = p_0(θ), the Jacobian by differences of the flow."""
    theta, step = np.random.default_rng(0).normal(size=(6, 2)) / 2, 1e-4
    ends = [limit.flow(np.concatenate([theta + e, theta - e]), [1.0])[0] for e in step * np.eye(2)]
    jacobian = np.array([(end[:6] - end[6:]) / (2 * step) for end in ends]).transpose(1, 2, 0)
    found = limit.density(limit.flow(theta, [1.0])[0], 1.0) * np.linalg.det(jacobian)
    np.testing.assert_allclose(found, limit.density(theta, 0.0), rtol=1e-5)


def test_forward_and_backward_equations_give_one_variance(limit: Limit) -> None:
    backward, forward = fluctuations(limit, NAMES, 1.0), finite_width(limit, NAMES, 1.0)
    np.testing.assert_allclose(forward.variance, backward.covariance.values.diagonal(), rtol=1e-4)


def test_networks_have_the_predicted_mean_and_spread(decayed: Problem, limit: Limit) -> None:
    width, replicas = 50, 800
    predicted, runs = finite_width(limit, NAMES, 1.0), train(decayed, width, range(replicas), [1.0], NAMES)
    for name in NAMES:
        values, of = runs[name].values[:, 0], {"observable": name}
        assert abs(values.mean() - predicted.expected(width).sel(of)) < 4 * values.std() / replicas**0.5, name
        assert values.var(ddof=1) * width == pytest.approx(predicted.variance.sel(of).item(), rel=0.25), name


def test_finite_volumes_converge_to_the_same_law(decayed: Problem, limit: Limit) -> None:
    box = enclosing_box(limit)
    coarse, fine = (finite_volumes(decayed, Grid.uniform(box, cells), np.array([1.0])) for cells in (40, 80))
    errors = []
    for solution in (coarse, fine):
        c, w = np.meshgrid(*solution.grid.centres, indexing="ij")
        errors.append(abs((solution.masses[0] * c * w).sum() - limit.mean("c*w0")[-1]))
    assert errors[1] < errors[0] / 2.5
    assert errors[1] < 2e-3


def test_constants_of_a_late_time_do_not_spoil_those_of_an_early_one(vary):
    """Positions contract with a decay and expand backward: they come from where they were, not from the end."""
    problem = vary("sine1d", {"decay": 0.05, "horizon": 40.0})
    limit = solve_limit(problem, [0.0, 1.0, 40.0], 1e-2)
    alone, both = (fluctuations(limit, ["c^2"], times) for times in (1.0, [1.0, 40.0]))
    early = both.covariance.sel(time=1.0, other_time=1.0)
    assert early.item() == pytest.approx(alone.covariance.item(), rel=1e-4)
    late = (part.sel(time=40.0, other_time=40.0).item() for part in (both.error, both.covariance))
    assert next(late) < 0.02 * next(late)
