"""Rows of a table as a network sees them, and its outputs as the table has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mfnn.spec import Floats


@dataclass(frozen=True)
class Scale:
    """The training rows' means and standard deviations, of the features and of the target."""

    features: tuple[str, ...]
    target: str
    mean: pd.Series
    deviation: pd.Series

    def seen(self, table: pd.DataFrame) -> Floats:
        """Standardised features with a constant one, shape (rows, d)."""
        names = list(self.features)
        scaled = (table[names] - self.mean[names]) / self.deviation[names]
        return np.column_stack([scaled.to_numpy(dtype=float), np.ones(len(table))])

    def wanted(self, table: pd.DataFrame) -> Floats:
        """The standardised target, shape (rows,)."""
        column = table[self.target].to_numpy(dtype=float)
        return (column - self.mean[self.target]) / self.deviation[self.target]

    def target_of(self, outputs: Floats) -> Floats:
        """Outputs in the target's own units."""
        return self.mean[self.target] + self.deviation[self.target] * outputs


def scale_of(training: pd.DataFrame, target: str) -> Scale:
    """The scale of training rows, as the data law standardises them."""
    features = tuple(str(name) for name in training.columns if name != target)
    return Scale(features, target, training.mean(), training.std(ddof=0))
