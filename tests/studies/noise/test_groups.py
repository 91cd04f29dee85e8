"""Groups of noisy neurons through time, on networks whose neurons share a fluctuation of a known size."""

import numpy as np
import xarray as xr

from mfnn.learning.scenario import powers
from mfnn.studies.noise.groups import numbers, through_time

TIMES, WIDTHS = [1.0, 2.0], (50, 100, 400)


def records(pairs, order):
    """Networks of f_i = 0.5 + ξ_i + ζ with Var ζ = κ_t N^order: so N Cov of two neurons is κ_t where `order` is −1."""
    rng, names, found = np.random.default_rng(7), powers("c"), {}
    for width in WIDTHS:
        f = np.empty((4000, 2, width))
        for number, pair in enumerate(pairs):
            shared = np.sqrt(pair * width**order) * rng.standard_normal((4000, 1))
            f[:, number] = 0.5 + rng.standard_normal((4000, width)) + shared
        moments = {name: (("replica", "time"), (f**r).mean(axis=2)) for r, name in enumerate(names, 1)}
        found[width] = xr.Dataset(moments, {"time": TIMES})
    return found


def prediction(pairs):
    """V = 1 + κ_t and κ_t about the mean 0.5, the same at all widths."""
    place = {"observable": ["c"], "time": TIMES, "width": list(WIDTHS)}
    pair = xr.DataArray(np.ones((1, 2, 3)) * np.array(pairs)[None, :, None], place)
    return xr.Dataset({"mean": 0.5 + 0 * pair.isel(width=0, drop=True), "variance": 1 + pair, "pair": pair})


def of(pairs, order=-1.0, predicted=None):
    return numbers("x", through_time(records(pairs, order), prediction(predicted or pairs), "c"), 100)


def test_sharp_chaos_has_its_orders_and_constants_at_both_times():
    found = of((0.5, 2.0))
    for word in ("early", "late"):
        for k, order in ((2, -1.0), (4, -2.0)):
            size, off = found[f"noise.x.order_{k}_{word}"], found[f"noise.x.group_{k}_{word}"]
            assert abs(size["value"] - order) < 4 * size["error"]
            assert abs(off["value"]) < 4 * off["error"] < 0.4
    assert found["noise.x.order_2_late"]["error"] < 0.05


def test_chaos_that_is_not_sharp_is_seen():
    """A dependence of order N^(−1/2), of networks that share more than their fluctuation."""
    order = of((0.5, 0.5), order=-0.5)["noise.x.order_2_late"]
    assert order["value"] - 4 * order["error"] > -0.7


def test_another_dependence_than_predicted_is_seen_in_pairs_and_in_groups():
    found = of((2.0, 2.0), predicted=(1.0, 1.0))
    for k in (2, 4):
        off = found[f"noise.x.group_{k}_late"]
        assert off["value"] > 4 * off["error"]
