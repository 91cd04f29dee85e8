"""Problems and protocols as plain mappings: taken, and held to the same as specifications."""

import pytest

from mfnn import Problem, Protocol, SpecError, solve_limit, train


def test_problem_and_protocol_may_be_mappings_and_are_held_to_the_same(three_points: Problem) -> None:
    spec = three_points.model_dump(mode="json")
    asked = train(spec, 10, [0], [1.0], ["c"], protocol={"batch": 2})
    assert asked.identical(train(three_points, 10, [0], [1.0], ["c"], protocol=Protocol(batch=2)))
    assert solve_limit(spec, [0.0], 1e-2) == solve_limit(three_points, [0.0], 1e-2)
    for call in (
        lambda: train(spec | {"horizon": -1}, 10, [0], [1.0]),
        lambda: train(spec, 10, [0], [1.0], protocol={"batch": 0}),
        lambda: train(spec, 10, [0], [1.0], protocol="theorem"),
        lambda: solve_limit(None, [1.0]),
    ):
        with pytest.raises(SpecError) as refused:
            call()
        assert "\n" not in str(refused.value)
