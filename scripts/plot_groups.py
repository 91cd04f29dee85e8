"""Draw products over groups of neurons, and means over groups that grow, against the width."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.chaos.groups_figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", required=True, type=Path)
    parser.add_argument("--sizes", required=True, type=Path)
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    save(draw(read_table(args.products), read_table(args.sizes)), args.outputs)


if __name__ == "__main__":
    run(main)
