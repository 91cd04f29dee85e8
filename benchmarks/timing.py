"""Two programs timed in turn, A B A B: the ratio of neighbours in time survives a machine whose speed drifts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

ROUNDS = 9  # odd, so that the median is one of the rounds


class Comparison(NamedTuple):
    """Seconds a call in every round, ours and the peer's, and the peer's time over ours."""

    ours: npt.NDArray[np.float64]
    peer: npt.NDArray[np.float64]

    @property
    def ratios(self) -> npt.NDArray[np.float64]:
        return self.peer / self.ours


def seconds(call: Callable[[], object]) -> float:
    """Processor seconds of one call, all threads: what other programs on the machine take is not counted."""
    start = time.process_time()
    call()
    return time.process_time() - start


def compare(ours: Callable[[], object], peer: Callable[[], object], rounds: int = ROUNDS) -> Comparison:
    """Time both calls in turn `rounds` times; whatever they compile or allocate at first must be behind them."""
    times = np.array([(seconds(ours), seconds(peer)) for _ in range(rounds)])
    return Comparison(*times.T)


def row(comparison: Comparison, particle_steps: int) -> dict[str, float]:
    """A peer's columns of the result table; a ratio is the peer's time over ours, the median over the rounds."""
    ratios = comparison.ratios
    return {
        "ns_per_particle_step": 1e9 * float(np.median(comparison.peer)) / particle_steps,
        "ratio": float(np.median(ratios)),
        "ratio_low": float(ratios.min()),
        "ratio_high": float(ratios.max()),
    }
