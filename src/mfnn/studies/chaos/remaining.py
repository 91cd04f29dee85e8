"""What is left of the dependence of two neurons in wider networks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import Estimate

LEAST_WIDTHS = 2  # the narrowest, and a wider one


def remaining(table: pd.DataFrame) -> Estimate:
    """The excess of a statistic over its null's mean in all wider networks, over that at the smallest width.

    The table has one row a width: width, value, null_mean, null_error. Each width counts by its null's precision, so
    that it is the narrower of the wider networks that speak. Were the dependence undiminished, this would be one.
    """
    at_least(LEAST_WIDTHS, len(table), "widths", "what is left of a dependence in wider networks")
    rows = table.sort_values("width")
    excess = (rows["value"] - rows["null_mean"]).to_numpy()
    error = rows["null_error"].to_numpy()
    weights = error[1:] ** -2 / (error[1:] ** -2).sum()
    left, spread = weights @ excess[1:], np.sqrt(((weights * error[1:]) ** 2).sum())
    ratio = left / excess[0]
    return Estimate(float(ratio), float(np.hypot(spread, ratio * error[0]) / abs(excess[0])))
