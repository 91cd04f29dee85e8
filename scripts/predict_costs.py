"""Predict what a run would cost from the benchmarks of a finished one; a command for people, not a rule."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.pipeline.costs import plan_of, predict, shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--finished", required=True, type=Path, help="the configuration of the finished run")
    parser.add_argument("--results", required=True, type=Path, help="the folder of its results")
    parser.add_argument("--wanted", required=True, type=Path, help="the configuration of the run to come")
    args = parser.parse_args()
    finished, wanted = (plan_of(path, Path("config/scenarios")) for path in (args.finished, args.wanted))
    print(shown(predict(finished, args.results, wanted)))


if __name__ == "__main__":
    run(main)
