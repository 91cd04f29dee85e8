"""Approximate the limit law of a large data set on Sobol' nodes with random batches, with a replicated error."""

import argparse
from pathlib import Path

import numpy as np
import xarray as xr

from mfnn.learning.scenario import unpack
from mfnn.limit.random_batch import random_batch_limit
from mfnn.limit.record import limit_record
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_dataset


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--times", required=True, type=float, nargs="+")
    parser.add_argument("--snapshots", required=True, type=float, nargs="+", help="times at which the nodes are kept")
    parser.add_argument("--coordinates", required=True, nargs="+", help="coordinates of the nodes that are kept")
    parser.add_argument("--observables", required=True, nargs="+")
    parser.add_argument("--log2-nodes", required=True, type=int)
    parser.add_argument("--replicates", required=True, type=int)
    parser.add_argument("--steps", required=True, type=int)
    parser.add_argument("--batch", required=True, type=int)
    parser.add_argument("--root-seed", required=True, type=int)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--law", required=True, type=Path)
    args = parser.parse_args()
    data = read_dataset(args.data)
    problem, times = unpack(data), np.array(args.times)
    settings = (args.log2_nodes, args.replicates, args.steps, args.batch)
    limit = random_batch_limit(problem, times, *settings, seed=args.root_seed)
    record = limit_record(problem, times, limit, args.observables, data)
    kept = [problem.coordinate_names.index(name) for name in args.coordinates]
    clouds = np.concatenate([flow.theta[np.isin(times, args.snapshots)][:, kept] for flow in limit.flows], axis=2)
    dims, coords = (
        ("keep_time", "particle", "component"),
        {"component": args.coordinates, "keep_time": args.snapshots},
    )
    law = xr.Dataset({"reference": (dims, clouds.transpose(0, 2, 1))}, coords=coords)
    write_dataset(record.assign_attrs(method="random batches"), args.output)
    write_dataset(law, args.law)


if __name__ == "__main__":
    run(main)
