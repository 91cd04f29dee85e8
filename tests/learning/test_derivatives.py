"""σ', σ'' and σ''', ∇f and ∇²f, V and ∇·V against differences of what they differentiate."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import erf

from mfnn import Problem, SpecError
from mfnn.learning.activations import ACTIVATIONS
from mfnn.learning.observables import parse
from mfnn.limit.field import VelocityField
from mfnn.limit.nodes import DataNodes, Nodes

SMOOTH = [name for name in ACTIVATIONS if name != "relu"]
STEP = 1e-5  # central differences: error STEP² f'''/6 + 1e-16/STEP, about 1e-10

# σ written a second time, independently of the package.
SIGMA = {
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "erf": erf,
    "sin": np.sin,
    "cos": np.cos,
    "gaussian": lambda z: np.exp(-(z**2)),
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "linear": lambda z: z,
}


def central(function, point: np.ndarray) -> np.ndarray:
    """∂F/∂point, one entry at a time; leading axes point's, trailing axes F's."""
    rows = []
    for index in np.ndindex(point.shape):
        shift = np.zeros_like(point)
        shift[index] = STEP
        rows.append((function(point + shift) - function(point - shift)) / (2 * STEP))
    return np.array(rows).reshape(*point.shape, *np.shape(rows[0]))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_values_and_derivatives(name: str) -> None:
    sigma = ACTIVATIONS[name]
    z = np.concatenate([np.linspace(-7.05, 7.05, 142), [1e-3, -1e-3]])
    s = sigma.value(z)
    np.testing.assert_allclose(s, SIGMA[name](z), rtol=1e-14)
    slope = (SIGMA[name](z + STEP) - SIGMA[name](z - STEP)) / (2 * STEP)
    np.testing.assert_allclose(sigma.slope(z, s), slope, atol=1e-9)

    def slope_at(v: np.ndarray) -> np.ndarray:
        return sigma.slope(v, sigma.value(v))

    if sigma.derivatives < 2:
        with pytest.raises(
            SpecError, match=f"activation: got '{name}'; allowed: a σ with two continuous derivatives"
        ):
            sigma.curvature(z, s)
        return
    bend = (slope_at(z + STEP) - slope_at(z - STEP)) / (2 * STEP)
    np.testing.assert_allclose(sigma.curvature(z, s), bend, atol=1e-9)


# σ by mpmath's own functions: its differences in 40 digits lose none of a double's.
EXACT = {
    "tanh": mpmath.tanh,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "erf": mpmath.erf,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "gaussian": lambda z: mpmath.exp(-(z**2)),
    "linear": lambda z: z,
}


@pytest.mark.parametrize("name", EXACT)
def test_third_derivatives_of_activations(name: str) -> None:
    sigma, z = ACTIVATIONS[name], np.linspace(-4.1, 4.1, 24)
    with mpmath.workdps(40):
        expected = [float(mpmath.diff(EXACT[name], v, 3)) for v in z]
    np.testing.assert_allclose(sigma.third(z, sigma.value(z)), expected, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_smoothness_and_bounds_are_what_is_said(name: str) -> None:
    sigma = ACTIVATIONS[name]
    near, far = np.array([-1e-9, 1e-9]), np.array([-1e6, -1e3, 1e3, 1e6])
    jump = np.abs(np.diff(sigma.slope(near, sigma.value(near)))).item()
    assert (jump < 1e-6) == (sigma.derivatives >= 1)
    assert (np.abs(sigma.value(far)).max() <= 1) == sigma.bounded


# ---- test functions ----

factors = st.one_of(
    st.builds("{}^{}".format, st.sampled_from(["c0", "c1", "w0", "w1", "w2"]), st.integers(min_value=1, max_value=6)),
    st.builds("{}({})".format, st.sampled_from(["cos", "sin", "tanh"]), st.sampled_from(["c0", "c1", "w0", "w2"])),
    st.sampled_from(["c0", "c1", "w0", "w1", "w2"]),
)
coordinates = st.floats(-3, 3).map(lambda v: f"{v:.3g}")
monomials = st.lists(factors, min_size=1, max_size=4).map("*".join)
outputs = st.builds("g{}({},{},{})".format, st.sampled_from(["", "0", "1"]), *[coordinates] * 3)


@pytest.fixture(scope="module")
def wide(vary) -> Problem:
    """m = 2 outputs and d = 3 features."""
    points = np.random.default_rng(5).normal(size=(4, 5))
    return vary("three_points", {"data.x": points[:, :3], "data.y": points[:, 3:]})


def spelled_out(name: str, theta: np.ndarray) -> np.ndarray:
    """f(θ) by Python's own evaluation of the name (in the test only), σ = tanh, m = 2, d = 3."""
    c0, c1, w0, w1, w2 = theta
    if name.startswith("g"):
        head, arguments = name[:-1].split("(")
        x0, x1, x2 = map(float, arguments.split(","))
        return (c1 if head == "g1" else c0) * np.tanh(w0 * x0 + w1 * x1 + w2 * x2)
    known = {"c0": c0, "c1": c1, "w0": w0, "w1": w1, "w2": w2, "cos": np.cos, "sin": np.sin, "tanh": np.tanh}
    return eval(name.replace("^", "**"), {"__builtins__": {}}, known)


