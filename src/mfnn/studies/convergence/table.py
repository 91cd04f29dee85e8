"""The paper's table of the fitted slopes of the errors."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mfnn.show.tables import Table, code, observable, shown, tabular, together


def slopes(fits: Mapping[str, pd.DataFrame]) -> Table:
    """The fitted slope of every observable at the final time and over the time grid, by scenario."""
    groups = {}
    for scenario, table in fits.items():
        of_sup = table["kind"] == "slope_sup"
        both = table[~of_sup].merge(table[of_sup], on="observable", suffixes=("", "_sup"))
        groups[code(scenario)] = [
            [
                observable(row["observable"]),
                *shown(row["slope"], row["low"], row["high"]),
                *shown(row["slope_sup"], row["low_sup"], row["high_sup"]),
            ]
            for row in both.to_dict("records")
        ]
    head = ["$f$", "slope at $T$", "interval", "slope, largest on $[0, T]$", "interval"]
    return Table(tabular("lrcrc", head, groups), together(fits))
