"""The terms of the proof against the width: martingale, Taylor remainder, last interval, each with its prediction."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.names import formula

TITLES = {
    "martingale": "martingale $M_T$",
    "remainder": "remainder $R_T$",
    "last": "last interval $V$, largest",
}


def draw(table: pd.DataFrame) -> Figure:
    """A panel a term: root mean squares over replicas by test function, and lines that the limit predicts."""
    figure, axes = style.panels(2.0, 1, len(TITLES))
    for panel, (term, title) in zip(axes[0], TITLES.items(), strict=True):
        rows = table[table["term"] == term]
        style.log_widths(panel, rows["width"])
        style.log_sizes(panel, 0.5 * rows["rms"].min(), 5.0 * rows["rms"].max())
        _panel(panel, rows)
        panel.set_title(title, loc="left")
        panel.set_xlabel("width $N$")
    axes[0, 0].set_ylabel("root mean square")
    for panel, slope in zip(axes[0], ("-1/2", "-1", "-1"), strict=True):
        style.note(panel, (1.0, 1.0), f"dashed: predicted,\nslope ${slope}$", style.LIMIT)
    return figure


def _panel(panel: Axes, rows: pd.DataFrame) -> None:
    """The sizes of one term with the line of each test function."""
    labels = []
    for number, (name, sizes) in enumerate(rows.groupby("observable", sort=False)):
        colour, marker = style.look(number)
        width, predicted = sizes["width"].to_numpy(), sizes["predicted"].to_numpy()
        rms = [sizes[column].to_numpy() for column in ("rms", "rms_low", "rms_high")]
        panel.plot(width, predicted, color=style.LIMIT, linestyle=style.DASHED, linewidth=0.9)
        style.bars_between(panel, width, *rms, color=colour, fmt=marker)
        labels.append((float(predicted[-1]), f"${formula(str(name))}$", colour, marker))
    style.label_ends(panel, labels, 0.1)
