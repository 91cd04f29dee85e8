"""Draw the population risk over time by width and in the limit."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.convergence.risk_figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", required=True, nargs="+", help="in the order of the tables")
    parser.add_argument("--errors", required=True, type=Path, nargs="+", help="one table a scenario")
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    tables = map(read_table, args.errors)
    save(draw(dict(zip(args.scenarios, tables, strict=True))), args.outputs)


if __name__ == "__main__":
    run(main)
