"""Draw N times the variance of outputs by width and source: MNIST, and the reduced digits with their prediction."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show import style
from mfnn.storage import read_json, read_table
from mfnn.studies.sources.figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--totals", required=True, type=Path)
    parser.add_argument("--crossed", required=True, type=Path)
    parser.add_argument("--reduced", required=True, type=Path)
    parser.add_argument("--predicted", required=True, type=Path)
    parser.add_argument("--outputs", required=True, type=Path, nargs=2)
    args = parser.parse_args()
    tables = map(read_table, (args.totals, args.crossed, args.reduced))
    style.save(draw(*tables, read_json(args.predicted)), args.outputs)


if __name__ == "__main__":
    run(main)
