"""Draw what the fluctuation formula predicts of other ways to train, and the negative controls."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.controls.figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variances", required=True, type=Path)
    parser.add_argument("--sizes", required=True, type=Path)
    parser.add_argument("--fits", required=True, type=Path)
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    save(draw(*map(read_table, (args.variances, args.sizes, args.fits))), args.outputs)


if __name__ == "__main__":
    run(main)
