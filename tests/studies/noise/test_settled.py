"""Whether noisy networks settle, on energies and variances that do or do not."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.show.style import save
from mfnn.studies.noise.figure import draw
from mfnn.studies.noise.settled import numbers

TIMES = [1.0, 2.0, 3.0]


def prediction(energy):
    return xr.Dataset({"energy": ("time", energy), "least_energy": 1.0}, {"time": TIMES})


def cells(late=2.0):
    rows = []
    for width, replicas in ((100, 500), (400, 200), (1600, 50)):
        for time, variance in zip(TIMES, (1.0, 2.0, late), strict=True):
            row = {"observable": "c^2", "time": time, "width": width, "replicas": replicas, "variance": variance}
            row |= {"predicted": variance, "variance_error": variance * np.sqrt(2 / replicas), "pair": 0.1}
            rows.append(row | {"variance_low": 0.5, "variance_high": 3.0, "predicted_pair": 0.1})
    return pd.DataFrame(rows)


def products():
    rows = [(1.0, width, k) for width in (100, 400) for k in (2, 4)] + [
        (3.0, width, k) for width in (100, 400) for k in (2, 4)
    ]
    table = pd.DataFrame(rows, columns=["time", "width", "neurons"])
    return table.assign(measured=0.5, error=0.1, predicted=0.5, unit=2.0)


def test_energies_that_fall_and_arrive():
    found = numbers("case", cells(), prediction([5.0, 2.0, 1.04]), 400)
    assert found["noise.case.energy.largest_rise"] == pytest.approx(-0.96)
    assert found["noise.case.energy.left"] == pytest.approx(0.01)


def test_an_energy_that_rises_is_seen():
    assert numbers("case", cells(), prediction([5.0, 2.0, 2.5]), 400)["noise.case.energy.largest_rise"] == 0.5


def test_the_change_is_that_of_the_judged_width_with_the_most_replicas():
    found = numbers("case", cells(late=2.5), xr.Dataset(), 400)
    change = found["noise.case.change.c_2"]
    assert change["value"] == pytest.approx(0.25)
    assert change["error"] == pytest.approx(np.sqrt(2 * 2 / 200))
    assert not any("energy" in key for key in found)


def test_the_figure_shows_all_cases(tmp_path):
    save(
        draw(
            {"one": cells(), "two": cells(1.5)},
            {"one": products(), "two": products()},
            [prediction([5.0, 2.0, 1.1]), xr.Dataset()],
        ),
        [tmp_path / "noise.png"],
    )
    assert (tmp_path / "noise.png").stat().st_size > 10_000
