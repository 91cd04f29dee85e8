"""Draw the paths of an observable for many replicas of several widths beside the limit's."""

import argparse
from pathlib import Path

from mfnn.particles.collect import by_width
from mfnn.pipeline.command import run
from mfnn.show.style import save
from mfnn.storage import read_dataset
from mfnn.studies.convergence.paths_figure import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", required=True, type=Path)
    parser.add_argument("--particles", required=True, type=Path, nargs="+")
    parser.add_argument("--observable", required=True)
    parser.add_argument("--replicas", required=True, type=int, help="paths a width at most")
    parser.add_argument("--outputs", required=True, type=Path, nargs="+", help="the figure, its format by the suffix")
    args = parser.parse_args()
    replicas, limit = by_width(args.particles), read_dataset(args.limit)
    save(draw(replicas, limit, args.observable, args.replicas), args.outputs)


if __name__ == "__main__":
    run(main)
