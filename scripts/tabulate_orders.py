"""Tabulate the limits by finite volumes beside those by characteristics, with observed orders."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.storage import read_table, write_table, write_text
from mfnn.studies.finite_volumes.table import orders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", required=True, nargs="+", help="in the order of the studies")
    parser.add_argument("--studies", required=True, nargs="+", type=Path)
    parser.add_argument("--table", required=True, type=Path, help="the tabular, TeX")
    parser.add_argument("--csv", required=True, type=Path, help="its content with all digits")
    args = parser.parse_args()
    table = orders(dict(zip(args.names, map(read_table, args.studies), strict=True)))
    write_text(table.tex, args.table)
    write_table(table.data, args.csv)


if __name__ == "__main__":
    run(main)
