from mfnn.pipeline.command import Digits, Table, Tabular, command
from mfnn.storage import read_table
from mfnn.studies.settling.table import by_width


@command
def main(*, accuracy: Table, distances: Table, table: Tabular, csv: Digits) -> None:
    """Tabulate every width's networks on images: accuracy, and how far their laws are apart."""
    by_width(read_table(accuracy), read_table(distances)).write(table, csv)
