"""Train every start on every sequence of samples at one width and write the outputs at held-out points."""

import argparse
from pathlib import Path

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_dataset
from mfnn.studies.sources.crossing import crossed_outputs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--width", required=True, type=int)
    parser.add_argument("--count", required=True, type=int, help="starts, and as many sequences of samples")
    parser.add_argument("--points", required=True, type=int, help="held-out points, the first ones")
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    data = read_dataset(args.data)
    points = data["evaluation_x"].values[: args.points]
    outputs = crossed_outputs(unpack(data), args.width, args.count, points, args.root_seed)
    write_dataset(outputs.to_dataset(), args.output)


if __name__ == "__main__":
    run(main)
