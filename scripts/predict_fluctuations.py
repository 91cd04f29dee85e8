"""Predict the fluctuations of a scenario: covariances between observables and times, the coupling's constants."""

import argparse
from pathlib import Path

import xarray as xr

from mfnn.learning.scenario import unpack
from mfnn.limit.fluctuations import fluctuations
from mfnn.limit.solve import solve_limit
from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_dataset
from mfnn.studies.chaos.coupling import coupling_constants


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the scenario's data law")
    parser.add_argument("--times", required=True, type=float, nargs="+")
    parser.add_argument("--observables", required=True, nargs="+")
    parser.add_argument("--tolerance", required=True, type=float, help="of the limit that is linearised")
    parser.add_argument("--coupling-nodes", required=True, type=int, nargs="*", help="a coordinate of the start")
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    problem = unpack(read_dataset(args.data))
    limit = solve_limit(problem, args.times, args.tolerance, args.observables)
    predicted = fluctuations(limit, args.observables, args.times)
    names = ("initial", "sgd", "covariance", "pair_covariance", "error")
    record = xr.Dataset({name: getattr(predicted, name) for name in names})
    if args.coupling_nodes:
        coupling = coupling_constants(limit, args.times, args.coupling_nodes)
        record = record.assign(coupling=coupling["constant"], coupling_error=coupling["error"])
    write_dataset(record, args.output)


if __name__ == "__main__":
    run(main)
