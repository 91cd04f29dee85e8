"""Follow one network of each of several widths, and the limit, through time."""

import argparse
from pathlib import Path

import numpy as np

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_dataset
from mfnn.studies.film.film import film


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--widths", required=True, type=int, nargs="+")
    parser.add_argument("--frames", required=True, type=int, help="times from 0 to the horizon")
    parser.add_argument("--points", required=True, type=int, help="of the density in each direction")
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    problem = unpack(read_dataset(args.data))
    times = np.linspace(0, problem.horizon, args.frames).round(12).tolist()
    write_dataset(film(problem, args.widths, times, args.points, args.root_seed), args.output)


if __name__ == "__main__":
    run(main)
