"""Tabulate the claims with their verdicts."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.tables import claims
from mfnn.storage import read_table, write_table, write_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verdicts", required=True, type=Path)
    parser.add_argument("--table", required=True, type=Path, help="the tabular, TeX")
    parser.add_argument("--csv", required=True, type=Path, help="its content with all digits")
    args = parser.parse_args()
    table = claims(read_table(args.verdicts))
    write_text(table.tex, args.table)
    write_table(table.data, args.csv)


if __name__ == "__main__":
    run(main)
