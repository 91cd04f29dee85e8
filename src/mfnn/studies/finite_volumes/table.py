"""The paper's table of the limit by finite volumes: values on the finest grid, their errors, and observed orders."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mfnn.show.tables import Table, code, observable, tabular
from mfnn.verdicts.numbers import Result, parts


def orders(studies: Mapping[str, pd.DataFrame]) -> Table:
    """⟨f, μ̄_T⟩ by characteristics and on the finest grid, their difference, the grids' own estimate, and the order."""
    groups, kept = {}, []
    for name, study in studies.items():
        shown = study[(study["time"] == study["time"].max()) & (study["cells"] == study["cells"].max())]
        groups[code(name)] = [_row(row) for row in shown.to_dict("records")]
        kept.append(shown.assign(problem=name))
    head = ["$f$", "characteristics", "finite volumes", "difference", "estimate", "order"]
    return Table(tabular("lllllr", head, groups), pd.concat(kept, ignore_index=True))


def _row(row: Mapping[str, float]) -> list[str]:
    """One observable: values with the digits that the estimate leaves, sizes with two."""
    size = abs(row["value"] - row["limit"])
    values = [Result(row[key], error=row["estimate"]) for key in ("limit", "value")]
    sizes = [Result(size, digits=2), Result(row["estimate"], digits=2), Result(row["order"], digits=3)]
    return [observable(str(row["observable"])), *(parts(result)[""] for result in (*values, *sizes))]
