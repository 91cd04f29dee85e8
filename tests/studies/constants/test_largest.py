"""The constant of the largest error, on paths whose largest value has a known law."""

import numpy as np
import pytest
import xarray as xr

from mfnn.studies.constants.largest import numbers, table

TIMES, WIDTHS = [0.0, 1.0, 2.0], (100, 400)


def replicas(rng, width, count=2000):
    """⟨f⟩ = 1 + η_t/√N with independent normal η at two times, 0 at the first: E max² = 1 + 2/π for unit variance."""
    eta = np.concatenate([np.zeros((count, 1)), rng.standard_normal((count, 2))], axis=1)
    return xr.Dataset({"f": (("replica", "time"), 1 + eta / np.sqrt(width))}, {"time": TIMES})


LIMIT = xr.Dataset({"mean": (("observable", "time"), np.ones((1, 3)))}, {"observable": ["f"], "time": TIMES})


def predicted(constant):
    return xr.Dataset(
        {"largest": ("observable", [constant]), "largest_error": ("observable", [0.01])}, {"observable": ["f"]}
    )


def test_the_constant_of_two_independent_times():
    """max(X², Y²) of independent normal X and Y has the mean 1 + 2/π."""
    rng = np.random.default_rng(1)
    found = table({width: replicas(rng, width) for width in WIDTHS}, LIMIT, predicted(1 + 2 / np.pi))
    assert (found["pull"].abs() < 4).all()
    summary = numbers("case", found)
    assert summary["case.ratio_largest.f"]["value"] == pytest.approx(1.0, abs=0.06)
    assert summary["case.largest.p"] > 0.001


def test_a_constant_that_is_a_tenth_off_is_seen():
    rng = np.random.default_rng(2)
    found = table({width: replicas(rng, width, 20_000) for width in WIDTHS}, LIMIT, predicted(1.1 * (1 + 2 / np.pi)))
    assert numbers("case", found)["case.largest.p"] < 1e-6