@given(name=monomials | outputs, seed=st.integers(0, 2**16))
def test_observables_and_their_derivatives(wide: Problem, name: str, seed: int) -> None:
    theta = np.random.default_rng(seed).uniform(-1.3, 1.3, (5, 4))
    f = parse(name, wide)
    value = f(theta)
    np.testing.assert_allclose(value, spelled_out(name, theta), rtol=1e-12, atol=1e-14)
    for j in range(4):
        gradient = central(lambda column: spelled_out(name, column), theta[:, j])
        size = max(1.0, np.abs(gradient).max())
        np.testing.assert_allclose(f.gradient(theta)[:, j], gradient, atol=1e-6 * size)
        hessian = central(lambda column: f.gradient(column[:, None])[:, 0], theta[:, j])
        np.testing.assert_allclose(f.hessian(theta)[:, :, j], hessian, atol=1e-6 * max(1.0, np.abs(hessian).max()))


@given(name=monomials | outputs)
def test_spaces_in_names_do_not_matter(wide: Problem, name: str) -> None:
    theta = np.random.default_rng(0).uniform(-1, 1, (5, 3))
    spaced = name.replace("*", " * ").replace(",", ", ").replace("(", "( ")
    np.testing.assert_array_equal(parse(spaced, wide)(theta), parse(name, wide)(theta))


# ---- the velocity field ----


def loss(name: str, theta: np.ndarray, p: np.ndarray, data: DataNodes, outputs: int) -> float:
    """½ E_π|y − G(x)|² of the cloud, written out particle by particle."""
    g = np.zeros_like(data.y)
    for j in range(theta.shape[1]):
        g += p[j] * np.outer(SIGMA[name](data.x @ theta[outputs:, j]), theta[:outputs, j])
    return 0.5 * float(data.weights @ ((data.y - g) ** 2).sum(axis=1))


def case(vary, name: str, outputs: int, dim: int, nodes: int, points: int) -> tuple[Problem, DataNodes, Nodes]:
    rng = np.random.default_rng(outputs + 10 * dim)
    x, y = rng.normal(size=(points, dim)), rng.normal(size=(points, outputs))
    weights = rng.dirichlet(np.ones(points))
    problem = vary(
        "three_points",
        {
            "activation": name,
            "learning_rate": 3.0,
            "data.x": x,
            "data.y": y,
            "data.weights": weights,
        },
    )
    cloud = Nodes(rng.normal(size=(outputs + dim, nodes)), rng.dirichlet(np.ones(nodes)))
    return problem, DataNodes(*problem.data.quadrature()), cloud


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize(("outputs", "dim"), [(1, 1), (1, 3), (3, 2)])
def test_velocity_is_minus_the_gradient_of_the_loss(vary, name: str, outputs: int, dim: int) -> None:
    """∂/∂θ_j of ½ E|y − G|² is −p_j V(θ_j)/α: the limit is the gradient flow of the population risk."""
    problem, data, (theta, p, _) = case(vary, name, outputs, dim, nodes=4, points=6)
    field = VelocityField(problem, data)
    gradient = central(lambda moved: loss(name, moved, p, data, outputs), theta)
    velocity = field.velocity(theta, data.y - field.output(Nodes(theta, p)))
    np.testing.assert_allclose(velocity, -problem.learning_rate * gradient / p, atol=2e-8)


@pytest.mark.parametrize("name", SMOOTH)
def test_divergence_is_the_trace_of_the_velocity_s_jacobian(vary, name: str) -> None:
    problem, data, (theta, _, _) = case(vary, name, outputs=2, dim=3, nodes=5, points=6)
    field, residual = VelocityField(problem, data), np.random.default_rng(0).normal(size=data.y.shape)
    divergence = field.divergence(theta, residual)
    for j in range(5):
        jacobian = central(lambda column: field.velocity(column[:, None], residual)[:, 0], theta[:, j])
        assert divergence[j] == pytest.approx(np.trace(jacobian), abs=1e-8)


@pytest.mark.parametrize(("nodes", "points"), [(150, 290), (9000, 290), (3, 20000)])
def test_tiles_and_the_memory_bound_leave_the_velocity_alone(vary, nodes: int, points: int) -> None:
    """One tile or many, σ kept or computed twice: the same numbers."""
    problem, data, cloud = case(vary, "tanh", outputs=2, dim=2, nodes=nodes, points=points)
    field = VelocityField(problem, data)
    c, w = cloud.theta[:2], cloud.theta[2:]
    output = np.tanh(data.x @ w) @ (c * cloud.weights).T
    np.testing.assert_allclose(field.output(cloud), output, atol=1e-13)
    velocity = field.self_consistent(cloud)
    np.testing.assert_allclose(velocity, field.velocity(cloud.theta, data.y - output), atol=1e-12)
    few = slice(0, nodes, max(1, nodes // 7))
    z = data.x @ w[:, few]
    push = problem.learning_rate * data.weights[:, None] * (data.y - output)
    np.testing.assert_allclose(velocity[:2, few], push.T @ np.tanh(z), atol=1e-12)
    np.testing.assert_allclose(velocity[2:, few], data.x.T @ (push @ c[:, few] / np.cosh(z) ** 2), atol=1e-12)
