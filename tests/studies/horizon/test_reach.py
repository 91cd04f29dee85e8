"""How long and how wide: widths from known constants, and the exponent of a variance that grows like a power."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import norm

from mfnn.show.style import save
from mfnn.studies.horizon.figure import draw
from mfnn.studies.horizon.reach import CONFIDENCE, ERROR, exponent, left_at, of_cases, reach

TIMES = (1.0, 2.0, 5.0)


def prediction(power=0.5):
    """V = 2 t^power and no bias, at two widths."""
    place, variance = ("observable", "time"), np.array([2 * np.array(TIMES) ** power])
    by_width = np.repeat(variance[..., None], 2, axis=-1)
    return xr.Dataset(
        {
            "mean": (place, np.zeros((1, 3))),
            "shift": ((*place, "width"), np.zeros((1, 3, 2))),
            "shift_error": ((*place, "width"), np.zeros((1, 3, 2))),
            "variance": ((*place, "width"), by_width),
        },
        {"observable": ["c^2"], "time": list(TIMES), "width": [100, 400]},
    )


def cells(power=0.5):
    rows = [
        {"observable": "c^2", "time": time, "width": width, "variance": 2 * time**power, "predicted": 2 * time**power}
        | {"variance_error": 0.1, "variance_low": 1.9, "variance_high": 9.0, "offset": 0.1, "bias": 0.0}
        | {"offset_low": -1.0, "offset_high": 1.0}
        for time in TIMES
        for width in (100, 400)
    ]
    return pd.DataFrame(rows)


def test_the_width_needed_is_that_of_a_normal_law():
    found = reach("case", prediction())
    quantile = norm.ppf((1 + CONFIDENCE) / 2)
    expected = np.ceil(2 * np.array(TIMES) ** 0.5 * (quantile / ERROR) ** 2)
    np.testing.assert_allclose(found["needed"], expected, atol=1)


def test_a_network_leaves_its_limit_when_it_is_too_narrow():
    table = pd.DataFrame({"time": [1.0, 2.0, 4.0], "needed": [100, 400, 1600]})
    assert left_at(table, 50) == 1.0
    assert left_at(table, 200) == pytest.approx(1.5)  # half way in log N
    assert left_at(table, 2000) == np.inf


def test_the_exponent_is_that_of_the_power():
    measured, foreseen = exponent(cells(0.7), "c^2", 400)
    assert measured.value == pytest.approx(0.7)
    assert foreseen == pytest.approx(0.7)
    assert measured.error > 0


def test_numbers_and_figure(tmp_path):
    tables = {"one": cells(), "two": cells(0.0)}
    needed, numbers = of_cases(tables, [prediction(), prediction(0.0)])
    assert numbers["horizon.two.exponent.c_2"]["value"] == pytest.approx(0.0)
    assert numbers["horizon.one.left.c_2"] == 1.0  # 768 neurons are needed from the start, the narrowest have 100
    save(draw(tables, needed), [tmp_path / "horizon.png"])
    assert (tmp_path / "horizon.png").stat().st_size > 10_000
