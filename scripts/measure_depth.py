from pathlib import Path

import pandas as pd

from mfnn.particles.ensemble import by_width
from mfnn.pipeline.command import Summary, Table, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.depth.weights import numbers
from mfnn.studies.depth.weights import table as of_case


@command
def main(*, cases: list[str], networks: list[Path], predicted: list[Path], table: Table, summary: Summary) -> None:
    """Measure which weights between two hidden layers stay dependent, and hold them against the limit.

    :param cases: their names, in the order of their files
    :param networks: the trained networks of each, NetCDF
    :param predicted: what is predicted of each, NetCDF
    """
    found = pd.concat(
        [
            of_case(case, by_width(read_dataset(trained)), read_dataset(foreseen))
            for case, trained, foreseen in zip(cases, networks, predicted, strict=True)
        ],
        ignore_index=True,
    )
    write_table(found, table)
    write_json(numbers(found), summary)
