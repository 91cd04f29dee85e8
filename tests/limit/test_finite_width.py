"""The next order: known values, the same expansion by differences, the adjoint's variance, widths, refusals."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import erf
from scipy.stats import norm

from mfnn import SpecError, ToleranceError, finite_width, fluctuations, solve_limit, train
from mfnn.learning.observables import parse_all
from mfnn.limit import response
from mfnn.limit.characteristics import characteristics
from mfnn.limit.next_order import orders
from mfnn.limit.nodes import DataNodes, product_nodes

# sine1d at t = 2: B_t(f), by a prototype that shares no code with the package.
REFERENCE = {"c^2": -0.01362, "w0^2": -0.61485, "c*w0": -0.139114, "cos(w0)": 0.088025, "g(0.5)": 0.001415}
TIMES = [0.0, 0.7, 2.0]
# σ and σ' written a second time.
SIGMA = {
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "erf": (erf, lambda z: 2 / np.sqrt(np.pi) * np.exp(-(z**2))),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: 1 / (2 + 2 * np.cosh(z))),
}


@pytest.fixture(scope="module")
def sine1d(vary):
    return finite_width(solve_limit(vary("sine1d"), TIMES, 1e-6), list(REFERENCE), TIMES)


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_constants_to_three_digits(sine1d, name):
    found = sine1d.bias.sel(observable=name, time=2.0)
    assert float(found) == pytest.approx(REFERENCE[name], abs=6e-6)
    assert float(sine1d.error.sel(observable=name, time=2.0)) < 5e-4 * abs(REFERENCE[name])


def test_at_time_zero_averages_have_no_bias(sine1d):
    np.testing.assert_allclose(sine1d.bias.sel(time=0.0), 0, atol=1e-12)
    assert float(sine1d.variance.sel(observable="c^2", time=0.0)) == pytest.approx(4 / 45, abs=1e-9)


# ---- the same expansion by differences of the node system ----


class Chain:
    """SGD on nodes with weights, state (θ, p) flat, written node by node: moments of its second-order expansion."""

    def __init__(self, problem, counts):
        self.problem, self.m = problem, problem.outputs
        self.x, self.y, self.pi = problem.data.quadrature()
        self.nodes = product_nodes(problem, counts)
        self.shape = self.nodes.theta.shape
        self.size = self.nodes.theta.size

    def kicks(self, theta, p, k=None):
        """α (y_q − G_q)·∇φ(θ, x_q), or of output k alone with residual 1, for every q: (Q, θ.size)."""
        c, w = theta[: self.m], theta[self.m :]
        s, slope = (function(self.x @ w) for function in SIGMA[self.problem.activation])
        r = self.y - (s * p) @ c.T if k is None else np.eye(self.m)[[k] * len(self.x)]
        outer = r[:, :, None] * s[:, None]
        inner = ((r @ c) * slope)[:, None] * self.x[:, :, None]
        return self.problem.learning_rate * np.concatenate([outer, inner], axis=1).reshape(len(self.x), -1)

    def velocity(self, state):
        """d(θ, p)/dt, with p' = 0."""
        theta, p = state[: self.size].reshape(self.shape), state[self.size :]
        return np.concatenate([self.pi @ self.kicks(theta, p), np.zeros(self.shape[1])])

    def noise(self, state):
        theta, p = state[: self.size].reshape(self.shape), state[self.size :]
        kicks, covariance = self.kicks(theta, p), np.zeros((len(state), len(state)))
        mean = self.pi @ kicks
        spread = (kicks.T * self.pi) @ kicks - np.outer(mean, mean)
        for k in range(self.m):
            one = self.kicks(theta, p, k)
            spread += self.problem.data.noise_deviation**2 * (one.T * self.pi) @ one
        covariance[: self.size, : self.size] = spread
        return covariance

    def derivative(self, _, flat):
        n = self.size + self.shape[1]
        state, mean, covariance = flat[:n], flat[n : 2 * n], flat[2 * n :].reshape(n, n)
        sizes, directions = np.linalg.eigh(covariance)
        here, h = self.velocity(state), 1e-4
        jacobian = np.array(
            [(self.velocity(state + h * e) - self.velocity(state - h * e)) / (2 * h) for e in np.eye(n)]
        )
        bend = sum(
            size * (self.velocity(state + h * e) + self.velocity(state - h * e) - 2 * here) / h**2
            for size, e in zip(sizes, directions.T, strict=True)
        )
        fed = jacobian.T @ covariance
        drift = jacobian.T @ mean + bend / 2 - jacobian.T @ here / 2
        return np.concatenate([here, drift, (fed + fed.T + self.noise(state)).ravel()])

    def orders(self, functions, time):
        """B and V of each function at `time`."""
        p, n = self.nodes.weights, self.size + self.shape[1]
        start = np.zeros((n, n))
        start[self.size :, self.size :] = np.diag(p) - np.outer(p, p)
        initial = np.concatenate([self.nodes.theta.ravel(), p, np.zeros(n), start.ravel()])
        end = solve_ivp(self.derivative, (0, time), initial, rtol=1e-6, atol=1e-9).y[:, -1]
        state, mean, covariance = end[:n], end[n : 2 * n], end[2 * n :].reshape(n, n)
        sizes, directions = np.linalg.eigh(covariance)

        def means(state):
            return np.array([f(state[: self.size].reshape(self.shape)) @ state[self.size :] for f in functions])

        h, here = 1e-3, means(state)
        gradient = np.array([(means(state + h * e) - means(state - h * e)) / (2 * h) for e in np.eye(n)])
        bend = sum(
            size * (means(state + h * e) + means(state - h * e) - 2 * here) / h**2
            for size, e in zip(sizes, directions.T, strict=True)
        )
        return gradient.T @ mean + bend / 2, np.einsum("ia,ij,ja->a", gradient, covariance, gradient)


