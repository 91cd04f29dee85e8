from pathlib import Path
from typing import Any

from mfnn.pipeline.command import Summary, Table, command
from mfnn.storage import read_dataset, read_table, write_json
from mfnn.studies.noise.settled import numbers
from mfnn.verdicts.ensembles import by_case


@command
def main(*, from_widths: list[int], cells: Table, predicted: list[Path], summary: Summary) -> None:
    """Say whether noisy networks settle: their constants, and their free energy.

    :param from_widths: the width of each case from which its cells are judged
    :param predicted: what is predicted of each case, NetCDF
    """
    found: dict[str, Any] = {}
    for (case, own), least, path in zip(by_case(read_table(cells)).items(), from_widths, predicted, strict=True):
        found |= numbers(case, own, read_dataset(path), least)
    write_json(found, summary)
