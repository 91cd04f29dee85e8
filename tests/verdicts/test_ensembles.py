"""Ensembles beside their predictions, on networks whose law is known."""

import numpy as np
import pytest
import xarray as xr

from mfnn.verdicts.ensembles import cells, controlled_mean, least_p, numbers, pair_off, ratio, slopes

WIDTHS, TIMES = (50, 200), (1.0, 2.0)
MEAN, BIAS, VARIANCE, START = 0.7, -0.4, 2.5, 0.1


def networks(rng, width, replicas=400, variance=VARIANCE):
    """⟨f⟩ with the mean MEAN + BIAS/N and N·Var = variance at all times but 0, half of it from the start's average."""
    start = rng.standard_normal(replicas) * np.sqrt(variance / 2 / width)
    later = MEAN + BIAS / width + start + rng.standard_normal(replicas) * np.sqrt(variance / 2 / width)
    values = np.stack([START + start, later, later], axis=1)
    return xr.Dataset({"f": (("replica", "time"), values)}, {"time": [0.0, *TIMES]})


def prediction(variance=VARIANCE, pair=np.nan):
    shape = (1, len(TIMES), len(WIDTHS))
    return xr.Dataset(
        {
            "mean": (("observable", "time"), np.full(shape[:2], MEAN)),
            "start": ("observable", [START]),
            "shift": (("observable", "time", "width"), np.full(shape, BIAS) / WIDTHS),
            "shift_error": (("observable", "time", "width"), np.zeros(shape)),
            "variance": (("observable", "time", "width"), np.full(shape, variance)),
            "pair": (("observable", "time", "width"), np.full(shape, pair)),
        },
        {"observable": ["f"], "time": list(TIMES), "width": list(WIDTHS)},
    )


def test_control_variates_take_away_what_they_explain_and_no_more():
    """Of the variance 1 + 9 of independent parts the control has the 9: the error of the mean is 1/√R."""
    rng = np.random.default_rng(1)
    controls = rng.standard_normal((4000, 1))
    found = controlled_mean(2.0 + 3 * controls[:, 0] + rng.standard_normal(4000), controls)
    assert found.value == pytest.approx(2.0, abs=4 / np.sqrt(4000))
    assert found.error == pytest.approx(1 / np.sqrt(4000), rel=0.05)
    assert found.freedom == 4000 - 2


def test_intervals_of_controlled_means_cover():
    """In 400 trials of 12 values each, Student's interval at 95 % misses about 20 times."""
    rng, missed = np.random.default_rng(2), 0
    for _ in range(400):
        controls = rng.standard_normal((12, 2))
        low, high = controlled_mean(1.0 + controls @ [1.0, -2.0] + rng.standard_normal(12), controls).interval()
        missed += not low <= 1.0 <= high
    assert 8 <= missed <= 36


def test_p_values_are_uniform_by_the_right_prediction_and_tiny_by_a_wrong_one():
    rng = np.random.default_rng(3)
    right, wrong = [], []
    for _ in range(100):
        records = {width: networks(rng, width) for width in WIDTHS}
        right += cells(records, prediction(), {})["p"].iloc[::2].tolist()
        wrong.append(least_p(cells(records, prediction(variance=1.5 * VARIANCE), {}), 1))
    assert np.mean(right) == pytest.approx(0.5, abs=0.1)
    assert np.mean(np.array(right) < 0.05) < 0.11
    assert max(wrong) < 1e-3


def test_cells_give_bias_variance_and_what_the_controls_save():
    rng = np.random.default_rng(4)
    table = cells({width: networks(rng, width, 20_000) for width in WIDTHS}, prediction(), {})
    for row in table.to_dict("records"):
        assert row["offset"] == pytest.approx(BIAS, abs=4 * row["offset_error"])
        assert row["variance"] == pytest.approx(VARIANCE, rel=0.05)
        assert row["reduction"] == pytest.approx(2.0, rel=0.1)  # half of the variance is the start's
    assert ratio(table, "f", 200).value == pytest.approx(1.0, abs=0.05)
    assert least_p(table, 1) == min(1.0, 4 * table["p"].min())


def test_the_covariance_of_two_neurons_is_that_of_their_common_part():
    """f(θ^i) = a + b^i with a of variance s²/N common to all: N·Cov(f(θ^1), f(θ^2)) = s²."""
    rng, width, replicas = np.random.default_rng(5), 50, 3000
    neurons = rng.standard_normal((replicas, 1)) * np.sqrt(3.0 / width) + rng.standard_normal((replicas, width))
    own = {"f": neurons.mean(axis=1), "f*f": (neurons**2).mean(axis=1)}
    record = xr.Dataset(
        {name: (("replica", "time"), np.repeat(values[:, None], 3, axis=1)) for name, values in own.items()},
        {"time": [0.0, *TIMES]},
    )
    table = cells({width: record}, prediction(variance=4.0, pair=3.0), {"f": "f*f"})
    found = pair_off(table, "f", 1, 2.0)
    assert table["pair"].iloc[0] == pytest.approx(3.0, abs=4 * found.error * 4.0)
    assert abs(found.value) < 4 * found.error
    assert "case.pair_late.f" in numbers("case", table, table, 1)


def test_slopes_are_those_of_the_errors_and_of_the_prediction():
    """With a bias as large as the spread at the smaller width errors fall faster than N^(−1/2), as predicted."""
    rng = np.random.default_rng(6)
    records = {width: networks(rng, width, 40_000, variance=0.01) for width in WIDTHS}
    found = slopes("case", records, prediction(variance=0.01))
    squares = [0.01 / width + (BIAS / width) ** 2 for width in WIDTHS]
    exact = np.log(squares[1] / squares[0]) / np.log(WIDTHS[1] / WIDTHS[0]) / 2
    assert exact < -0.55
    assert found["case.slope.f"]["value"] == pytest.approx(exact, abs=4 * found["case.slope.f"]["error"])
    assert abs(found["case.slope_off.f"]["value"]) < 4 * found["case.slope_off.f"]["error"]