@pytest.mark.parametrize(
    ("activation", "x", "y", "noise", "counts"),
    [
        ("tanh", [[-1.0], [0.5], [1.5]], [[0.8], [-0.6], [0.9]], 0.3, (2, 4)),
        ("erf", [[-1.0, 1.0], [0.5, 1.0], [1.5, 1.0]], [[0.8], [-0.6], [0.9]], 0.0, (2, 3, 2)),
        ("tanh", [[-1.0], [0.5]], [[0.8, 0.1], [-0.6, 1.0]], 0.5, (2, 2, 3)),
        ("sigmoid", [[-1.0, 0.3], [0.5, 1.0]], [[0.8, 0.1], [-0.6, 1.0]], 0.2, (2, 1, 2, 2)),
    ],
)
def test_both_constants_by_differences_of_the_node_system(vary, activation, x, y, noise, counts):
    changes = {"activation": activation, "data.x": x, "data.y": y, "data.noise_std": noise}
    problem = vary(
        "three_points",
        changes | {"learning_rate": 2.0, "data.weights": np.arange(1, len(x) + 1) / sum(range(len(x) + 1))},
    )
    first, second = problem.coordinate_names[0], problem.coordinate_names[-1]
    functions = list(parse_all([f"{first}^2", f"cos({second})*{first}", f"{second}^2"], problem).values())
    chain = Chain(problem, counts)
    bias, variance = chain.orders(functions, 1.0)
    flow = characteristics(problem, chain.nodes, DataNodes(chain.x, chain.y, chain.pi), np.array([1.0]), 1e-10)
    found = orders(flow, functions, np.array([1.0]))
    np.testing.assert_allclose(found.bias[:, 0], bias, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found.variance[:, 0], variance, rtol=1e-4)


# ---- the variance ----


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("sine1d", {}),
        ("three_points", {"data.noise_std": 0.4, "initial.w": {"law": "normal", "mean": 0.2, "std": 0.8}}),
        (
            "three_points",
            {"data.y": [[0.8, 0.1], [-0.6, 0.7], [0.9, -0.4]], "initial.w": {"law": "uniform", "low": -1, "high": 1}},
        ),
    ],
)
def test_the_variance_is_the_adjoint_s(vary, name, changes):
    limit = solve_limit(vary(name, changes), TIMES, 1e-4)
    first = limit.problem.coordinate_names[0]
    names = [f"{first}^2", "w0^2", f"{first}*w0", "cos(w0)"]
    found = finite_width(limit, names, 0.7)
    adjoint = fluctuations(limit, names, 0.7)
    np.testing.assert_allclose(found.variance, np.diag(adjoint.covariance), rtol=1e-5)
    np.testing.assert_allclose(found.mean, [limit.mean(f)[1] for f in names], atol=1e-7)


def test_times_together_and_alone(sine1d, vary):
    alone = finite_width(solve_limit(vary("sine1d"), TIMES, 1e-4), ["w0^2"], 0.7)
    assert float(alone.bias.item()) == pytest.approx(float(sine1d.bias.sel(observable="w0^2", time=0.7)), abs=1e-6)


# ---- what is read off ----


def test_mean_and_deviation_of_a_width(sine1d):
    at = {"observable": "w0^2", "time": 2.0}
    assert float(sine1d.expected(50).sel(at)) == pytest.approx(3.7286544 - 0.61485 / 50, abs=1e-6)
    assert float(sine1d.deviation(50).sel(at)) == pytest.approx((6.739458 / 50) ** 0.5, abs=1e-6)


