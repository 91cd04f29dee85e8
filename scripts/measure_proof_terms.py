import sys

import numpy as np

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import Data, Observables, Resamples, Seed, Summary, Table, Widths, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.proof import orders
from mfnn.studies.proof.constants import constants


@command
def main(
    *,
    data: Data,
    observables: Observables,
    widths: Widths,
    replicas: list[int],
    resamples: Resamples,
    root_seed: Seed,
    table: Table,
    summary: Summary,
) -> None:
    """Take replicas' paths apart into drift, martingale, remainder and last interval; fit their orders.

    :param replicas: one number a width
    """
    problem, measured = unpack(read_dataset(data)), {}
    for width, count in zip(widths, replicas, strict=True):
        measured[width] = orders.measure(problem, width, count, observables, root_seed)
        print(f"{problem.name} N={width}: {count} replicas", file=sys.stderr)
    limit, rng = constants(problem, observables), np.random.default_rng([root_seed, 5])
    write_table(orders.order_table(measured, observables, limit), table)
    write_json(orders.summary(problem.name, measured, observables, limit, resamples, rng), summary)
