import numpy as np
import xarray as xr

from mfnn.learning.scenario import unpack
from mfnn.limit.random_batch import random_batch_limit
from mfnn.limit.record import limit_record
from mfnn.pipeline.command import Data, Law, Observables, Output, Seed, Times, command
from mfnn.storage import read_dataset, write_dataset


@command
def main(
    *,
    data: Data,
    times: Times,
    snapshots: Times,
    coordinates: list[str],
    observables: Observables,
    log2_nodes: int,
    replicates: int,
    steps: int,
    batch: int,
    root_seed: Seed,
    limit: Output,
    law: Law,
) -> None:
    """Approximate the limit law of a large data set on Sobol' nodes with random batches, with a replicated error.

    :param snapshots: when the nodes are kept
    :param coordinates: coordinates of the nodes that are kept
    :param log2_nodes: of a replicate
    :param replicates: independently scrambled sets of nodes
    :param steps: of the flow up to the horizon
    :param batch: data points a step
    """
    given, at = read_dataset(data), np.array(times)
    problem = unpack(given)
    solved = random_batch_limit(problem, at, log2_nodes, replicates, steps, batch, seed=root_seed)
    record = limit_record(problem, at, solved, observables, given)
    kept = [problem.coordinate_names.index(name) for name in coordinates]
    clouds = np.concatenate([flow.theta[np.isin(at, snapshots)][:, kept] for flow in solved.flows], axis=2)
    coords = {"component": coordinates, "keep_time": snapshots}
    dims = ("keep_time", "particle", "component")
    write_dataset(record.assign_attrs(method="random batches"), limit)
    write_dataset(xr.Dataset({"reference": (dims, clouds.transpose(0, 2, 1))}, coords=coords), law)
