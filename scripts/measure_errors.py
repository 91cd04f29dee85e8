"""Hold every replica's observables against the limit: errors, their moments, their power laws in the width."""

import argparse
from pathlib import Path

import numpy as np

from mfnn.learning.scenario import unpack
from mfnn.particles.collect import by_width
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.convergence import errors as convergence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--limit", required=True, type=Path)
    parser.add_argument("--particles", required=True, type=Path, nargs="+")
    parser.add_argument("--resamples", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--errors", required=True, type=Path)
    parser.add_argument("--sup", required=True, type=Path)
    parser.add_argument("--fits", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    data, limit = read_dataset(args.data), read_dataset(args.limit)
    problem = unpack(data)
    errors = convergence.observed_errors(by_width(args.particles), limit, data, problem.data.noise_deviation)
    fits = convergence.fit_errors(errors, limit, args.resamples, np.random.default_rng([args.root_seed, 2]))
    write_table(convergence.error_table(errors, limit), args.errors)
    write_table(convergence.sup_table(errors), args.sup)
    write_table(convergence.fit_table(fits), args.fits)
    numbers = convergence.summary(problem.name, errors, fits)
    write_json({**numbers, **convergence.limit_summary(problem.name, limit)}, args.summary)


if __name__ == "__main__":
    run(main)
