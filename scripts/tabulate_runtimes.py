"""Tabulate what the rules cost by their benchmark files, and note the size of the run; volatile by nature."""

import argparse
import json
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.tables import benchmarks, runtimes
from mfnn.storage import write_json, write_table, write_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", required=True, type=Path, help="the folder of the benchmark files")
    parser.add_argument("--without", nargs="*", default=[], help="rules that run later than this one")
    parser.add_argument("--totals", required=True, type=json.loads, help="the size of the run, JSON")
    parser.add_argument("--table", required=True, type=Path, help="the tabular, TeX")
    parser.add_argument("--csv", required=True, type=Path, help="its content with all digits")
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    table = runtimes(benchmarks(args.benchmarks, args.without))
    write_text(table.tex, args.table)
    write_table(table.data, args.csv)
    write_json(args.totals, args.summary)


if __name__ == "__main__":
    run(main)
