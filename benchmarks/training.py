"""The same training, σ = tanh and one output, in this project, numpy, torch, jax and C, and the machine's own bounds.

Every program is first checked to reach our parameters; then all take turns, round by round, in one session.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from machine import arithmetic, traffic
from peers.c_sgd import COMPILER, CSGD
from peers.jax_sgd import JaxSGD
from peers.mfnn_sgd import BlockedReplica, Fused
from peers.numpy_sgd import NumpySGD
from peers.torch_sgd import TorchModule, TorchSGD
from problems import agree, tall
from timing import row, take_turns

from mfnn.particles.clouds import BLOCKED_FROM
from mfnn.storage import write_table

GRID = [  # d, widths
    (1, [100, 316, 1000, 3162, 10_000, 100_000, 1_000_000]),
    (3, [1000, 100_000]),
    (10, [1000, 100_000]),
    (64, [1000, 10_000]),
    (784, [100, 1000, 10_000]),
]
LARGEST_GROUP, GROUP = 32, 32768  # replicas, and their particles, trained at once at small widths and d = 1
WORK = 2_000_000  # particles times features times steps of a call, but at least
FEWEST_STEPS = 64  # many beside the one pass more than steps that the fused kernel makes
ROUNDS, SLOW_ROUNDS, SLOW = 9, 3, 1.0  # fewer rounds where a round takes more than a second
TOLERANCE = 1e-12
PEERS: dict[str, Callable[..., Any]] = {
    "numpy": NumpySGD,
    "torch": TorchSGD,
    "torch module": TorchModule,
    "jax": JaxSGD,
}
PEERS |= {"C": CSGD} if COMPILER else {}


def benchmark(dim: int, width: int) -> list[dict[str, object]]:
    """All programs at one shape."""
    problem, replicas = tall(dim), max(1, min(LARGEST_GROUP, GROUP // width)) if dim == 1 else 1
    steps = max(FEWEST_STEPS, WORK // (width * replicas * dim))
    rng = np.random.default_rng([dim, width])
    c, w = rng.uniform(-1, 1, (replicas, width)), rng.uniform(-3, 3, (replicas, dim, width)) / np.sqrt(dim)
    x, y = rng.uniform(-1, 1, (replicas, steps, dim)), rng.normal(size=(replicas, steps))
    ours = (BlockedReplica if dim >= BLOCKED_FROM else Fused)(problem, c, w, x, y)
    ours.advance()
    c_trained, w_trained = (part.copy() for part in ours.state())
    differences = {}
    programs: dict[str, Callable[[], object]] = {"mfnn": ours.advance}
    for name, peer in PEERS.items():
        theirs = peer(c, w, x, y, problem.learning_rate / width)
        theirs.advance()
        differences[name] = agree(
            f"{name} at d = {dim}, N = {width}", (c_trained, w_trained), theirs.state(), TOLERANCE
        )
        programs[name] = theirs.advance
    programs |= yardsticks(dim, width, steps * replicas)
    rounds = ROUNDS if sum(take_turns(programs, 1).values()) < SLOW else SLOW_ROUNDS
    common = {"benchmark": "training", "N": width, "d": dim, "replicas": replicas, "steps": steps}
    times = take_turns(programs, rounds)
    return [
        {**common, "peer": name, **row(times["mfnn"], taken, steps * replicas * width)}
        | ({"difference": differences[name]} if name in differences else {})
        for name, taken in times.items()
    ]


def yardsticks(dim: int, width: int, passes: int) -> dict[str, Callable[[], object]]:
    """numpy.tanh alone on as many particles, and the bounds of the machine where they can be compiled."""
    numbers, out = np.linspace(-3, 3, width), np.zeros(width)

    def tanh_alone() -> None:
        for _ in range(passes):
            np.tanh(numbers, out=out)

    programs: dict[str, Callable[[], object]] = {"numpy.tanh": tanh_alone}
    if COMPILER:
        programs["arithmetic bound"] = arithmetic(dim, passes * width)
        if dim < BLOCKED_FROM:
            programs["memory bound"] = traffic(dim, width, passes)
    return programs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    if not COMPILER:
        print("training: no C compiler here, so no rows for C and for the machine's bounds", file=sys.stderr)
    rows = []
    for dim, widths in GRID:
        for width in widths:
            rows += benchmark(dim, width)
            print(f"training: d = {dim}, N = {width} done", file=sys.stderr)
    write_table(pd.DataFrame(rows), output)


if __name__ == "__main__":
    main()
