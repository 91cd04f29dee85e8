"""A table as a data law: its columns are features and labels, and what is no number in it is named."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from mfnn import SpecError
from mfnn.pipeline.config import read_scenario

SCENARIO = {
    "title": "A table",
    "activation": "tanh",
    "learning_rate": 1.0,
    "horizon": 1.0,
    "initial": {"c": {"law": "uniform", "low": -1.0, "high": 1.0}, "w": {"law": "normal"}},
    "observables": ["w0^2"],
}
ROWS = "a,b,kind,y\n1,10,x,0.5\n2,30,x,-0.5\n3,20,z,1.5\n"


@pytest.fixture
def problem(tmp_path: Path):
    """problem(text, **data): the problem of a scenario whose table has this text."""

    def read(text: str = ROWS, **data: object):
        (tmp_path / "rows.csv").write_text(text, encoding="utf-8")
        spec = SCENARIO | {"data": {"law": "finite", "file": "rows.csv", "target": "y", **data}}
        (tmp_path / "mine.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
        return read_scenario(tmp_path, "mine").problem("mine")

    return read


def test_columns_are_features_and_labels(problem) -> None:
    data = problem(features=["b", "a"]).data
    np.testing.assert_array_equal(data.x, [[10, 1, 1], [30, 2, 1], [20, 3, 1]])
    np.testing.assert_array_equal(data.y, [[0.5], [-0.5], [1.5]])
    both = problem("a,y,z\n1,2,3\n4,5,6\n", target=["y", "z"], intercept=False, noise_std=0.5).data
    np.testing.assert_array_equal(both.x, [[1], [4]])
    np.testing.assert_array_equal(both.y, [[2, 3], [5, 6]])
    assert both.noise_std == 0.5


def test_standardised_columns_have_mean_0_and_variance_1_and_the_constant_stays(problem) -> None:
    data = problem(features=["a", "b"], standardise=True).data
    np.testing.assert_allclose(data.x[:, :2].mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(np.column_stack([data.x[:, :2], data.y]).std(axis=0), 1)
    np.testing.assert_array_equal(data.x[:, 2], 1)


@pytest.mark.parametrize(
    ("text", "data", "said"),
    [
        (ROWS, {}, r"data.kind: .*numbers .*row 0 is 'x'"),
        (ROWS, {"target": "price"}, "data.target: got 'price'; allowed: columns of .*rows.csv: a, b, kind, y"),
        (ROWS, {"features": ["a", "c"]}, "data.features: got 'c'"),
        (ROWS, {"features": ["a"], "file": "rows.xlsx"}, "data.file: got .*; allowed: a CSV file beside"),
        (ROWS, {"features": ["a"], "rows": 3}, "rows: got 3; allowed: no such key"),
        ("a,y\n1,2\n,3\n", {}, "data.a: .*row 1 is nan"),
        ("a,y\n1,2\n2,oops\n", {}, "data.y: .*row 1 is 'oops'|data.y: .*row 0 is '2'"),
        ("a,y\n1,2\n1,3\n", {"standardise": True, "features": ["a"]}, "data.a: .*not constant"),
        ("", {}, "rows.csv: not a readable table"),
    ],
)
def test_what_is_wrong_with_a_table_is_one_line(problem, text: str, data: dict, said: str) -> None:
    with pytest.raises(Exception, match=said) as refused:
        problem(text, **data)
    assert "\n" not in str(refused.value)
    assert isinstance(refused.value, SpecError) or "rows.csv" in str(refused.value)
