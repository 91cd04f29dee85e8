"""Tabulate other ways to train and broken assumptions beside their predictions."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.storage import read_table, write_table, write_text
from mfnn.studies.controls.table import controls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variances", required=True, type=Path)
    parser.add_argument("--fits", required=True, type=Path)
    parser.add_argument("--table", required=True, type=Path, help="the tabular, TeX")
    parser.add_argument("--csv", required=True, type=Path, help="its content with all digits")
    args = parser.parse_args()
    table = controls(read_table(args.variances), read_table(args.fits))
    write_text(table.tex, args.table)
    write_table(table.data, args.csv)


if __name__ == "__main__":
    run(main)
