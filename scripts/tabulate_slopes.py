from mfnn.pipeline.command import Digits, Scenarios, Tables, Tabular, command
from mfnn.storage import read_table
from mfnn.studies.convergence.table import slopes


@command
def main(*, scenarios: Scenarios, fits: Tables, table: Tabular, csv: Digits) -> None:
    """Tabulate the fitted slopes of the errors."""
    slopes(dict(zip(scenarios, map(read_table, fits), strict=True))).write(table, csv)
