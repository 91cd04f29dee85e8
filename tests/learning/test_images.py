"""Handwritten digits as data: all pixels, or few images on their principal components."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import yaml

from mfnn.learning.idx import CorruptError
from mfnn.learning.images import image_data, principal_features, read_pictures
from mfnn.learning.scenario import ReducedImages, load_scenario

SCENARIOS = Path(__file__).parents[2] / "config/scenarios"


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


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture
def files(tmp_path):
    """A scenario's four files of 20 and 5 images, two of them gzipped."""
    rng, names = np.random.default_rng(3), ("train", "train-labels.gz", "test.gz", "test-labels")
    shapes = ((20, 28, 28), (20,), (5, 28, 28), (5,))
    for name, shape in zip(names, shapes, strict=True):
        content = idx(rng.integers(0, 10, shape, dtype=np.uint8))
        (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    return [tmp_path / name for name in names]


def test_named_files_are_read_as_mnists_are(files):
    scenario = yaml.safe_load((SCENARIOS / "mnist.yaml").read_text(encoding="utf-8"))
    path = files[0].with_name("fashion.yaml")
    path.write_text(yaml.safe_dump(scenario | {"data": {"law": "images", "files": [f.name for f in files]}}), "utf-8")
    data = load_scenario(path).data
    assert data.paths == files
    (x, y), (others, labels) = image_data(None, read_pictures(*data.paths[:2]), read_pictures(*data.paths[2:]))
    assert x.shape == (20, 785) and y.shape == (20, 10) and others.shape == (5, 785) and labels.sum() == 5
    assert (x[:, -1] == 1).all() and x.max() <= 1


@pytest.mark.parametrize(
    ("number", "content", "said"),
    [
        (0, idx(np.zeros((20, 28, 27), np.uint8)), "28 × 28"),
        (1, idx(np.zeros(19, np.uint8)), "n labels"),
        (1, idx(np.full(20, 10, np.uint8)), "a label 10"),
        (1, gzip.compress(b"labels")[:-9], "gzip"),
        (0, b"no images", "not an idx file"),
    ],
)
def test_files_that_do_not_belong_together_are_refused_in_one_line(files, number, content, said):
    files[number].write_bytes(content)
    with pytest.raises(CorruptError, match=said) as refused:
        read_pictures(*files[:2])
    assert "\n" not in str(refused.value)
