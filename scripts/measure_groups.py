"""Hold products over groups of neurons, and means over groups that grow with the width, against their prediction."""

import argparse
from pathlib import Path

from mfnn.particles.collect import by_width
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.chaos import groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--limit", required=True, type=Path)
    parser.add_argument("--predicted", required=True, type=Path)
    parser.add_argument("--particles", required=True, type=Path, nargs="+")
    parser.add_argument("--observable", required=True, help="f, whose products over groups are measured")
    parser.add_argument("--rates-from", required=True, type=int, help="the least width of the order of four neurons")
    parser.add_argument("--judged-from", required=True, type=int, help="the least width held against the limit")
    parser.add_argument("--products", required=True, type=Path)
    parser.add_argument("--sizes", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    limit, predicted = read_dataset(args.limit), read_dataset(args.predicted)
    variance, pair = groups.constants_at_end(predicted, args.observable)
    sums = groups.sums_at_end(by_width(args.particles), limit, predicted, args.observable)
    products, sizes = groups.products_table(sums, variance, pair), groups.sizes_table(sums, variance, pair)
    write_table(products, args.products)
    write_table(sizes, args.sizes)
    least = args.rates_from, args.judged_from
    write_json(groups.summary(args.scenario, products, sizes, pair, *least), args.summary)


if __name__ == "__main__":
    run(main)
