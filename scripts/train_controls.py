"""Train the variants of scenarios: consequences of the fluctuation formula and negative controls."""

import argparse
from pathlib import Path

from mfnn.learning.variants import jobs_of
from mfnn.particles.variants import train_variants
from mfnn.pipeline.command import run
from mfnn.storage import write_table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", required=True, help="the variants as JSON")
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    write_table(train_variants(jobs_of(args.spec), args.root_seed), args.output)


if __name__ == "__main__":
    run(main)
