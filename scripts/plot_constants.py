"""Draw N times the variances and covariances against the width with their predictions."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.constants.figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", required=True, nargs="+", help="in the order of the cells")
    parser.add_argument("--cells", required=True, type=Path, nargs="+", help="one table a scenario")
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    save(draw(dict(zip(args.scenarios, map(read_table, args.cells), strict=True))), args.outputs)


if __name__ == "__main__":
    run(main)
