"""Measure how the trained laws of independent runs settle with the width, and the accuracy on held-out images."""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from mfnn.particles.collect import by_width, clouds
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.settling.settling import (
    accuracy_summary,
    accuracy_table,
    distances_between_runs,
    summary_between_runs,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--limit", required=True, type=Path)
    parser.add_argument("--law", required=True, type=Path, help="nodes of the limit law")
    parser.add_argument("--particles", required=True, type=Path, nargs="+", help="jobs that kept all particles")
    parser.add_argument("--resamples", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--distances", required=True, type=Path)
    parser.add_argument("--accuracy", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    rng = np.random.default_rng([args.root_seed, 4])
    data, limit = read_dataset(args.data), read_dataset(args.limit)
    nodes = read_dataset(args.law)["reference"]
    table = pd.concat([distances_between_runs(cloud, nodes, rng) for cloud in clouds(args.particles).values()])
    accuracy = accuracy_table(by_width(args.particles), limit, data["evaluation_y"].values)
    write_table(table, args.distances)
    write_table(accuracy, args.accuracy)
    numbers = summary_between_runs(args.scenario, table, args.resamples, rng)
    write_json({**numbers, **accuracy_summary(args.scenario, accuracy)}, args.summary)


if __name__ == "__main__":
    run(main)
