"""Draw trained parameters on handwritten digits by width, the accuracy, and how much two runs differ."""

import argparse
from pathlib import Path

from mfnn.particles.collect import clouds
from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.settling.figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--law", required=True, type=Path)
    parser.add_argument("--particles", required=True, type=Path, nargs="+", help="each width's first job")
    parser.add_argument("--accuracy", required=True, type=Path)
    parser.add_argument("--distances", required=True, type=Path)
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    accuracy, distances = read_table(args.accuracy), read_table(args.distances)
    save(draw(clouds(args.particles), read_dataset(args.law), accuracy, distances), args.outputs)


if __name__ == "__main__":
    run(main)
