"""Cases: a scenario changed, and what is refused of one before anything runs."""

from pathlib import Path

import pytest

from mfnn.errors import SpecError
from mfnn.learning.case import Case, squares
from mfnn.learning.changed import Changed

SCENARIOS = Path(__file__).parents[2] / "config/scenarios"
PLAIN = {"base": "sine1d", "times": [1.0], "tolerance": 1e-3, "widths": {50: 10}}


def checked(**more):
    case = Case.model_validate({**PLAIN, **more})
    return case.check("case", case.scenario(SCENARIOS))


def test_keys_that_scenarios_leave_out_can_be_changed():
    problem = checked(changes={"temperature": 0.1, "decay": 0.2, "initial.w": {"law": "normal", "std": 2.0}})
    assert (problem.temperature, problem.decay.c, problem.initial.w.std) == (0.1, 0.2, 2.0)
    assert problem.name == "case"


def test_a_changed_horizon_allows_later_times():
    with pytest.raises(SpecError, match="times"):
        checked(times=[5.0])
    assert checked(times=[5.0], changes={"horizon": 5.0}).horizon == 5.0


@pytest.mark.parametrize(
    "more",
    [
        {"changes": {"learning_rat": 1.0}},
        {"changes": {"data.colour": 1.0}},
        {"observables": ["v"]},
        {"layers": [1, 2]},
        {"widths": {100: 10, 50: 10}},
        {"widths": {50: 3}},
        {"from_width": 51},
        {"base": "nowhere"},
        {"protocol": {"output_exponent": 0.4}},
        {"tolerance": 0.0},
        {"group": "g(0.5)"},
        {"group": "nothing"},
        {"base": "deep1d", "group": "c"},
    ],
)
def test_what_cannot_be_is_refused(more):
    with pytest.raises(SpecError):
        checked(**more)


def test_layers_share_out_the_width():
    case = Case.model_validate({**PLAIN, "base": "deep1d", "layers": [4, 1]})
    assert (case.neurons(8), case.shape) == ((32, 8), "$N_1 = 4N$, $N_2 = N$")
    assert Case.model_validate(PLAIN).neurons(8) == 8


def test_squares_are_of_functions_of_one_neuron():
    problem = Changed(base="sine1d").problem("case", Changed(base="sine1d").scenario(SCENARIOS))
    assert squares(["c^2", "g(0.5)"], problem) == {"c^2": "c^2*c^2"}
