"""The fused kernel at d = 1, m = 1, tanh, against numpy.tanh alone and the same training in numpy, jax and torch."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from peers.jax_sgd import JaxSGD
from peers.mfnn_sgd import Fused
from peers.numpy_sgd import NumpySGD
from peers.torch_sgd import TorchSGD
from problems import agree, sine1d
from timing import compare, row

from mfnn.data import Streams
from mfnn.storage import write_table

WIDTHS = [round(10**exponent) for exponent in np.arange(2, 6.1, 0.5)]
LARGEST_GROUP = 32  # replicas trained at once at small widths
GROUP = 32768  # particles trained at once, where that is less
WORK, FEWEST_STEPS = 4_000_000, 64  # particle-steps a call, and steps, so that nothing is set up too often
TOLERANCE = 1e-10
PEERS = {"numpy": NumpySGD, "jax": JaxSGD, "torch": TorchSGD}


def benchmark(width: int) -> list[dict[str, object]]:
    """All peers at one width, each checked before it is timed."""
    problem, replicas = sine1d(), max(1, min(LARGEST_GROUP, GROUP // width))
    steps = max(FEWEST_STEPS, WORK // (width * replicas))
    streams = [Streams(np.random.SeedSequence(0, spawn_key=(width, r))) for r in range(replicas)]
    start = np.stack([problem.initial.sample(s.initial, width, 1, 1) for s in streams], axis=1)
    samples = zip(*(problem.data.sample(s, steps) for s in streams), strict=True)
    x, y = (np.stack(part)[:, :, 0] for part in samples)
    ours = Fused(problem, *start, x, y)
    ours.advance()
    trained = ours.state()

    common = {"benchmark": "fused_kernel", "N": width, "d": 1, "replicas": replicas}
    particle_steps, rows = steps * replicas * width, []
    numbers, out = start[1, 0].copy(), np.zeros(width)

    def tanh_alone() -> None:
        for _ in range(steps * replicas):
            np.tanh(numbers, out=out)

    tanh_alone()
    comparisons = {"numpy.tanh": compare(ours.advance, tanh_alone)}
    rows.append({**common, "peer": "numpy.tanh", **row(comparisons["numpy.tanh"], particle_steps)})
    for name, peer in PEERS.items():
        theirs = peer(*start, x, y, problem.learning_rate / width)
        theirs.advance()
        difference = agree(f"{name} at N = {width}", trained, theirs.state(), TOLERANCE)
        comparisons[name] = compare(ours.advance, theirs.advance)
        rows.append({**common, "peer": name, **row(comparisons[name], particle_steps), "difference": difference})
    own = np.median(np.concatenate([comparison.ours for comparison in comparisons.values()]))
    rows.insert(0, {**common, "peer": "mfnn", "ns_per_particle_step": 1e9 * own / particle_steps})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    rows = []
    for width in WIDTHS:
        rows += benchmark(width)
        print(f"fused_kernel: N = {width} done", file=sys.stderr)
    write_table(pd.DataFrame(rows), output)


if __name__ == "__main__":
    main()
