"""Train the same networks in single and in double precision and measure the difference of their outputs."""

import argparse
from pathlib import Path

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json
from mfnn.studies.precision.precision import precision_gap


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--widths", required=True, type=int, nargs="+")
    parser.add_argument("--replicas", required=True, type=int)
    parser.add_argument("--points", required=True, type=int, help="held-out points, the first ones")
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    data = read_dataset(args.data)
    points = data["evaluation_x"].values[: args.points]
    numbers: dict[str, float] = {}
    for name, width in (("narrow", min(args.widths)), ("wide", max(args.widths))):
        gap = precision_gap(unpack(data), width, args.replicas, points, args.root_seed)
        key = f"{args.scenario}.precision.{name}"
        numbers |= {key: gap["difference"] / gap["spread"], f"{key}_width": width}
    write_json(numbers, args.summary)


if __name__ == "__main__":
    run(main)
