"""Hold N times the variances and covariances over replicas against their predictions, cell by cell."""

import argparse
from pathlib import Path

import numpy as np

from mfnn.particles.collect import by_width
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.constants import cells as constants


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--limit", required=True, type=Path)
    parser.add_argument("--predicted", required=True, type=Path)
    parser.add_argument("--particles", required=True, type=Path, nargs="+")
    parser.add_argument("--pairs", required=True, nargs="*", help="f and g, f and g, ...")
    parser.add_argument("--from-width", required=True, type=int, help="the least width whose cells are judged")
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--cells", required=True, type=Path)
    parser.add_argument("--null", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    particles, limit, predicted = by_width(args.particles), read_dataset(args.limit), read_dataset(args.predicted)
    pairs = list(zip(args.pairs[::2], args.pairs[1::2], strict=True))
    table = constants.cells(particles, limit, predicted, pairs)
    wide = {width: runs for width, runs in particles.items() if width >= args.from_width}
    replicas = {width: runs.sizes["replica"] for width, runs in wide.items()}
    rng = np.random.default_rng([args.root_seed, 5])
    null = constants.null_pulls(predicted, replicas, pairs, rng)
    width = max(width for width, count in replicas.items() if count >= constants.ENOUGH or width == min(replicas))
    normal = constants.gaussianity(wide[width], limit, predicted, width, rng)
    judged = table[table["width"] >= args.from_width]
    write_table(table, args.cells)
    write_table(null, args.null)
    write_json(constants.summary(args.scenario, judged, null, normal), args.summary)


if __name__ == "__main__":
    run(main)
