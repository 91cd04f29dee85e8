"""Features and labels of handwritten digits: all pixels, or few images on their leading principal components."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mfnn.learning.idx import CorruptError, read_idx
from mfnn.learning.scenario import CLASSES, ReducedImages
from mfnn.spec import Floats

Pictures = tuple[NDArray[Any], NDArray[Any]]  # images (n, 28, 28) and their digits (n,)


def image_data(reduced: ReducedImages | None, training: Pictures, test: Pictures) -> tuple[Pictures, Pictures]:
    """Features (n, d) and labels (n, m) of the training set and of the held-out one, of as many images if reduced."""
    if reduced is None:
        parts = ((image_features(images), one_hot(labels)) for images, labels in (training, test))
        return next(parts), next(parts)
    (images, labels), (others, other_labels) = (
        (x[: reduced.images], y[: reduced.images]) for x, y in (training, test)
    )
    x, other_x = principal_features(images, others, reduced.components)
    return (x, parity(labels)), (other_x, parity(other_labels))


def read_pictures(images: Path, labels: Path) -> Pictures:
    """Images and labels of two idx files, gzipped or not; raises `CorruptError` unless they belong together."""
    pictures, classes = read_idx(images), read_idx(labels)
    if pictures.shape[1:] != (28, 28) or classes.shape != (len(pictures),) or not len(classes):
        found = f"shapes {pictures.shape} and {classes.shape}"
        raise CorruptError(f"{images}, {labels}: {found}, not n images of 28 × 28 and n labels")
    if classes.max() >= CLASSES:
        raise CorruptError(f"{labels}: a label {classes.max()}, where there are {CLASSES} classes")
    return pictures, classes


def one_hot(labels: Floats, classes: int = 10) -> Floats:
    """One row a label, 1 in its class and 0 elsewhere."""
    return np.eye(classes)[labels]


def image_features(images: Floats) -> Floats:
    """Pixels of images (n, 28, 28) scaled to [0, 1] with the constant feature 1 appended, float32, (n, 785)."""
    pixels = images.reshape(len(images), -1).astype(np.float32) / 255
    return np.column_stack([pixels, np.ones(len(pixels), dtype=np.float32)])


def principal_features(images: Floats, others: Floats, components: int) -> tuple[Floats, Floats]:
    """The features of images (n, 28, 28), (n, components + 1), and of others on the same components.

    Coordinates along the leading principal components of `images`, in units of the first one's standard deviation,
    and the constant feature 1.
    """
    pixels = images.reshape(len(images), -1) / 255
    centre = pixels.mean(axis=0)
    _, singular, axes = np.linalg.svd(pixels - centre, full_matrices=False)
    unit = singular[0] / np.sqrt(len(pixels))

    def features(pictures: Floats) -> Floats:
        moved = pictures.reshape(len(pictures), -1) / 255 - centre
        return np.column_stack([moved @ axes[:components].T / unit, np.ones(len(moved))])

    return features(images), features(others)


def parity(labels: Floats) -> Floats:
    """+1 for even digits and −1 for odd ones, (n, 1)."""
    return 1.0 - 2.0 * (labels[:, None] % 2)
