import logging
from pathlib import Path

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import Data, Output, Times, Tolerance, command
from mfnn.storage import read_dataset, read_table, write_dataset
from mfnn.studies.own_table.prediction import predict_rows
from mfnn.studies.own_table.rows import scale_of


@command
def main(
    *,
    data: Data,
    table: Path,
    held_out: Path,
    target: str,
    times: Times,
    rows: int,
    tolerance: Tolerance,
    threads: int = 1,
    output: Output,
) -> None:
    """Predict the outputs of the limit on a table's rows, and how much trainings differ on held-out ones.

    :param table: the training rows, CSV
    :param held_out: rows that nothing is trained on, CSV
    :param target: the column that is learned
    :param rows: held-out rows at which the spread is predicted
    :param threads: that share out the solves
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    scale = scale_of(read_table(table), target)
    x, points = scale.seen(read_table(table)), scale.seen(read_table(held_out))
    write_dataset(predict_rows(unpack(read_dataset(data)), x, points, times, rows, tolerance, threads), output)
