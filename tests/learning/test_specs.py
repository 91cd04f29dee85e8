"""Specifications: validated however they are made, changed only by validation, equal by content, closed."""

import copy
import pickle

import numpy as np
import pytest

from mfnn import Limit, Problem, Protocol, SpecError, solve_limit, train
from mfnn.learning.laws import InitialLaw, Normal, Uniform

ELSEWHERE = InitialLaw(c=Uniform(low=2.0, high=3.0), w=Normal())


def test_a_changed_law_is_the_law_that_is_solved(three_points: Problem) -> None:
    """What the old problem derived from its laws is used before the change."""
    assert len(three_points.coordinate_laws) == 2
    changed = three_points.model_copy(update={"initial": ELSEWHERE})
    assert changed.coordinate_laws == (ELSEWHERE.c, ELSEWHERE.w)
    assert solve_limit(changed, [0.0], 1e-6).mean("c") == pytest.approx([2.5], abs=1e-6)


def test_changed_weights_are_the_weights_that_are_drawn(vary) -> None:
    problem = vary(
        "three_points", {"data.x": [[0.0]] * 3, "data.y": [0.0, 0.0, 5.0], "data.weights": [1.0, 0.0, 0.0]}
    )
    train(problem, 10, [0], [1.0])
    data = problem.data.model_copy(update={"weights": [0.0, 0.0, 1.0]})
    weighted = problem.model_copy(update={"data": data, "activation": "cos"})
    assert train(weighted, 10, [0], [2.0], ["c"]).c.item() > 2


@pytest.mark.parametrize("method", ["model_copy", "copy"])
def test_a_change_is_validated(three_points: Problem, method: str) -> None:
    for update, key in (
        ({"horizon": -1.0}, "horizon"),
        ({"horizn": 1.0}, "horizn"),
        ({"activation": "no"}, "activation"),
    ):
        with pytest.raises(SpecError, match=key):
            getattr(three_points, method)(update=update)
    with pytest.raises(SpecError, match="initial.w one law or a list of 1"):
        three_points.model_copy(update={"initial": {"c": Normal(), "w": [Normal(), Normal()]}})


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: Protocol(batch=0), "batch"),
        (lambda: Protocol(batches=2), "batches"),
        (lambda: Problem(name="a", activation="tanh", learning_rate=1.0, horizon=1.0), "data"),
        (lambda: InitialLaw(c={"law": "normal", "std": -1.0}, w=Normal()), "c.normal.std"),
        (lambda: Uniform(low=1.0, high=0.0), "Uniform"),
        (lambda: Protocol.model_validate_json('{"batch": "many"}'), "batch"),
        (lambda: Protocol(correlation_time=np.ma.masked), "Protocol"),
    ],
)
def test_constructors_refuse_in_one_line(make, key: str) -> None:
    with pytest.raises(SpecError) as refusal:
        make()
    assert str(refusal.value).startswith(f"{key}: got ")
    assert "\n" not in str(refusal.value)


def test_the_user_s_arrays_are_not_the_problem_s(vary) -> None:
    for dtype in (np.float32, np.float64, np.int64):
        x, y = np.array([[1], [2], [3]], dtype), np.array([1, 2, 3], dtype)
        problem = vary("three_points", {"data.x": x, "data.y": y})
        x[:], y[:] = 7, 7
        assert problem.data.x.ravel().tolist() == problem.data.y.ravel().tolist() == [1, 2, 3]


@pytest.mark.parametrize("travel", [copy.copy, copy.deepcopy, lambda spec: pickle.loads(pickle.dumps(spec))])
def test_nothing_outside_changes_a_specification(three_points: Problem, travel) -> None:
    arrived = travel(three_points)
    assert arrived == three_points
    for array in (arrived.data.x, arrived.data.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.setflags(write=True)
    assert not hasattr(arrived.coordinate_laws, "append")
    assert not hasattr(InitialLaw(c=[Normal()], w=[Normal()]).c, "append")


def test_equality_and_hash_follow_the_content(three_points: Problem, sine1d: Problem) -> None:
    again = Problem.model_validate(three_points.model_dump())
    other = three_points.model_copy(update={"data": three_points.data.model_copy(update={"y": [0.8, -0.6, 0.91]})})
    assert again == three_points
    assert hash(again) == hash(three_points)
    assert three_points != other
    assert three_points != sine1d
    assert three_points != "three_points"
    assert len({three_points, again, other, Protocol(), Protocol(batch=1)}) == 3


def test_a_limit_travels_and_is_equal_where_it_arrives(three_points: Problem) -> None:
    limit: Limit = solve_limit(three_points, [0.0, 1.0], 1e-3)
    arrived = pickle.loads(pickle.dumps(limit))
    np.testing.assert_array_equal(arrived.mean("c^2"), limit.mean("c^2"))
    assert arrived == limit
    assert limit == solve_limit(three_points, [0.0, 1.0], 1e-3)
    assert limit != solve_limit(three_points, [0.0, 1.0], 1e-4)
    assert "Limit" in repr(limit)
