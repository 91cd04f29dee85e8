"""Errors of test functions against the width, at the final time and over the whole path, with fitted power laws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.learning.observables import RISK
from mfnn.show import style
from mfnn.show.names import formula

LINE_HEIGHT = 0.125  # of a label, in heights of a panel


class Measured(NamedTuple):
    """What measure_errors wrote about a scenario."""

    errors: pd.DataFrame
    sup: pd.DataFrame
    fits: pd.DataFrame


def draw(scenarios: Mapping[str, Measured]) -> Figure:
    """A row of panels a scenario: √E e² at the final time on the left, of the largest error on the right."""
    figure, axes = style.panels(1.85 * len(scenarios), len(scenarios), 2, sharey="row")
    for (at_end, over_path), (scenario, (errors, sup, fits)) in zip(axes, scenarios.items(), strict=True):
        final = errors[errors["time"] == errors["time"].max()]
        sizes = np.concatenate([final["rms"], sup["rms"]])
        of_sup = fits["kind"] == "slope_sup"
        for panel, table, laws, named in (
            (at_end, final, fits[~of_sup], True),
            (over_path, sup, fits[of_sup], False),
        ):
            style.log_widths(panel, table["width"])
            style.log_sizes(panel, 0.3 * sizes.min(), 1.8 * sizes.max())
            _panel(panel, table, laws, named)
            panel.set_xlabel("width $N$")
        at_end.set_title(f"{style.scenario_name(scenario)}, at time $T$", loc="left")
        over_path.set_title(f"{style.scenario_name(scenario)}, largest on $[0, T]$", loc="left")
        at_end.set_ylabel("root mean square error")
    return figure


def _panel(panel: Axes, sizes: pd.DataFrame, fits: pd.DataFrame, named: bool) -> None:
    """The sizes by observable and width with their fits, each labelled with its slope and 95 % half-width."""
    ends = np.array([sizes["width"].min(), sizes["width"].max()], dtype=float)
    start = 0.55 * float(sizes.loc[sizes["width"] == ends[0], "rms"].min())
    guide = style.guide(panel, list(sizes["width"]), start, -0.5)
    labels = [(guide, "slope $-1/2$" if named else "$-1/2$", style.LIMIT, "")]
    for number, law in enumerate(fits.to_dict("records")):
        colour, marker = style.RISK_LOOK if law["observable"] == RISK else style.look(number)
        rows = sizes[sizes["observable"] == law["observable"]]
        points = [rows[column].to_numpy() for column in ("width", "rms", "rms_low", "rms_high")]
        style.bars_between(panel, *points, color=colour, fmt=marker)
        line = 10 ** law["intercept"] * ends ** law["slope"]
        panel.plot(ends, line, color=colour, linewidth=0.8)
        slope = rf"${law['slope']:.3f} \pm {(law['high'] - law['low']) / 2:.3f}$"
        labels.append((line[-1], f"${formula(law['observable'])}$  {slope}" if named else slope, colour, marker))
        if "limit_error" in rows and rows["limit_error"].iloc[-1] > panel.get_ylim()[0]:
            panel.plot(ends, 2 * [rows["limit_error"].iloc[-1]], color=colour, linewidth=0.7, linestyle=":")
    if "limit_error" in sizes and sizes["limit_error"].max() > panel.get_ylim()[0]:
        style.note(panel, (0.02, 0.02), "dotted: error\nof the limit", "0.15")
    style.label_ends(panel, labels, LINE_HEIGHT)
