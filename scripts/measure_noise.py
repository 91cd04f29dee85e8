from pathlib import Path
from typing import Any

import pandas as pd

from mfnn.learning.case import case_of_run
from mfnn.particles.ensemble import by_width
from mfnn.pipeline.command import Configuration, Summary, Table, command
from mfnn.storage import read_dataset, read_table, write_json, write_table
from mfnn.studies.noise import groups, settled
from mfnn.studies.noise.plan import group_of
from mfnn.verdicts.ensembles import by_case


@command
def main(
    *,
    configuration: Configuration,
    cells: Table,
    networks: list[Path],
    predicted: list[Path],
    table: Table,
    summary: Summary,
) -> None:
    """Say whether noisy networks settle: their constants, their free energy, and the dependence within groups of neurons.

    :param cells: what is measured of each case beside its prediction
    :param networks: the trained networks of each case, NetCDF
    :param predicted: what is predicted of each case, NetCDF
    """
    found: dict[str, Any] = {}
    tables: list[pd.DataFrame] = []
    for (name, own), trained, path in zip(by_case(read_table(cells)).items(), networks, predicted, strict=True):
        case, foreseen = case_of_run(configuration, "noise", name), read_dataset(path)
        found |= settled.numbers(name, own, foreseen, case.from_width)
        products = groups.through_time(by_width(read_dataset(trained)), foreseen, group_of(case))
        found |= groups.numbers(name, products, case.from_width)
        tables.append(products.assign(case=name))
    write_table(pd.concat(tables, ignore_index=True), table)
    write_json(found, summary)
