"""Outputs on the scale N^{−γ}, 1/2 ≤ γ < 1: the linear equation, its two sources of fluctuations, and networks."""

import numpy as np
import pytest
from scipy.linalg import expm

from mfnn import Problem, Protocol, SpecError, fluctuations, solve_limit, train

GAMMA = Protocol(output_exponent=0.75)
NORMAL = {"initial.c": {"law": "normal", "mean": 0.0, "std": 1.0}, "activation": "erf", "learning_rate": 1.5}


@pytest.fixture(scope="module")
def limit(sine1d):
    return solve_limit(sine1d, [0.0, 1.0, 2.0], 1e-8, ["g(0.5)"], protocol=GAMMA)


def test_reference_output(limit):
    assert limit.mean("g(0.5)")[-1] == pytest.approx(0.62763474, abs=5e-9)
    assert limit.output([[0.5]], 2.0)[0] == pytest.approx(0.62763474, abs=5e-9)


def test_parameters_stay(limit):
    np.testing.assert_allclose(limit.mean("c^2"), 1 / 3, atol=1e-12)
    np.testing.assert_array_equal(limit.flow([[0.5, 1.0]], [0.5, 2.0]), [[[0.5, 1.0]]] * 2)
    assert limit.density([[0.5, 1.0], [1.5, 0.0]], 2.0) == pytest.approx([1 / 12, 0.0])


@pytest.fixture(scope="module", params=["three_points", "sine1d"])
def dense(request, vary):
    """A problem on fixed data points, K at them and at 0.5, by sums over a midpoint rule, and its limit."""
    x, y = np.array([[-1.0], [0.5], [1.5]]), np.array([0.8, -0.6, 0.9])
    data = {"law": "finite", "x": x.tolist(), "y": y.tolist(), "weights": [0.2, 0.5, 0.3], "noise_std": 0.3}
    problem = vary("three_points", {"data": data, "initial.c": {"law": "uniform", "low": -2, "high": 2}})
    if request.param == "sine1d":
        problem = vary("three_points", {"data": data, **NORMAL})
    w = -2 + 4 * (np.arange(4000) + 0.5) / 4000
    levels = (np.arange(4000) + 0.5) / 4000
    square = (problem.coordinate_laws[0].quantile(levels) ** 2).mean()
    z = np.append(x[:, 0], 0.5)[:, None] * w
    s = problem.sigma.value(z)
    ds = problem.sigma.slope(z, s)
    points = np.append(x[:, 0], 0.5)
    kernel = s @ s.T / 4000 + square * np.outer(points, points) * (ds @ ds.T) / 4000
    start = square * s @ s.T / 4000
    return problem, y, np.array([0.2, 0.5, 0.3, 0.0]), kernel, start


def test_the_output_is_the_matrix_exponential(dense):
    problem, y, pi, kernel, _ = dense
    limit = solve_limit(problem, [0.0, 2.0], 1e-7, ["g(0.5)"], protocol=GAMMA)
    push = problem.learning_rate * kernel * pi
    generator = np.block([[-push, push @ np.append(y, 0.0)[:, None]], [np.zeros((1, 5))]])
    assert limit.mean("g(0.5)")[-1] == pytest.approx(expm(2.0 * generator)[3, 4], abs=1e-4)


def test_both_sources_by_the_matrix_exponential(dense):
    problem, y, pi, kernel, start = dense
    limit = solve_limit(problem, [0.0, 2.0], 1e-7, ["g(0.5)"], protocol=GAMMA)
    found = fluctuations(limit, ["g(0.5)", "g(-1)"], 2.0)
    push, target = problem.learning_rate * kernel * pi, np.append(y, 0.0)
    rows = [3, 0]
    propagated = expm(-2.0 * push)[rows]
    np.testing.assert_allclose(found.initial, propagated @ start @ propagated.T, rtol=2e-3)
    total, count = np.zeros((2, 2)), 400
    for s in 2.0 * (np.arange(count) + 0.5) / count:
        residual = expm(-s * push) @ target  # G_0 = 0; the last point has no weight
        felt = (expm(-(2.0 - s) * push) @ kernel)[rows]
        kicks, mean = felt * residual, (felt * residual) @ pi
        total += (kicks * pi) @ kicks.T + 0.09 * (felt * pi) @ felt.T - np.outer(mean, mean)
    np.testing.assert_allclose(found.sgd, problem.learning_rate**2 * total * 2.0 / count, rtol=2e-3)


