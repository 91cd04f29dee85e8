"""Normalisations: ratios with a known correction, and parameters that moved by a known power of the width."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.errors import MfnnError
from mfnn.show.style import save
from mfnn.studies.normalisation.exponents import extrapolated, numbers, table
from mfnn.studies.normalisation.figure import draw

WIDTHS, GAMMA, MOVED = (100, 400, 1600), 0.75, 0.8


def prediction():
    shape = (2, 1, 3)
    shift = np.array([[[0.0] * 3], [[MOVED * width ** (GAMMA - 1) for width in WIDTHS]]])
    part = np.ones((4, *shape))
    part[0] *= 3.0
    return xr.Dataset(
        {
            "mean": (("observable", "time"), [[0.6], [0.2]]),
            "start": ("observable", [0.0, 0.2]),
            "shift": (("observable", "time", "width"), shift),
            "part": (("source", "observable", "time", "width"), part),
        },
        {
            "observable": ["g(0.5)", "c*w0"],
            "time": [2.0],
            "width": list(WIDTHS),
            "source": ["start", "samples", "a", "b"],
        },
    )


def records(rng):
    found = {}
    for width in WIDTHS:
        start = 0.2 + rng.standard_normal(500) / width**0.5
        moved = start + MOVED * width ** (GAMMA - 1) + 0.01 * rng.standard_normal(500)
        values = (("replica", "time"), np.stack([start, moved], axis=1))
        found[width] = xr.Dataset({"c*w0": values, "g(0.5)": values}, {"time": [0.0, 2.0]})
    return found


def cells(correction=0.5):
    rows = [
        {"observable": "g(0.5)", "time": 2.0, "width": width, "replicas": 400, "predicted": 2.0}
        | {"variance": 2.0 * (1 + correction * width ** (GAMMA - 1)), "variance_low": 1.0, "variance_high": 4.0}
        for width in WIDTHS
    ]
    return pd.DataFrame(rows)


def test_corrections_are_extrapolated_away():
    ratios = 1.1 + 0.7 * np.array(WIDTHS) ** -0.25
    found = extrapolated(pd.DataFrame({"width": WIDTHS, "ratio": ratios, "error": 0.01}), -0.25)
    assert found.value == pytest.approx(1.1)
    with pytest.raises(MfnnError):
        extrapolated(pd.DataFrame({"width": WIDTHS[:2], "ratio": ratios[:2], "error": 0.01}), -0.25)


def test_distances_have_the_power_taken_out():
    found = table("case", GAMMA, records(np.random.default_rng(1)), prediction())
    assert set(found["observable"]) == {"c*w0"}  # the output moves by itself
    np.testing.assert_allclose(found["predicted"], MOVED)
    assert (np.abs(found["moved"] - MOVED) < 4 * found["moved_error"]).all()


def test_numbers_and_figure(tmp_path):
    distances = table("case", GAMMA, records(np.random.default_rng(2)), prediction())
    found = numbers("case", GAMMA, cells(), distances, prediction(), 100)
    assert found["normalisation.case.variance.g_0_5"]["value"] == pytest.approx(1.0)
    assert found["normalisation.case.moved.c_w0"]["value"] == pytest.approx(1.0, abs=0.05)
    assert found["normalisation.case.start_share.g_0_5"] == pytest.approx(0.5)
    figure = draw({"case": GAMMA}, {"case": cells()}, distances, {"case": prediction()})
    save(figure, [tmp_path / "normalisation.png"])
    assert (tmp_path / "normalisation.png").stat().st_size > 10_000
