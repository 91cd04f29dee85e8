"""Where the fluctuations of the outputs come from: the start, the samples, and both together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Measured:
    """The parts of one scenario's fluctuations by width and source, and what was predicted of them, by source."""

    parts: pd.DataFrame
    predicted: Mapping[str, Mapping[str, float]]


def draw(scenarios: Mapping[str, Measured]) -> Figure:
    """N·Var of outputs at held-out points by width and source, a panel a scenario, beside what is predicted."""
    figure, axes = style.panels(2.4, 1, len(scenarios))
    for panel, (name, measured) in zip(axes[0], scenarios.items(), strict=True):
        _parts(panel, measured.parts)
        panel.set_title(style.scenario_name(name), loc="left")
        for number in measured.predicted.values():
            panel.axhline(number["value"], color=style.LIMIT)
            panel.axhspan(number["low"], number["high"], color=style.LIMIT, alpha=0.15, linewidth=0)
        if measured.predicted:
            style.note(panel, (1.0, 1.0), "predicted", style.LIMIT)
    axes[0, 0].set_ylabel(r"$N\,\mathrm{Var}$ of $g_k(x)$ at $T$")
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
