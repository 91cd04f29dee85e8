"""Hold the variants against what is predicted of them: variances, and power laws of sizes."""

import argparse
from pathlib import Path

import numpy as np

from mfnn.learning.variants import jobs_of
from mfnn.pipeline.command import run
from mfnn.storage import read_table, write_json, write_table
from mfnn.studies.controls.measures import sizes, summary, variances


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", required=True, help="the variants as JSON")
    parser.add_argument("--runs", required=True, type=Path, help="what was trained of them")
    parser.add_argument("--resamples", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--variances", required=True, type=Path)
    parser.add_argument("--sizes", required=True, type=Path)
    parser.add_argument("--fits", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    jobs, table = jobs_of(args.spec), read_table(args.runs)
    ratios = variances(jobs, table)
    measured, fits = sizes(jobs, table, args.resamples, np.random.default_rng([args.root_seed, 5]))
    write_table(ratios, args.variances)
    write_table(measured, args.sizes)
    write_table(fits, args.fits)
    write_json(summary(ratios, fits), args.summary)


if __name__ == "__main__":
    run(main)
