"""Draw the particles of three networks following the density of the limit, as an animated picture."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.storage import read_dataset
from mfnn.studies.film.figure import animate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path, help="a GIF")
    args = parser.parse_args()
    animate(read_dataset(args.frames), args.output)


if __name__ == "__main__":
    run(main)
