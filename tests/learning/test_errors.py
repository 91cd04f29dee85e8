"""Errors travel between processes, are equal where they arrive, and leave nothing behind."""

import copy
import multiprocessing
import pickle

import numba
import numpy as np
import pytest

from mfnn import DivergedError, MfnnError, Problem, SpecError, ToleranceError, train
from mfnn.learning.idx import CorruptError
from mfnn.limit.effort import OutOfTimeError
from mfnn.pipeline.hold import HeldError
from mfnn.pipeline.sections import PaperError
from mfnn.storage import UnreadableError, UnwritableError
from mfnn.verdicts.numbers import NumbersError

ERRORS = [
    SpecError("k", 1, "a"),
    SpecError("k", np.arange(3), "a"),
    SpecError("k", lambda: None, "a"),  # a value that cannot be pickled
    SpecError.within("file.yaml", SpecError("k", {"a": [1]}, "b")),
    DivergedError("three_points", 10, 2, 77),
    *(kind("one line") for kind in (MfnnError, ToleranceError, UnreadableError, UnwritableError, NumbersError)),
    HeldError("one line"),
    PaperError("one line"),
    CorruptError("one line"),
    OutOfTimeError("one line"),
]


def test_every_error_is_tried() -> None:
    def kinds(kind: type) -> set[type]:
        return {kind}.union(*map(kinds, kind.__subclasses__()))

    assert kinds(MfnnError) == {type(error) for error in ERRORS}


@pytest.mark.parametrize("travel", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_travel(error: MfnnError, travel) -> None:
    arrived = travel(error)
    assert arrived == error
    assert hash(arrived) == hash(error)
    assert str(arrived) == str(error)
    assert vars(arrived).keys() == vars(error).keys()
    assert arrived != ValueError(str(error))


def asked(rate: float) -> tuple:
    """What `train` is asked, a run that diverges at a large rate."""
    problem = Problem.model_validate(
        {
            "name": "pool",
            "activation": "cos",
            "learning_rate": rate,
            "horizon": 40.0,
            "data": {"law": "finite", "x": [[1.0]], "y": [1.0]},
            "initial": {"c": {"law": "normal"}, "w": {"law": "normal"}},
        }
    )
    return problem, 10, [0], [40.0], ["c"]


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_a_pool_in_which_a_run_diverges_says_so(start: str) -> None:
    train(*asked(1.0))
    with multiprocessing.get_context(start).Pool(1) as pool:
        found = pool.starmap_async(train, [asked(1.0), asked(1e5)])
        with pytest.raises(DivergedError, match="scenario pool, width 10, replica 0, step"):
            found.get(timeout=120)


@pytest.mark.parametrize("rate", [1.0, 1e5])
def test_numba_s_threads_are_given_back(monkeypatch, rate: float) -> None:
    """Also by a run that fails."""
    set_to = []
    before = numba.get_num_threads()
    monkeypatch.setattr(numba, "set_num_threads", lambda threads: set_to.append(threads))
    try:
        train(*asked(rate))
    except DivergedError:
        assert rate > 1
    assert set_to == [1, before]
