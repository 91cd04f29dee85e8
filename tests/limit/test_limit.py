"""`solve_limit`: known digits, an independent solver, certificates that hold, orders of convergence, density."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mfnn import Limit, Problem, SpecError, solve_limit
from mfnn.learning.observables import parse
from mfnn.limit.characteristics import characteristics
from mfnn.limit.limit import mean_of
from mfnn.limit.nodes import DataNodes, product_nodes

# sine1d at t = 2, to ten digits.
DIGITS = {
    "c^2": 1.2109630844,
    "w0^2": 3.7286544184,
    "c*w0": 1.8802852024,
    "cos(w0)": -0.0947020304,
    "g(0.5)": 0.6497111523,
}


@pytest.mark.parametrize("name", DIGITS)
def test_reference_problem_s_ten_digits(sine1d_limit: Limit, name: str) -> None:
    assert sine1d_limit.mean(name)[-1] == pytest.approx(DIGITS[name], abs=1e-10)
    assert (sine1d_limit.error(name) <= 1e-10).all()


def test_reference_problem_s_residual(sine1d_limit: Limit) -> None:
    """The noiseless root-mean-square residual at t = 2, by the test's own quadrature."""
    x, weights = np.polynomial.legendre.leggauss(60)
    residual = np.sin(np.pi * x) - sine1d_limit.output(x, 2.0)
    assert np.sqrt(weights @ residual**2 / 2) == pytest.approx(0.3223427649, abs=1e-9)


def test_initial_means_are_exact(sine1d_limit: Limit) -> None:
    start = {"c^2": 1 / 3, "w0^2": 3, "c*w0": 0, "cos(w0)": np.sin(3) / 3}
    for name, value in start.items():
        assert sine1d_limit.mean(name)[0] == pytest.approx(value, abs=1e-12)


# ---- an independent solver ----


def gauss(law: dict, count: int) -> tuple[np.ndarray, np.ndarray]:
    if law["law"] == "uniform":
        nodes, weights = np.polynomial.legendre.leggauss(count)
        return (law["low"] + law["high"]) / 2 + (law["high"] - law["low"]) / 2 * nodes, weights / 2
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return law.get("mean", 0) + law.get("std", 1) * nodes, weights / weights.sum()


def independent(laws: list[tuple[dict, int]], x, y, pi, alpha: float, time: float, m: int = 1):
    """θ (m + d, J) at `time` and p (J,): the tanh network's limit by einsum and solve_ivp,."""
    rules = [gauss(law, count) for law, count in laws]
    theta = np.array([axis.ravel() for axis in np.meshgrid(*(nodes for nodes, _ in rules))])
    p = np.prod([axis.ravel() for axis in np.meshgrid(*(weights for _, weights in rules))], axis=0)

    def velocity(_: float, flat: np.ndarray) -> np.ndarray:
        c, w = np.split(flat.reshape(theta.shape), [m])
        s = np.tanh(np.einsum("qa,aj->jq", x, w))
        residual = y - np.einsum("j,kj,jq->qk", p, c, s)
        dc = alpha * np.einsum("q,qk,jq->kj", pi, residual, s)
        dw = alpha * np.einsum("q,qk,kj,jq,qa->aj", pi, residual, c, 1 - s**2, x, optimize=True)
        return np.concatenate([dc, dw]).ravel()

    end = solve_ivp(velocity, (0, time), theta.ravel(), method="DOP853", rtol=1e-10, atol=1e-10).y[:, -1]
    return end.reshape(theta.shape), p


def test_three_points_against_an_independent_solver(three_points: Problem, three_points_limit: Limit) -> None:
    spec = three_points.model_dump(mode="json")
    laws = [(spec["initial"]["c"], 12), (spec["initial"]["w"], 260)]
    x, y, pi = three_points.data.quadrature()
    (c, w), p = independent(laws, x, y, pi, 1.0, 2.0)
    truth = {"c^2": c**2, "w0^2": w**2, "c*w0": c * w, "cos(w0)": np.cos(w), "g(0.5)": c * np.tanh(0.5 * w)}
    for name, values in truth.items():
        assert three_points_limit.mean(name)[-1] == pytest.approx(p @ values, abs=1e-8)
        assert (three_points_limit.error(name) <= 1e-8).all()


