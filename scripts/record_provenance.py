"""Record where the results came from."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.pipeline.provenance import provenance
from mfnn.storage import write_json


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lock", required=True, type=Path)
    parser.add_argument("--run", required=True, help="the run's name")
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    write_json(provenance(args.lock, args.run, args.root_seed), args.output)


if __name__ == "__main__":
    run(main)
