"""No number leaves a limit without its certified error or a refusal; tolerances count in the functional's own size."""

import time

import numpy as np
import pytest

from mfnn import Limit, Problem, Protocol, SpecError, ToleranceError, fluctuations, solve_limit
from mfnn.limit import integrate


@pytest.fixture(scope="module")
def coarse(three_points: Problem) -> Limit:
    return solve_limit(three_points, [0.0, 1.0, 2.0], 1e-4)


@pytest.fixture(scope="module")
def bell(vary) -> tuple[Limit, Limit]:
    """A limit whose density is smooth, coarse and fine."""
    changes = {"initial.c": {"law": "normal", "mean": 0.3, "std": 0.5}, "initial.w": {"law": "normal", "std": 0.8}}
    problem = vary("three_points", changes)
    return solve_limit(problem, [0.0, 1.5], 1e-3), solve_limit(problem, [0.0, 1.5], 1e-7)


def test_an_output_is_refused_where_its_mean_is(coarse: Limit) -> None:
    with pytest.raises(ToleranceError, match=r"g\(20\): certified error"):
        coarse.mean("g(20)")
    for method in (coarse.output, coarse.output_error):
        with pytest.raises(ToleranceError, match="output: certified error .* exceeds the tolerance"):
            method([20.0], 2.0)


@pytest.mark.parametrize("when", [0.0, 0.7, 2.0])
def test_errors_of_outputs_flows_and_densities_hold(coarse: Limit, three_points_limit: Limit, when: float) -> None:
    x, theta = np.linspace(-1.5, 1.5, 7), np.random.default_rng(0).uniform([-0.3, -1.5], [1.2, 1.5], (50, 2))
    for name, arguments in (("output", (x, when)), ("flow", (theta, [when])), ("density", (theta / 3, when))):
        error = getattr(coarse, f"{name}_error")(*arguments)
        actual = getattr(coarse, name)(*arguments) - getattr(three_points_limit, name)(*arguments)
        assert error.shape == actual.shape
        assert (error <= 1e-4).all()
        assert (np.abs(actual) <= error + 1e-8).all(), name


def test_errors_of_a_smooth_density_hold(bell: tuple[Limit, Limit]) -> None:
    theta = np.random.default_rng(1).normal(size=(40, 2))
    rough, fine = bell
    assert (
        np.abs(rough.density(theta, 1.5) - fine.density(theta, 1.5)) <= rough.density_error(theta, 1.5) + 1e-7
    ).all()


def test_a_density_at_a_jump_is_refused(coarse: Limit) -> None:
    """The image of a corner of the initial law's support: the solves do not agree on which side it is."""
    edge = coarse.flow([[-0.5, w] for w in np.linspace(-2, 2, 9)], [2.0])[0]
    with pytest.raises(ToleranceError, match="density: certified error"):
        coarse.density(edge, 2.0)


def test_replicates_tell_the_errors_of_what_they_carry(vary) -> None:
    """Two seeds of scrambles would differ by their errors; here the product rule is the truth."""
    problem = vary("three_points", {})
    rough, fine = (
        solve_limit(problem, [1.0], 0.05, method="sobol"),
        solve_limit(problem, [1.0], 1e-6, method="product"),
    )
    theta = [[0.3, 1.0], [1.0, -1.0]]
    for name, arguments in (("output", ([0.5, -1.0], 1.0)), ("flow", (theta, [1.0]))):
        actual = getattr(rough, name)(*arguments) - getattr(fine, name)(*arguments)
        assert (np.abs(actual) <= 3 * getattr(rough, f"{name}_error")(*arguments)).all()


@pytest.mark.parametrize("what", ["density", "fluctuations"])
def test_an_integration_that_stops_early_is_refused(coarse: Limit, monkeypatch, what: str) -> None:
    class Stopped:
        success, message, t = False, "step size too small", np.array([2.0, 1.3])

    monkeypatch.setattr(integrate, "solve_ivp", lambda *arguments, **options: Stopped)
    with pytest.raises(ToleranceError, match=r"stopped at t = 1\.3: step size too small"):
        coarse.density([[0.1, 0.1]], 2.0) if what == "density" else fluctuations(coarse, ["c^2"], 2.0)


@pytest.mark.filterwarnings("ignore:overflow|invalid value:RuntimeWarning")  # of what is refused for it
def test_what_overflows_is_refused(vary) -> None:
    problem = vary("three_points", {"initial.w": {"law": "uniform", "low": 1e4, "high": 1e4 + 1}})
    with pytest.raises(ToleranceError):
        solve_limit(problem, [0.0], 0.1, method="product").mean("w0^99")
    with pytest.raises(ToleranceError):
        solve_limit(problem, [0.0], 0.1, ["w0^99"], method="product")


