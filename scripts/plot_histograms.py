"""Draw trained parameters by width with the marginal densities of the limit law."""

import argparse
from pathlib import Path

from mfnn.particles.collect import clouds
from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_dataset
from mfnn.studies.settling.histograms_figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--law", required=True, type=Path)
    parser.add_argument("--particles", required=True, type=Path, nargs="+", help="each width's first job")
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    save(draw(clouds(args.particles), read_dataset(args.law)), args.outputs)


if __name__ == "__main__":
    run(main)
