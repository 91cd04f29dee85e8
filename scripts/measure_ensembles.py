from pathlib import Path
from typing import Any

import pandas as pd

from mfnn.learning.case import case_of_run, squares
from mfnn.particles.ensemble import by_width
from mfnn.pipeline.command import Configuration, ScenarioFiles, Study, Summary, Table, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.verdicts.ensembles import cells, instead, numbers, slopes


@command
def main(
    *,
    configuration: Configuration,
    scenarios: ScenarioFiles,
    study: Study,
    cases: list[str],
    networks: list[Path],
    predicted: list[Path],
    table: Table,
    summary: Summary,
) -> None:
    """Hold the networks of a study's cases against their predictions, and against ones that have to fail.

    :param cases: their names, in the order of their files
    :param networks: the trained networks of each, NetCDF
    :param predicted: what is predicted of each, NetCDF
    """
    tables: list[pd.DataFrame] = []
    found: dict[str, Any] = {}
    for case, trained, prediction in zip(cases, networks, predicted, strict=True):
        asked, foreseen, records = (
            case_of_run(configuration, study, case),
            read_dataset(prediction),
            by_width(read_dataset(trained)),
        )
        scenario = asked.scenario(scenarios)
        recorded = squares(asked.functions(scenario), asked.problem(case, scenario))
        own, place = cells(records, foreseen, recorded), f"{study}.{case}"
        other = cells(records, instead(foreseen), recorded) if asked.instead else None
        found |= numbers(place, own, other, asked.from_width)
        if len(records) > 1:
            found |= slopes(place, records, foreseen)
        tables.append(own.assign(case=case))
    write_table(pd.concat(tables, ignore_index=True), table)
    write_json(found, summary)
