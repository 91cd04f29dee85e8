"""One large replica in one thread and in two: wall time, and the same parameters to the bit."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numba
import numpy as np
import pandas as pd
from problems import images, tall
from timing import row, take_turns

from mfnn import Problem
from mfnn.learning.protocol import THEOREM
from mfnn.particles.clouds import new_cloud
from mfnn.spec import Floats
from mfnn.storage import write_table

SHAPES = [(1, 100_000), (1, 1_000_000), (784, 31_623)]  # d, N
WORK, ROUNDS = 100_000_000, 5  # particles times features times steps of a call
THREADS = 2


def benchmark(dim: int, width: int) -> list[dict[str, object]]:
    """The kernel of that shape in one thread and in two."""
    rng, steps = np.random.default_rng(width), max(64, WORK // (width * dim))
    problem, x, y = line(steps, rng) if dim == 1 else images(steps, rng)
    x, y = x[None], y[None]
    start = problem.initial.sample(rng, width, problem.outputs, dim)
    clouds = {threads: new_cloud(problem, THEOREM, [start.copy()], [], threads) for threads in (1, THREADS)}
    programs = {f"{threads} threads": lambda cloud=cloud: cloud.advance(x, y) for threads, cloud in clouds.items()}
    take_turns(programs, 1)
    times = take_turns(programs, ROUNDS, time.perf_counter)
    alone, together = (cloud.theta() for cloud in clouds.values())
    if not np.array_equal(alone, together):
        raise SystemExit(f"d = {dim}, N = {width}: two threads do not give the bits of one")
    common = {"benchmark": "threads", "N": width, "d": dim}
    ours = times[f"{THREADS} threads"]
    return [{**common, "peer": name, **row(ours, taken, steps * width)} for name, taken in times.items()]


def line(steps: int, rng: np.random.Generator) -> tuple[Problem, Floats, Floats]:
    """The problem with d = 1, and x (K, 1) and y (K, 1)."""
    return tall(1), rng.uniform(-1, 1, (steps, 1)), rng.normal(size=(steps, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    if numba.config.NUMBA_NUM_THREADS < THREADS:
        raise SystemExit("threads: NUMBA_NUM_THREADS=2 is needed")
    numba.set_num_threads(THREADS)
    rows = []
    for dim, width in SHAPES:
        rows += benchmark(dim, width)
        print(f"threads: d = {dim}, N = {width} done", file=sys.stderr)
    write_table(pd.DataFrame(rows), output)


if __name__ == "__main__":
    main()
