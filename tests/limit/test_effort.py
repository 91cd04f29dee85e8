"""What a solve may take: seconds after which the best answer has to do, threads that change nothing."""

import logging
import time

import numpy as np
import pytest

from mfnn import SpecError, ToleranceError, fluctuations, solve_limit
from mfnn.limit.effort import Effort

ROWS = np.random.default_rng(3).normal(size=(60, 6))
TALL = {
    "name": "tall",
    "activation": "tanh",
    "learning_rate": 1.0,
    "horizon": 1.0,
    "data": {"law": "finite", "x": ROWS, "y": np.sin(ROWS[:, :1]).ravel()},
    "initial": {"c": {"law": "uniform", "low": -1.0, "high": 1.0}, "w": {"law": "normal", "std": 0.6}},
}


def test_a_tolerance_out_of_reach_gives_what_the_seconds_give(sine1d, caplog):
    """On Sobol' nodes and on product rules: the limit says to what it is known, and is, against a better one."""
    with caplog.at_level(logging.INFO, logger="mfnn.limit"):
        tall = solve_limit(TALL, [0.0, 1.0], 1e-6, ["c^2"], seconds=0.3)
    assert 1e-6 < tall.tolerance <= 0.9 and "the next level takes" in caplog.text
    better = solve_limit(TALL, [0.0, 1.0], 3e-3, ["c^2"], method="sobol")
    assert abs(tall.mean("c^2") - better.mean("c^2")).max() <= tall.tolerance
    one = solve_limit(sine1d, [0.0, 2.0], 1e-13, ["c^2"], seconds=0.01)
    exact = solve_limit(sine1d, [0.0, 2.0], 1e-10, ["c^2"])
    assert one.tolerance > 1e-13
    assert abs(one.mean("c^2") - exact.mean("c^2")).max() <= one.tolerance


def test_a_tolerance_within_reach_is_kept(sine1d):
    quick, usual = (solve_limit(sine1d, [1.0], 1e-6, ["c^2"], seconds=s) for s in (60.0, None))
    assert quick.tolerance == usual.tolerance == 1e-6
    np.testing.assert_array_equal(quick.mean("c^2"), usual.mean("c^2"))


def test_threads_change_nothing():
    alone, both = (solve_limit(TALL, [0.0, 1.0], 0.05, ["c^2", "c*w1"], threads=threads) for threads in (1, 2))
    for name in ("c^2", "c*w1"):
        np.testing.assert_array_equal(alone.mean(name), both.mean(name))
    first, second = (fluctuations(alone, ["c^2"], 1.0, threads) for threads in (1, 2))
    np.testing.assert_array_equal(first.covariance, second.covariance)


def test_no_answer_is_better_than_none_at_all():
    """Where not even the first level is known to a digit, there is no limit, however long it was given."""
    steep = TALL | {"initial": {"c": {"law": "normal", "std": 40.0}, "w": {"law": "normal", "std": 5.0}}}
    with pytest.raises(ToleranceError, match="out of reach"):
        solve_limit(steep, [0.0, 1.0], 1e-3, seconds=0.01)


def test_a_solve_that_cannot_end_in_time_is_refused_while_it_runs(caplog):
    """Inputs in the hundreds make the equation stiff: its first steps show that the horizon is out of reach."""
    x = 100 * np.random.default_rng(4).normal(size=(2000, 6))
    stiff = TALL | {"name": "stiff", "activation": "linear", "data": {"law": "finite", "x": x, "y": x[:, 0]}}
    start = time.perf_counter()
    with pytest.raises(ToleranceError, match=r"out of reach within 0\.5 s: after \d+ s .* standardise"):
        solve_limit(stiff, [0.0, 1.0], 1e-2, seconds=0.5, method="sobol")
    assert time.perf_counter() - start < 30


def test_a_level_that_is_interrupted_leaves_the_one_before(sine1d, monkeypatch):
    """A Ctrl-C in the middle of a later level: the limit says to what it is known. Without seconds it ends the solve."""
    finished = []

    def interrupted(self, seconds, done):
        finished.append(done == 1)
        if sum(finished) == 12:
            raise KeyboardInterrupt

    monkeypatch.setattr(Effort, "watch", interrupted)
    limit = solve_limit(TALL, [0.0, 1.0], 1e-6, ["c^2"], method="sobol", seconds=1e6)
    assert "128 Sobol'" in limit.certificate.resolution and 1e-6 < limit.tolerance <= 0.9
    finished.clear()
    with pytest.raises(KeyboardInterrupt):
        solve_limit(TALL, [0.0, 1.0], 1e-6, ["c^2"], method="sobol")


def test_a_refinement_that_is_interrupted_leaves_the_one_before(sine1d, monkeypatch):
    """On product rules, in a later round."""
    rounds = []

    def interrupted(self, seconds, done):
        if rounds:
            raise KeyboardInterrupt

    monkeypatch.setattr(Effort, "watch", interrupted)
    monkeypatch.setattr(Effort, "tell", lambda self, reached, what, seconds: rounds.append(reached))
    limit = solve_limit(sine1d, [0.0, 2.0], 1e-13, ["c^2"], method="product", seconds=1e6)
    monkeypatch.undo()
    exact = solve_limit(sine1d, [0.0, 2.0], 1e-10, ["c^2"])
    assert limit.tolerance == rounds[0] > 1e-13
    assert abs(limit.mean("c^2") - exact.mean("c^2")).max() <= limit.tolerance


def test_a_first_level_may_take_ten_times_as_long_and_others_may_not():
    effort = Effort(seconds=1.0)
    effort.watch(2.0, 0.5)
    effort.tell(0.1, "one level", 1.0)
    with pytest.raises(ToleranceError, match="out of reach within 1 s"):
        effort.watch(2.0, 0.5)
    with pytest.raises(ToleranceError, match="out of reach within 1 s"):
        Effort(seconds=1.0).watch(2.0, 0.1)


def test_what_takes_long_says_how_far_it_is(caplog):
    effort = Effort()
    effort._told[0] -= 5.0
    with caplog.at_level(logging.INFO, logger="mfnn.limit"):
        effort.watch(10.0, 0.25)
        effort.watch(10.1, 0.26)
    assert caplog.text.count("\n") == 1 and "25.0 %, about 30 s more" in caplog.text


@pytest.mark.parametrize("more", [{"seconds": 0.0}, {"seconds": -1.0}, {"threads": 0}, {"threads": 1.5}])
def test_what_is_no_effort_is_refused_in_one_line(sine1d, more):
    with pytest.raises(SpecError) as refused:
        solve_limit(sine1d, [1.0], 1e-3, **more)
    assert "\n" not in str(refused.value)


def test_seconds_are_refused_where_no_flow_carries_the_law(sine1d):
    with pytest.raises(SpecError, match="seconds"):
        solve_limit(sine1d, [1.0], 1e-3, protocol={"output_exponent": 0.5}, seconds=5.0)


def test_a_mistake_within_a_thread_is_raised():
    with pytest.raises(ZeroDivisionError):
        Effort(threads=2).each(lambda divisor: 1 / divisor, [1, 0, 2])
