"""Somebody's table as numbers: any separator, decimal commas, text columns; what cannot be used is named in one line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mfnn.errors import SpecError

SEPARATORS = ",;\t|"
SNIFFED = 1 << 16  # characters from which the separator is told
MOST_VALUES = 20  # different ones of a text column: more are names, not kinds
LEAST_ROWS = 20


@dataclass(frozen=True)
class Rows:
    """Numeric features and the target by name, and what was done to the table to get them, in sentences."""

    table: pd.DataFrame
    target: str
    notes: tuple[str, ...]


def read_rows(path: Path, target: str, features: Sequence[str] = (), drop_missing: bool = False) -> Rows:
    """The rows of a CSV, TSV or Parquet file with a head, as numbers.

    Text columns become a column of 0 and 1 for each of their values; columns that are constant or repeat another one are
    left out and named. Raises `SpecError` for a file that is no table, unknown columns, a target that is no number or
    does not vary, missing values unless they are to be dropped with their rows, and too few rows.
    """
    table = _parquet(path) if path.suffix.lower() in (".parquet", ".pq") else _text(path)
    _check_names(path, table)
    names = list(features) or [str(name) for name in table.columns if name != target]
    for key, asked in (("target", [target]), ("features", names)):
        if unknown := [name for name in asked if name not in table.columns]:
            raise SpecError(key, unknown[0], f"columns of {path.name}: {_some(table.columns)}")
    if target in names:
        raise SpecError("features", target, "columns other than the target")
    table, notes = _complete(table[[*names, target]], drop_missing)
    if len(table) < LEAST_ROWS:
        raise SpecError("table", f"{len(table)} rows", f"at least {LEAST_ROWS} complete rows")
    wanted = table[target]
    if not pd.api.types.is_numeric_dtype(wanted) or wanted.nunique() < 2:
        raise SpecError("target", target, "a column of numbers that vary")
    numeric, dropped = _distinct(pd.concat([_numeric(table[name]) for name in names], axis=1))
    if not numeric.shape[1]:
        raise SpecError("features", _some(names), "at least one column that varies")
    return Rows(numeric.assign(**{target: wanted.astype(float)}), target, (*notes, *dropped))


def _parquet(path: Path) -> pd.DataFrame:
    try:
        from fastparquet import ParquetFile

        with path.open("rb") as content:
            return ParquetFile(content).to_pandas()
    except ImportError:
        raise SpecError("table", str(path), "a CSV or TSV file; for Parquet: pip install fastparquet") from None
    except Exception as reason:  # whatever it stumbles over in bytes that are not its format
        raise SpecError("table", str(path), f"a readable Parquet file ({str(reason).splitlines()[0]})") from None


def _text(path: Path) -> pd.DataFrame:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SpecError("table", str(path), "a text file in UTF-8, or Parquet") from None
    except OSError as reason:
        raise SpecError("table", str(path), f"a readable file ({reason.strerror})") from None
    if not text.strip():
        raise SpecError("table", str(path), "a table with a head; the file is empty")
    separator = _separator(path, text)
    try:
        table = pd.read_csv(path, sep=separator, encoding="utf-8-sig", skipinitialspace=True, index_col=False)
    except (ValueError, pd.errors.ParserError, pd.errors.ParserWarning) as reason:
        raise SpecError("table", str(path), f"rows of as many fields as the head ({str(reason).strip()})") from None
    return table if separator == "," else table.apply(_decimal_commas)


def _separator(path: Path, text: str) -> str:
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    head = text.splitlines()[0]
    try:
        return csv.Sniffer().sniff(text[:SNIFFED], SEPARATORS).delimiter
    except csv.Error:
        return max(SEPARATORS, key=head.count)


def _decimal_commas(column: pd.Series) -> pd.Series:
    """1,5 as 1.5 where that makes numbers of a whole column."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    numbers = pd.to_numeric(column.str.replace(",", ".", regex=False), errors="coerce")
    return numbers if (numbers.notna() == column.notna()).all() else column


def _check_names(path: Path, table: pd.DataFrame) -> None:
    if table.shape[1] < 2:
        raise SpecError("table", str(path), f"at least two columns, separated by one of {SEPARATORS!r}")
    raw = [str(name) for name in table.columns]
    if twice := [name for name in raw if raw.count(name) > 1 or (name.endswith(".1") and name[:-2] in raw)]:
        raise SpecError("table", twice[0], "a head whose names differ")


def _complete(table: pd.DataFrame, drop_missing: bool) -> tuple[pd.DataFrame, list[str]]:
    """The rows without missing values; refused unless they may be dropped."""
    table = table.replace([np.inf, -np.inf], np.nan)
    missing = table.isna().sum()
    if not missing.any():
        return table, []
    name, count = str(missing.idxmax()), int(missing.max())
    if not drop_missing:
        raise SpecError(
            "table", f"{count} missing values in {name}", "complete rows, or --drop-missing to leave out the others"
        )
    kept = table.dropna()
    return kept, [
        f"{len(table) - len(kept)} of {len(table)} rows with missing values are left out, most of them without {name}"
    ]


def _numeric(column: pd.Series) -> pd.DataFrame:
    """A column of numbers as it is; text as columns of 0 and 1, `name=value`."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(float).to_frame()
    values = sorted(map(str, column.unique()))
    if len(values) > MOST_VALUES:
        raise SpecError(
            "features",
            column.name,
            f"text of at most {MOST_VALUES} different values; leave the column out by --features",
        )
    kinds = column.astype(str)
    return pd.DataFrame({f"{column.name}={value}": (kinds == value).astype(float) for value in values})


def _distinct(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The columns that vary and repeat no other, and sentences on those that do not."""
    constant = [str(name) for name in table.columns if table[name].nunique() < 2]
    varying = table.drop(columns=constant)
    repeated = [str(name) for name, twice in zip(varying.columns, varying.T.duplicated(), strict=True) if twice]
    notes = [f"left out, since constant: {_some(constant)}"] if constant else []
    notes += [f"left out, since they repeat another column: {_some(repeated)}"] if repeated else []
    return varying.drop(columns=repeated), notes


def _some(names: Sequence[object] | pd.Index) -> str:
    """The first names of many."""
    shown = [str(name) for name in names[:8]]
    return ", ".join([*shown, "…"] if len(names) > len(shown) else shown)
