"""Draw the terms of the proof against the width with what the limit predicts."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.proof.figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", required=True, type=Path)
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    save(draw(read_table(args.table)), args.outputs)


if __name__ == "__main__":
    run(main)
