"""Measure how the neurons of one network become independent: the synchronous coupling, the joint law of two."""

import argparse
from pathlib import Path

import numpy as np

from mfnn.learning.observables import parse
from mfnn.learning.scenario import unpack
from mfnn.limit.solve import solve_limit
from mfnn.particles.collect import by_width
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.chaos import measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--predicted", required=True, type=Path)
    parser.add_argument("--particles", required=True, type=Path, nargs="+")
    parser.add_argument("--tolerance", required=True, type=float, help="of the limit whose flow is the coupling's")
    parser.add_argument("--pair", required=True, nargs=2, help="f of one neuron, g of another")
    parser.add_argument("--rates-from", required=True, type=int, help="the least width of the fits")
    parser.add_argument("--judged-from", required=True, type=int, help="the least width held against the constant")
    parser.add_argument("--resamples", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--coupling", required=True, type=Path)
    parser.add_argument("--independence", required=True, type=Path)
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    problem, predicted, particles = (
        unpack(read_dataset(args.data)),
        read_dataset(args.predicted),
        by_width(args.particles),
    )
    rng = np.random.default_rng([args.root_seed, 6])
    times = next(iter(particles.values()))["time"].values
    limit = solve_limit(problem, times, args.tolerance)
    distances, sups = measured.coupled_distances(particles, limit)
    coupling = measured.coupling_table(distances, sups, times, predicted)
    f, g = (parse(name, problem) for name in args.pair)
    independence = measured.independence_table(particles, f, g, times[-1], rng)
    write_table(coupling, args.coupling)
    write_table(independence, args.independence)
    least = args.rates_from, args.judged_from
    numbers = measured.summary(problem.name, distances, sups, coupling, independence, *least, args.resamples, rng)
    write_json(numbers, args.summary)


if __name__ == "__main__":
    run(main)
