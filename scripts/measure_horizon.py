from pathlib import Path

from mfnn.pipeline.command import Summary, Table, command
from mfnn.storage import read_dataset, read_table, write_json, write_table
from mfnn.studies.horizon.reach import of_cases
from mfnn.verdicts.ensembles import by_case


@command
def main(*, cells: Table, predicted: list[Path], table: Table, summary: Summary) -> None:
    """Say how long the limit describes networks, and how wide they must be for how long.

    :param predicted: what is predicted of each case, NetCDF
    """
    found, numbers = of_cases(by_case(read_table(cells)), [read_dataset(path) for path in predicted])
    write_table(found, table)
    write_json(numbers, summary)
