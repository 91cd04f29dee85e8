"""The constants of the central limit theorem: reference values, an independent derivative, and structure."""

import numpy as np
import pytest

from mfnn import SpecError, fluctuations, solve_limit
from mfnn.learning.observables import parse_all
from mfnn.limit.characteristics import characteristics
from mfnn.limit.fluctuations import Rows, constants
from mfnn.limit.nodes import DataNodes, Nodes, product_nodes

REFERENCE = {  # sine1d at t = 2: V_init + V_sgd and V_init
    "c^2": (1.089953, 0.1545),
    "w0^2": (6.739458, 6.5249),
    "c*w0": (1.415892, 0.2102),
    "cos(w0)": (0.370584, 0.3627),
    "g(0.5)": (0.149113, 0.0046),
}


@pytest.fixture(scope="module")
def sine1d(vary):
    return fluctuations(solve_limit(vary("sine1d"), [2.0], 1e-7), list(REFERENCE), 2.0)


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_constants(sine1d, name):
    total, initial = REFERENCE[name]
    assert float(sine1d.covariance.loc[name, name]) == pytest.approx(total, abs=1e-5)
    assert float(sine1d.initial.loc[name, name]) == pytest.approx(initial, abs=1e-4)
    assert float(sine1d.error.loc[name, name]) < 1e-6


def test_reference_chaos_constant(sine1d):
    assert float(sine1d.pair_covariance.loc["c*w0", "w0^2"]) == pytest.approx(-3.534522, abs=1e-5)


def test_both_parts_are_covariance_matrices(sine1d):
    for part in (sine1d.initial.values, sine1d.sgd.values):
        np.testing.assert_allclose(part, part.T, atol=1e-9)
        assert np.linalg.eigvalsh(part).min() > -1e-9


def test_at_time_zero_nothing_has_happened(vary):
    start = fluctuations(solve_limit(vary("sine1d"), [0.0, 1.0], 1e-6), ["c^2", "w0^2"], 0.0)
    # c ~ U(-1, 1) and w ~ U(-3, 3): Var c^2 = 4/45, Var w^2 = 81 · 4/45, independent.
    np.testing.assert_allclose(start.initial.values, np.diag([4 / 45, 36 / 5]), atol=1e-9)
    np.testing.assert_allclose(start.sgd.values, 0)
    np.testing.assert_allclose(start.pair_covariance.values, 0, atol=1e-9)


@pytest.mark.parametrize("outputs", [1, 2])
def test_initial_part_is_the_derivative_in_the_initial_weights(vary, outputs):
    # V_init = Var_p(a) with a_j the derivative of <f, mu_t> in the weight of node j: here by central differences
    # of whole solves, which share nothing with the adjoint equation.
    y = np.array([[0.8, -0.6, 0.9], [0.1, 0.5, -0.7]][:outputs]).T
    problem = vary("three_points", {"data.y": y, "data.noise_std": 0.3})
    nodes = product_nodes(problem, (2,) * outputs + (5,))
    data, times = DataNodes(*problem.data.quadrature()), np.array([1.0])
    functions = list(parse_all(["cos(w0)", "w0^2"], problem).values())

    def means(weights):
        flow = characteristics(problem, Nodes(nodes.theta, weights), data, times, 1e-12)
        return np.array([flow.evaluate(lambda theta, p, f=f: f(theta) @ p)[0] for f in functions])

    shift = 1e-4
    a = [
        (means(nodes.weights + shift * e) - means(nodes.weights - shift * e)) / (2 * shift)
        for e in np.eye(len(nodes.weights))
    ]
    a = np.array(a).T
    centred = a - (a @ nodes.weights)[:, None]
    expected = (centred * nodes.weights) @ centred.T
    flow = characteristics(problem, nodes, data, times, 1e-12)
    (end,) = flow.theta
    rows = Rows(np.array([f(end) for f in functions]), np.array([flow.weights * f.gradient(end) for f in functions]))
    found = constants(flow, [rows], flow.theta, times, 1e-11)
    np.testing.assert_allclose(found.initial, expected, atol=1e-7)


def test_label_noise_enters_only_through_the_steps(vary):
    quiet, noisy = (
        fluctuations(solve_limit(vary("three_points", {"data.noise_std": noise}), [1.0], 1e-6), ["c^2"], 1.0)
        for noise in (0.0, 0.5)
    )
    np.testing.assert_allclose(noisy.initial, quiet.initial, atol=1e-8)
    assert float(noisy.sgd.item()) > 1.2 * float(quiet.sgd.item())


def test_one_data_point_without_noise_has_no_step_noise(vary):
    single = vary("three_points", {"data.x": [[1.0]], "data.y": [0.8]})
    assert float(fluctuations(solve_limit(single, [1.0], 1e-6), ["c^2"], 1.0).sgd.item()) == pytest.approx(
        0, abs=1e-12
    )


def test_bad_arguments_are_one_line(vary):
    limit = solve_limit(vary("sine1d"), [1.0], 1e-4)
    for names, time in ((["c^3.5"], 1.0), (["c^2"], 3.0), (["c^2"], float("nan"))):
        with pytest.raises(SpecError) as refusal:
            fluctuations(limit, names, time)
        assert "\n" not in str(refusal.value)
