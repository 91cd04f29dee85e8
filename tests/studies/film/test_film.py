"""The film: networks beside the limit through time, and the animated picture of them."""

import numpy as np
import pytest
from PIL import Image

from mfnn.studies.film.figure import animate
from mfnn.studies.film.film import film


@pytest.fixture(scope="module")
def frames(sine1d):
    return film(sine1d, [50, 20], [0.0, 1.0, 2.0], 9, 7)


def test_a_film_starts_from_the_initial_law_and_its_limit_is_a_probability(frames, sine1d_limit):
    assert frames["width"].values.tolist() == [20, 50]
    widths = np.diff(frames["edges"].values, axis=1)
    np.testing.assert_allclose((frames["density"].values * widths).sum(axis=-1), 1, atol=1e-3)
    assert np.abs(frames["theta_20"].values[0]).max(axis=0) == pytest.approx([1, 3], rel=0.35)
    expected = sine1d_limit.output(frames["x"].values[:, None], 2.0)
    np.testing.assert_allclose(frames["output"].values[-1], expected, atol=1e-3)
    np.testing.assert_allclose(frames["target"], np.sin(np.pi * frames["x"]), atol=1e-3)


def test_the_animated_picture_has_a_frame_a_time_and_the_same_bytes_again(frames, tmp_path):
    for name in ("one.gif", "two.gif"):
        animate(frames, tmp_path / name)
    with Image.open(tmp_path / "one.gif") as picture:
        assert picture.n_frames >= frames.sizes["time"]
        assert picture.info["loop"] == 0
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "two.gif").read_bytes()
