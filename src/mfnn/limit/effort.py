"""How much a solve may take: threads, and seconds or a Ctrl-C after which the best answer so far has to do."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import inf
from typing import TypeVar

from mfnn.errors import SpecError, ToleranceError
from mfnn.spec.arrays import integer

LOOSEST = 0.9  # an answer known no better than to this is none
SILENT = 4.0  # seconds without a word, at most, but for a step of the integrator that takes longer
PATIENCE = 10.0  # times the seconds that a first level may take, since without it there is no answer
SEEN = 1.0  # seconds of a solve after which its first steps tell how long it takes

log = logging.getLogger("mfnn.limit")
Item = TypeVar("Item")
Made = TypeVar("Made")


class OutOfTimeError(ToleranceError):
    """A solve that was stopped, or would not end within the seconds."""


@dataclass(frozen=True)
class Effort:
    """So many threads, and perhaps seconds from now on. Raises `SpecError` for numbers that are not positive."""

    seconds: float | None = None
    threads: int = 1
    began: float = field(default_factory=time.monotonic)
    _told: list[float] = field(default_factory=lambda: [time.monotonic()])
    _answered: threading.Event = field(default_factory=threading.Event)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        integer("threads", self.threads, 1)
        if self.seconds is not None and not self.seconds > 0:
            raise SpecError("seconds", self.seconds, "a positive number, or None for as long as it takes")

    @property
    def spent(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    def allows(self, seconds: float) -> bool:
        """Whether so many seconds more are within what a solve may take."""
        return self.seconds is None or self.spent + seconds <= self.seconds

    def each(self, make: Callable[[Item], Made], items: Iterable[Item]) -> list[Made]:
        """What is made of every item, in order, in as many threads: the same as one after another.

        Where seconds were given, a Ctrl-C is an `OutOfTimeError`.
        """
        try:
            if self.threads == 1:
                return [make(item) for item in items]
            with ThreadPoolExecutor(self.threads) as pool:
                try:
                    return list(pool.map(make, items))
                except BaseException:
                    self._stopped.set()
                    pool.shutdown(cancel_futures=True)
                    raise
        except KeyboardInterrupt:
            if self.seconds is None:
                raise
            raise OutOfTimeError("stopped before a first answer was known") from None

    def watch(self, seconds: float, done: float) -> None:
        """Log now and then how far a solve is after so many seconds; raise `OutOfTimeError` where it won't end in time."""
        left, given = seconds * (1 - done) / max(done, 1e-9), self.seconds or inf
        allowed = given if self._answered.is_set() else PATIENCE * given
        if self._stopped.is_set() or (seconds > SEEN and self.spent + left > allowed):
            raise OutOfTimeError(
                f"out of reach within {given:g} s: after {self.spent:.0f} s a solve is at {100 * done:.2g} % of the "
                f"horizon, and would take about {left:.0f} s more; where inputs are large, standardise them"
            )
        if time.monotonic() > self._told[0] + SILENT:
            self._told[0] = time.monotonic()
            log.info("after %.0f s a solve is at %.1f %%, about %.0f s more", self.spent, 100 * done, left)

    def tell(self, reached: float, what: str, seconds: float) -> None:
        """Log how well a level is known, and about how long the next one takes."""
        self._told[0] = time.monotonic()
        self._answered.set()
        log.info(
            "known to %.1e with %s after %.0f s; the next level takes about %.0f s",
            reached,
            what,
            self.spent,
            seconds,
        )
