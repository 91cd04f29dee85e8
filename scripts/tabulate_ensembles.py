from pathlib import Path

from mfnn.pipeline.command import Digits, Table, Tabular, command
from mfnn.show.ensemble_table import constants
from mfnn.storage import read_dataset, read_table
from mfnn.verdicts.ensembles import by_case


@command
def main(*, from_widths: list[int], cells: Table, predicted: list[Path], table: Tabular, csv: Digits) -> None:
    """Tabulate the constants of a study's cases with the parts of their sources, and what networks have of them.

    :param from_widths: the width of each case from which its cells are judged
    :param predicted: what is predicted of each case, NetCDF
    """
    measured = by_case(read_table(cells))
    foreseen = dict(zip(measured, map(read_dataset, predicted), strict=True))
    constants(measured, foreseen, dict(zip(measured, from_widths, strict=True))).write(table, csv)
