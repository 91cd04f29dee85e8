"""Distances on clouds whose distance is known."""

import numpy as np
import ot
import pytest
from scipy.stats import energy_distance, wasserstein_distance

from mfnn.numerics.distances import (
    cdf_gap,
    characteristic_function,
    directions,
    energy,
    marginal_w1,
    mmd,
    mmd_frequencies,
    quantile_gap,
    sliced_w2,
    standard_distances,
    w1,
)


@pytest.fixture(scope="module")
def cloud():
    return np.random.default_rng(0).standard_normal((500, 2)) * [1.0, 2.0]


def test_a_cloud_has_no_distance_to_itself(cloud):
    for name, distance in standard_distances(["c", "w0"], cloud).items():
        assert distance(cloud) == pytest.approx(0, abs=1e-7), name


def test_a_shift_is_seen_as_it_should_be(cloud):
    moved = cloud + np.array([0.3, 0.0])
    assert marginal_w1(cloud, 0)(moved) == pytest.approx(0.3)
    assert marginal_w1(cloud, 1)(moved) == pytest.approx(0)
    # W2 of the projections is 0.3 |cos|, whose mean square over directions is 0.045.
    assert sliced_w2(cloud)(moved) == pytest.approx(np.sqrt(0.045), rel=1e-6)
    assert energy(cloud)(moved) > 0.05
    assert mmd(cloud)(moved) > 0.05


def test_mmd_is_the_kernel_double_sum(cloud):
    # with its finite spectral measure the kernel is k(a, b) = mean_l cos(w_l (a - b))
    other = cloud[:50] + 0.2
    frequencies = mmd_frequencies(cloud)

    def k(a, b):
        return np.cos((a[:, None] - b[None]) @ frequencies.T).mean()

    square = k(other, other) - 2 * k(other, cloud) + k(cloud, cloud)
    assert mmd(cloud)(other) == pytest.approx(np.sqrt(square), rel=1e-9)


def test_energy_through_projections_matches_the_pairwise_definition(cloud):
    # In the plane |v| = (π/2) times the mean of |<u, v>| over directions; 16 even directions resolve it to 1 %. SciPy's
    # one-dimensional energy distance is the root of 2 E|X − Y| − E|X − X'| − E|Y − Y'|.
    other = np.random.default_rng(1).standard_normal((400, 2)) + 0.5

    def pairs(a, b):
        return np.linalg.norm(a[:, None] - b[None], axis=-1).mean()

    definition = 2 * pairs(cloud, other) - pairs(cloud, cloud) - pairs(other, other)
    assert energy(cloud)(other) == pytest.approx(np.sqrt(definition * 2 / np.pi), rel=0.01)


def test_directions_are_unit_vectors_that_see_every_axis():
    for dimension in (2, 3, 5):
        axes = directions(dimension)
        np.testing.assert_allclose(np.linalg.norm(axes, axis=1), 1)
        np.testing.assert_allclose((axes**2).mean(axis=0), 1 / dimension, atol=0.35 / dimension)


def test_characteristic_function_of_one_point():
    value = characteristic_function(np.array([[0.5, -1.0]]), np.array([[2.0, 1.0]]))
    np.testing.assert_allclose(value, np.exp(1j * 0.0))


@pytest.mark.parametrize("sizes", [(1, 1), (1, 7), (6, 4), (300, 300), (97, 1000)])
@pytest.mark.parametrize("digits", [1, 16])  # one digit: many ties, within and between the samples
def test_distances_of_sorted_samples_agree_with_other_libraries(sizes, digits):
    rng = np.random.default_rng(sizes)
    x, y = (
        np.sort(np.round(rng.normal(shift, 1, size), digits)) for shift, size in zip((0, 0.4), sizes, strict=True)
    )
    assert w1(x, y) == pytest.approx(wasserstein_distance(x, y), rel=1e-12, abs=1e-15)
    assert np.sqrt(quantile_gap(x, y, 2)) == pytest.approx(np.sqrt(ot.wasserstein_1d(x, y, p=2)), rel=1e-9, abs=1e-12)
    assert np.sqrt(2 * cdf_gap(x, y)) == pytest.approx(energy_distance(x, y), rel=1e-12, abs=1e-15)


def test_sliced_w2_agrees_with_another_library(cloud):
    other = np.random.default_rng(2).standard_normal((333, 2))
    expected = ot.sliced_wasserstein_distance(other, cloud, projections=directions(2).T, p=2)
    assert sliced_w2(cloud)(other) == pytest.approx(float(expected), rel=1e-9)
