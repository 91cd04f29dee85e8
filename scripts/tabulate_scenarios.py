from mfnn.pipeline import tables
from mfnn.pipeline.command import Digits, Json, Scenarios, Tabular, command


@command
def main(*, scenarios: Scenarios, specs: list[Json], plans: list[Json], table: Tabular, csv: Digits) -> None:
    """Tabulate the scenarios and what the run does with them.

    :param specs: their specifications
    :param plans: their part of the run
    """
    by_name = (dict(zip(scenarios, listed, strict=True)) for listed in (specs, plans))
    tables.scenarios(*by_name).write(table, csv)
