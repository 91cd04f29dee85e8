"""What `solve_limit` cannot certify it refuses: in one line, with what was reached, and soon."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from mfnn import Problem, ToleranceError, solve_limit
from mfnn.limit import refinement


def test_an_observable_beyond_the_certificate_is_refused_and_can_be_asked_for(three_points: Problem) -> None:
    name = "g(20)"
    limit = solve_limit(three_points, [0.0, 1.0], 1e-4)
    with pytest.raises(ToleranceError, match=r"g\(20\).*exceeds the tolerance.*observables") as refusal:
        limit.mean(name)
    assert "\n" not in str(refusal.value)
    with pytest.raises(ToleranceError):
        limit.error(name)
    asked = solve_limit(three_points, [0.0, 1.0], 1e-4, [name])
    assert (asked.error(name) <= 1e-4).all()
    c_mean, w = 0.5, np.linspace(-2, 2, 100_001)
    assert asked.mean(name)[0] == pytest.approx(c_mean * np.tanh(20 * w).mean(), abs=1e-4)


def test_a_tolerance_out_of_reach_is_refused_in_one_line(three_points: Problem, monkeypatch) -> None:
    monkeypatch.setattr(refinement, "LARGEST_COST", 500)
    with pytest.raises(
        ToleranceError, match=r"1\.0e-12 is out of reach for three_points: reached .* nodes"
    ) as refusal:
        solve_limit(three_points, [0.0, 2.0], 1e-12)
    assert "\n" not in str(refusal.value)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Fail after so many seconds instead of waiting for ever."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"no answer after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    ("name", "changes", "tolerance"),
    [
        ("sine1d", {}, 1e-14),  # beyond rounding
        ("three_points", {}, 1e-30),
        ("three_points", {"activation": "relu"}, 1e-12),  # a field that jumps: particles slide along w = 0
        ("three_points", {"activation": "relu"}, 1e-8),
        ("three_points", {"data.x": np.eye(3, 6)}, 1e-9),  # Sobol' nodes
    ],
)
def test_what_cannot_be_reached_is_refused_soon(vary, name: str, changes: dict, tolerance: float) -> None:
    with at_most(120), pytest.raises(ToleranceError, match="out of reach") as refusal:
        solve_limit(vary(name, changes), [0.0, 2.0], tolerance)
    assert "\n" not in str(refusal.value)
