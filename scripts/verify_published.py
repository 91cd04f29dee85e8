"""Hold a finished run against the recorded one and say what differs and whether it matters."""

import argparse
import sys
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.pipeline.manifest import compare, read_manifest, report, total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", required=True, type=Path)
    parser.add_argument("--results", required=True, type=Path)
    args = parser.parse_args()
    published = read_manifest(args.manifest)
    differences = compare(published, args.results)
    print(report(differences, total(published)), end="")
    sys.exit(any(difference.matters for difference in differences))


if __name__ == "__main__":
    run(main)
