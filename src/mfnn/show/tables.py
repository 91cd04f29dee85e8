r"""What the paper's tables are made of: booktabs tabulars with observables and numbers in mathematics.

A function that makes one returns a `Table`: the TeX of one `tabular`, and the same content with all digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from mfnn.show.names import OBSERVABLE, formula
from mfnn.storage import write_table, write_text
from mfnn.verdicts.numbers import Result, parts

Rows = Sequence[Sequence[str]]

_POWER = re.compile(r"\bN\^\((-?[\d./]+)\)")
_SYMBOL = re.compile(r"\[0, T\]|\b[NTW]\d*\b")
_MATHEMATICS = re.compile("|".join(part.pattern for part in (_POWER, _SYMBOL, OBSERVABLE)))
_SIGNS = str.maketrans({"≤": r"$\leq$", "≥": r"$\geq$", "<": "$<$", ">": "$>$", "−": "$-$"})


class Table(NamedTuple):
    """One table: for the paper, and for whoever computes with it."""

    tex: str
    data: pd.DataFrame

    def write(self, tex: Path, csv: Path) -> None:
        """Write the tabular and its content."""
        write_text(self.tex, tex)
        write_table(self.data, csv)


def tabular(columns: str, head: Sequence[str], groups: Mapping[str, Rows]) -> str:
    """A booktabs tabular; each group of rows stands below its name where it has one."""
    lines = [rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}", r"\toprule", _row(head), r"\midrule"]
    for place, (name, rows) in enumerate(groups.items()):
        lines += [r"\addlinespace"] if place else []
        lines += [rf"\multicolumn{{{len(head)}}}{{@{{}}l@{{}}}}{{{name}}} \\"] if name else []
        lines += map(_row, rows)
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def prose(text: str) -> str:
    """A sentence with the observables, rates, widths and times that it names in mathematics, all else escaped."""
    pieces, position = [], 0
    for found in _MATHEMATICS.finditer(text):
        token = found.group()
        if power := _POWER.fullmatch(token):
            token = f"N^{{{power[1]}}}"
        elif _SYMBOL.fullmatch(token):
            token = re.sub(r"(\d+)$", r"_{\1}", token)
        else:
            token = formula(token)
        pieces += [escaped(text[position : found.start()]), math(token)]
        position = found.end()
    return "".join([*pieces, escaped(text[position:])])


def observable(name: str) -> str:
    """An observable as a formula, or as the word it is."""
    return math(formula(name)) if OBSERVABLE.fullmatch(name) else escaped(name)


def code(name: str) -> str:
    """A name as it stands in files."""
    return rf"\texttt{{{escaped(name)}}}"


def escaped(text: str) -> str:
    """Text as TeX shows it."""
    return parts(Result(text))[""].translate(_SIGNS)


def _row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


def math(tex: str) -> str:
    """A formula within a line."""
    return f"${tex}$"


def shown(value: float, low: float | None = None, high: float | None = None, error: float | None = None) -> list[str]:
    """A value and its interval or error, with the decimals that mean something; no interval where it is a point."""
    cells = parts(Result(value, low, high, error))
    if error is None and low == high:
        return [cells[""], ""]
    return list(cells.values())


def number(value: float) -> str:
    """A number to three digits, its power of ten written out."""
    mantissa, _, exponent = f"{value:.3g}".partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa}\times {power}"


def together(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All scenarios' rows in one table, the scenario first."""
    parted = [table.assign(scenario=scenario) for scenario, table in tables.items()]
    everything = pd.concat(parted, ignore_index=True)
    return everything[["scenario", *everything.columns.drop("scenario")]]
