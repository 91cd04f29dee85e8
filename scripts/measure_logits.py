"""Measure N times the variance of the outputs at held-out points over the replicas of each width."""

import argparse
from pathlib import Path

from mfnn.particles.collect import by_width
from mfnn.pipeline.command import run
from mfnn.storage import write_json, write_table
from mfnn.studies.sources.crossing import table, totals, totals_summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--particles", required=True, type=Path, nargs="+", help="all training jobs")
    parser.add_argument("--points", required=True, type=int, help="held-out points, the first ones")
    parser.add_argument("--table", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    outputs = {N: runs["output"].values[:, -1, : args.points] for N, runs in by_width(args.particles).items()}
    parts = totals(outputs)
    write_table(table({width: {"total": part} for width, part in parts.items()}), args.table)
    write_json(totals_summary(args.scenario, parts), args.summary)


if __name__ == "__main__":
    run(main)
