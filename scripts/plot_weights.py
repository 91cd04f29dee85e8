"""Draw the first-layer weights of a few neurons of the first run of a training job as images."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.show import style
from mfnn.storage import read_dataset
from mfnn.studies.settling.weights_figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--particles", required=True, type=Path)
    parser.add_argument("--outputs", required=True, type=Path, nargs=2)
    args = parser.parse_args()
    style.save(draw(read_dataset(args.particles)["path"].isel(replica=0)), args.outputs)


if __name__ == "__main__":
    run(main)
