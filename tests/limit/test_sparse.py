"""Sparse connectivity: neurons that see k of d inputs, trained, in the limit, and how they fluctuate."""

import numpy as np
import pytest

from mfnn import Problem, SpecError, finite_width, fluctuations, solve_limit, train
from mfnn.learning.data import Streams
from mfnn.particles.run import replica_seed

NAMES = ["c^2", "w0^2", "c*w1", "cos(w0)", "g(0.5, -0.5)"]
SPARSE2D = {
    "name": "sparse2d",
    "activation": "tanh",
    "learning_rate": 2.0,
    "horizon": 2.0,
    "connectivity": 1,
    "data": {
        "law": "regression",
        "inputs": {"law": "uniform", "low": -1, "high": 1, "dim": 2},
        "target": {"law": "teacher", "c": [1, -0.8, 0.6], "w": [[2, -1], [-1, -2], [0.5, 1.5]]},
        "noise_std": 0.1,
    },
    "initial": {"c": {"law": "uniform", "low": -1, "high": 1}, "w": {"law": "uniform", "low": -1.5, "high": 1.5}},
}
POINTS = {
    "law": "finite",
    "x": [[0.5, -1.0, 0.3, 1.0], [-0.2, 0.7, 1.0, 1.0], [1.1, 0.4, -0.6, 1.0], [-0.8, -0.5, 0.2, 1.0]],
    "y": [0.7, -0.4, 0.2, -0.9],
}


@pytest.fixture(scope="module")
def sparse2d() -> Problem:
    return Problem.model_validate(SPARSE2D)


@pytest.fixture(scope="module")
def points() -> Problem:
    """Four points in three features and a constant one."""
    return Problem.model_validate(SPARSE2D | {"name": "points", "data": POINTS, "connectivity": 2})


@pytest.fixture(scope="module")
def limit(sparse2d: Problem):
    return solve_limit(sparse2d, [0.0, 2.0], 1e-3, NAMES)


def test_reference_means(limit) -> None:
    means = [2.02694, 1.04868, 0.612658, 0.594070, 0.218216]
    assert [limit.mean(name)[-1] for name in NAMES] == pytest.approx(means, rel=1e-4)


def test_reference_constants(limit) -> None:
    found = fluctuations(limit, NAMES, 2.0)
    assert np.diag(found.initial) == pytest.approx([1.1712, 0.9410, 0.42375, 0.14834, 0.35061], rel=1e-3)
    assert np.diag(found.sgd) == pytest.approx([4.0332, 0.4358, 0.45380, 0.04312, 0.11321], rel=1e-3)


def test_a_neuron_keeps_the_inputs_that_it_drew(points: Problem) -> None:
    width = 600
    theta = train(points, width, [0], [0.0, 1.0], keep=width)["theta"].values[0]
    seen = theta[:, :, 1:] != 0
    np.testing.assert_array_equal(seen[0], seen[1])
    assert (seen[0, :, :3].sum(axis=1) == 2).all() and seen[0, :, 3].all()
    assert abs(seen[0, :, :3].mean(axis=0) - 2 / 3).max() < 4 * np.sqrt(2 / 9 / width)


def test_training_is_the_plain_loop_on_the_inputs_that_are_seen(points: Problem) -> None:
    width, steps = 40, 60
    theta = train(points, width, [3], [0.0, steps / width], keep=width)["theta"].values[0].swapaxes(1, 2)
    x, y = np.array(POINTS["x"]), np.array(POINTS["y"])
    c, w = theta[0, 0].copy(), theta[0, 1:].copy()
    mask = w != 0
    for k in _order(points, width, 3, steps):
        s = np.tanh(x[k] @ w)
        push = 2.0 / width * (y[k] - c @ s / width)
        c, w = c + push * s, w + push * c * (1 - s**2) * x[k][:, None] * mask
    np.testing.assert_allclose(theta[1], np.vstack([c, w]), atol=1e-12)


