"""Measure the distances of trained laws to the limit law, beside their i.i.d. null, and fit their rates in the width."""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from mfnn.particles.collect import clouds
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.distances.measured import distances_to_limit, fit_distances, summary_to_limit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--law", required=True, type=Path, help="samples of the limit law")
    parser.add_argument("--particles", required=True, type=Path, nargs="+", help="jobs that kept all particles")
    parser.add_argument("--clouds", required=True, type=int, nargs="+", help="replicas to measure, by width")
    parser.add_argument("--resamples", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--distances", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    law = read_dataset(args.law)
    trained = zip(clouds(args.particles).values(), args.clouds, strict=True)
    table = pd.concat([distances_to_limit(cloud[:count], law) for cloud, count in trained], ignore_index=True)
    fits = fit_distances(table, args.resamples, np.random.default_rng([args.root_seed, 3]))
    write_table(table, args.distances)
    write_json(summary_to_limit(args.scenario, table, fits), args.summary)


if __name__ == "__main__":
    run(main)
