"""This project's own kernels, in the memory layout that `mfnn.train` gives them."""

from __future__ import annotations

import numpy as np

from mfnn import Problem
from mfnn.learning.protocol import THEOREM
from mfnn.particles.clouds import BlockedCloud, new_cloud
from mfnn.spec import Floats


class Fused:
    """The fused kernel on R replicas."""

    def __init__(self, problem: Problem, c: Floats, w: Floats, x: Floats, y: Floats) -> None:
        start = np.concatenate([c[:, None], w], axis=1)
        self._cloud = new_cloud(problem, THEOREM, list(start), [])
        self._samples = x, y[:, :, None]

    def advance(self) -> None:
        self._cloud.advance(*self._samples)

    def state(self) -> tuple[Floats, Floats]:
        theta = self._cloud.theta()
        return theta[:, 0], theta[:, 1:]


class Blocked:
    """The blocked kernel on one replica: c (m, N), w (N, d), x (K, d), y (K, m); its own layout is w (d, N)."""

    def __init__(self, problem: Problem, c: Floats, w: Floats, x: Floats, y: Floats) -> None:
        self._cloud = BlockedCloud(problem, [np.concatenate([c, w.T])], problem.learning_rate / c.shape[1])
        self._samples = x[None], y[None]

    def advance(self) -> None:
        self._cloud.advance(*self._samples)

    def state(self) -> tuple[Floats, Floats]:
        return self._cloud.c, self._cloud.w.T


class BlockedReplica:
    """The blocked kernel in the shapes of the peers, R = 1."""

    def __init__(self, problem: Problem, c: Floats, w: Floats, x: Floats, y: Floats) -> None:
        self._kernel = Blocked(problem, c, w[0].T, x[0], y[0, :, None])
        self.advance = self._kernel.advance

    def state(self) -> tuple[Floats, Floats]:
        c, w = self._kernel.state()
        return c, w.T[None]
