"""Fit the power laws of the distances to the limit law in the width."""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from mfnn.command import run
from mfnn.settling import fit_distances, summary_to_limit
from mfnn.storage import read_table, write_json, write_table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--distances", required=True, type=Path, nargs="+", help="one table a width")
    parser.add_argument("--resamples", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--output", required=True, type=Path, help="all widths in one table")
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    table = pd.concat([read_table(path) for path in args.distances], ignore_index=True)
    fits = fit_distances(table, args.resamples, np.random.default_rng([args.root_seed, 3]))
    write_table(table, args.output)
    write_json(summary_to_limit(args.scenario, table, fits), args.summary)


if __name__ == "__main__":
    run(main)
