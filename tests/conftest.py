"""The problems that many tests share, and a way to vary them."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from mfnn import Limit, Problem, solve_limit


def uniform(low: float, high: float) -> dict[str, Any]:
    return {"law": "uniform", "low": low, "high": high}


SINE1D = {
    "name": "sine1d",
    "activation": "tanh",
    "learning_rate": 4.0,
    "horizon": 2.0,
    "data": {
        "law": "regression",
        "inputs": uniform(-1, 1) | {"dim": 1},
        "target": "sine",
        "noise_std": 0.1,
        "intercept": False,
    },
    "initial": {"c": uniform(-1, 1), "w": uniform(-3, 3)},
}
THREE_POINTS = {
    "name": "three_points",
    "activation": "tanh",
    "learning_rate": 1.0,
    "horizon": 2.0,
    "data": {
        "law": "finite",
        "x": [[-1.0], [0.5], [1.5]],
        "y": [0.8, -0.6, 0.9],
        "weights": None,
        "noise_std": 0.0,
    },
    "initial": {"c": uniform(-0.5, 1.5), "w": uniform(-2, 2)},
}
SPECS = {"sine1d": SINE1D, "three_points": THREE_POINTS}

Vary = Callable[..., Problem]


@pytest.fixture(scope="session")
def vary() -> Vary:
    """vary("three_points", {"data.y": [1, 2, 3], "activation": "sin"}): the problem with some keys changed."""

    def varied(name: str, changes: dict[str, Any] | None = None) -> Problem:
        spec = copy.deepcopy(SPECS[name])
        for path, value in (changes or {}).items():
            *folders, last = path.split(".")
            place: Any = spec
            for folder in folders:
                place = place[folder]
            place[last] = value
        return Problem.model_validate(spec)

    return varied


@pytest.fixture(scope="session")
def sine1d(vary: Vary) -> Problem:
    """The reference problem, whose limit is known to ten digits."""
    return vary("sine1d")


@pytest.fixture(scope="session")
def three_points(vary: Vary) -> Problem:
    """Three data points: the example of `mfnn.Problem`."""
    return vary("three_points")


@pytest.fixture(scope="session")
def sine1d_limit(sine1d: Problem) -> Limit:
    return solve_limit(sine1d, times=[0.0, 1.0, 2.0], tolerance=1e-10)


@pytest.fixture(scope="session")
def three_points_limit(three_points: Problem) -> Limit:
    return solve_limit(three_points, times=[0.0, 1.0, 2.0], tolerance=1e-8, observables=["tanh(c)*w0^2"])
