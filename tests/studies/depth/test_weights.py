"""Weights between two layers that depend on each other by a known amount."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.show.style import save
from mfnn.studies.depth.figure import draw
from mfnn.studies.depth.weights import covariance, numbers, table

SHARED = 0.3


def networks(rng, width, replicas=400):
    """v_ij = 1 + a_i with independent a_i of variance SHARED: weights of one neuron i depend, others do not."""
    v = 1 + np.sqrt(SHARED) * rng.standard_normal((replicas, width))
    mean, square = v.mean(axis=1), (v**2).mean(axis=1)
    apart = (v.sum(axis=1) ** 2 - (v**2).sum(axis=1)) / (width * (width - 1))
    both = {"v": mean, "shared_w": square, "shared_c": apart, "apart": apart}
    return xr.Dataset(
        {name: (("replica", "time"), values[:, None]) for name, values in both.items()}, {"time": [2.0]}
    )


def prediction():
    part = np.ones((4, 1, 1, 2))
    return xr.Dataset(
        {
            "shared_w": ("time", [SHARED]),
            "shared_c": ("time", [0.0]),
            "part": (("source", "observable", "time", "width"), part),
        },
        {
            "time": [2.0],
            "observable": ["c^2"],
            "width": [16, 64],
            "source": ["start", "samples", "noise", "second layer"],
        },
    )


def test_covariances_of_networks_are_without_bias_and_cover():
    """Of 300 samples of 8 networks the mean estimate is the truth and the intervals at 95 % miss about 15 times."""
    rng, found = np.random.default_rng(1), []
    for _ in range(300):
        record = networks(rng, 16, 8).isel(time=-1)
        found.append(covariance(record["shared_w"].values, record["v"].values))
    values = np.array([each.value for each in found])
    assert values.mean() == pytest.approx(SHARED, abs=4 * values.std() / np.sqrt(300))
    missed = sum(not low <= SHARED <= high for low, high in (each.interval() for each in found))
    assert missed <= 35


def test_numbers_are_relative_to_their_limits():
    rng = np.random.default_rng(2)
    found = numbers(table("case", {width: networks(rng, width) for width in (16, 64)}, prediction()))
    for pair, expected in (("shared_w", 1.0), ("shared_c", 0.0), ("apart", 0.0)):
        number = found[f"depth.case.{pair}"]
        assert number["value"] == pytest.approx(expected, abs=4 * number["error"])


def test_the_figure_shows_layers(tmp_path):
    rng = np.random.default_rng(3)
    weights = table("case", {width: networks(rng, width) for width in (16, 64)}, prediction())
    moved = pd.DataFrame(
        {"case": ["a", "a", "b", "b"], "width": [16, 64] * 2, "predicted": [0.5, 0.5, 0.0, 0.0], "moved": 0.5}
    ).assign(moved_low=0.4, moved_high=0.6)
    rows = [
        {"observable": "c^2", "time": 2.0, "width": width, "variance": 3.0, "predicted": 4.0, "replicas": 9}
        | {"variance_low": 2.0, "variance_high": 5.0}
        for width in (16, 64)
    ]
    figure = draw(
        {"case": pd.DataFrame(rows)}, {"case": prediction()}, weights, moved, {"case": "$N_1 = N$, $N_2 = N$"}
    )
    save(figure, [tmp_path / "depth.png"])
    assert (tmp_path / "depth.png").stat().st_size > 10_000
