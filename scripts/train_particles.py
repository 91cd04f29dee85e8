"""Train a batch of replicas of one width and write their observables."""

import argparse
from pathlib import Path

from mfnn.learning.protocol import Protocol
from mfnn.learning.scenario import unpack
from mfnn.particles.train import train
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_dataset


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--width", required=True, type=int)
    parser.add_argument(
        "--replicas", required=True, type=int, nargs=2, help="the first one and the one after the last"
    )
    parser.add_argument("--times", required=True, type=float, nargs="+", help="in units of N steps")
    parser.add_argument("--observables", required=True, nargs="+")
    parser.add_argument("--keep", required=True, type=int, help="particles kept a replica")
    parser.add_argument("--keep-times", required=True, type=float, nargs="+")
    parser.add_argument("--keep-coordinates", required=True, nargs="+")
    parser.add_argument("--follow", required=True, type=int, help="particles a replica kept at every time")
    parser.add_argument("--precision", required=True)
    parser.add_argument("--threads", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    data = read_dataset(args.data)
    runs = train(
        unpack(data),
        args.width,
        range(*args.replicas),
        args.times,
        args.observables,
        args.keep,
        args.root_seed,
        keep_times=args.keep_times,
        keep_coordinates=args.keep_coordinates,
        follow=args.follow,
        evaluate=data["evaluation_x"].values,
        protocol=Protocol(precision=args.precision),
        threads=args.threads,
        log=True,
    )
    write_dataset(runs, args.output)


if __name__ == "__main__":
    run(main)
