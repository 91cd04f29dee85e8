"""Tabulate the limits at the final time with their errors."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.tables import limit
from mfnn.storage import read_dataset, write_table, write_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", required=True, nargs="+", help="in the order of the limits")
    parser.add_argument("--limits", required=True, nargs="+", type=Path)
    parser.add_argument("--table", required=True, type=Path, help="the tabular, TeX")
    parser.add_argument("--csv", required=True, type=Path, help="its content with all digits")
    args = parser.parse_args()
    certificates = {}
    for scenario, path in zip(args.scenarios, args.limits, strict=True):
        solved = read_dataset(path)
        final = solved[["mean", "error"]].isel(time=-1).to_dataframe().reset_index()
        certificates[scenario] = final.rename(columns={"mean": "value"}), str(solved.attrs["resolution"])
    table = limit(certificates)
    write_text(table.tex, args.table)
    write_table(table.data, args.csv)


if __name__ == "__main__":
    run(main)
