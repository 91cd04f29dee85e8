"""Draw the pulls of all cells beside their null."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.constants.figure import draw_pulls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", required=True, nargs="+", help="in the order of the tables")
    parser.add_argument(
        "--from-widths", required=True, type=int, nargs="+", help="the least width judged, by scenario"
    )
    parser.add_argument("--cells", required=True, type=Path, nargs="+", help="one table a scenario")
    parser.add_argument("--nulls", required=True, type=Path, nargs="+", help="one table a scenario")
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    tables = zip(map(read_table, args.cells), map(read_table, args.nulls), strict=True)
    from_width = dict(zip(args.scenarios, args.from_widths, strict=True))
    save(draw_pulls(dict(zip(args.scenarios, tables, strict=True)), from_width), args.outputs)


if __name__ == "__main__":
    run(main)
