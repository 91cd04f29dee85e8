"""The blocked kernel at d = 784, m = 10, against matrix-vector numpy SGD and against its matrix products alone.

The ratio to "dgemm", those two products alone, is the share of the machine's own GEMM rate that the kernel reaches.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from peers.mfnn_sgd import Blocked
from peers.numpy_sgd import NumpyMatvec
from problems import agree, images
from timing import row, take_turns

from mfnn.particles.blocked import BLOCK
from mfnn.storage import write_table

WIDTHS = [1000, 10_000]
STEPS, ROUNDS = BLOCK, 7
TOLERANCE = 1e-12


def benchmark(width: int) -> list[dict[str, object]]:
    """Our kernel and both peers at one width, numpy checked before it is timed."""
    rng = np.random.default_rng(width)
    problem, x, y = images(STEPS, rng)
    start = problem.initial.sample(rng, width, problem.outputs, problem.dim)
    c, w = start[: problem.outputs], np.ascontiguousarray(start[problem.outputs :].T)
    ours, numpy = Blocked(problem, c, w, x, y), NumpyMatvec(c, w, x, y, problem.learning_rate / width)
    ours.advance()
    numpy.advance()
    difference = agree(f"numpy at N = {width}", ours.state(), numpy.state(), TOLERANCE)

    z, u = np.zeros((BLOCK, width)), rng.random((BLOCK, width))
    moved = np.zeros_like(w)

    def products_alone() -> None:
        np.matmul(x, w.T, out=z)
        np.matmul(u.T, x, out=moved)

    products_alone()
    programs = {"mfnn": ours.advance, "numpy matvec": numpy.advance, "dgemm": products_alone}
    times = take_turns(programs, ROUNDS)
    common = {"benchmark": "blocked_kernel", "N": width, "d": problem.dim, "replicas": 1}
    rows = [{**common, "peer": name, **row(times["mfnn"], taken, STEPS * width)} for name, taken in times.items()]
    rows[1]["difference"] = difference
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    rows = []
    for width in WIDTHS:
        rows += benchmark(width)
        print(f"blocked_kernel: N = {width} done", file=sys.stderr)
    write_table(pd.DataFrame(rows), output)


if __name__ == "__main__":
    main()
