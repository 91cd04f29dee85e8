"""The page's figures: losses through training, and the spread between trainings against the width."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from mfnn.show import style


def losses(table: pd.DataFrame) -> Figure:
    """The part of the target's variance that the limit leaves, on training and on held-out rows, against time."""
    figure, axes = style.panels(2.4, 1, 1)
    panel = axes[0, 0]
    for number, (name, words) in enumerate({"training": "training rows", "held_out": "held-out rows"}.items()):
        colour, marker = style.look(number)
        panel.plot(table["time"], table[name], color=colour, marker=marker, markersize=3, label=words)
    panel.set_xlabel("time $t$, in units of $N$ steps")
    panel.set_ylabel("part of the variance left")
    panel.set_ylim(0.0, None)
    panel.legend()
    return figure


def spread(table: pd.DataFrame) -> Figure:
    """N·Var of outputs on held-out rows against N, measured with 95 % intervals and predicted; the start's part below."""
    figure, axes = style.panels(2.4, 1, 1)
    panel = axes[0, 0]
    style.log_widths(panel, table["width"])
    for number, (name, foreseen, words) in enumerate(
        (("variance", "predicted", "whole"), ("start", "predicted_start", "start"))
    ):
        rows, (colour, marker) = table.dropna(subset=[name]), style.look(number)
        measured = [rows[key].to_numpy() for key in (name, f"{name}_low", f"{name}_high")]
        widths = rows["width"].to_numpy(dtype=float)
        style.bars_between(panel, widths, *measured, color=colour, fmt=marker, label=words)
        panel.axhline(float(rows[foreseen].iloc[0]), color=style.LIMIT, linewidth=0.8)
    panel.set_ylim(0.0, 1.3 * max(table["predicted"].max(), table["variance_high"].max()))
    panel.set_xlabel("width $N$")
    panel.set_ylabel(r"$N\,$Var of outputs")
    panel.legend(loc="lower right")
    return figure
