"""Draw the errors of the test functions against the width with their fitted power laws."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.convergence.rates_figure import Measured, draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", required=True, nargs="+", help="in the order of the tables")
    parser.add_argument("--errors", required=True, type=Path, nargs="+", help="one table a scenario")
    parser.add_argument("--sup", required=True, type=Path, nargs="+")
    parser.add_argument("--fits", required=True, type=Path, nargs="+")
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    tables = zip(args.errors, args.sup, args.fits, strict=True)
    measured = [Measured(*map(read_table, paths)) for paths in tables]
    save(draw(dict(zip(args.scenarios, measured, strict=True))), args.outputs)


if __name__ == "__main__":
    run(main)
