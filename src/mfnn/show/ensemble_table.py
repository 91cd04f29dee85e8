"""The table of a study of cases: constants with the parts of their sources, and what networks have of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from mfnn.show.tables import Table, code, number, observable, shown, tabular
from mfnn.verdicts.ensembles import ratio


def constants(
    cells: Mapping[str, pd.DataFrame], predicted: Mapping[str, xr.Dataset], from_widths: Mapping[str, int]
) -> Table:
    """One row a case and observable at the last time: N·Var predicted, its parts in per cent, measured over predicted.

    Predictions are those at the widest networks; the ratio is that of all judged widths together.
    """
    rows, data = [], []
    sources = [name for name in _sources(predicted) if any(_part(each, name).any() for each in predicted.values())]
    for case, table in cells.items():
        last = predicted[case].isel(time=-1, width=-1)
        for name in last["observable"].values.astype(str):
            own, found = last.sel(observable=name), ratio(table, name, from_widths[case])
            shares = {source: float(own["part"].sel(source=source) / own["variance"]) for source in sources}
            low, high = found.interval()
            value = {"case": case, "observable": name, "predicted": float(own["variance"]), **shares}
            data.append(value | {"ratio": found.value, "low": low, "high": high})
            cells_of_row = [f"${number(value['predicted'])}$", *(f"${100 * share:.0f}$" for share in shares.values())]
            rows.append([code(case), observable(name), *cells_of_row, *shown(found.value, low, high)])
    head = ["case", "$f$", r"$N\,\mathrm{Var}$", *(rf"{source} [\%]" for source in sources), "ratio", "interval"]
    return Table(tabular("ll" + "r" * (2 + len(sources)) + "c", head, {"": rows}), pd.DataFrame(data))


def _sources(predicted: Mapping[str, xr.Dataset]) -> list[str]:
    return [str(name) for name in next(iter(predicted.values()))["source"].values]


def _part(predicted: xr.Dataset, source: str) -> xr.DataArray:
    return predicted["part"].sel(source=source)
