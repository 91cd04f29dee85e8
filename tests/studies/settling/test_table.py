"""The table of settling from accuracies and distances of which the ratios are known."""

import numpy as np
import pandas as pd

from mfnn.studies.settling.table import HERE, by_width


def test_every_width_has_its_networks_and_ratios():
    accuracy = pd.DataFrame(
        {"width": [0, 10, 10, 10, 99], "replica": [-1, 0, 1, 0, 0], "time": [2.0, 2.0, 2.0, 1.0, 2.0]}
    ).assign(accuracy=[0.9, 0.7, 0.8, 0.1, 0.95], recorded=[np.nan, np.nan, np.nan, np.nan, "2026-11-29, abc"])
    sizes = {"runs": 3.0, "split": 2.0, "moved": 8.0, "limit": 5.0, "limit_split": 4.0}
    distances = pd.DataFrame(
        [
            {"comparison": name, "coordinate": coordinate, "width": 10, "value": size * factor}
            for name, size in sizes.items()
            for coordinate, factor in (("c0", 1.0), ("c1", 3.0), ("w0", 100.0))
        ]
    )
    table = by_width(accuracy, distances)
    ten, wide = table.data.to_dict("records")
    assert (ten["width"], ten["networks"], ten["accuracy"]) == (10, 2, 0.75)
    assert (ten["runs"], ten["moved"], ten["limit"], ten["trained"]) == (1.5, 4.0, 1.25, HERE)
    assert wide["networks"] == 1 and np.isnan(wide["runs"]) and wide["trained"] == "2026-11-29, abc"
    assert "$0.950$ &  &  &  & 2026-11-29, abc" in table.tex
