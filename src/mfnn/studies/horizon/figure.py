"""Variances and biases through long times, and how wide a network must be to stay with its limit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.ensembles import LINE_HEIGHT
from mfnn.show.names import formula
from mfnn.studies.horizon.reach import CONFIDENCE, ERROR


def draw(cells: Mapping[str, pd.DataFrame], needed: pd.DataFrame) -> Figure:
    """A row a case: N·Var of the widest networks, N (mean − limit), and the width needed, all against time."""
    figure, axes = style.panels(1.85 * len(cells), len(cells), 3, sharex="row")
    for row, (case, table) in zip(axes, cells.items(), strict=True):
        widest = table[table["width"] == table["width"].max()]
        _variances(row[0], widest)
        _offsets(row[1], widest)
        _widths(row[2], needed[needed["case"] == case])
        style.log_times(row[0])  # which the row shares
        row[0].set_title(rf"{style.scenario_name(case)}: $N\,$Var", loc="left")
        row[1].set_title(r"$N\,$(mean $-$ limit)", loc="left")
        row[2].set_title(rf"$N$ for ${ERROR:g}$ at ${100 * CONFIDENCE:.0f}\,\%$", loc="left")
    for panel in axes[-1]:
        panel.set_xlabel("time $t$")
    return figure


def _variances(panel: Axes, rows: pd.DataFrame) -> None:
    style.log_sizes(panel, 0.5 * rows["predicted"].min(), 2 * rows["predicted"].max())
    for number, (_, own) in enumerate(rows.groupby("observable", sort=False)):
        colour, marker = style.look(number)
        panel.plot(own["time"], own["predicted"], color=style.LIMIT, linewidth=0.8, zorder=0)
        measured = [own[key].to_numpy() for key in ("variance", "variance_low", "variance_high")]
        style.bars_between(panel, own["time"].to_numpy(), *measured, color=colour, fmt=marker)


def _offsets(panel: Axes, rows: pd.DataFrame) -> None:
    """Measured, and the predicted bias where the case asks for it."""
    for number, (_, own) in enumerate(rows.groupby("observable", sort=False)):
        colour, marker = style.look(number)
        if own["bias"].any():
            panel.plot(own["time"], own["bias"], color=style.LIMIT, linewidth=0.8, zorder=0)
        measured = [own[key].to_numpy() for key in ("offset", "offset_low", "offset_high")]
        style.bars_between(panel, own["time"].to_numpy(), *measured, color=colour, fmt=marker)


def _widths(panel: Axes, needed: pd.DataFrame) -> None:
    style.log_sizes(panel, 0.5 * needed["needed"].min(), 2 * needed["needed"].max())
    labels = []
    for number, (name, own) in enumerate(needed.groupby("observable", sort=False)):
        colour, marker = style.look(number)
        panel.plot(own["time"], own["needed"], color=colour, marker=marker, markersize=2.5, linewidth=0.8)
        labels.append((float(own["needed"].iloc[-1]), f"${formula(str(name))}$", colour, marker))
    style.label_ends(panel, labels, LINE_HEIGHT)
