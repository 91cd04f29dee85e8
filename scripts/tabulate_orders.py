from mfnn.pipeline.command import Digits, Tables, Tabular, command
from mfnn.storage import read_table
from mfnn.studies.finite_volumes.table import orders


@command
def main(*, names: list[str], studies: Tables, table: Tabular, csv: Digits) -> None:
    """Tabulate the limits by finite volumes beside those by characteristics, with observed orders.

    :param names: in the order of the studies
    """
    orders(dict(zip(names, map(read_table, studies), strict=True))).write(table, csv)
