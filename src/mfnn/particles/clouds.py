"""The particles of a group of replicas in the memory layout of the kernel that moves them.

A cloud has `advance(x, y)`, K steps on samples x (R, K, d), y (R, K, m), which returns (replica, k) of the first
non-finite residual or (−1, −1), and `theta()`, its parameters (R, m + d, N).
"""

from __future__ import annotations

from typing import Protocol as Interface

import numpy as np

from mfnn.errors import SpecError
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import Protocol
from mfnn.particles import blocked, fused
from mfnn.particles.batched import advance_batches
from mfnn.particles.parts import parts_of
from mfnn.spec import Floats

BLOCKED_FROM = 24  # features from which matrix products beat the fused pass
GROUP = 32768  # particles trained in lockstep: small enough to stay in the second-level cache


class Cloud(Interface):
    """What every layout offers."""

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]: ...
    def theta(self) -> Floats: ...


def group_size(problem: Problem, width: int) -> int:
    """How many replicas one cloud holds."""
    return 1 if problem.dim >= BLOCKED_FROM else max(1, GROUP // fused.padded(width))


def new_cloud(problem: Problem, protocol: Protocol, initial: list[Floats], threads: int = 1) -> Cloud:
    """A cloud that starts at the given parameters, one array (m + d, N) a replica; it may keep and change them.

    A replica of more particles than a thread moves at a time is shared out to so many `threads`. Raises `SpecError` for
    single precision where the blocked kernel is not used.
    """
    rate = problem.learning_rate / protocol.unit(initial[0].shape[1])
    if protocol.batch == 1 and problem.dim >= BLOCKED_FROM:
        return BlockedCloud(problem, initial, rate, threads)
    if protocol.precision != "double":
        raise SpecError("precision", protocol.precision, f"double for batches, or below {BLOCKED_FROM} features")
    if protocol.batch > 1:
        return BatchedCloud(problem, initial, rate, protocol.batch)
    return FusedCloud(problem, initial, rate, threads)


class FusedCloud:
    """The particles of a group of replicas in the fused kernel's layout."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float, threads: int = 1) -> None:
        self.outputs, self.width, self.rate = problem.outputs, initial[0].shape[1], rate
        parts, self._share = parts_of(self.width, fused.PART)
        theta = np.zeros((len(initial), problem.outputs + problem.dim, parts * self._share))
        theta[:, :, : self.width] = initial
        in_parts = theta.reshape(*theta.shape[:2], parts, self._share).swapaxes(1, 2)
        self.c, self.w = (
            fused.aligned_zeros((len(initial), parts, rows, fused.padded(self._share)))
            for rows in (problem.outputs, problem.dim)
        )
        self.c[..., : self._share], self.w[..., : self._share] = np.split(in_parts, [problem.outputs], axis=2)
        in_parallel = min(threads, parts) > 1
        self._kernel = fused.fused_kernel(problem.activation, problem.dim, problem.outputs, in_parallel)

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        return self._kernel(self.c, self.w, x.astype(float), y, self.rate, self.width)

    def theta(self) -> Floats:
        in_parts = np.concatenate([self.c, self.w], axis=2)[..., : self._share].swapaxes(1, 2)
        return in_parts.reshape(*in_parts.shape[:2], -1)[:, :, : self.width]


class BlockedCloud:
    """The particles of one replica for the blocked kernel: one array (m + d, N), whose rows c and w are."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float, threads: int = 1) -> None:
        (self._theta,) = initial
        self.c, self.w = self._theta[: problem.outputs], self._theta[problem.outputs :]
        self.rate = rate
        parts, _ = parts_of(self._theta.shape[1], blocked.PART)
        self._kernel = blocked.blocked_kernel(problem.activation, min(threads, parts))

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
