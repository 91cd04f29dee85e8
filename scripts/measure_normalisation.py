from pathlib import Path
from typing import Any

import pandas as pd

from mfnn.particles.ensemble import by_width
from mfnn.pipeline.command import Summary, Table, command
from mfnn.storage import read_dataset, read_table, write_json, write_table
from mfnn.studies.normalisation.exponents import numbers
from mfnn.studies.normalisation.exponents import table as of_case
from mfnn.verdicts.ensembles import by_case


@command
def main(
    *,
    exponents: list[float],
    from_widths: list[int],
    networks: list[Path],
    predicted: list[Path],
    cells: Table,
    table: Table,
    summary: Summary,
) -> None:
    """Hold the variance of outputs and the distances of parameters against the predictions for each normalisation.

    :param exponents: of the width in the output's scale, one a case
    :param from_widths: the width of each case from which ratios are fitted
    :param networks: the trained networks of each case, NetCDF
    :param predicted: what is predicted of each, NetCDF
    """
    parts, found = [], dict[str, Any]()
    laid_out = zip(by_case(read_table(cells)).items(), exponents, from_widths, networks, predicted, strict=True)
    for (case, own), gamma, least, trained, path in laid_out:
        foreseen = read_dataset(path)
        distances = of_case(case, gamma, by_width(read_dataset(trained)), foreseen)
        found |= numbers(case, gamma, own, distances, foreseen, least)
        parts.append(distances)
    write_table(pd.concat(parts, ignore_index=True), table)
    write_json(found, summary)
