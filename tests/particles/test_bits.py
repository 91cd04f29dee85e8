"""README's promise: results are the same to the bit for any size of batches. A replica alone and among others."""

import numpy as np
import pytest
import xarray as xr

from mfnn import Problem, Protocol, train
from mfnn.learning.observables import parse
from mfnn.studies.proof.terms import follow


def wide(d: int, m: int = 1) -> Problem:
    rng = np.random.default_rng(d)
    return Problem.model_validate(
        {
            "name": f"wide{d}",
            "activation": "sin",
            "learning_rate": 2.0,
            "horizon": 0.5,
            "data": {"law": "finite", "x": rng.normal(size=(7, d)), "y": rng.normal(size=(7, m)), "noise_std": 0.1},
            "initial": {"c": {"law": "uniform", "low": -1, "high": 1}, "w": {"law": "normal"}},
        }
    )


def output(d: int, index: str = "") -> str:
    return f"g{index}({','.join(map(str, np.linspace(-1, 1, d).round(3)))})"


def alone_and_among_five(problem: Problem, names: list[str], protocol: Protocol) -> tuple[xr.Dataset, xr.Dataset]:
    """Replica 3, everything that is recorded of it, twice; 37 particles fill no whole vector."""
    points = np.linspace(-1, 1, 3 * problem.dim).reshape(3, -1)

    def run(replicas):
        return train(problem, 37, replicas, [0.0, 0.5], names, 37, evaluate=points, follow=5, protocol=protocol)

    return run([3]), run(range(5)).sel(replica=[3])


@pytest.mark.parametrize("d", [1, 2, 3, 4, 9, 23, 24, 30])  # each dimension has a kernel to be compiled
def test_a_replica_alone_is_itself_among_others(d: int) -> None:
    names = ["c^2", "c*w0", f"w{d - 1}^3", "cos(w0)", "tanh(c)*w0^2", output(d)]
    for precision in ("double", "single") if d >= 24 else ("double",):
        xr.testing.assert_identical(*alone_and_among_five(wide(d), names, Protocol(precision=precision)))


@pytest.mark.parametrize("d", [9, 24])
@pytest.mark.parametrize("changes", [{"batch": 3}, {"sampling": "shuffled"}, {"sampling": "markov"}])
def test_nor_does_the_protocol_matter(d: int, changes: dict) -> None:
    names = ["c1^2", "cos(w0)", output(d, "1")]
    xr.testing.assert_identical(*alone_and_among_five(wide(d, m=2), names, Protocol(**changes)))


@pytest.mark.parametrize("d", range(1, 31))
def test_clouds_that_come_together_have_the_values_and_gradients_they_have_alone(d: int) -> None:
    theta = np.random.default_rng(0).normal(size=(1 + d, 6, 37))
    for name in ("c^2", "c*w0", "cos(w0)", output(d)):
        f = parse(name, wide(d))
        for together, alone in ((f(theta), f), (f.gradient(theta), f.gradient)):
            for r in range(6):
                np.testing.assert_array_equal(together[..., r, :], alone(np.ascontiguousarray(theta[:, r])))


def test_the_terms_of_the_proof_neither() -> None:
    problem, names = wide(6), ["c^2", output(6)]
    together = follow(problem, 37, range(5), names, 0)
    for part, alone in zip(together, follow(problem, 37, [3], names, 0), strict=True):
        np.testing.assert_array_equal(part[..., [3]], alone)
