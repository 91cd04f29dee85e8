"""Draw the synchronous coupling and the dependence of two neurons against the width."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.chaos.figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--coupling", required=True, type=Path)
    parser.add_argument("--independence", required=True, type=Path)
    parser.add_argument("--joint", required=True, type=Path)
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    save(draw(*map(read_table, (args.coupling, args.independence, args.joint))), args.outputs)


if __name__ == "__main__":
    run(main)
