"""Split the fluctuations of crossed networks by source, and hold them against the prediction where there is one."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, read_json, write_json, write_table
from mfnn.studies.sources.crossing import sources, sources_summary, table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--crossed", required=True, type=Path, nargs="+", help="crossed networks, one file a width")
    parser.add_argument("--predicted", type=Path, nargs="*", default=[], help="the prediction, if there is one")
    parser.add_argument("--table", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    outputs = {int(data["output"].attrs["width"]): data["output"].values for data in map(read_dataset, args.crossed)}
    parts = {width: sources(width, outputs[width]) for width in sorted(outputs)}
    predicted = [read_json(path) for path in args.predicted]
    write_table(table(parts), args.table)
    write_json(sources_summary(args.scenario, parts, *predicted), args.summary)


if __name__ == "__main__":
    run(main)
