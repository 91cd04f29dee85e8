"""Where the fluctuations of the outputs come from: the start, the samples, and both together."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style

PARTS = {  # the words for each part, its colour and marker
    "total": ("all (independent runs)", style.MEASURED[4], "v"),
    "samples": ("samples", style.MEASURED[0], "o"),
    "start": ("start", style.MEASURED[1], "s"),
    "both": ("both", style.MEASURED[2], "^"),
}


def draw(
    totals: pd.DataFrame, crossed: pd.DataFrame, reduced: pd.DataFrame, predicted: Mapping[str, Mapping[str, float]]
) -> Figure:
    """N·Var of outputs at held-out images by width and source: all pixels; the reduced problem and its prediction."""
    figure, axes = style.panels(2.4, 1, 2)
    left, right = axes[0]
    _parts(left, pd.concat([totals, crossed]))
    left.set_title(style.scenario_name("mnist"), loc="left")
    left.set_ylabel(r"$N\,\mathrm{Var}$ of $g_k(x)$ at $T$")
    _parts(right, reduced)
    right.set_title(style.scenario_name("digits"), loc="left")
    for number in predicted.values():
        right.axhline(number["value"], color=style.LIMIT)
        right.axhspan(number["low"], number["high"], color=style.LIMIT, alpha=0.15, linewidth=0)
    style.note(right, (1.0, 1.0), "predicted", style.LIMIT)
    return figure


def _parts(panel: Axes, parts: pd.DataFrame) -> None:
    """Each part's points with intervals, named beside its last one."""
    style.log_widths(panel, parts["width"])
    labels = []
    for source, rows in parts.groupby("source"):
        name, colour, marker = PARTS[str(source)]
        points = (rows[column].to_numpy(float) for column in ("width", "value", "error"))
        style.interval_bars(panel, *points, color=colour, marker=marker, linestyle="none")
        labels.append((float(rows["value"].iloc[-1]), name, colour, marker))
    panel.set_ylim(-0.05 * parts["value"].max(), 1.5 * parts["value"].max())  # wider bars leave the panel
    panel.set_xlabel("width $N$")
    style.label_ends(panel, labels, 0.12)
