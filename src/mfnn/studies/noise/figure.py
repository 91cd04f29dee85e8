"""Noisy networks beside those without noise: constants through time, the free energy, N·Var and groups by width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.ensembles import LINE_HEIGHT, PREDICTED, through_time, variances
from mfnn.show.names import formula
from mfnn.studies.noise.groups import ORDERS


def draw(
    cells: Mapping[str, pd.DataFrame], groups: Mapping[str, pd.DataFrame], predicted: Sequence[xr.Dataset]
) -> Figure:
    """Above, N·Var and N·Cov through time in all cases, and the free energy; below, N·Var and products over groups by N."""
    figure = style.canvas(6.3)
    above, middle, below = np.ravel(np.asarray(figure.subfigures(3, 1)))
    panels = style.grid(above, 1, 3)[0]
    _through_time(panels[0], "variance", cells)
    _through_time(panels[1], "pair", cells)
    _energy(panels[2], predicted)
    for panel, (case, table) in zip(style.grid(middle, 1, len(cells))[0], cells.items(), strict=True):
        variances(panel, table, rf"{style.scenario_name(case)}: $N\,$Var at $T$")
    for panel, (case, table) in zip(style.grid(below, 1, len(groups), sharey=True)[0], groups.items(), strict=True):
        _groups(panel, table)
        panel.set_title(rf"{style.scenario_name(case)}: $N^{{k/2}}\, E\, \tilde f \cdots \tilde f$", loc="left")
    return figure


TITLES = {"variance": r"$N\,$Var of", "pair": r"$N\,$Cov of"}


def _through_time(panel: Axes, quantity: str, cells: Mapping[str, pd.DataFrame]) -> None:
    """A constant of the first observable in all cases, at the widest width but one, of which there are more."""
    ends = []
    name = str(next(iter(cells.values()))["observable"].iloc[0])
    for number, (case, table) in enumerate(cells.items()):
        width = sorted(table["width"].unique())[-2]
        rows = table[(table["width"] == width) & (table["observable"] == name)]
        through_time(panel, rows, quantity, number)
        ends.append((float(rows[PREDICTED[quantity]].iloc[-1]), style.scenario_name(case), *style.look(number)))
    style.label_ends(panel, ends, LINE_HEIGHT)
    panel.set_title(rf"{TITLES[quantity]} ${formula(name)}$", loc="left")
    panel.set_xlabel("time $t$")


def _energy(panel: Axes, predicted: Sequence[xr.Dataset]) -> None:
    """The free energy of the limits that have one, and its least value."""
    for each in predicted:
        if "energy" in each:
            panel.plot(each["time"], each["energy"], color=style.LIMIT, marker=".")
            panel.axhline(float(each["least_energy"]), color=style.BASELINE, linewidth=0.8, linestyle=style.DASHED)
            style.note(panel, (0.97, 0.12), "stationary law", style.BASELINE)
    panel.set_title("free energy", loc="left")
    panel.set_xlabel("time $t$")


def _groups(panel: Axes, products: pd.DataFrame) -> None:
    """Products over two and four neurons at the first and the last time, in their units: level where chaos is sharp."""
    style.log_widths(panel, products["width"])
    ends = []
    times = (products["time"].min(), products["time"].max())
    for number, (time, k) in enumerate((time, k) for k in ORDERS for time in times):
        rows = products[(products["time"] == time) & (products["neurons"] == k)]
        points = [(rows[column] / rows["unit"]).to_numpy() for column in ("measured", "error", "predicted")]
        colour, marker = style.look(number)
        panel.plot(rows["width"], points[2], color=style.LIMIT, linewidth=0.8, zorder=0)
        style.interval_bars(panel, rows["width"].to_numpy(), *points[:2], color=colour, fmt=marker)
        ends.append((points[2][-1], f"$k = {k}$, $t = {time:g}$", colour, marker))
    style.label_ends(panel, ends, LINE_HEIGHT)
    panel.set_xlabel("width $N$")
