"""Take replicas' paths apart into drift, martingale, remainder and last interval; fit their orders."""

import argparse
import sys
from pathlib import Path

import numpy as np

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.proof.constants import constants
from mfnn.studies.proof.orders import measure, order_table, summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--observables", required=True, nargs="+")
    parser.add_argument("--widths", required=True, type=int, nargs="+")
    parser.add_argument("--replicas", required=True, type=int, nargs="+", help="one number a width")
    parser.add_argument("--resamples", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--table", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    problem = unpack(read_dataset(args.data))
    measured = {}
    for width, replicas in zip(args.widths, args.replicas, strict=True):
        measured[width] = measure(problem, width, replicas, args.observables, args.root_seed)
        print(f"{problem.name} N={width}: {replicas} replicas", file=sys.stderr)
    limit, rng = constants(problem, args.observables), np.random.default_rng([args.root_seed, 5])
    write_table(order_table(measured, args.observables, limit), args.table)
    write_json(summary(problem.name, measured, args.observables, limit, args.resamples, rng), args.summary)


if __name__ == "__main__":
    run(main)