def _order(problem: Problem, width: int, replica: int, steps: int) -> list[int]:
    """Which points the replica sees, by the stream of its samples."""
    x, _ = problem.data.sample(Streams(replica_seed(problem, width, replica, 0)), steps)
    return [int(np.flatnonzero((np.array(POINTS["x"]) == row).all(axis=1))[0]) for row in x]


def test_all_inputs_are_a_dense_network() -> None:
    dense, other = (Problem.model_validate(SPARSE2D | {"connectivity": k}) for k in (None, 2))
    runs = [train(problem, 30, range(3), [2.0], NAMES) for problem in (dense, other)]
    for name in NAMES:
        np.testing.assert_array_equal(*(run[name] for run in runs))
    means = [solve_limit(problem, [0.0, 2.0], 1e-2, NAMES).mean("c^2") for problem in (dense, other)]
    np.testing.assert_allclose(*means, rtol=1e-12)


def test_networks_fluctuate_as_predicted(points: Problem) -> None:
    width, replicas, names = 100, 3000, ["c^2", "w1^2", "g(0.5, -1, 0.3, 1)"]
    limit = solve_limit(points, [0.0, 2.0], 1e-3, names, method="sobol")
    predicted = np.diag(fluctuations(limit, names, 2.0).covariance)
    runs = train(points, width, range(replicas), [2.0], names)
    for name, constant in zip(names, predicted, strict=True):
        values = runs[name].values[:, 0]
        assert width * values.var(ddof=1) == pytest.approx(constant, rel=5 * np.sqrt(2 / replicas) + 2 / width)
        error = 4 * np.sqrt(constant / width / replicas) + 3 / width
        assert values.mean() == pytest.approx(limit.mean(name)[-1], abs=error)


def test_drawn_masks_are_estimated_to_the_truth_of_all() -> None:
    """Nine inputs of which four are seen: 126 masks, drawn; of the initial law everything is known."""
    rng = np.random.default_rng(1)
    data = {"law": "finite", "x": rng.normal(size=(6, 9)).tolist(), "y": rng.normal(size=6).tolist()}
    many = Problem.model_validate(SPARSE2D | {"name": "many", "data": data, "connectivity": 4})
    limit = solve_limit(many, [0.0, 1.0], 3e-2, ["w0^2"], method="sobol")
    assert abs(limit.mean("w0^2")[0] - 0.75 * 4 / 9) <= limit.error("w0^2")[0]
    with pytest.raises(SpecError, match=r"126 masks"):
        solve_limit(many, [0.0, 1.0], 3e-2, method="product")


def test_characteristics_keep_what_is_not_seen(limit) -> None:
    (end,) = limit.flow([[0.5, 1.0, 0.0], [0.5, 0.0, -1.0]], [2.0])
    assert end[0, 2] == 0 and end[1, 1] == 0 and (end[:, 0] != 0.5).all() and end[0, 1] != 1.0


@pytest.mark.parametrize("wrong", [0, 3, -1, 1.5, "one"])
def test_bad_connectivity_is_refused_in_one_line(wrong: object) -> None:
    with pytest.raises(SpecError) as refusal:
        Problem.model_validate(SPARSE2D | {"connectivity": wrong})
    assert "connectivity" in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_constant_input_does_not_count() -> None:
    with pytest.raises(SpecError, match="at most the 3 inputs that vary"):
        Problem.model_validate(SPARSE2D | {"data": POINTS, "connectivity": 4})


def test_what_has_no_formula_is_refused_in_one_line(limit, sparse2d: Problem) -> None:
    for asked in (
        lambda: limit.density([[0.5, 1.0, 0.0]], 1.0),
        lambda: finite_width(limit, ["c^2"], 2.0),
        lambda: train(sparse2d, 10, [0], [1.0], protocol={"batch": 2}),
        lambda: train(sparse2d, 10, [0], [1.0], protocol={"precision": "single"}),
        lambda: solve_limit(sparse2d, [0.0, 1.0], 1e-3, protocol={"output_exponent": 0.75}),
    ):
        with pytest.raises(SpecError, match=r"^[^\n]*(connectivity|sparse)[^\n]*$"):
            asked()
