"""What is trained: replicas of one width, and what each of them draws from its seed.

Replica r of width N draws everything from `SeedSequence(root_seed, spawn_key=(problem, N, r))`: its trajectory does
not depend on which replicas are trained beside it, in what order, or on how many cores.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from mfnn.learning.data import Streams
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import Protocol
from mfnn.storage import version


@dataclass(frozen=True)
class Run:
    """Replicas of width N, trained on a problem by a protocol; all see the samples of replica `samples_of`, if given."""

    problem: Problem
    protocol: Protocol
    width: int
    replicas: tuple[int, ...]
    root_seed: int
    samples_of: int | None

    def streams(self, replica: int) -> Streams:
        """The random streams of a replica, those of the samples from another one where `samples_of` names it."""
        streams = Streams(replica_seed(self.problem, self.width, replica, self.root_seed))
        if self.samples_of is not None:
            other = Streams(replica_seed(self.problem, self.width, self.samples_of, self.root_seed))
            streams.inputs, streams.labels = other.inputs, other.labels
        return streams

    def origin(self) -> dict[str, Any]:
        """The attributes of a record: what made it, so that it can be made again.

        A seed beyond 64 bits, which files have no number for, is written out in digits.
        """
        seed = self.root_seed if self.root_seed < 2**63 else str(self.root_seed)
        made: dict[str, Any] = {"problem": self.problem.name, "width": self.width}
        made |= {"learning_rate": self.problem.learning_rate, "protocol": self.protocol.model_dump_json()}
        made |= self.problem.model_dump(include={"temperature", "connectivity"})
        made |= {"decay": self.problem.decay.model_dump_json()} if self.problem.damping.any() else {}
        made |= {"root_seed": seed} | ({} if self.samples_of is None else {"samples_of": self.samples_of})
        return made | {"mfnn_version": version()}


def replica_seed(
    problem: Problem, width: int | tuple[int, int], replica: int, root_seed: int
) -> np.random.SeedSequence:
    """The seed of one replica: the root seed with the key (scenario, width, replica), two unequal layers' widths both."""
    scenario = int.from_bytes(hashlib.sha256(problem.name.encode()).digest()[:4], "big")
    return np.random.SeedSequence(root_seed, spawn_key=(scenario, *np.atleast_1d(width).tolist(), replica))
