from pathlib import Path

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import Data, Output, Predicted, Seed, Width, command
from mfnn.storage import read_dataset, read_table, write_dataset
from mfnn.studies.own_table.answer import CHECKED
from mfnn.studies.own_table.networks import train_rows
from mfnn.studies.own_table.prediction import width_needed
from mfnn.studies.own_table.rows import scale_of


@command
def main(
    *,
    data: Data,
    table: Path,
    held_out: Path,
    predicted: Predicted,
    target: str,
    width: Width,
    error: float,
    replicas: int,
    root_seed: Seed,
    output: Output,
) -> None:
    """Train networks on a table, and as many that see its rows in one order; keep their outputs on held-out rows.

    :param table: the training rows, CSV
    :param held_out: rows that nothing is trained on, CSV
    :param target: the column that is learned
    :param width: the number of neurons; 0 for the number that the error needs, if it is not too large to be tried
    :param error: what outputs are to be within of the limit's, in standard deviations of the target
    :param replicas: how many are trained
    """
    neurons = width or min(width_needed(read_dataset(predicted), error), CHECKED)
    points = scale_of(read_table(table), target).seen(read_table(held_out))
    orders = replicas if width else 0
    found = train_rows(unpack(read_dataset(data)), neurons, replicas, points, root_seed, orders)
    write_dataset(found, output)
