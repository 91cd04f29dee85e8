"""The particles of a group of replicas in the memory layout of the kernel that moves them.

A cloud has `advance(x, y)`, K steps on samples x (R, K, d), y (R, K, m), which returns (replica, k) of the first
non-finite residual or (−1, −1), and `theta()`, its parameters (R, m + d, N).
"""

from __future__ import annotations

from typing import Protocol as Interface

import numpy as np

from mfnn.errors import SpecError
from mfnn.particles.batched import advance_batches
from mfnn.particles.blocked import blocked_kernel
from mfnn.particles.fused import aligned_zeros, fused_kernel, padded
from mfnn.problem import Problem
from mfnn.protocol import Protocol
from mfnn.spec import Floats

BLOCKED_FROM = 24  # features from which matrix products beat the fused pass
GROUP = 32768  # particles trained in lockstep: small enough to stay in the second-level cache


class Cloud(Interface):
    """What every layout offers."""

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]: ...
    def theta(self) -> Floats: ...


def group_size(problem: Problem, width: int) -> int:
    """How many replicas one cloud holds."""
    return 1 if problem.dim >= BLOCKED_FROM else max(1, GROUP // padded(width))


def new_cloud(problem: Problem, protocol: Protocol, initial: list[Floats]) -> Cloud:
    """A cloud that starts at the given parameters, one array (m + d, N) a replica; it may keep and change them.

    Raises `SpecError` for single precision where the blocked kernel is not used.
    """
    rate = problem.learning_rate / protocol.unit(initial[0].shape[1])
    if protocol.batch == 1 and problem.dim >= BLOCKED_FROM:
        return BlockedCloud(problem, initial, rate, protocol.precision)
    if protocol.precision != "double":
        raise SpecError("precision", protocol.precision, f"double for batches, or below {BLOCKED_FROM} features")
    if protocol.batch > 1:
        return BatchedCloud(problem, initial, rate, protocol.batch)
    return FusedCloud(problem, initial, rate)


class FusedCloud:
    """The particles of a group of replicas in the fused kernel's layout."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float) -> None:
        self.outputs, self.width, self.rate = problem.outputs, initial[0].shape[1], rate
        rows = ((problem.outputs, padded(self.width)), (problem.dim, padded(self.width)))
        self.c, self.w = (aligned_zeros((len(initial), *shape)) for shape in rows)
        self.c[:, :, : self.width] = [theta[: self.outputs] for theta in initial]
        self.w[:, :, : self.width] = [theta[self.outputs :] for theta in initial]
        self._kernel = fused_kernel(problem.activation, problem.dim, problem.outputs)

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        return self._kernel(self.c, self.w, x.astype(float), y, self.rate, self.width)

    def theta(self) -> Floats:
        return np.concatenate([self.c, self.w], axis=1)[:, :, : self.width]


class BlockedCloud:
    """The particles of one replica for the blocked kernel: one array (m + d, N), whose rows c and w are."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float, precision: str = "double") -> None:
        (theta,) = initial
        self._theta = theta.astype(precision, copy=False)
        self.c, self.w = self._theta[: problem.outputs], self._theta[problem.outputs :]
        self.rate = rate
        self._kernel = blocked_kernel(problem.activation)

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        stopped = self._kernel(self.c, self.w, x[0], y[0], self.rate)
        return (0, stopped) if stopped >= 0 else (-1, -1)

    def theta(self) -> Floats:
        return self._theta[None]


class BatchedCloud:
    """The particles of a group of replicas for steps on mini-batches."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float, batch: int) -> None:
        self.c, self.w = np.split(np.array(initial), [problem.outputs], axis=1)
        self.rate, self.batch, self._sigma = rate, batch, problem.sigma

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        x, y = (part.astype(float).reshape(len(part), -1, self.batch, part.shape[2]) for part in (x, y))
        return advance_batches(self._sigma, self.c, self.w, x, y, self.rate)

    def theta(self) -> Floats:
        return np.concatenate([self.c, self.w], axis=1)
