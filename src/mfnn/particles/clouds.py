"""The particles of a group of replicas in the memory layout of the kernel that moves them.

A cloud has `advance(x, y)`, K steps on samples x (R, K, d), y (R, K, m), which returns (replica, k) of the first
non-finite residual or (−1, −1), and `theta()`, its parameters (R, m + d, N).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol as Interface

import numpy as np

from mfnn.errors import SpecError
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import Protocol
from mfnn.particles import blocked, fused
from mfnn.particles.batched import advance_batches
from mfnn.particles.kicks import Kicks
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


def new_cloud(
    problem: Problem,
    protocol: Protocol,
    initial: list[Floats],
    noise: Sequence[np.random.Generator],
    threads: int = 1,
) -> Cloud:
    """A cloud that starts at the given parameters, one array (m + d, N) a replica; it may keep and change them.

    Each replica has its stream of `noise`, of which nothing is drawn at temperature 0. A replica of more particles than
    a thread moves at a time is shared out to so many `threads`. The blocked kernel has neither decay nor noise nor sparse
    networks: with them the fused one serves all shapes. Raises `SpecError` for single precision where the blocked kernel
    is not used, and for sparse networks on batches.
    """
    width = initial[0].shape[1]
    rate = problem.learning_rate / protocol.unit(width)
    kicks = Kicks(problem, rate, width, noise)
    sparse = problem.connectivity is not None
    if protocol.batch == 1 and problem.dim >= BLOCKED_FROM and not (kicks.decays or kicks.noisy or sparse):
        return BlockedCloud(problem, initial, rate, threads)
    if protocol.precision != "double":
        allowed = f"double for batches, or below {BLOCKED_FROM} features, or with decay, noise or sparse networks"
        raise SpecError("precision", protocol.precision, allowed)
    if protocol.batch > 1 and sparse:
        raise SpecError("batch", protocol.batch, "1 for sparse networks")
    if protocol.batch > 1:
        return BatchedCloud(problem, initial, rate, protocol.batch, kicks)
    return FusedCloud(problem, initial, rate, kicks, threads)


class FusedCloud:
    """The particles of a group of replicas in the fused kernel's layout."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float, kicks: Kicks, threads: int = 1) -> None:
        self.outputs, self.width, self.rate, self._kicks = problem.outputs, initial[0].shape[1], rate, kicks
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
        replicas, steps, coordinates = kicks.shape
        row = self.c.shape[3] if kicks.noisy else 0
        self._memory = fused.aligned_zeros((replicas, steps, parts, coordinates, row))
        self._kernel = fused.fused_kernel(
            problem.activation,
            problem.dim,
            problem.outputs,
            in_parallel,
            kicks.decays,
            kicks.noisy,
            problem.connectivity is not None,
        )

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        x = x.astype(float)
        for now in self._kicks.segments(x.shape[1]):
            kicks = self._next_kicks(now.stop - now.start)
            replica, k = self._kernel(
                self.c, self.w, x[:, now], y[:, now], self.rate, self.width, self._kicks.keep, kicks
            )
            if replica >= 0:
                return replica, now.start + k
        return -1, -1

    def _next_kicks(self, steps: int) -> Floats:
        """The kicks of the next steps in the layout of the particles, (R, steps, P, m + d, n), 0 in the padding."""
        if not self._kicks.noisy:
            return np.zeros((len(self.c), steps, *self._memory.shape[2:]))
        kicks = self._memory[:, :steps]
        for r, drawn in enumerate(self._kicks.draw(steps)):
            for p in range(kicks.shape[2]):
                part = drawn[..., p * self._share : (p + 1) * self._share]
                kicks[r, :, p, :, : part.shape[-1]] = part
        return kicks

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

    def __init__(self, problem: Problem, initial: list[Floats], rate: float, batch: int, kicks: Kicks) -> None:
        self.c, self.w = np.split(np.array(initial), [problem.outputs], axis=1)
        self.rate, self.batch, self._sigma, self._kicks = rate, batch, problem.sigma, kicks

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        x, y = (part.astype(float).reshape(len(part), -1, self.batch, part.shape[2]) for part in (x, y))
        return advance_batches(self._sigma, self.c, self.w, x, y, self.rate, self._kicks)

    def theta(self) -> Floats:
        return np.concatenate([self.c, self.w], axis=1)
