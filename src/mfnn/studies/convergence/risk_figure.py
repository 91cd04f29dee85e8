"""The population risk over time by width and in the limit, and how its mean approaches the limit's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.learning.observables import RISK
from mfnn.show import style


def draw(errors: Mapping[str, pd.DataFrame]) -> Figure:
    """Above, a panel a scenario with mean ± standard deviation over replicas; below, |E risk_N − risk| at T."""
    risks = {scenario: table[table["observable"] == RISK] for scenario, table in errors.items()}
    colours = style.width_colours(width for table in risks.values() for width in table["width"])
    figure, axes = style.panels(3.9, 2, len(risks))
    for (above, below), (scenario, table) in zip(axes.T, risks.items(), strict=True):
        above.set_title(style.scenario_name(scenario))
        _over_time(above, table, colours)
        _against_width(below, table[table["time"] == table["time"].max()], colours)
    axes[0, 0].legend(loc="upper right")
    axes[0, 0].set_ylabel("population risk")
    axes[1, 0].set_ylabel("$|$bias$|$ of the risk at $T$")
    style.note(axes[1, 0], (1.0, 1.0), "hollow: may be 0", "0.15")
    style.note(axes[1, 0], (1.0, 0.92), "dashed: slope $-1$", style.LIMIT)
    return figure


def _over_time(panel: Axes, risks: pd.DataFrame, colours: Mapping[int, Any]) -> None:
    for width in sorted(risks["width"].unique()):
        rows = risks[risks["width"] == width]
        mean, spread = rows["limit"] + rows["bias"], np.sqrt(rows["variance"])
        look = {"color": colours[width], "zorder": 2}
        panel.fill_between(rows["time"], mean - spread, mean + spread, alpha=0.3, linewidth=0, **look)
        panel.plot(rows["time"], mean, label=style.width_name(int(width)), linewidth=0.8, **look)
    panel.plot(rows["time"], rows["limit"], color=style.LIMIT, linestyle=style.DASHED, label="limit")
    panel.set_xlim(0, risks["time"].max())
    panel.set_xlabel("time $t$")


def _against_width(panel: Axes, final: pd.DataFrame, colours: Mapping[int, Any]) -> None:
    """Filled where the 95 % interval excludes 0, hollow where the bias is lost in the spread of the replicas."""
    sizes, halves = final["bias"].abs().to_numpy(), ((final["bias_high"] - final["bias_low"]) / 2).to_numpy()
    style.log_widths(panel, final["width"])
    style.log_sizes(panel, 0.2 * max(sizes.min(), 0.1 * halves.min()), 2 * (sizes + halves).max())
    for width, size, half in zip(final["width"], sizes, halves, strict=True):
        point = (np.array([number]) for number in (width, size, size - half, size + half))
        face = colours[width] if size > half else "white"
        style.bars_between(panel, *point, fmt="o", color=colours[width], markerfacecolor=face)
    style.guide(panel, list(final["width"]), 0.5 * sizes[0], -1.0)
    panel.set_xlabel("width $N$")
    limit_error = final["limit_error"].iloc[0]
    if limit_error > panel.get_ylim()[0]:
        panel.axhline(limit_error, color=style.LIMIT, linestyle=":", linewidth=0.8)
        style.note(panel, (1.0, 1.0), "dotted: error of the limit", style.LIMIT)
