"""One prediction for every kind of limit: parts that add up, and what single functions say."""

import numpy as np
import pytest

from mfnn import Problem, finite_width, fluctuations, solve_limit
from mfnn.learning.case import Case
from mfnn.limit.prediction import Asked, predict
from mfnn.limit.stationary import stationary

PROBLEM = {
    "name": "small",
    "activation": "tanh",
    "learning_rate": 1.0,
    "horizon": 1.0,
    "data": {"law": "finite", "x": [[-1.0], [0.5]], "y": [0.8, -0.6]},
    "initial": {"c": {"law": "normal", "std": 0.5}, "w": {"law": "normal", "std": 1.0}},
}
NAMES, TIMES, WIDTHS = ["c^2", "g(0.5)"], [0.5, 1.0], [10, 40]


def predicted(by=None, **changes):
    case = Case.model_validate({"base": "small", "times": TIMES, "tolerance": 1e-4, "widths": {10: 4}, **(by or {})})
    problem = Problem.model_validate({**PROBLEM, **changes})
    return problem, predict(problem, Asked(NAMES, TIMES, WIDTHS), case)


def test_one_hidden_layer_is_what_its_functions_say():
    problem, found = predicted({"next_order": True})
    limit = solve_limit(problem, [0.0, *TIMES], 1e-4, NAMES)
    network, spread = finite_width(limit, NAMES, TIMES), fluctuations(limit, NAMES, 1.0)
    np.testing.assert_allclose(found["shift"].sel(width=40), network.bias / 40)
    np.testing.assert_allclose(found["variance"].sel(width=10), network.variance, rtol=1e-3)
    np.testing.assert_allclose(found["part"].sel(source="start", time=1.0, width=40), np.diag(spread.initial))
    np.testing.assert_allclose(found["pair"].sel(time=1.0, width=40), np.diag(spread.pair_covariance))
    assert found["start"].sel(observable="c^2") == pytest.approx(0.25)
    assert (found["part"].sel(source=["noise", "second layer"]) == 0).all()


def test_noise_has_a_part_and_an_energy_that_falls_to_the_stationary_one():
    problem, found = predicted(temperature=0.1, decay=0.5)
    assert (found["part"].sel(source="noise") > 0).all()
    np.testing.assert_allclose(found["part"].sum("source"), found["variance"])
    assert found["energy"][0] > found["energy"][1] > found["least_energy"]
    assert float(found["least_energy"]) == stationary(problem).energy


def test_below_the_mean_field_the_starts_part_of_the_output_grows_with_the_width():
    """Var g has N^{1−2γ} of the start: N·Var grows like N^{2−2γ}, and for functions of the parameters not at all."""
    _, found = predicted({"protocol": {"output_exponent": 0.75}})
    start = found["part"].sel(source="start", time=1.0)
    assert float(
        start.sel(observable="g(0.5)", width=40) / start.sel(observable="g(0.5)", width=10)
    ) == pytest.approx(2.0)
    assert float(start.sel(observable="c^2", width=40)) == pytest.approx(float(start.sel(observable="c^2", width=10)))
    shift = found["shift"].sel(time=1.0)
    assert float(shift.sel(observable="c^2", width=40) / shift.sel(observable="c^2", width=10)) == pytest.approx(
        4**-0.25
    )
    assert (shift.sel(observable="g(0.5)") == 0).all()
    assert np.isnan(found["pair"]).all()


def test_each_of_two_layers_sets_its_own_part():
    deep = {"hidden_layers": 2, "initial": {**PROBLEM["initial"], "v": {"law": "uniform", "low": 0.0, "high": 1.0}}}
    (_, equal), (_, first) = predicted(**deep), predicted({"layers": [4, 1]}, **deep)
    part = first["part"] / equal["part"]
    np.testing.assert_allclose(part.sel(source="start"), 0.25)
    np.testing.assert_allclose(part.sel(source="second layer"), 1.0)
    np.testing.assert_allclose(part.sel(source="samples"), 0.25)
    assert (equal["shared_w"] > 0).all()
    assert (equal["shared_c"] > 0).all()
