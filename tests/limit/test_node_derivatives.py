"""The contractions of φ's derivatives, each against differences of what it differentiates or the sum spelled out."""

import numpy as np
import pytest

from mfnn.limit.derivatives import Derivatives
from mfnn.limit.field import VelocityField
from mfnn.limit.nodes import DataNodes

NODES, POINTS, STEP = 4, 5, 1e-5


@pytest.fixture(params=[("tanh", 1, 1), ("gaussian", 2, 3), ("sigmoid", 3, 1)], ids=lambda case: case[0])
def case(request, vary):
    """A field, nodes (m + d, J), a push (Q, m) and symmetric matrices (J, m + d, m + d)."""
    name, m, d = request.param
    rng = np.random.default_rng(m)
    x, y = rng.normal(size=(POINTS, d)), rng.normal(size=(POINTS, m))
    problem = vary("three_points", {"activation": name, "data.x": x, "data.y": y})
    matrices = rng.normal(size=(NODES, m + d, m + d))
    field = VelocityField(problem, DataNodes(*problem.data.quadrature()))
    theta, push = rng.normal(size=(m + d, NODES)), rng.normal(size=(POINTS, m))
    return field, theta, push, matrices + matrices.transpose(0, 2, 1)


def differences(function, theta: np.ndarray) -> np.ndarray:
    """∂function/∂θ_j of what has one row a node, when every node only moves its own row: (J, m + d, …)."""
    columns = []
    for row in range(len(theta)):
        shift = np.zeros_like(theta)
        shift[row] = STEP
        columns.append((function(theta + shift) - function(theta - shift)) / (2 * STEP))
    return np.stack(columns, axis=1)


def test_gradients(case) -> None:
    field, theta, push, _ = case
    here = Derivatives.at(field, theta)
    gradient = differences(lambda moved: Derivatives.at(field, moved).value(), theta)
    np.testing.assert_allclose(here.gradient(), gradient, atol=1e-8)
    np.testing.assert_allclose(here.pull(push), np.tensordot(gradient, push, axes=2), atol=1e-8)
    vectors = np.random.default_rng(0).normal(size=(NODES, len(theta)))
    np.testing.assert_allclose(here.felt(vectors), np.einsum("jpqk,jp->qk", gradient, vectors), atol=1e-8)


def test_second_derivatives(case) -> None:
    field, theta, push, matrices = case
    here, weights = Derivatives.at(field, theta), np.linspace(0.5, 2, POINTS)
    hessian = differences(lambda moved: Derivatives.at(field, moved).gradient(), theta)  # (J, P, P, Q, m)
    np.testing.assert_allclose(here.hessian(push), np.tensordot(hessian, push, axes=2), atol=1e-7)
    np.testing.assert_allclose(here.traces(matrices), np.einsum("japqk,jap->qk", hessian, matrices), atol=1e-7)
    vectors = np.random.default_rng(0).normal(size=hessian.shape[1:2] + push.shape) + here.gradient()
    expected = np.einsum("q,japqk,jpqk->ja", weights, hessian, vectors)
    np.testing.assert_allclose(here.bent_by(vectors, weights), expected, atol=1e-7)


def test_third_derivatives(case) -> None:
    field, theta, push, matrices = case

    def traced(moved: np.ndarray) -> np.ndarray:
        return np.einsum("jap,jap->j", Derivatives.at(field, moved).hessian(push), matrices)

    found = Derivatives.at(field, theta).third(push, matrices)
    np.testing.assert_allclose(found, differences(traced, theta), atol=1e-7)


def test_pull_and_hessian_are_the_velocity_and_its_divergence(case) -> None:
    field, theta, push, _ = case
    here = Derivatives.at(field, theta)
    residual = push / field.push(np.ones_like(push))
    np.testing.assert_allclose(here.pull(push).T, field.velocity(theta, residual), atol=1e-12)
    trace = np.trace(here.hessian(push), axis1=1, axis2=2)
    np.testing.assert_allclose(trace, field.divergence(theta, residual), atol=1e-12)