def test_vector_outputs_weights_and_unequal_laws_against_an_independent_solver(vary) -> None:
    """m = 2, d = 2, a law for each coordinate, weighted points."""
    laws = [
        {"law": "uniform", "low": -0.5, "high": 1.0},
        {"law": "normal", "mean": 0.3, "std": 0.2},
        {"law": "uniform", "low": -1.0, "high": 1.0},
        {"law": "normal", "mean": -0.2, "std": 0.3},
    ]
    x, pi = np.array([[-1.0, 0.3], [0.5, 1.0], [0.8, -0.6]]), np.array([0.2, 0.5, 0.3])
    y = np.array([[0.8, -0.1], [-0.6, 0.4], [0.9, 1.2]])
    problem = vary(
        "three_points",
        {"data": {"law": "finite", "x": x, "y": y, "weights": pi}, "initial.c": laws[:2], "initial.w": laws[2:]},
    )
    limit = solve_limit(problem, [0.0, 1.0], 1e-5)
    (c0, c1, w0, w1), p = independent(list(zip(laws, (6, 6, 20, 16), strict=True)), x, y, pi, 1.0, 1.0, m=2)
    s = np.tanh(0.5 * w0 + w1)
    truth = {"c0^2": c0**2, "c1*w0": c1 * w0, "cos(w1)": np.cos(w1), "g0(0.5,1)": c0 * s, "g1(0.5,1)": c1 * s}
    for name, values in truth.items():
        assert abs(limit.mean(name)[-1] - p @ values) <= limit.error(name)[-1] + 1e-9
    outputs = limit.output(np.array([[0.5, 1.0], [0.1, 0.2]]), 1.0)
    assert outputs.shape == (2, 2)
    np.testing.assert_allclose(outputs[0], [p @ (c0 * s), p @ (c1 * s)], atol=1e-5)


# ---- certificates ----


@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-4, 1e-6, 1e-9])
@pytest.mark.parametrize("name", ["sine1d", "three_points"])
def test_certified_errors_hold(request: pytest.FixtureRequest, name: str, tolerance: float) -> None:
    """|mean − truth| ≤ error ≤ tolerance, the truth from a finer solve."""
    truth, problem = request.getfixturevalue(f"{name}_limit"), request.getfixturevalue(name)
    limit = solve_limit(problem, [0.0, 1.0, 2.0], tolerance, ["tanh(c)*w0^2"])
    for observable in (*DIGITS, "c", "tanh(c)*w0^2"):
        known = 1e-10 if name == "sine1d" else 1e-8
        actual = np.abs(limit.mean(observable) - truth.mean(observable))
        assert (limit.error(observable) <= tolerance).all()
        assert (actual <= limit.error(observable) + known).all(), observable


def test_times_of_the_grid_do_not_matter(sine1d: Problem, sine1d_limit: Limit) -> None:
    for times in ([2.0], [0.0, 0.123, 1.0, 1.9, 2.0]):
        again = solve_limit(sine1d, times, 1e-9)
        assert again.mean("c^2").shape == (len(times),)
        assert again.mean("c^2")[-1] == pytest.approx(DIGITS["c^2"], abs=1e-9)
    assert again.mean("g(0.5)")[2] == pytest.approx(sine1d_limit.mean("g(0.5)")[1], abs=1e-9)


def test_only_time_zero(three_points: Problem) -> None:
    limit = solve_limit(three_points, [0.0], 1e-8)
    assert limit.mean("c^2") == pytest.approx([7 / 12], abs=1e-12)
    assert limit.density([[0.0, 0.0]], 0.0) == pytest.approx([1 / 8])


# ---- convergence ----


def means(problem: Problem, parameters: tuple[int, int], data: int, rtol: float) -> np.ndarray:
    """The reference problem's five means at t = 1 and 2 at one fixed resolution."""
    nodes = DataNodes(*problem.data.quadrature((data,)))
    times = np.array([0.0, 1.0, 2.0])
    flow = characteristics(problem, product_nodes(problem, parameters), nodes, times, rtol)
    return np.array([flow.evaluate(mean_of(parse(name, problem)))[1:] for name in DIGITS])


@pytest.mark.parametrize(
    ("resolutions", "factor"),
    [
        # At t = 0, tanh(w x), |x| ≤ 1, has its poles in w/3 at ±iπ/6: n Gauss nodes err like ρ^{−2n} with ρ = 1.65,
        # a factor 55 for 4 nodes more. The flow stretches w and brings the poles nearer: 8 is asked of each step.
        ([((12, n), 32, 1e-12) for n in (8, 12, 16, 20, 24, 28)], 8),
        # φ is linear in c: the dependence on c_0 is nearly polynomial.
        ([((n, 64), 32, 1e-13) for n in (2, 3, 4, 5)], 20),
        # In x the poles are at iπ/2w, |w| up to about 3.5: ρ = 1.55, a factor 5.8 for 2 nodes.
        ([((12, 64), n, 1e-13) for n in (8, 10, 12, 14)], 5),
    ],
    ids=["w", "c", "x"],
)
def test_errors_fall_spectrally_in_every_direction(sine1d: Problem, resolutions, factor: float) -> None:
    truth = means(sine1d, (20, 90), 48, 2.3e-14)
    errors = np.array([np.abs(means(sine1d, *resolution) - truth).max() for resolution in resolutions])
    assert (errors[:-1] / errors[1:] > factor).all()


def test_errors_fall_with_the_integrator_s_tolerance(sine1d: Problem) -> None:
    """DOP853's error stays below its tolerance and falls in proportion, up to a factor 100 over six decades."""
    truth, rtols = means(sine1d, (12, 32), 24, 1e-13), 10.0 ** -np.arange(3, 10)
    errors = np.array([np.abs(means(sine1d, (12, 32), 24, rtol) - truth).max() for rtol in rtols])
    assert (errors < rtols).all()
    assert errors[0] / errors[-1] > 1e4


