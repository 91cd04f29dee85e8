"""Panels of ensembles of networks beside their predictions: N·Var against the width, and against time."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from mfnn.show import style
from mfnn.show.names import formula

LINE_HEIGHT = 0.12  # of a label, in heights of a panel
BESIDE = 1.03  # from one quantity's points to the next one's at the same width


def variances(panel: Axes, cells: pd.DataFrame, title: str) -> None:
    """N·Var of every observable at the last time against N, the predictions as lines."""
    final = cells[cells["time"] == cells["time"].max()]
    style.log_widths(panel, final["width"])
    style.log_sizes(panel, 0.6 * final["predicted"].min(), 1.7 * final["predicted"].max())
    labels = []
    for number, (name, rows) in enumerate(final.groupby("observable", sort=False)):
        colour, marker = style.look(number)
        panel.plot(rows["width"], rows["predicted"], color=style.LIMIT, linewidth=0.8, zorder=0)
        places = rows["width"].to_numpy() * BESIDE ** (number - 2)
        measured = [rows[column].to_numpy() for column in ("variance", "variance_low", "variance_high")]
        style.bars_between(panel, places, *measured, color=colour, fmt=marker)
        labels.append((float(rows["predicted"].iloc[-1]), f"${formula(str(name))}$", colour, marker))
    style.label_ends(panel, labels, LINE_HEIGHT)
    panel.set_title(title, loc="left")
    panel.set_xlabel("width $N$")


def through_time(panel: Axes, rows: pd.DataFrame, quantity: str, number: int) -> None:
    """A quantity of one observable at one width against time, its prediction as a line; intervals where it has them."""
    colour, marker = style.look(number)
    panel.plot(rows["time"], rows[PREDICTED[quantity]], color=style.LIMIT, linewidth=0.8, zorder=0)
    if f"{quantity}_low" not in rows:
        panel.plot(rows["time"], rows[quantity], color=colour, marker=marker, linestyle="none")
        return
    measured = [rows[column].to_numpy() for column in (quantity, f"{quantity}_low", f"{quantity}_high")]
    style.bars_between(panel, rows["time"].to_numpy(), *measured, color=colour, fmt=marker)


PREDICTED = {"variance": "predicted", "offset": "bias", "pair": "predicted_pair"}
