from mfnn.pipeline.command import Digits, Table, Tabular, command
from mfnn.storage import read_table
from mfnn.studies.controls.table import controls


@command
def main(*, variances: Table, fits: Table, table: Tabular, csv: Digits) -> None:
    """Tabulate other ways to train and broken assumptions beside their predictions."""
    controls(read_table(variances), read_table(fits)).write(table, csv)
