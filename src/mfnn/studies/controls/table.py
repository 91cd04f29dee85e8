r"""The paper's table of other ways to train and of broken assumptions."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from mfnn.show.tables import Table, observable, prose, tabular
from mfnn.studies.controls.measures import ratio
from mfnn.verdicts.numbers import Result, parts


def controls(variances: pd.DataFrame, fits: pd.DataFrame) -> Table:
    """Variances over their predictions at the largest width, and slopes in N, each beside what was predicted."""
    widest = variances[variances["width"] == variances.groupby("variant")["width"].transform("max")]
    ratios = []
    for row in widest.to_dict("records"):
        found = ratio(row)
        ratios.append(_cells(row, f"N = {row['width']}", 1.0, Result(found.value, *found.interval())))
    slopes = [
        _cells(row, f"t = {row['time']:g}", row["predicted"], Result(row["slope"], row["low"], row["high"]))
        for row in fits.to_dict("records")
    ]
    groups = {
        r"Other ways to train: $N\,\mathrm{Var}$ over its prediction": ratios,
        "Broken assumptions: slope against $N$": slopes,
    }
    head = ["", "$f$", "at", "predicted", "measured", "interval"]
    return Table(tabular("lllrrc", head, groups), pd.concat([widest, fits], ignore_index=True))


def _cells(row: Mapping[Hashable, Any], place: str, predicted: float, measured: Result) -> list[str]:
    return [
        prose(row["title"]),
        observable(row["observable"]),
        f"${place}$",
        f"${predicted:.3g}$",
        *parts(measured).values(),
    ]
