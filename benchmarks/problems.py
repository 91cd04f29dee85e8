"""What is trained: the reference problem `sine1d` (d = 1), and one with the shape of MNIST (d = 784, m = 10)."""

from __future__ import annotations

from typing import Any

import numpy as np

from mfnn import Problem
from mfnn.spec import Floats

SINE1D: dict[str, Any] = {
    "name": "sine1d",
    "activation": "tanh",
    "learning_rate": 4.0,
    "horizon": 2.0,
    "data": {
        "law": "regression",
        "inputs": {"law": "uniform", "low": -1.0, "high": 1.0, "dim": 1},
        "target": "sine",
        "noise_std": 0.1,
    },
    "initial": {
        "c": {"law": "uniform", "low": -1.0, "high": 1.0},
        "w": {"law": "uniform", "low": -3.0, "high": 3.0},
    },
}


def sine1d() -> Problem:
    """σ = tanh, x ~ U(−1, 1), y = sin(πx) + 0.1 ξ, c_0 ~ U(−1, 1), w_0 ~ U(−3, 3), α = 4, T = 2."""
    return Problem.model_validate(SINE1D)


def tall(dim: int) -> Problem:
    """`sine1d` with d features and α = 1; the time of a step does not depend on the data law."""
    data = {**SINE1D["data"], "inputs": {**SINE1D["data"]["inputs"], "dim": dim}}
    return Problem.model_validate({**SINE1D, "name": "tall", "learning_rate": 1.0, "data": data})


def images(samples: int, rng: np.random.Generator) -> tuple[Problem, Floats, Floats]:
    """784 random pixels and one-hot labels of 10 classes, whose values do not change the time of a step; with x and y."""
    x, y = rng.random((samples, 784)), np.eye(10)[rng.integers(0, 10, samples)]
    problem = Problem.model_validate(
        {
            **SINE1D,
            "name": "images",
            "data": {"law": "finite", "x": x, "y": y},
            "initial": {
                "c": {"law": "uniform", "low": -1.0, "high": 1.0},
                "w": {"law": "normal", "std": 1 / 28},
            },
        }
    )
    return problem, x, y


def agree(name: str, ours: tuple[Floats, ...], theirs: tuple[Floats, ...], tolerance: float) -> float:
    """The largest relative difference of two lists of parameters; stops the benchmark when the two did not train alike."""
    difference = max(float(np.abs(a - b).max() / np.abs(a).max()) for a, b in zip(ours, theirs, strict=True))
    if not difference <= tolerance:
        raise SystemExit(f"{name} trained to parameters {difference:.1e} from ours; {tolerance:.0e} is allowed")
    return difference
