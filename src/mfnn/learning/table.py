"""A table as a data law: the rows of a CSV file, each as likely, features and labels its columns."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, NonNegativeFloat

from mfnn.errors import SpecError
from mfnn.spec import Floats, Spec
from mfnn.spec.arrays import numbers
from mfnn.storage import read_table


class TableData(Spec):
    """The rows of `file`, a CSV with a head, beside the scenario's own file: y the columns `target`, x the others.

    `features` are fewer of these, in their order. Standardised, every column of x and y has mean 0 and variance 1 over
    the rows. With an intercept x has the constant feature 1 at its end. Raises `SpecError` where the table is used.
    """

    law: Literal["table"] = "table"
    file: str
    target: str | list[str]
    features: list[str] | None = None
    standardise: bool = False
    intercept: bool = True
    noise_std: NonNegativeFloat = 0.0
    folder: str = Field(default=".", exclude=True)  # of the scenario's file: no part of what it says

    @property
    def path(self) -> Path:
        """Where the table is."""
        return Path(self.folder, self.file)

    def finite(self) -> dict[str, Any]:
        """The finite data law of the rows: x (M, d), y (M, m)."""
        targets = [self.target] if isinstance(self.target, str) else self.target
        columns = _columns(self.path)
        names = self.features or [name for name in columns if name not in targets]
        for key, asked in (("target", targets), ("features", names)):
            if unknown := [name for name in asked if name not in columns]:
                raise SpecError(f"data.{key}", unknown[0], f"columns of {self.path}: {', '.join(columns)}")
        x, y = (np.column_stack([self._numbers(name) for name in asked]) for asked in (names, targets))
        if self.intercept:
            x = np.column_stack([x, np.ones(len(x))])
        return {"law": "finite", "x": x, "y": y, "noise_std": self.noise_std}

    def _numbers(self, name: str) -> Floats:
        """A column as numbers, standardised if asked."""
        try:
            column = numbers(_columns(self.path)[name], (1,))
        except ValueError as reason:
            raise SpecError(f"data.{name}", self.file, f"a column of {reason} (rows counted from 0)") from None
        if not self.standardise:
            return column
        if not (deviation := column.std()):
            raise SpecError(f"data.{name}", column[0], "a column that is not constant, to be standardised")
        return (column - column.mean()) / deviation


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> dict[str, Any]:
    table = read_table(path)
    return {str(name): table[name] for name in table.columns}


def _columns(path: Path) -> dict[str, Any]:
    """The columns of a file by name, read once as long as it does not change."""
    if not path.is_file():
        raise SpecError("data.file", str(path), "a CSV file beside the scenario's own")
    return _read(path, path.stat().st_mtime_ns)