@pytest.mark.parametrize("tolerance", [1e-300, 5e-324])
def test_a_tolerance_of_any_smallness_is_refused_at_once(vary, tolerance: float) -> None:
    with pytest.raises(ToleranceError, match="out of reach"):
        solve_limit(vary("three_points", {"data.x": np.eye(3, 6)}), [0.0, 1.0], tolerance)


# ---- tolerances in units of the size ----


@pytest.mark.parametrize("size", [1.0, 346.0])
def test_a_target_of_any_size_can_be_asked_for_in_digits(vary, size: float) -> None:
    """Frozen w = 0 and σ = cos: c follows y at rate α, whatever the size of y."""
    problem = vary(
        "three_points",
        {
            "activation": "cos",
            "data.x": [[0.0]],
            "data.y": [size],
            "initial.w": {"law": "uniform", "low": -1, "high": 1},
        },
    )
    limit = solve_limit(problem, [0.0, 2.0], 1e-6)
    truth = size + (0.5 - size) * np.exp(-2.0)
    unit = 10.0 ** np.floor(np.log10(max(1.0, truth)))
    for value, error in (
        (limit.mean("c")[1], limit.error("c")[1]),
        (limit.output([0.0], 2.0)[0], limit.output_error([0.0], 2.0)[0]),
    ):
        assert abs(value - truth) <= error <= 1e-6 * unit
    square, spread = truth**2, 1 / 3  # Var c_0 stays: all c move alike
    assert limit.mean("c^2")[1] == pytest.approx(square + spread, rel=1e-5)


def test_a_steep_target_of_a_real_table_s_size_is_solved(vary) -> None:
    """346 is the largest label of a well-known table; three digits after the first are asked for."""
    problem = vary("three_points", {"data.y": [200.0, 25.0, 346.0], "learning_rate": 0.01, "horizon": 1.0})
    limit = solve_limit(problem, [0.0, 1.0], 1e-3)
    finer = solve_limit(problem, [0.0, 1.0], 1e-5)
    for name in ("c^2", "c*w0", "g(1.5)"):
        assert (np.abs(limit.mean(name) - finer.mean(name)) <= limit.error(name) + finer.error(name)).all()


# ---- the method ----


def iris_like() -> Problem:
    """Two features of the size of a flower's in centimetres, an intercept, 150 rows."""
    x = np.random.default_rng(0).uniform([4.3, 2.0], [7.9, 4.4], (150, 2))
    return Problem.model_validate(
        {
            "name": "iris",
            "activation": "tanh",
            "learning_rate": 1.0,
            "horizon": 1.0,
            "data": {"law": "finite", "x": np.column_stack([x, np.ones(150)]), "y": np.repeat([1.0, -1.0, -1.0], 50)},
            "initial": {"c": {"law": "uniform", "low": -1, "high": 1}, "w": {"law": "uniform", "low": -1, "high": 1}},
        }
    )


def test_three_coordinates_on_150_rows_are_answered_on_the_cheaper_nodes() -> None:
    limit = solve_limit(iris_like(), [0.0, 1.0], 1e-2)
    assert "Sobol'" in limit.certificate.resolution
    assert (limit.error("c^2") <= 1e-2).all()


@pytest.mark.parametrize("tolerance", [1e-4, 1e-8])
def test_or_refused_at_once(tolerance: float) -> None:
    start = time.perf_counter()
    with pytest.raises(ToleranceError, match="out of reach for iris.* pre-activations .* to insist") as refusal:
        solve_limit(iris_like(), [0.0, 1.0], tolerance)
    assert time.perf_counter() - start < 5
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(("method", "said"), [("product", "parameter nodes"), ("sobol", "Sobol'")])
def test_a_method_can_be_named(three_points: Problem, method: str, said: str) -> None:
    assert said in str(solve_limit(three_points, [1.0], 0.05, method=method).certificate.resolution)


@pytest.mark.parametrize("method", ["gauss", 3, "Product"])
def test_an_unknown_method_is_refused(three_points: Problem, method) -> None:
    with pytest.raises(SpecError, match="method: got .*; allowed: product or sobol"):
        solve_limit(three_points, [1.0], 0.05, method=method)


def test_means_come_labelled_too(coarse: Limit) -> None:
    found = coarse.dataset(["c^2", "g(0.5)"])
    assert found["mean"].dims == ("observable", "time")
    np.testing.assert_array_equal(found["mean"].sel(observable="c^2"), coarse.mean("c^2"))
    np.testing.assert_array_equal(found["error"].sel(observable="g(0.5)"), coarse.error("g(0.5)"))
    np.testing.assert_array_equal(found["time"], coarse.times)


@pytest.mark.parametrize("asked", [{"output_exponent": 0.75, "batch": 4}, {"step_exponent": 0.0}])
def test_a_protocol_that_has_no_limit_is_refused(three_points: Problem, asked) -> None:
    with pytest.raises(SpecError, match=r"^[^\n]*protocol[^\n]*$"):
        solve_limit(three_points, [1.0], 0.05, protocol=Protocol(**asked))
