from pathlib import Path
from typing import Any

import pandas as pd

from mfnn.particles.ensemble import by_width
from mfnn.pipeline.command import Summary, Table, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.depth import moves


@command
def main(*, cases: list[str], networks: list[Path], predicted: list[Path], table: Table, summary: Summary) -> None:
    """Measure how far the first of two hidden layers moves, where gradients have the theorem's scales and where not.

    :param cases: their names, in the order of their files
    :param networks: the trained networks of each, NetCDF
    :param predicted: what is predicted of each, NetCDF
    """
    tables: list[pd.DataFrame] = []
    found: dict[str, Any] = {}
    for case, trained, path in zip(cases, networks, predicted, strict=True):
        moved, limit = moves.moves(by_width(read_dataset(trained))), moves.predicted(read_dataset(path))
        tables.append(moves.table(case, moved, limit))
        found |= moves.numbers(case, moved, limit)
    write_table(pd.concat(tables, ignore_index=True), table)
    write_json(found, summary)
