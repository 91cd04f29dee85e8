"""Single precision against double, on a problem that both train well."""

import numpy as np

from mfnn.studies.precision.precision import precision_gap


def test_single_precision_changes_little(vary):
    rng = np.random.default_rng(1)
    problem = vary(
        "three_points",
        {
            "name": "wide",
            "data.x": rng.normal(size=(5, 40)) / 6,
            "data.y": rng.normal(size=(5, 2)),
            "initial.c": {"law": "uniform", "low": -1.0, "high": 1.0},
            "initial.w": {"law": "normal"},
        },
    )
    gap = precision_gap(problem, 300, 4, problem.data.x, root_seed=3)
    assert 0 < gap["difference"] < 1e-5 * gap["spread"] * 10
    assert 1e-3 < gap["spread"] < 1
