"""The two sums of a velocity evaluation against their formulas, written out."""

import tracemalloc

import numpy as np
import pytest

from mfnn.learning.activations import ACTIVATIONS
from mfnn.limit import sums

SHAPES = {  # Q, d, m, J: one block, many tiles, more than one output, wide inputs, more than is kept
    "small": (3, 1, 1, 5),
    "tiles": (70, 2, 1, 1300),
    "outputs": (33, 3, 4, 600),
    "wide": (300, 70, 2, 520),
    "anew": (150, 1, 1, 1000),
}


def case(shape: str) -> tuple[np.ndarray, ...]:
    points, inputs, outputs, nodes = SHAPES[shape]
    rng = np.random.default_rng(points)
    x, y = rng.normal(size=(points, inputs)) / np.sqrt(inputs), rng.normal(size=(points, outputs))
    w, c, p = rng.normal(size=(inputs, nodes)), rng.normal(size=(outputs, nodes)), rng.dirichlet(np.ones(nodes))
    return x, y, w, c, p


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_sums_are_their_formulas(name: str, shape: str) -> None:
    x, y, w, c, p = case(shape)
    sigma, z = ACTIVATIONS[name], x @ w
    s = sigma.value(z)
    output = s @ (c * p).T
    np.testing.assert_allclose(sums.output(name, x, w, c * p), output, rtol=1e-12, atol=1e-13)
    force = np.linspace(0.5, 1.5, len(x)) / len(x)
    push = force[:, None] * (y - output)
    pulled = np.concatenate([push.T @ s, x.T @ (sigma.slope(z, s) * (push @ c))])
    np.testing.assert_allclose(sums.pull(name, x, w, c, push), pulled, rtol=1e-11, atol=1e-13)
    found = sums.self_consistent(name, x, y, w, c, p, force)
    np.testing.assert_allclose(found, pulled, rtol=1e-11, atol=1e-13)


def test_arrays_of_any_layout_are_read_right() -> None:
    x, _, w, c, p = case("outputs")
    straight = sums.output("tanh", x, w, c * p)
    np.testing.assert_array_equal(
        sums.output("tanh", np.asfortranarray(x), w[:, ::-1][:, ::-1], np.asfortranarray(c * p)), straight
    )


@pytest.mark.parametrize("nodes", [1, 128])
def test_memory_is_that_of_the_data_and_of_what_is_kept(nodes: int) -> None:
    """With few nodes σ and σ' are kept, 16 bytes for each pair; with more pairs than that no array has their size."""
    rng = np.random.default_rng(0)
    points = 40_000
    x, y = rng.normal(size=(points, 1)), np.zeros((points, 1))
    w, c, p = rng.normal(size=(1, nodes)), np.ones((1, nodes)), np.full(nodes, 1 / nodes)
    force = np.full(points, 1 / points)
    kept = 16 * points * nodes if points * nodes <= sums.KEPT else 0
    sums.self_consistent("tanh", x, y, w, c, p, force)
    tracemalloc.start()
    try:
        sums.self_consistent("tanh", x, y, w, c, p, force)
        assert tracemalloc.get_traced_memory()[1] < 1.1 * kept + 1_000_000
    finally:
        tracemalloc.stop()
