"""Write tables as HTML pages, and the verdicts in brief for the first page of the report."""

import argparse
from pathlib import Path

import pandas as pd

from mfnn.pipeline.command import run
from mfnn.show.pages import abridged, page
from mfnn.storage import write_table, write_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", required=True, type=Path, nargs="+", help="CSV")
    parser.add_argument("--pages", required=True, type=Path, nargs="+", help="one a table, HTML")
    parser.add_argument("--verdicts", required=True, type=Path)
    parser.add_argument("--brief", required=True, type=Path)
    args = parser.parse_args()
    for table, output in zip(args.tables, args.pages, strict=True):
        write_text(page(pd.read_csv(table), table.stem), output)
    write_table(abridged(pd.read_csv(args.verdicts)), args.brief)


if __name__ == "__main__":
    run(main)
