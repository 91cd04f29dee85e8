"""What sparse networks pay, on variances that are known."""

import numpy as np
import pandas as pd
import pytest

from mfnn.learning.design import Experiment
from mfnn.learning.scenario import Scenario
from mfnn.show.style import save
from mfnn.studies.sparsity.cost import numbers, table
from mfnn.studies.sparsity.figure import draw
from mfnn.studies.sparsity.plan import Plan


def cells(variance):
    rows = [
        {
            "observable": "c^2",
            "time": 2.0,
            "width": width,
            "replicas": 200,
            "variance": variance,
            "predicted": variance,
        }
        | {"variance_error": 0.1 * variance, "variance_freedom": np.inf}
        | {"variance_low": 0.8 * variance, "variance_high": 1.2 * variance}
        for width in (100, 400)
    ]
    return pd.DataFrame(rows)


TABLES = {"k1": cells(6.0), "k3": cells(3.0)}


def test_growth_and_the_share_at_equal_cost():
    found = numbers(table({"k1": 1, "k3": 3}, TABLES, 100))
    assert found["sparsity.growth.c_2"]["value"] == pytest.approx(2.0)
    assert found["sparsity.growth.c_2"]["error"] == pytest.approx(
        2.0 * 0.1
    )  # of two ratios that pool two widths each
    assert found["sparsity.growth_predicted.c_2"] == pytest.approx(2.0)
    assert found["sparsity.equal_cost.c_2"]["value"] == pytest.approx(2 / 3)


def test_inputs_are_those_that_vary(vary):
    spec = {
        "title": "toy", "activation": "tanh", "learning_rate": 1.0, "horizon": 1.0, "observables": ["c^2"],
        "data": {"law": "regression", "inputs": {"law": "uniform", "low": -1, "high": 1, "dim": 2}, "target": "sine",
                 "noise_std": 0.1, "intercept": True},
        "initial": {"c": {"law": "normal", "std": 1.0}, "w": {"law": "normal", "std": 1.0}},
    }  # fmt: skip
    scenario = Scenario.model_validate(spec)
    case = {"base": "toy", "times": [1.0], "tolerance": 1e-2, "widths": {10: 4}}
    plan = Plan.model_validate({"cases": {"k1": {**case, "changes": {"connectivity": 1}}, "dense": case}})
    assert plan.inputs({"toy": Experiment("toy", scenario)}) == {"k1": 1, "dense": 2}


def test_the_figure_shows_constants_against_inputs(tmp_path):
    save(draw(table({"k1": 1, "k3": 3}, TABLES, 100), TABLES), [tmp_path / "sparsity.png"])
    assert (tmp_path / "sparsity.png").stat().st_size > 10_000