def test_what_the_output_has_drawn_moves_means_of_parameters(dense):
    """⟨c w⟩ of a network follows its own output's start: a = c w − c Σ_q h_q σ(w x_q), c of mean 0 and independent of w."""
    problem, _, pi, kernel, _ = dense
    limit = solve_limit(problem, [0.0, 2.0], 1e-7, ["c*w0"], protocol=GAMMA)
    found, w = fluctuations(limit, ["c*w0"], 2.0), -2 + 4 * (np.arange(4000) + 0.5) / 4000
    x, levels = problem.data.x[:, 0], (np.arange(4000) + 0.5) / 4000
    square = (problem.coordinate_laws[0].quantile(levels) ** 2).mean()
    s = problem.sigma.value(x[:, None] * w)
    kappa = (s * w).mean(axis=1) + square * x * problem.sigma.slope(x[:, None] * w, s).mean(axis=1)
    push, count = problem.learning_rate * kernel[:3, :3] * pi[:3], 400
    propagated = sum(expm(-2.0 * (k + 0.5) / count * push) for k in range(count)) * 2.0 / count
    h = problem.learning_rate * (kappa * pi[:3]) @ propagated
    assert found.initial.item() == pytest.approx(square * ((w - h @ s) ** 2).mean(), rel=2e-3)
    assert found.initial.item() < 0.5 * square * (w**2).mean()
    assert found.sgd.item() == 0


def test_networks_fluctuate_and_move_as_predicted(vary):
    problem, width, replicas = vary("three_points", {**NORMAL, "data.noise_std": 0.5}), 200, 4000
    limit = solve_limit(problem, [0.0, 2.0], 1e-6, ["g(0.5)"], protocol=GAMMA)
    runs = train(problem, width, range(replicas), [0.0, 2.0], ["g(0.5)", "c*w0"], protocol=GAMMA)
    output = runs["g(0.5)"].values[:, 1]
    variance = float(fluctuations(limit, ["g(0.5)"], 2.0).variance(width)[0])
    assert output.var(ddof=1) == pytest.approx(variance, rel=4 * np.sqrt(2 / replicas) + width**-0.5)
    assert output.mean() == pytest.approx(
        limit.mean("g(0.5)")[-1], abs=4 * np.sqrt(variance / replicas) + 1 / width**0.5
    )
    moved = width**0.25 * (runs["c*w0"].values[:, 1] - runs["c*w0"].values[:, 0])
    assert moved.mean() == pytest.approx(limit.displacement("c*w0")[-1], abs=4 * moved.std() / replicas**0.5 + 0.05)


def test_the_output_observed_is_the_networks_own(sine1d):
    runs = train(sine1d, 50, range(3), [0.0, 0.5], ["g(0.5)"], evaluate=np.array([[0.5]]), protocol=GAMMA)
    np.testing.assert_allclose(runs["g(0.5)"], runs["output"][:, :, 0, 0], rtol=1e-12)


def test_means_of_neurons_fluctuate_like_their_start(limit):
    found = fluctuations(limit, ["c^2", "g(0.5)"], 2.0)
    assert float(found.initial[0, 0]) == pytest.approx(4 / 45, rel=1e-9)
    assert float(found.sgd[0, 0]) == 0.0
    for n in (100, 10_000):
        expected = n**-0.5 * found.initial.values[1, 1] + found.sgd.values[1, 1] / n
        assert float(found.variance(n)[1]) == pytest.approx(expected)


def test_several_outputs_on_sobol_nodes(vary):
    data = {"law": "finite", "x": [[-1.0], [0.5]], "y": [[0.8, 0.1], [-0.6, 0.4]]}
    problem = vary("three_points", {"data": data, "initial.c": {"law": "uniform", "low": -1, "high": 1}})
    exact, estimated = (
        solve_limit(problem, [0.0, 2.0], 1e-3, ["g1(0.5)"], method=method, protocol=GAMMA)
        for method in ("product", "sobol")
    )
    assert abs(exact.mean("g1(0.5)") - estimated.mean("g1(0.5)")).max() <= 2e-3
    assert exact.output([[0.5]], 2.0)[0, 1] == pytest.approx(exact.mean("g1(0.5)")[-1])


@pytest.mark.parametrize(
    ("changes", "protocol", "named"),
    [
        ({f"initial.{key}": {"law": "uniform", "low": -0.5, "high": 1.5} for key in "cw"}, GAMMA, "initial.c"),
        ({"decay": 0.1}, GAMMA, "decay"),
        ({"temperature": 0.1}, GAMMA, "temperature"),
        ({}, Protocol(output_exponent=0.75, batch=2), "protocol"),
    ],
)
def test_what_has_no_limit_is_refused_in_one_line(changes, protocol, named, vary):
    problem = vary("sine1d", changes)
    with pytest.raises(SpecError) as refusal:
        solve_limit(problem, [0.0, 1.0], 1e-4, protocol=protocol)
    assert named in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize("exponent", [0.49, 1.01, -1, "half"])
def test_exponents_outside_are_refused_in_one_line(exponent):
    with pytest.raises(SpecError) as refusal:
        Protocol.model_validate({"output_exponent": exponent})
    assert "output_exponent" in str(refusal.value) and "\n" not in str(refusal.value)


def test_what_has_no_formula_is_refused(limit):
    for time in ([1.0, 2.0], 3.0):
        with pytest.raises(SpecError):
            fluctuations(limit, ["g(0.5)"], time)
    with pytest.raises(SpecError, match="observable"):
        limit.displacement("g(0.5)")
    assert isinstance(limit.problem, Problem)
