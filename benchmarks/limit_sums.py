"""One velocity of the limit here, in numpy, torch and jax, and the bound of one tanh and the products a pre-activation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from machine import arithmetic
from peers.c_sgd import COMPILER
from peers.velocity import jax_velocity, numpy_velocity, torch_velocity
from problems import agree
from timing import row, take_turns

from mfnn.limit import sums
from mfnn.storage import write_table

SHAPES = [(1, 40, 1200), (3, 150, 2048), (11, 442, 1024), (31, 569, 1024), (785, 512, 1024)]  # d, data, nodes
WORK = 4_000_000  # pre-activations of a call
PEERS = {"numpy": numpy_velocity, "torch": torch_velocity, "jax": jax_velocity}


def benchmark(dim: int, points: int, nodes: int) -> list[dict[str, object]]:
    """All programs at one shape, each checked to find our velocity; σ = tanh, one output."""
    rng = np.random.default_rng(dim)
    x, y = rng.normal(size=(points, dim)) / np.sqrt(dim), rng.normal(size=(points, 1))
    w, c, p = rng.normal(size=(dim, nodes)), rng.uniform(-1, 1, (1, nodes)), np.full(nodes, 1 / nodes)
    force, calls = np.full(points, 1 / points), max(1, WORK // (points * nodes * dim))

    def ours() -> np.ndarray:
        return sums.self_consistent("tanh", x, y, w, c, p, force)

    def often(velocity: Callable[[], object]) -> Callable[[], object]:
        return lambda: [velocity() for _ in range(calls)]

    reached, programs = ours(), {"mfnn": often(ours)}
    for name, peer in PEERS.items():
        velocity = peer(x, y, w, c, p, force)
        agree(f"{name} at d = {dim}", (reached,), (np.asarray(velocity()),), 1e-11)
        programs[name] = often(velocity)
    if COMPILER:
        programs["arithmetic bound"] = arithmetic(dim, calls * points * nodes)
    times = take_turns(programs)
    common = {"benchmark": "limit_sums", "d": dim, "points": points, "N": nodes}
    size = calls * points * nodes
    return [{**common, "peer": name, **row(times["mfnn"], taken, size)} for name, taken in times.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    if not COMPILER:
        print("limit_sums: no C compiler here, so no rows for the machine's bound", file=sys.stderr)
    write_table(pd.DataFrame([line for shape in SHAPES for line in benchmark(*shape)]), output)


if __name__ == "__main__":
    main()
