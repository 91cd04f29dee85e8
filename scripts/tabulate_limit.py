from pathlib import Path

from mfnn.pipeline import tables
from mfnn.pipeline.command import Digits, Scenarios, Tabular, command
from mfnn.storage import read_dataset


@command
def main(*, scenarios: Scenarios, limits: list[Path], table: Tabular, csv: Digits) -> None:
    """Tabulate the limits at the final time with their errors.

    :param limits: one a scenario, NetCDF
    """
    certificates = {}
    for scenario, path in zip(scenarios, limits, strict=True):
        solved = read_dataset(path)
        final = solved[["mean", "error"]].isel(time=-1).to_dataframe().reset_index()
        certificates[scenario] = final.rename(columns={"mean": "value"}), str(solved.attrs["resolution"])
    tables.limit(certificates).write(table, csv)
