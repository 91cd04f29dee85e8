"""How a call's time grows: the exponents of the width N, the steps K and the features d, fitted with intervals."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from peers.mfnn_sgd import BlockedReplica, Fused
from problems import tall
from scipy.stats import linregress, t
from timing import ROUNDS, take_turns

from mfnn.particles.clouds import BLOCKED_FROM
from mfnn.storage import write_table


class Shape(NamedTuple):
    """One training: particles, steps, features."""

    N: int
    K: int
    d: int


SERIES = {  # what grows, and the kernel: shapes that differ in it alone
    ("N", "fused"): [Shape(n, 256, 1) for n in (1000, 2000, 4000, 8000, 16_000)],
    ("K", "fused"): [Shape(1000, k, 1) for k in (500, 1000, 2000, 4000)],
    ("d", "fused"): [Shape(1000, 256, d) for d in (5, 8, 12, 16, 20)],
    ("N", "blocked"): [Shape(n, 128, 256) for n in (250, 500, 1000, 2000)],
    ("K", "blocked"): [Shape(250, k, 256) for k in (128, 256, 512, 1024)],
    ("d", "blocked"): [Shape(500, 128, d) for d in (98, 196, 392, 784)],
}


def training(shape: Shape) -> Fused | BlockedReplica:
    """One replica of that shape, trained once."""
    rng = np.random.default_rng(shape)
    c, w = rng.uniform(-1, 1, (1, shape.N)), rng.uniform(-3, 3, (1, shape.d, shape.N)) / np.sqrt(shape.d)
    x, y = rng.uniform(-1, 1, (1, shape.K, shape.d)), rng.normal(size=(1, shape.K))
    ours = (BlockedReplica if shape.d >= BLOCKED_FROM else Fused)(tall(shape.d), c, w, x, y)
    ours.advance()
    return ours


def exponent(variable: str, kernel: str, shapes: list[Shape]) -> dict[str, object]:
    """The slope of log time in log size and its 95 % interval over the rounds, each of which is fitted alone."""
    times = take_turns({str(shape): training(shape).advance for shape in shapes})
    sizes = np.log([getattr(shape, variable) for shape in shapes])
    slopes = np.array([linregress(sizes, np.log(taken)).slope for taken in zip(*times.values(), strict=True)])
    margin = t.ppf(0.975, ROUNDS - 1) * slopes.std(ddof=1) / np.sqrt(ROUNDS)
    return {
        "benchmark": "growth",
        "variable": variable,
        "kernel": kernel,
        "smallest": min(getattr(shape, variable) for shape in shapes),
        "largest": max(getattr(shape, variable) for shape in shapes),
        "exponent": slopes.mean(),
        "low": slopes.mean() - margin,
        "high": slopes.mean() + margin,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    write_table(pd.DataFrame([exponent(*key, shapes) for key, shapes in SERIES.items()]), output)


if __name__ == "__main__":
    main()
