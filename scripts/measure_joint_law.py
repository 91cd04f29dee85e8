"""Measure how far the joint law of two neurons is from the product of its marginals."""

import argparse
from pathlib import Path

import numpy as np

from mfnn.particles.collect import by_width
from mfnn.pipeline.command import run
from mfnn.storage import write_json, write_table
from mfnn.studies.chaos.joint_law import joint_law_table, summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--particles", required=True, type=Path, nargs="+")
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--joint", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    pairs = {width: runs["path"].isel(time=-1) for width, runs in by_width(args.particles).items()}
    table = joint_law_table(pairs, np.random.default_rng([args.root_seed, 8]))
    write_table(table, args.joint)
    write_json(summary(args.scenario, table), args.summary)


if __name__ == "__main__":
    run(main)
