"""Draw the joint density of the limit law over time with the particles of one network."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_dataset
from mfnn.studies.finite_volumes.density_figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--law", required=True, type=Path)
    parser.add_argument("--particles", required=True, type=Path, help="a job that kept all its particles")
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    save(draw(read_dataset(args.particles)["theta"], read_dataset(args.law)), args.outputs)


if __name__ == "__main__":
    run(main)
