"""Record what jobs typically cost, from the benchmarks of a finished run; a command for people, not a rule."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.pipeline.costs import plan_of, typical
from mfnn.storage import write_text

HEAD = "# Seconds of a job, c_0 + sum c_a z_a with the work z_a of mfnn.pipeline.work, by rule and part.\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--finished", required=True, type=Path, help="the configuration of the finished run")
    parser.add_argument("--results", required=True, type=Path, help="the folder of its results")
    parser.add_argument("--output", required=True, type=Path, help="config/costs.yaml")
    args = parser.parse_args()
    table = typical(plan_of(args.finished, Path("config/scenarios")), args.results)
    lines = [
        f"{rule}:\n" + "".join(f'  "{part}": {costs}\n' for part, costs in parts.items())
        for rule, parts in table.items()
    ]
    write_text(HEAD + "".join(lines), args.output)


if __name__ == "__main__":
    run(main)
