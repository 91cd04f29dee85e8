"""A step of two hidden layers here, in numpy, torch and jax, and the bound of reading and writing N² numbers once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from machine import traffic
from peers.c_sgd import COMPILER
from peers.deep import JaxDeep, NumpyDeep, OursDeep, TorchDeep
from problems import agree
from timing import row, take_turns

from mfnn.storage import write_table

WIDTHS = [200, 1000, 2000, 4000]
RATE, TOLERANCE, ROUNDS = 4.0, 1e-11, 5
WORK = 400_000_000  # weights between the layers times steps of a call
PEERS: dict[str, Callable[..., Any]] = {"numpy": NumpyDeep, "torch": TorchDeep, "jax": JaxDeep}


def benchmark(width: int) -> list[dict[str, object]]:
    """All programs at one width, each checked to reach our parameters, single precision to its own."""
    steps = max(8, WORK // width**2)
    rng = np.random.default_rng(width)
    start = rng.uniform(-3, 3, width), rng.uniform(-0.5, 1.5, (width, width)), rng.uniform(-1, 2, width)
    x, y = rng.uniform(-1, 1, steps), rng.normal(size=steps)
    ours = OursDeep(start, x, y, RATE / width)
    ours.advance()
    reached = tuple(part.copy() for part in ours.state())
    w, v, c = (part.astype("f4") for part in start)
    single = OursDeep((w, v, c), x, y, RATE / width)
    single.advance()
    differences = {"mfnn, single": agree(f"single at N = {width}", reached, single.state(), 1e-3)}
    programs: dict[str, Callable[[], object]] = {"mfnn": ours.advance, "mfnn, single": single.advance}
    for name, peer in PEERS.items():
        theirs = peer(start, x, y, RATE / width)
        theirs.advance()
        differences[name] = agree(f"{name} at N = {width}", reached, theirs.state(), TOLERANCE)
        programs[name] = theirs.advance
    if COMPILER:
        programs["memory bound"] = traffic(width - 2, width, steps)  # N² numbers in all
    times = take_turns(programs, ROUNDS)
    common = {"benchmark": "deep", "N": width, "steps": steps}
    return [
        {**common, "peer": name, **row(times["mfnn"], taken, steps * width**2)}
        | ({"difference": differences[name]} if name in differences else {})
        for name, taken in times.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    if not COMPILER:
        print("deep: no C compiler here, so no rows for the machine's bound", file=sys.stderr)
    rows = []
    for width in WIDTHS:
        rows += benchmark(width)
        print(f"deep: N = {width} done", file=sys.stderr)
    write_table(pd.DataFrame(rows), output)


if __name__ == "__main__":
    main()
