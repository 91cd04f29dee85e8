"""Noisy networks beside those without noise: constants through time, the free energy, and N·Var against the width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.ensembles import LINE_HEIGHT, PREDICTED, through_time, variances
from mfnn.show.names import formula


def draw(cells: Mapping[str, pd.DataFrame], predicted: Sequence[xr.Dataset]) -> Figure:
    """Above, the first observable's N·Var and N·Cov through time in all cases, and the free energy; below, N·Var by N."""
    figure = style.canvas(4.4)
    above, below = np.ravel(np.asarray(figure.subfigures(2, 1)))
    left, middle, right = style.grid(above, 1, 3)[0]
    name = str(next(iter(cells.values()))["observable"].iloc[0])
    ends: dict[str, list[tuple[float, str, str, str]]] = {"variance": [], "pair": []}
    for number, (case, table) in enumerate(cells.items()):
        width = sorted(table["width"].unique())[-2]  # the widest but one, of which there are more
        rows = table[(table["width"] == width) & (table["observable"] == name)]
        for panel, quantity in ((left, "variance"), (middle, "pair")):
            through_time(panel, rows, quantity, number)
            last = float(rows[PREDICTED[quantity]].iloc[-1])
            ends[quantity].append((last, style.scenario_name(case), *style.look(number)))
    for panel, quantity in ((left, "variance"), (middle, "pair")):
        style.label_ends(panel, ends[quantity], LINE_HEIGHT)
    left.set_title(rf"$N\,$Var of ${formula(name)}$", loc="left")
    middle.set_title(rf"$N\,$Cov of ${formula(name)}$, two neurons", loc="left")
    for each in predicted:
        if "energy" in each:
            right.plot(each["time"], each["energy"], color=style.LIMIT, marker=".")
            right.axhline(float(each["least_energy"]), color=style.BASELINE, linewidth=0.8, linestyle=style.DASHED)
            style.note(right, (0.97, 0.12), "stationary law", style.BASELINE)
    right.set_title("free energy", loc="left")
    for panel in (left, middle, right):
        panel.set_xlabel("time $t$")
    for panel, (case, table) in zip(style.grid(below, 1, len(cells))[0], cells.items(), strict=True):
        variances(panel, table, rf"{style.scenario_name(case)}: $N\,$Var at $T$")
    return figure
