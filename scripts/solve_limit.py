"""Solve a scenario's limit equation to a certified tolerance; write its functionals and samples of its law."""

import argparse
from pathlib import Path

import numpy as np

from mfnn.learning.scenario import unpack
from mfnn.limit.record import law_sample, limit_record, marginal_densities
from mfnn.limit.solve import solve_limit
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_dataset

DENSITY_POINTS = 241


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--times", required=True, type=float, nargs="+")
    parser.add_argument("--snapshots", required=True, type=float, nargs="+", help="times at which the law is sampled")
    parser.add_argument("--observables", required=True, nargs="+")
    parser.add_argument("--tolerance", required=True, type=float)
    parser.add_argument("--draws", required=True, type=int, help="independent draws from the law")
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--law", required=True, type=Path)
    args = parser.parse_args()
    data = read_dataset(args.data)
    problem = unpack(data)
    limit = solve_limit(problem, args.times, args.tolerance, args.observables)
    record = limit_record(problem, limit.times, limit.certificate, args.observables, data)
    law = law_sample(limit, args.snapshots, args.draws, np.random.default_rng([args.root_seed, 1]))
    if len(problem.coordinate_names) == 2:
        law = law.merge(marginal_densities(limit, args.snapshots, law, DENSITY_POINTS))
    write_dataset(record.assign_attrs(tolerance=args.tolerance, method="certified"), args.output)
    write_dataset(law, args.law)


if __name__ == "__main__":
    run(main)
