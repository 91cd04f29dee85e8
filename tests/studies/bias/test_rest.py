"""What is left of means: fits and extrapolations of offsets of which B and B_2 are known."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.show.style import save
from mfnn.studies.bias.figure import draw
from mfnn.studies.bias.rest import extrapolated, fitted, of_cases

B, B2, V = -0.6, 8.0, 4.0


def cells(error=0.01, widths=(50, 100, 200)):
    """Offsets B + B_2/N of one observable at two times, known to an error; B is predicted."""
    rows = []
    for time in (1.0, 2.0):
        for width in widths:
            offset = B + B2 / width
            row = {"observable": "f", "time": time, "width": width, "offset": offset, "offset_error": error}
            row |= {"offset_low": offset - error, "offset_high": offset + error, "bias": B, "bias_error": 0.0}
            rows.append(row | {"predicted": V, "reduction": 1.5, "replicas": 100})
    return pd.DataFrame(rows)


def test_both_constants_of_exact_offsets_are_found():
    first, second = fitted(
        np.array([50.0, 100.0, 200.0]), np.array([B + B2 / n for n in (50, 100, 200)]), np.full(3, 0.1)
    )
    assert (first.value, second.value) == (pytest.approx(B), pytest.approx(B2))


def test_the_error_of_a_fit_is_that_of_many_fits():
    rng, widths, errors = np.random.default_rng(1), np.array([50.0, 100.0, 200.0]), np.array([0.01, 0.02, 0.04])
    found = [fitted(widths, B + B2 / widths + errors * rng.standard_normal(3), errors)[0] for _ in range(2000)]
    assert np.std([each.value for each in found]) == pytest.approx(found[0].error, rel=0.06)


def test_extrapolation_leaves_only_the_second_order():
    left = extrapolated(cells()[lambda table: table["time"] == 2.0])
    assert left is not None
    assert left.value == pytest.approx(-B2 / 100)  # N (2 m_2N - m_N) has B_2/(2N) - B_2/N, at N = 50
    assert left.error == pytest.approx(0.01 * np.sqrt(2))
    assert extrapolated(cells(widths=(50, 150))) is None


def test_numbers_are_in_units_of_the_deviation():
    table, numbers = of_cases({"case": cells()})
    assert table["fitted"].iloc[0] == pytest.approx(B)
    assert abs(numbers["bias.case.constant.f"]["value"]) < 1e-9
    assert numbers["bias.case.share.f"] == pytest.approx(B / 2)
    assert numbers["bias.case.without"] < 1e-10
    assert of_cases({"case": cells(error=10.0)})[1]["bias.case.without"] > 0.05


def test_the_figure_shows_a_law_and_what_is_left(tmp_path):
    rng = np.random.default_rng(2)
    table = pd.concat([cells(), cells().assign(observable="c^2")])
    place = ("observable", "time", "width")
    foreseen = xr.Dataset(
        {"mean": (place[:2], [[0.7]]), "shift": (place, [[[-0.01]]]), "variance": (place, [[[2.5]]])},
        {"observable": ["c^2"], "time": [2.0], "width": [50]},
    )
    shown = xr.Dataset({"c^2": (("replica", "time"), 0.7 + 0.2 * rng.standard_normal((400, 1)))}, {"time": [2.0]})
    save(draw(shown, foreseen, {"one": table, "two": table}), [tmp_path / "bias.png"])
    assert (tmp_path / "bias.png").stat().st_size > 10_000
