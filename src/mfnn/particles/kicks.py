"""What moves particles beside the gradient: θ ← (1 − (α/N) λ) θ + … + √(2ατ/N) ξ, ξ ~ N(0, I) for each of them.

The normal variables of a replica come from a stream of its own, step by step, one coordinate after another: they do not
depend on how training is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mfnn.learning.problem import Problem
from mfnn.spec import Floats

KEPT = 1 << 18  # normal variables kept at a time, but those of one step at least


@dataclass(frozen=True)
class Kicks:
    """Decay and noise of the steps of R replicas of width N with step size `rate` = α/N^b."""

    problem: Problem
    rate: float
    width: int
    streams: Sequence[np.random.Generator]

    @property
    def keep(self) -> Floats:
        """1 − (α/N) λ for c and for w, shape (2,)."""
        decay = self.problem.decay
        return 1 - self.rate * np.array([decay.c, decay.w])

    @property
    def decays(self) -> bool:
        """Whether there is a decay."""
        return bool((self.keep != 1).any())

    @property
    def noisy(self) -> bool:
        """Whether there is noise."""
        return self.problem.temperature > 0

    @property
    def shape(self) -> tuple[int, int, int]:
        """Replicas, steps whose kicks are kept at a time, and coordinates; no steps without noise."""
        replicas, rows = len(self.streams), self.problem.outputs + self.problem.dim
        return replicas, max(1, KEPT // (replicas * rows * self.width)) if self.noisy else 0, rows

    def segments(self, steps: int) -> Iterator[slice]:
        """Steps in order, so many at a time as kicks are kept; all at once without noise."""
        most = self.shape[1] or steps
        return (slice(start, min(start + most, steps)) for start in range(0, steps, most))

    def draw(self, steps: int) -> Iterator[Floats]:
        """√(2ατ/N) ξ of the next steps for one replica after another, (steps, m + d, N); not to be kept."""
        scale, memory = (
            np.sqrt(2 * self.rate * self.problem.temperature),
            np.empty((steps, self.shape[2], self.width)),
        )
        for stream in self.streams:
            stream.standard_normal(out=memory)
            yield np.multiply(memory, scale, out=memory)
