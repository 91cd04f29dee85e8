"""How far the first layer moves, on networks that move by a known amount."""

import numpy as np
import pytest
import xarray as xr

from mfnn.studies.depth.moves import SEEN, moves, numbers, predicted, table

WIDTHS = (16, 64, 256)


def moved(size):
    """Networks whose mean square starts anywhere and moves by `size(N)`, of a random sign, with a tenth of it as spread."""
    rng, records = np.random.default_rng(5), {}
    for width in WIDTHS:
        start = rng.normal(3.0, 1.0, 300)
        step = size(width) * (1 + 0.1 * rng.standard_normal(300)) * rng.choice([-1, 1], 300)
        records[width] = xr.Dataset({SEEN: (("replica", "time"), np.stack([start, start + step], 1))})
    return moves(records)


@pytest.mark.parametrize(("exponent", "limit"), [(0.0, 0.5), (-1.0, 0.0)])
def test_sizes_and_slopes_are_those_of_the_moves(exponent, limit):
    found = moved(lambda width: 0.5 * float(width) ** exponent)
    keys = numbers("case", found, limit)
    slope, off = keys["depth.case.moved_slope"], keys["depth.case.moved_off"]
    assert abs(slope["value"] - exponent) < 4 * slope["error"] < 0.1
    assert off["value"] == pytest.approx(0.5 * 256.0**exponent * np.sqrt(1.01) - limit, abs=4 * off["error"])
    rows = table("case", found, limit)
    assert list(rows["width"]) == list(WIDTHS) and (rows["moved_low"] < rows["moved_high"]).all()


def test_the_limit_is_the_distance_from_the_start():
    foreseen = xr.Dataset(
        {"mean": (("observable", "time"), [[3.5, 2.2], [1.0, 1.0]]), "start": ("observable", [3.0, 1.0])},
        {"observable": [SEEN, "c^2"]},
    )
    assert predicted(foreseen) == pytest.approx(0.8)
