"""Measure the distances of one width's trained laws to the limit law, beside their i.i.d. null."""

import argparse
from pathlib import Path

from mfnn.command import run
from mfnn.particles.collect import clouds
from mfnn.settling import distances_to_limit
from mfnn.storage import read_dataset, write_table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--law", required=True, type=Path, help="samples of the limit law")
    parser.add_argument("--particles", required=True, type=Path, nargs="+", help="jobs that kept all particles")
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--clouds", required=True, type=int, help="replicas to measure")
    args = parser.parse_args()
    (trained,) = clouds(args.particles).values()
    write_table(distances_to_limit(trained[: args.clouds], read_dataset(args.law)), args.output)


if __name__ == "__main__":
    run(main)
