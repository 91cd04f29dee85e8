from mfnn.pipeline import tables
from mfnn.pipeline.command import Digits, Table, Tabular, command
from mfnn.storage import read_table


@command
def main(*, verdicts: Table, table: Tabular, csv: Digits) -> None:
    """Tabulate the claims with their verdicts."""
    tables.claims(read_table(verdicts)).write(table, csv)
