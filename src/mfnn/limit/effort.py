"""How much a solve may take: threads, and seconds after which the best answer so far has to do."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from mfnn.errors import SpecError
from mfnn.spec.arrays import integer

LOOSEST = 0.9  # an answer known no better than to this is none

log = logging.getLogger("mfnn.limit")
Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Effort:
    """So many threads, and perhaps seconds from now on. Raises `SpecError` for numbers that are not positive."""

    seconds: float | None = None
    threads: int = 1
    began: float = field(default_factory=time.monotonic)

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
        """What is made of every item, in order, in as many threads: the same as one after another."""
        if self.threads == 1:
            return [make(item) for item in items]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(make, items))

    def tell(self, reached: float, what: str, seconds: float) -> None:
        """Log how well a level is known, and about how long the next one takes."""
        log.info(
            "known to %.1e with %s after %.0f s; the next level takes about %.0f s",
            reached,
            what,
            self.spent,
            seconds,
        )
