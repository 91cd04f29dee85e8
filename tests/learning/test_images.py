"""Handwritten digits as data: all pixels, or few images on their principal components."""

import numpy as np
import pytest

from mfnn.learning.images import image_data, principal_features
from mfnn.learning.scenario import ReducedImages


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(0)
    return [(rng.integers(0, 256, (n, 28, 28)).astype(np.uint8), rng.integers(0, 10, n)) for n in (40, 30)]


def test_all_pixels(pictures):
    (x, y), (test_x, test_y) = image_data(None, *pictures)
    assert (x.shape, y.shape, test_x.shape, test_y.shape) == ((40, 785), (40, 10), (30, 785), (30, 10))
    assert x.dtype == np.float32
    np.testing.assert_array_equal(y.argmax(axis=1), pictures[0][1])


def test_principal_components_keep_the_distances_they_can(pictures):
    images, others = pictures[0][0], pictures[1][0]
    full, _ = principal_features(images, others, 39)
    pixels = images.reshape(40, -1) / 255
    apart = np.linalg.norm(pixels[:, None] - pixels[None], axis=2)
    kept = np.linalg.norm(full[:, None] - full[None], axis=2)
    scale = apart[0, 1] / kept[0, 1]
    np.testing.assert_allclose(kept * scale, apart, atol=1e-9)
    few, test = principal_features(images, others, 3)
    np.testing.assert_allclose(few[:, :3], full[:, :3])
    assert few[:, 0].std() == pytest.approx(1)
    assert np.all(np.diff(few[:, :3].std(axis=0)) < 0)
    assert np.all(few[:, 3] == 1) and test.shape == (30, 4)


def test_reduced_digits_are_even_or_odd(pictures):
    (x, y), (test_x, test_y) = image_data(ReducedImages(images=20, components=2), *pictures)
    assert (x.shape, y.shape, test_x.shape, test_y.shape) == ((20, 3), (20, 1), (20, 3), (20, 1))
    np.testing.assert_array_equal(y[:, 0] == 1, pictures[0][1][:20] % 2 == 0)
