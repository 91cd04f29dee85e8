"""A step of the fused kernel with every activation against the same step with tanh: d = 1, one replica."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from peers.mfnn_sgd import Fused
from problems import tall
from timing import row, take_turns

from mfnn.numerics.kernel_activations import KERNEL_ACTIVATIONS
from mfnn.storage import write_table

WIDTHS = [1000, 10_000]
WORK = 2_000_000  # particle-steps of a call


def benchmark(width: int) -> list[dict[str, object]]:
    """All activations at one width."""
    rng, steps = np.random.default_rng(width), WORK // width
    c, w = rng.uniform(-1, 1, (1, width)), rng.uniform(-3, 3, (1, 1, width))
    x, y = rng.uniform(-1, 1, (1, steps, 1)), rng.normal(size=(1, steps))
    programs = {}
    for name in KERNEL_ACTIVATIONS:
        kernel = Fused(tall(1).model_copy(update={"activation": name}), c, w, x, y)
        kernel.advance()
        programs[name] = kernel.advance
    times = take_turns(programs)
    common = {"benchmark": "activations", "N": width, "d": 1}
    return [
        {**common, "activation": name, **row(times["tanh"], taken, steps * width)} for name, taken in times.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    write_table(pd.DataFrame([line for width in WIDTHS for line in benchmark(width)]), output)


if __name__ == "__main__":
    main()
