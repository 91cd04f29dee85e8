"""The table of slopes: at the final time and over the time grid side by side, by scenario."""

import pandas as pd

from mfnn.studies.convergence.table import slopes


def body(tex: str) -> list[list[str]]:
    """The cells of a table's rows below its head, group names left out."""
    lines = tex.split("\\midrule\n")[1].split("\\bottomrule")[0].splitlines()
    rows = [line for line in lines if not line.startswith((r"\addlinespace", r"\multicolumn"))]
    return [row.removesuffix(r" \\").split(" & ") for row in rows]


def test_slopes_stand_side_by_side():
    row = {"observable": "c^2", "slope": -0.5012, "error": 0.004, "low": -0.509, "high": -0.4934, "intercept": 0.1}
    risk = {**row, "observable": "risk"}
    kinds = [{"kind": "slope", **row}, {"kind": "slope_sup", **row, "slope": -0.4988}]
    fits = pd.DataFrame([*kinds, {"kind": "slope_risk", **risk}, {"kind": "slope_sup", **risk}])
    table = slopes({"sine1d": fits, "a_b": fits})
    interval = r"\ensuremath{[-0.509,\,-0.493]}"
    slope, sup = r"\ensuremath{-0.501}", r"\ensuremath{-0.499}"
    assert body(table.tex)[:2] == [["$c^{2}$", slope, interval, sup, interval], ["risk", *2 * [slope, interval]]]
    assert r"\texttt{a\_b}" in table.tex and table.tex.count(r"\addlinespace") == 1
    assert list(table.data.columns[:2]) == ["scenario", "kind"] and len(table.data) == 8
