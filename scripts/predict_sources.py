"""Predict what the start and what the samples contribute to the fluctuations of a scenario's output."""

import argparse
from pathlib import Path

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json
from mfnn.studies.sources.crossing import predicted_sources
from mfnn.verdicts.rates import entry


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--points", required=True, type=int, help="held-out points, the first ones")
    parser.add_argument("--tolerance", required=True, type=float, help="of the limit that is linearised")
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    data = read_dataset(args.data)
    parts = predicted_sources(unpack(data), data["evaluation_x"].values[: args.points], args.tolerance)
    write_json({source: entry(part) for source, part in parts.items()}, args.output)


if __name__ == "__main__":
    run(main)
