"""The table of a study of cases: parts that add up and ratios of known variances."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn.show.ensemble_table import constants

PARTS = np.array([1.0, 2.0, 0.0, 1.0])


def test_rows_have_parts_in_per_cent_and_the_ratio():
    place = ("source", "observable", "time", "width")
    part = np.broadcast_to(PARTS[:, None, None, None], (4, 1, 1, 2))
    predicted = xr.Dataset(
        {"part": (place, part), "variance": (place[1:], part.sum(axis=0))},
        {
            "source": ["start", "samples", "noise", "second layer"],
            "observable": ["c^2"],
            "time": [2.0],
            "width": [10, 40],
        },
    )
    rows = [
        {"observable": "c^2", "time": 2.0, "width": width, "replicas": 100, "variance": 5.0, "predicted": 4.0}
        | {"variance_error": 0.5, "variance_freedom": np.inf}
        for width in (10, 40)
    ]
    table = constants({"one": pd.DataFrame(rows)}, {"one": predicted}, {"one": 10})
    assert r"start [\%] & samples [\%] & second layer [\%]" in table.tex
    assert "$25$ & $50$ & $25$" in table.tex  # a source without a part anywhere has no column
    assert table.data["ratio"].iloc[0] == pytest.approx(1.25)
    assert table.data["low"].iloc[0] < 1.25 < table.data["high"].iloc[0]