# ---- flow, output, density ----


def test_output_is_the_mean_of_the_network(three_points_limit: Limit) -> None:
    for k, time in enumerate(three_points_limit.times):
        at = three_points_limit.output([[-1.0], [0.3], [1.1]], time)
        for value, point in zip(at, (-1.0, 0.3, 1.1), strict=True):
            assert value == pytest.approx(three_points_limit.mean(f"g({point})")[k], abs=1e-7)
    np.testing.assert_allclose(three_points_limit.output([-1.0, 0.3, 1.1], 2.0), at, atol=1e-12)


def test_flow_pushes_the_initial_law_to_the_limit(sine1d_limit: Limit) -> None:
    """⟨f, μ̄_t⟩ = ⟨f∘Φ_t, μ̄_0⟩ with the test's own nodes, also between the times of the grid."""
    (c, pc), (w, pw) = (gauss({"law": "uniform", "low": -b, "high": b}, n) for b, n in ((1, 12), (3, 60)))
    theta0 = np.stack(np.meshgrid(c, w, indexing="ij"), axis=-1).reshape(-1, 2)
    p = np.outer(pc, pw).ravel()
    paths = sine1d_limit.flow(theta0, [0.0, 0.7, 1.0, 2.0])
    assert paths.shape == (4, 720, 2)
    np.testing.assert_array_equal(paths[0], theta0)
    for path, k in ((paths[2], 1), (paths[3], 2)):
        assert p @ path[:, 0] ** 2 == pytest.approx(sine1d_limit.mean("c^2")[k], abs=1e-9)
        assert p @ np.cos(path[:, 1]) == pytest.approx(sine1d_limit.mean("cos(w0)")[k], abs=1e-9)
    output = p @ (paths[1][:, 0] * np.tanh(0.5 * paths[1][:, 1]))
    assert output == pytest.approx(sine1d_limit.output([0.5], 0.7)[0], abs=1e-9)


@pytest.fixture(scope="module")
def bell(vary) -> Limit:
    """A limit with a smooth density: normal initial laws."""
    changes = {"initial.c": {"law": "normal", "mean": 0.3, "std": 0.5}, "initial.w": {"law": "normal", "std": 0.8}}
    return solve_limit(vary("three_points", changes), [0.0, 1.5], 1e-7)


def test_density_is_carried_by_the_flow(bell: Limit) -> None:
    """p(t, Φ_t(θ)) |det DΦ_t(θ)| = p_0(θ), the determinant from differences of the flow."""
    theta0 = np.random.default_rng(0).normal(size=(12, 2)) * 0.7
    shifts = 1e-4 * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
    ends = bell.flow((theta0[:, None] + shifts).reshape(-1, 2), [1.5])[0].reshape(12, 5, 2)
    jacobian = np.stack([ends[:, 1] - ends[:, 2], ends[:, 3] - ends[:, 4]], axis=2) / 2e-4
    determinant = np.linalg.det(jacobian)
    assert np.abs(np.log(determinant)).max() > 0.05  # the flow is not area-preserving here
    carried = bell.density(ends[:, 0], 1.5) * determinant
    np.testing.assert_allclose(carried, bell.density(theta0, 0.0), rtol=1e-6)


def test_density_integrates_to_one_and_to_the_means(bell: Limit) -> None:
    """The trapezoidal rule is spectrally accurate for a smooth density that decays inside the box."""
    c, w = np.linspace(-3.5, 4.5, 65), np.linspace(-5.5, 5.5, 97)
    grid = np.stack(np.meshgrid(c, w, indexing="ij"), axis=-1).reshape(-1, 2)
    mass = bell.density(grid, 1.5) * (c[1] - c[0]) * (w[1] - w[0])
    assert (mass >= 0).all()
    assert mass.sum() == pytest.approx(1, abs=1e-4)
    assert mass @ grid[:, 0] ** 2 == pytest.approx(bell.mean("c^2")[1], abs=1e-3)
    assert mass @ (grid[:, 0] * grid[:, 1]) == pytest.approx(bell.mean("c*w0")[1], abs=1e-3)


def test_times_after_the_last_solved_one_are_right_or_refused(
    three_points: Problem, three_points_limit: Limit
) -> None:
    """A limit solved to t = 1 knows the field only there: no extrapolation may pass for an answer at t = 1.2."""
    short = solve_limit(three_points, [0.0, 1.0], 1e-6)
    try:
        found = short.output([0.5], 1.2), short.flow([[0.3, 1.0]], [1.2])[0], short.density([[0.3, 1.0]], 1.2)
    except SpecError as refusal:
        assert "\n" not in str(refusal) and "time" in str(refusal)
        return
    full = three_points_limit
    truth = full.output([0.5], 1.2), full.flow([[0.3, 1.0]], [1.2])[0], full.density([[0.3, 1.0]], 1.2)
    for a, b in zip(found, truth, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
