"""Data are numbers or are refused with the row and column of the first entry that is none."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from mfnn import Problem, SpecError, solve_limit, train

HIDDEN = np.ma.array([[1.0], [-9999.0], [2.0]], mask=[[False], [True], [False]])
TABLE = pd.DataFrame({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5], "c": [True, False, True]})

REFUSED = [
    (HIDDEN, "row 1, column 0 is masked"),
    ([[1.0], HIDDEN[1], [2.0]], "row 1, column 0 is masked"),
    ([1.0, np.ma.masked, 2.0], "row 1 is masked"),
    ([["1"], [2.0], [3.0]], "row 0, column 0 is '1'"),
    ([[1.0], ["2"], [3.0]], "row 1, column 0 is '2'"),
    (np.array([["1"], ["2"], ["3"]]), "row 0, column 0 is '1'"),
    (np.array([b"1", b"2", b"3"]), "row 0 is b'1'"),
    (np.array([[1.0], [2.0], [3.0j]]), "row 0, column 0 is"),
    ([1.0, 2.0, 3 + 0j], "row 2 is (3+0j)"),
    (np.array(["2020-01-01"] * 3, "M8[D]"), "row 0 is datetime.date"),
    (np.array([1, 2, 3], "m8[s]"), "row 0 is datetime.timedelta"),
    ([1.0, datetime.date(2020, 1, 1), 2.0], "row 1 is datetime.date"),
    ([1.0, decimal.Decimal("0.1"), 2.0], "row 1 is Decimal"),
    (np.array([1.0, None, 2.0], dtype=object), "row 1 is None"),
    ([1.0, 2.0, None], "row 2 is None"),
    ([[1.0], [2.0], [np.nan]], "row 2, column 0 is nan"),
    ([1.0, 2.0, 10**400], "64-bit float"),
    (np.array([(1, 2.0)] * 3, dtype=[("a", int), ("b", float)]), "row 0 is"),
    (sparse.eye_array(3), "numbers"),
    (sparse.csr_array(np.eye(3)), "numbers"),
    (TABLE.assign(b=["x", "y", "z"]), "row 0, column 1 is 'x'"),
    (TABLE.assign(b=pd.array([1, 2, None], dtype="Int64")), "row 2, column 1 is <NA>"),
    (TABLE.assign(c=[1.0, None, 2.0]), "row 1, column 2 is nan"),
    (TABLE.assign(a=pd.Categorical([1, 2, 3])), "row 0, column 0 is 'category 1'"),
    (TABLE.assign(a=pd.to_datetime(["2020-01-01"] * 3)), "row 0, column 0 is Timestamp"),
    (pd.array([1, None, 2], dtype="Int64"), "row 1 is <NA>"),
    ({"a": 1.0}, "numbers"),
    ({1.0, 2.0, 3.0}, "numbers"),
]


@pytest.mark.parametrize(("x", "where"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_number_is_refused_with_its_place(vary, x, where: str) -> None:
    with pytest.raises(SpecError) as refusal:
        vary("three_points", {"data.x": x})
    assert "data.finite.x" in str(refusal.value)
    assert where in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "x",
    [
        TABLE,
        TABLE.assign(a=pd.array([1, 2, 3], dtype="Int64")),
        TABLE.to_numpy(dtype=float),
        TABLE.to_numpy(dtype=object),
        TABLE.astype(float).to_numpy().tolist(),
        np.ma.array(TABLE.to_numpy(dtype=float)),
        [np.float32([1, 0.5, 1]), np.array([2, 1.5, 0]), (3, np.float16(2.5), np.bool_(True))],
    ],
    ids=range(7),
)
def test_numbers_are_taken_as_they_are(vary, x) -> None:
    assert vary("three_points", {"data.x": x}).data.x.tolist() == [[1, 0.5, 1], [2, 1.5, 0], [3, 2.5, 1]]


def test_numpy_s_numbers_are_numbers_everywhere(vary, three_points: Problem) -> None:
    one = np.float32(1.0)
    problem = vary("three_points", {"learning_rate": one, "horizon": np.int64(2), "data.noise_std": np.float16(0)})
    assert problem == three_points
    runs = train(problem, np.int32(5), np.arange(2), np.array([0, one]), keep=np.uint8(1), root_seed=np.int64(3))
    assert runs.attrs["width"] == 5
    limit = solve_limit(problem, [np.int64(0), one], np.float32(1e-3))
    assert (limit.error("c^2") <= 1e-3).all()


@pytest.mark.parametrize("points", [np.ma.array([[0.5]], mask=[[True]]), [["0.5"]], [[0.5 + 0j]], [[None]]])
def test_points_are_held_to_the_same(three_points: Problem, three_points_limit, points) -> None:
    for call in (
        lambda: train(three_points, 5, [0], [1.0], evaluate=points),
        lambda: three_points_limit.output(points, 1.0),
        lambda: three_points_limit.flow(np.ma.hstack([points, points]), [1.0]),
    ):
        with pytest.raises(SpecError, match="row 0, column 0"):
            call()


@pytest.mark.parametrize("times", [["0.5"], np.ma.array([0.5], mask=[True]), [0.5 + 0j], [None]])
def test_times_are_held_to_the_same(three_points: Problem, times) -> None:
    with pytest.raises(SpecError, match="times"):
        train(three_points, 5, [0], times)
