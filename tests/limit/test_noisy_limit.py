"""The limit of noisy steps: published digits, exact Gaussian cases, an independent simulation, refusals."""

import numpy as np
import pytest

from mfnn import Limit, SpecError, finite_width, fluctuations, largest_error, solve_limit, train

NOISY1D = {
    "learning_rate": 4.0,
    "decay": 0.1,
    "temperature": 0.05,
    "initial.c": {"law": "normal", "std": 0.5},
    "initial.w": {"law": "normal", "std": 1.5},
}
# At t = 2: mean, N·Var and its parts, as printed in the project's notes.
DIGITS = {
    "c^2": (1.1210215, 1.2766, 0.0076, 0.4735, 0.7955),
    "w0^2": (1.3500034, 1.866, 0.357, 0.189, 1.32),
    "cos(w0)": (0.481685, 0.1752, None, None, None),
    "g(0.5)": (0.396014, 0.1234, 0.0036, 0.0738, 0.046),
}
UNIFORM = {
    "activation": "gaussian",
    "learning_rate": 1.0,
    "horizon": 1.0,
    "decay": {"c": 0.2, "w": 0.5},
    "temperature": 0.3,
    "data.noise_std": 0.3,
}
NAMES = ["c^2", "w0^2", "c*w0", "g(0.5)"]


@pytest.fixture(scope="module")
def noisy1d(vary) -> Limit:
    return solve_limit(vary("sine1d", NOISY1D), [0.0, 2.0], 1e-3, list(DIGITS))


@pytest.fixture(scope="module")
def uniform(vary) -> Limit:
    return solve_limit(vary("three_points", UNIFORM), [0.0, 0.5, 1.0], 1e-4, NAMES)


@pytest.mark.parametrize("name", DIGITS)
def test_published_means(noisy1d: Limit, name: str) -> None:
    assert noisy1d.mean(name)[-1] == pytest.approx(DIGITS[name][0], abs=6e-7)


def test_published_constants(noisy1d: Limit) -> None:
    found = fluctuations(noisy1d, list(DIGITS), 2.0)
    for name, (_, total, *parts) in DIGITS.items():
        at = {"observable": name, "other": name}
        assert found.covariance.sel(at).item() == pytest.approx(total, abs=6e-4), name
        for kind, part in zip(("initial", "sgd", "thermal"), parts, strict=True):
            if part is not None:
                assert getattr(found, kind).sel(at).item() == pytest.approx(part, abs=6e-4), (name, kind)
    assert (found.error.values.diagonal() < 0.025).all()


def test_without_samples_parameters_are_ornstein_uhlenbeck(vary) -> None:
    """x = 0 and y = 0, σ(0) = 0: Gaussian moments and densities, N·Var that of independent neurons, no dependence."""
    silent = {"data.x": [[0.0]], "data.y": [0.0], "initial.c": {"law": "normal", "mean": 1.0, "std": 0.5}}
    problem = vary("three_points", {**NOISY1D, **silent, "learning_rate": 1.0, "temperature": 0.4, "decay": 0.5})
    limit, times = solve_limit(problem, [0.0, 0.7, 2.0], 1e-4), np.array([0.0, 0.7, 2.0])
    mean = np.exp(-0.5 * times)
    variance = 0.25 * mean**2 + 0.4 / 0.5 * (1 - mean**2)
    np.testing.assert_allclose(limit.mean("c"), mean, atol=1e-7)
    np.testing.assert_allclose(limit.mean("c^2"), mean**2 + variance, atol=1e-7)
    points = np.array([[0.3, -0.5], [1.0, 2.0], [-1.0, 0.4]])
    spread = np.array([variance[1], 2.25 * mean[1] ** 2 + 0.8 * (1 - mean[1] ** 2)])
    exponent = -((points - [mean[1], 0.0]) ** 2 / (2 * spread)).sum(axis=1)
    exact = np.exp(exponent) / (2 * np.pi * np.sqrt(spread.prod()))
    np.testing.assert_allclose(limit.density(points, 0.7), exact, atol=1e-6)
    found = fluctuations(limit, ["c"], [0.7, 2.0])
    np.testing.assert_allclose(
        found.covariance.sel(observable="c", other="c").values.diagonal(), variance[1:], atol=1e-5
    )
    between = found.covariance.sel(observable="c", other="c", time=0.7, other_time=2.0).item()
    assert between == pytest.approx(variance[1] * np.exp(-0.5 * 1.3), abs=1e-5)
    np.testing.assert_allclose(found.pair_covariance, 0.0, atol=1e-5)


def test_networks_have_the_predicted_means_and_spread_from_a_uniform_start(uniform: Limit) -> None:
    """The initial density jumps; finite data, label noise, another activation."""
    width, replicas = 100, 800
    runs, found = train(uniform.problem, width, range(replicas), [0.5, 1.0], NAMES), fluctuations(uniform, NAMES, 1.0)
    for name in NAMES:
        values = runs[name].values
        errors = values.std(axis=0) / replicas**0.5
        assert (np.abs(values.mean(axis=0) - uniform.mean(name)[1:]) < 4 * errors + 2 / width * errors.max()).all(), (
            name
        )
        predicted = found.covariance.sel(observable=name, other=name).item()
        assert width * values[:, 1].var(ddof=1) == pytest.approx(predicted, rel=4 * (2 / replicas) ** 0.5), name


def test_outputs_and_densities_between_the_times(uniform: Limit) -> None:
    again = solve_limit(uniform.problem, [0.25], 1e-5, ["g(0.5)"])
    assert uniform.output([0.5], 0.25) == pytest.approx(again.mean("g(0.5)"), abs=1e-5)
    points = [[0.2, 0.4], [5.0, 50.0]]
    np.testing.assert_allclose(uniform.density(points, 0.25), again.density(points, 0.25), atol=1e-4)
    assert uniform.density([[0.2, 0.4]], 0.0) == pytest.approx(1 / (2 * 4))


def test_what_has_no_formula_with_noise_is_refused_in_one_line(vary, uniform: Limit) -> None:
    wide = vary("three_points", {**UNIFORM, "data.x": [[1.0, 0.3], [0.2, -1.0], [0.5, 0.5]]})
    asked = [
        lambda: solve_limit(wide, [0.1], 1e-2),
        lambda: solve_limit(uniform.problem, [0.1], 1e-2, method="sobol"),
        lambda: uniform.flow([[0.1, 0.1]], [0.5]),
        lambda: finite_width(uniform, ["c^2"], 1.0),
        lambda: largest_error(uniform, ["c^2"]),
    ]
    for ask in asked:
        with pytest.raises(SpecError, match=r"^[^\n]+$"):
            ask()
    assert "steps are noisy" in uniform.departures
