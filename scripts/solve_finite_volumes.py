"""Solve a limit equation by finite volumes on three grids and hold the result against characteristics."""

import argparse
import json
from pathlib import Path

from mfnn.learning.problem import Problem
from mfnn.learning.scenario import unpack
from mfnn.limit.solve import solve_limit
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.finite_volumes.refinement import grid_study, grid_summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--name", required=True, help="what the problem is called with its initial law")
    parser.add_argument("--initial", required=True, type=json.loads, help="the initial law, JSON")
    parser.add_argument("--times", required=True, type=float, nargs="+")
    parser.add_argument("--observables", required=True, nargs="+")
    parser.add_argument("--tolerance", required=True, type=float, help="of the limit by characteristics")
    parser.add_argument("--cells", required=True, type=int, help="a direction, on the coarsest of three grids")
    parser.add_argument("--table", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    spec = unpack(read_dataset(args.data)).model_dump()
    problem = Problem.model_validate({**spec, "name": args.name, "initial": args.initial})
    limit = solve_limit(problem, args.times, args.tolerance, args.observables)
    table = grid_study(limit, args.observables, args.cells)
    write_table(table, args.table)
    write_json(grid_summary(problem.name, table), args.summary)


if __name__ == "__main__":
    run(main)
