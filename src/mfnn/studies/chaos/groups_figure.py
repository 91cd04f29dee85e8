"""Groups of neurons against the width: products over groups of two to four, means over groups that grow with N."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style

LINE_HEIGHT = 0.11  # of a label, in heights of a panel
NAMES = {"one": "$k = 1$", "root": r"$k = \sqrt{N}$", "quarter": "$k = N / 4$", "all": "$k = N$"}


def draw(products: pd.DataFrame, sizes: pd.DataFrame) -> Figure:
    """Products over k neurons in units of their order on the left, variances of group means on the right."""
    figure, axes = style.panels(2.3, 1, 2)
    left, right = axes[0]
    pair = abs(float(products.loc[products["neurons"] == 2, "predicted"].iloc[0]))
    unit = pair ** (products["neurons"] / 2)
    scaled = products.assign(**{name: products[name] / unit for name in ("measured", "error", "predicted")})
    kinds = {f"$k = {k}$": rows for k, rows in scaled.groupby("neurons")}
    _panel(left, kinds)
    left.set_title(r"$N^{k/2}\, E\, \tilde f(\theta^1) \cdots \tilde f(\theta^k) \,/\, |\kappa|^{k/2}$", loc="left")
    _panel(right, {NAMES[str(name)]: rows for name, rows in sizes.groupby("group", sort=False)})
    right.set_title(r"mean over $k$ neurons: $k\,$Var$\,/\,s^2$", loc="left")
    return figure


def _panel(panel: Axes, kinds: dict[str, pd.DataFrame]) -> None:
    """The rows of each kind with their intervals, each with its prediction as a line."""
    labels = []
    style.log_widths(panel, np.concatenate([rows["width"] for rows in kinds.values()]))
    for number, (name, rows) in enumerate(kinds.items()):
        colour, marker = style.look(number)
        panel.plot(rows["width"], rows["predicted"], color=style.LIMIT, linewidth=0.8, zorder=0)
        points = [rows[column].to_numpy() for column in ("width", "measured", "error")]
        style.interval_bars(panel, *points, color=colour, fmt=marker)
        labels.append((float(rows["predicted"].iloc[-1]), name, colour, marker))
    style.label_ends(panel, labels, LINE_HEIGHT)
    panel.set_xlabel("width $N$")
