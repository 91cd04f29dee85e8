"""`solve_limit` on `sine1d` at tolerance 1e-9: its time, and its error against the ten digits known beforehand."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from problems import sine1d
from timing import take_turns

from mfnn import Limit, solve_limit
from mfnn.storage import write_table

TOLERANCE = 1e-9
TIMES = [0.0, 1.0, 2.0]
REFERENCE = {  # at t = 2
    "c^2": 1.2109630844,
    "w0^2": 3.7286544184,
    "c*w0": 1.8802852024,
    "cos(w0)": -0.0947020304,
    "g(0.5)": 0.6497111523,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    problem = sine1d()

    def solve() -> Limit:
        return solve_limit(problem, TIMES, TOLERANCE, list(REFERENCE))

    limit = solve()
    errors = [abs(limit.mean(name)[-1] - value) for name, value in REFERENCE.items()]
    (times,) = take_turns({"solve_limit": solve}).values()
    result = {
        "benchmark": "limit_solver",
        "tolerance": TOLERANCE,
        "seconds": np.median(times),
        "seconds_low": times.min(),
        "seconds_high": times.max(),
        "certified_error": max(limit.error(name)[-1] for name in REFERENCE),
        "error": max(errors),
    }
    write_table(pd.DataFrame([result]), output)


if __name__ == "__main__":
    main()