@pytest.mark.parametrize("confidence", [0.2, 0.95, 0.999])
def test_the_width_for_an_error_is_the_least(sine1d, confidence):
    final = {"time": 2.0}
    found = sine1d.width_for({"w0^2": 0.1, "c^2": 1.5}, confidence).sel(final)
    for name, error in (("w0^2", 0.1), ("c^2", 1.5)):
        bias, variance = (float(part.sel(observable=name, time=2.0)) for part in (sine1d.bias, sine1d.variance))
        width = int(found.sel(observable=name))

        def probability(n, error=error, bias=bias, variance=variance):
            law = norm(bias / n, (variance / n) ** 0.5)
            return law.cdf(error) - law.cdf(-error)

        assert probability(width) >= confidence
        assert width == 1 or probability(width - 1) < confidence
    everywhere = sine1d.width_for(0.1, confidence)
    assert everywhere.dims == sine1d.bias.dims
    assert int(everywhere.sel(observable="w0^2", time=2.0)) == int(found.sel(observable="w0^2"))


@pytest.mark.parametrize(
    ("error", "confidence"),
    [
        (0.0, 0.9),
        (-1.0, 0.9),
        (float("nan"), 0.9),
        ("much", 0.9),
        ({"c^3": 0.1}, 0.9),
        ({}, 0.9),
        (0.1, 1.0),
        (1e-9, 0.9),
    ],
)
def test_widths_for_bad_arguments_are_refused_in_one_line(sine1d, error, confidence):
    with pytest.raises(SpecError) as refusal:
        sine1d.width_for(error, confidence)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("width", [0, -3, float("inf"), "wide", True])
def test_bad_widths_are_refused_in_one_line(sine1d, width):
    for asked in (sine1d.expected, sine1d.deviation):
        with pytest.raises(SpecError, match="width") as refusal:
            asked(width)
        assert "\n" not in str(refusal.value)


def test_bad_observables_and_times_are_refused_in_one_line(vary):
    limit = solve_limit(vary("sine1d"), [1.0], 1e-3)
    for names, time in ((["c^3.5"], 1.0), (["c^2"], 3.0), (["c^2"], float("nan"))):
        with pytest.raises(SpecError) as refusal:
            finite_width(limit, names, time)
        assert "\n" not in str(refusal.value)


def test_a_problem_too_large_for_the_state_is_refused_with_its_size(vary, monkeypatch):
    limit = solve_limit(vary("three_points"), [1.0], 1e-3)
    monkeypatch.setattr(response, "LARGEST_STATE", 500)
    size = limit.certificate.finest.origin.size * 3
    with pytest.raises(SpecError, match=f"500 numbers.*{size:,}") as refusal:
        finite_width(limit, ["c^2"], 1.0)
    assert "\n" not in str(refusal.value)


def test_times_too_many_for_the_series_are_refused_in_one_line(vary, monkeypatch):
    limit = solve_limit(vary("three_points"), [2.0], 1e-3)
    monkeypatch.setattr(response, "LARGEST_COUNT", 10)
    with pytest.raises(ToleranceError, match="not resolved") as refusal:
        response.respond(limit.certificate.finest, 2.0, count=8)
    assert "\n" not in str(refusal.value)


# ---- networks ----

# Functions of the start whose averages' means are known: what they explain is no error of a measured bias.
CONTROLS = ["c", "c^2", "c^4", "w0", "w0^2", "w0^4", "w0^6", "c*w0", "c*w0^3", "c^2*w0^2", "c^2*w0^4", "cos(w0)"]
CONTROLS += ["c^2*cos(w0)", "w0^2*cos(w0)", "c*tanh(w0)"]


@pytest.mark.parametrize(
    ("name", "reduction"),
    [("sine1d", {"w0^2": 20, "cos(w0)": 20}), ("three_points", {"c^2": 10, "w0^2": 40, "cos(w0)": 40})],
)
def test_networks_of_fifty_neurons_have_the_predicted_bias(vary, name, reduction):
    """Measured over 5000 replicas with control variates; each comparison raises a false alarm in 1 of 10 000 seeds.

    What the next order leaves is of relative size O(1/N), here taken as at most 5/N. The controls divide the variance
    by at least `reduction`, and every bias is told from 0 by 5 standard errors.
    """
    width, replicas, names = 50, 5000, list(reduction)
    limit = solve_limit(vary(name), [0.0, 2.0], 1e-5, CONTROLS)
    predicted = finite_width(limit, names, 2.0)
    runs = train(limit.problem, width, range(replicas), [0.0, 2.0], list(dict.fromkeys(CONTROLS + names)))
    start = [runs[control].values[:, 0] - limit.mean(control)[0] for control in CONTROLS]
    design = np.column_stack([np.ones(replicas), *start])
    for observable in names:
        bias = float(predicted.bias.sel(observable=observable))
        measured = width * (runs[observable].values[:, 1] - limit.mean(observable)[1])
        coefficients = np.linalg.lstsq(design, measured)[0]
        rest = (measured - design @ coefficients).var(ddof=design.shape[1])
        deviation = np.sqrt(rest * np.linalg.inv(design.T @ design)[0, 0])
        assert abs(coefficients[0] - bias) <= norm.isf(0.5e-4) * deviation + 5 / width * abs(bias)
        assert abs(coefficients[0]) >= 5 * deviation
        assert measured.var() / rest >= reduction[observable]
