"""Tabulate the scenarios and what the run does with them."""

import argparse
import json
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.tables import scenarios
from mfnn.storage import write_table, write_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", required=True, nargs="+", help="their names")
    parser.add_argument("--specs", required=True, nargs="+", type=json.loads, help="their specifications, JSON")
    parser.add_argument("--plans", required=True, nargs="+", type=json.loads, help="their part of the run, JSON")
    parser.add_argument("--table", required=True, type=Path, help="the tabular, TeX")
    parser.add_argument("--csv", required=True, type=Path, help="its content with all digits")
    args = parser.parse_args()
    specs, plans = (dict(zip(args.scenarios, listed, strict=True)) for listed in (args.specs, args.plans))
    table = scenarios(specs, plans)
    write_text(table.tex, args.table)
    write_table(table.data, args.csv)


if __name__ == "__main__":
    run(main)
