"""The stream of training samples of one replica; what comes does not depend on how many are asked for at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from mfnn.errors import SpecError
from mfnn.learning.data import FiniteData, Streams
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import Protocol
from mfnn.spec import Floats

Draw = Callable[[int], tuple[Floats, Floats]]


def sampler(problem: Problem, protocol: Protocol, width: int, streams: Streams) -> Draw:
    """`draw(count)`, the next features (count, d) and labels (count, m); raises `SpecError` where there are no epochs."""
    if protocol.sampling == "markov":
        return Held(problem, protocol.correlation_time * protocol.unit(width), streams)
    if protocol.sampling == "shuffled":
        return Epochs(problem, streams)
    return partial(problem.data.sample, streams)


class Epochs:
    """A finite data set without replacement: each epoch visits every point once, in an order of its own."""

    def __init__(self, problem: Problem, streams: Streams) -> None:
        if not isinstance(problem.data, FiniteData) or problem.data.weights is not None:
            raise SpecError("sampling", "shuffled", "iid or markov; epochs need a finite data set without weights")
        self._data, self._streams = problem.data, streams
        self._queue = np.empty(0, dtype=int)

    def __call__(self, count: int) -> tuple[Floats, Floats]:
        size = len(self._data.x)
        epochs = max(0, -((self._queue.size - count) // size))
        orders = np.tile(np.arange(size), (epochs, 1))
        queue = np.concatenate([self._queue, self._streams.inputs.permuted(orders, axis=1).ravel()])
        index, self._queue = np.split(queue, [count])
        return self._data.points(index, self._streams)


class Held:
    """Each sample of π stays for a geometric number of steps with mean `steps`."""

    def __init__(self, problem: Problem, steps: float, streams: Streams) -> None:
        self._data, self._streams, self._renewal = problem.data, streams, min(1.0, 1 / steps)
        self._left = 0

    def __call__(self, count: int) -> tuple[Floats, Floats]:
        samples, lengths = [], []
        while count:
            if not self._left:
                self._sample = self._data.sample(self._streams, 1)
                self._left = int(self._streams.inputs.geometric(self._renewal))
            here = min(count, self._left)
            samples.append(self._sample)
            lengths.append(here)
            self._left, count = self._left - here, count - here
        x, y = (np.concatenate(part) for part in zip(*samples, strict=True))
        return np.repeat(x, lengths, axis=0), np.repeat(y, lengths, axis=0)
