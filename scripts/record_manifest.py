"""Record what a finished run found, to be committed: digests, numbers and verdicts."""

import argparse
import json
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.pipeline.manifest import manifest
from mfnn.storage import write_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    write_text(json.dumps(manifest(args.results), indent=1, sort_keys=True) + "\n", args.output)


if __name__ == "__main__":
    run(main)
