"""Programs timed in turn, A B C A B C: the ratio of neighbours in time survives a machine whose speed drifts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

ROUNDS = 9  # odd, so that the median is one of the rounds
Times = npt.NDArray[np.float64]


def take_turns(
    programs: Mapping[str, Callable[[], object]],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, Times]:
    """Seconds a call in every round; whatever the programs compile or allocate at first must be behind them.

    By default processor seconds, of all threads: what other programs on the machine take is not counted.
    """

    def seconds(call: Callable[[], object]) -> float:
        start = clock()
        call()
        return clock() - start

    times = np.array([[seconds(call) for call in programs.values()] for _ in range(rounds)])
    return dict(zip(programs, times.T, strict=True))


def row(ours: Times, peer: Times, particle_steps: int) -> dict[str, float]:
    """A peer's columns of the result table; a ratio is the peer's time over ours, the median over the rounds."""
    ratios = peer / ours
    return {
        "ns_per_particle_step": 1e9 * float(np.median(peer)) / particle_steps,
        "particle_steps_per_second": particle_steps / float(np.median(peer)),
        "ratio": float(np.median(ratios)),
        "ratio_low": float(ratios.min()),
        "ratio_high": float(ratios.max()),
    }
