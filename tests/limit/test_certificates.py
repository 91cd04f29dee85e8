"""Certified errors against true ones on problems drawn at random: activations, data and initial laws of every kind."""

from typing import Any

import numpy as np
import pytest

from mfnn import Problem, finite_width, solve_limit
from mfnn.learning.observables import parse
from mfnn.limit.limit import mean_of
from mfnn.limit.refinement import Refinement, Resolution
from mfnn.limit.replicated import Replication

TIMES = [0.0, 0.3, 0.7, 1.0, 1.5, 2.0]
NAMES = ["c", "c^2", "w0^2", "c*w0", "cos(w0)", "g(0.5)", "cos(c)*w0", "sin(w0)", "c*w0^3"]


def random_law(rng: np.random.Generator) -> dict[str, Any]:
    if rng.random() < 0.5:
        low, high = np.sort(rng.uniform(-3, 3, 2))
        return {"law": "uniform", "low": low, "high": high + 0.3}
    return {"law": "normal", "mean": rng.uniform(-1, 1), "std": rng.uniform(0.2, 1.0)}


def random_data(rng: np.random.Generator) -> dict[str, Any]:
    if rng.random() < 0.5:
        count = int(rng.integers(1, 5))
        return {"law": "finite", "x": rng.normal(size=(count, 1)), "y": rng.normal(size=count)}
    uniform = {"law": "uniform", "low": -1.0, "high": 1.0, "dim": 1}
    normal = {"law": "normal", "mean": 0.0, "std": 0.5, "dim": 1}
    return {"law": "regression", "inputs": uniform if rng.random() < 0.5 else normal, "target": "sine"}


def random_problem(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    return Problem.model_validate(
        {
            "name": f"random{seed}",
            "activation": str(rng.choice(["tanh", "sigmoid", "erf", "sin", "cos", "gaussian"])),
            "learning_rate": float(rng.uniform(0.5, 4)),
            "horizon": 2.0,
            "data": random_data(rng),
            "initial": {"c": random_law(rng), "w": random_law(rng)},
        }
    )


# Of the first two dozen seeds, those whose problem is solved to 1e-6 within seconds.
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 7, 10, 11, 12, 13, 17, 18, 19, 20, 21, 23])
def test_true_errors_are_below_the_certified_ones(seed: int) -> None:
    """Also for functionals the solve was not refined for."""
    problem = random_problem(seed)
    truth = solve_limit(problem, TIMES, 1e-6, NAMES)
    for limit in (solve_limit(problem, TIMES, tolerance) for tolerance in (1e-2, 1e-3, 1e-4)):
        for name in NAMES:
            value, error = limit.estimate(mean_of(parse(name, problem)))
            assert (np.abs(value - truth.mean(name)) <= error + truth.error(name)).all(), (name, limit.tolerance)


@pytest.mark.parametrize("seed", [0, 2, 7])
def test_true_errors_of_the_next_order_are_below_the_certified_ones(seed: int) -> None:
    problem = random_problem(seed)
    truth = finite_width(solve_limit(problem, TIMES, 1e-6), NAMES, TIMES)
    for tolerance in (1e-2, 1e-4):
        found = finite_width(solve_limit(problem, TIMES, tolerance), NAMES, TIMES)
        assert (np.abs(found.bias - truth.bias) <= found.error + truth.error).all(), tolerance


class Solved:
    """A flow of which only a functional's values at the times are known."""

    def __init__(self, *values: float) -> None:
        self.values = np.array(values)

    def evaluate(self, _functional: Any) -> np.ndarray:
        return self.values


def test_a_certified_error_is_never_less_than_at_an_earlier_time() -> None:
    """Two solves that cross agree there by chance."""
    solve: Any = Refinement(Resolution((2,), (2,), 1e-3), Solved(0, 1.5, 3.0), (Solved(0, 1.25, 3.0),), reached=0.0)
    _, error = solve.estimate(None)
    assert error[0] == 0 and error[1] > 0 and error[2] >= error[1]


def test_the_error_of_replicates_is_student_s() -> None:
    """Of 0, 1, 2, 3: deviation √(5/3), and 99 % of Student's law with 3 degrees lie within 5.84091 (tables)."""
    flows: Any = tuple(Solved(float(value)) for value in range(4))
    value, error = Replication("", flows).combine(np.arange(4.0)[:, None])
    assert (value[0], error[0]) == pytest.approx((1.5, 5.84091 * np.sqrt(5 / 3) / 2), rel=1e-5)
