"""The covariance between times and the largest error over them: the adjoint, closed forms, another sampler."""

import numpy as np
import pytest
from scipy.stats import norm

from mfnn import SpecError, fluctuations, largest_error, solve_limit
from mfnn.learning.observables import parse_all
from mfnn.limit.path_covariance import path_covariance

TIMES = [0.0, 0.4, 1.1, 2.0]
NAMES = ["c^2", "w0^2", "cos(w0)"]


@pytest.fixture(scope="module")
def covariance(three_points):
    """The adjoint's Cov(⟨f, η_t⟩, ⟨g, η_u⟩) of `NAMES`, (time, observable, other_time, other)."""
    found = fluctuations(solve_limit(three_points, TIMES, 1e-5), NAMES, TIMES).covariance
    return found.transpose("time", "observable", "other_time", "other")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("sine1d", {}),
        ("three_points", {"activation": "erf", "data.noise_std": 0.4}),
        (
            "three_points",
            {
                "data.x": [[-1.0, 1.0], [0.5, 1.0], [1.5, 1.0]],
                "initial.w": {"law": "uniform", "low": -0.5, "high": 0.5},
            },
        ),
    ],
)
def test_the_covariance_between_times_is_the_adjoint_s(vary, name, changes):
    limit = solve_limit(vary(name, changes), TIMES, 1e-4)
    found = fluctuations(limit, ["c^2", "w0^2", "c*w0"], TIMES)
    adjoint = found.covariance.transpose("time", "observable", "other_time", "other").values
    functions = list(parse_all(["c^2", "w0^2", "c*w0"], limit.problem).values())
    forward = path_covariance(limit.certificate.finest, functions, limit.times)
    np.testing.assert_allclose(forward, adjoint, atol=2e-5 * np.abs(adjoint).max())


def test_at_one_time_it_is_the_variance(vary):
    limit = solve_limit(vary("three_points"), [2.0], 1e-5)
    found, law = largest_error(limit, NAMES), fluctuations(limit, NAMES, 2.0)
    variance = np.diag(law.covariance)
    np.testing.assert_allclose(found.mean_square, variance, rtol=1e-4)
    assert (np.abs(found.mean_square - variance) <= found.error).all()
    for level in (0.5, 0.95):
        np.testing.assert_allclose(found.quantile(level), np.sqrt(variance) * norm.ppf((1 + level) / 2), rtol=1e-3)


def test_at_two_times_it_has_a_closed_form(three_points, covariance):
    """E max(X², Y²) = ½ E(X² + Y²) + ½ E|UV| with U, V = X ± Y, and E|UV| = (2/π) σ_u σ_v (√(1 − r²) + r arcsin r)."""
    found = largest_error(solve_limit(three_points, [0.4, 2.0], 1e-5), NAMES)
    for name in NAMES:
        at = covariance.sel(observable=name, other=name, time=[0.4, 2.0], other_time=[0.4, 2.0]).values
        squares, turn = at.trace(), np.array([[1, 1], [1, -1]])
        turned = turn @ at @ turn
        size = np.sqrt(turned[0, 0] * turned[1, 1])
        r = turned[0, 1] / size
        expected = squares / 2 + size * (np.sqrt(1 - r**2) + r * np.arcsin(r)) / np.pi
        assert abs(float(found.mean_square.sel(observable=name)) - expected) <= float(
            found.error.sel(observable=name)
        )
        assert float(found.error.sel(observable=name)) < 0.01 * expected


def test_at_many_times_another_sampler_agrees(three_points, covariance):
    """Cholesky factors and pseudo-random draws; a false alarm in one of 10 000 seeds."""
    found = largest_error(solve_limit(three_points, TIMES, 1e-5), NAMES)
    draws = np.random.default_rng(1).standard_normal((200_000, len(TIMES)))
    for name in NAMES:
        root = np.linalg.cholesky(covariance.sel(observable=name, other=name).values)
        largest = np.abs(draws @ root.T).max(axis=1)
        error = 4.1 * (largest**2).std() / np.sqrt(len(draws)) + float(found.error.sel(observable=name))
        assert float(found.mean_square.sel(observable=name)) == pytest.approx((largest**2).mean(), abs=error)
        assert float(found.quantile(0.9).sel(observable=name)) == pytest.approx(np.quantile(largest, 0.9), rel=0.02)


def test_the_same_numbers_every_time(three_points):
    limit = solve_limit(three_points, TIMES, 1e-3)
    first, second = (largest_error(limit, ["c^2"]) for _ in range(2))
    np.testing.assert_array_equal(first.sample, second.sample)


@pytest.mark.parametrize("level", [0, 1, -0.5, float("nan"), "half"])
def test_bad_arguments_are_refused_in_one_line(three_points, level):
    limit = solve_limit(three_points, [1.0], 1e-3)
    with pytest.raises(SpecError, match="level") as refusal:
        largest_error(limit, ["c^2"]).quantile(level)
    assert "\n" not in str(refusal.value)
    with pytest.raises(SpecError):
        largest_error(limit, ["nothing"])
