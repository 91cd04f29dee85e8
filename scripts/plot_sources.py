from pathlib import Path

import pandas as pd

from mfnn.pipeline.command import AnyNumber, Figure, Scenarios, Tables, command
from mfnn.show.style import save
from mfnn.storage import read_json, read_table
from mfnn.studies.sources.figure import Measured, draw


@command
def main(
    *,
    scenarios: Scenarios,
    crossed: Tables,
    totalled: AnyNumber[str],
    totals: AnyNumber[Path],
    foreseen: AnyNumber[str],
    predicted: AnyNumber[Path],
    outputs: Figure,
) -> None:
    """Draw N times the variance of outputs by width and source, beside what is predicted.

    :param totalled: the scenarios of which independent networks are known as well
    :param totals: their variances, one table a scenario
    :param foreseen: the scenarios whose sources are predicted
    :param predicted: each source's contribution, JSON, one file a scenario
    """
    alone = dict(zip(totalled, map(read_table, totals), strict=True))
    known = dict(zip(foreseen, map(read_json, predicted), strict=True))
    measured = {}
    for name, table in zip(scenarios, map(read_table, crossed), strict=True):
        parts = pd.concat([alone[name], table]) if name in alone else table
        measured[name] = Measured(parts, known.get(name, {}))
    save(draw(measured), outputs)
