"""N times the variances and the covariances between neurons against the width, with the constants predicted for them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.names import formula

LINE_HEIGHT = 0.11  # of a label, in heights of a panel
BESIDE = 0.012  # from one quantity's points to the next one's at the same width, in panels


def draw(scenarios: Mapping[str, pd.DataFrame]) -> Figure:
    """A row of panels a scenario, at the final time: variances on the left, covariances on the right."""
    figure, axes = style.panels(2.0 * len(scenarios), len(scenarios), 2)
    for (left, right), (scenario, cells) in zip(axes, scenarios.items(), strict=True):
        final = cells[cells["time"] == cells["time"].max()]
        variances, pairs = (final[final["kind"] == kind] for kind in ("variance", "pair"))
        style.log_widths(left, final["width"])
        style.log_widths(right, final["width"])
        style.log_sizes(left, 0.5 * variances["predicted"].min(), 2 * variances["predicted"].max())
        low, high = pairs["predicted"].min(), pairs["predicted"].max()
        right.set_ylim(low - 0.3 * (high - low), high + 0.3 * (high - low))
        _panel(left, variances, False)
        _panel(right, pairs, True)
        left.set_title(f"{style.scenario_name(scenario)}: $N\\,$Var over replicas", loc="left")
        right.set_title("$N\\,$Cov of two neurons", loc="left")
        for panel in (left, right):
            panel.set_xlabel("width $N$")
    return figure


def _panel(panel: Axes, cells: pd.DataFrame, paired: bool) -> None:
    """The cells by quantity, side by side at a width, each with its prediction as a line."""
    labels = []
    quantities = cells.groupby(["observable", "other"], sort=False)
    low, high = panel.get_xlim()
    for number, (pair, rows) in enumerate(quantities):
        f, g = map(str, pair)
        colour, marker = style.look(number)
        widths, means, errors = (rows[column].to_numpy() for column in ("width", "measured", "error"))
        beside = (high / low) ** (BESIDE * (number - (quantities.ngroups - 1) / 2))
        style.interval_bars(panel, widths * beside, means, errors, color=colour, fmt=marker)
        predicted = float(rows["predicted"].iloc[0])
        panel.plot(panel.get_xlim(), 2 * [predicted], color=style.LIMIT, linewidth=0.8, zorder=0)
        name = f"${formula(f)}$, ${formula(g)}$" if paired else f"${formula(f)}$"
        labels.append((predicted, name, colour, marker))
    style.label_ends(panel, labels, LINE_HEIGHT)


def draw_pulls(scenarios: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], from_width: Mapping[str, int]) -> Figure:
    """The pulls of the judged cells, variances and covariances, over their null and the standard normal density."""
    figure, axes = style.panels(1.9 * len(scenarios), len(scenarios), 2, sharey="row")
    grid = np.linspace(-5, 5, 201)
    for row, (scenario, (cells, null)) in zip(axes, scenarios.items(), strict=True):
        judged = cells[cells["width"] >= from_width[scenario]]
        for panel, kind, name in zip(
            row, ("variance", "pair"), ("variances", "covariances of two neurons"), strict=True
        ):
            pulls = judged.loc[judged["kind"] == kind, "pull"].to_numpy()
            expected = null.loc[null["kind"] == kind, "pull"].to_numpy()
            style.histogram(panel, pulls, style.bin_edges(len(pulls), -5, 5), style.MEASURED[0])
            style.histogram(panel, expected, style.bin_edges(len(expected), -5, 5), style.BASELINE, True)
            panel.plot(grid, np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi), color=style.LIMIT)
            panel.set_title(f"{style.scenario_name(scenario)}: {len(pulls)} {name}", loc="left")
            panel.set_xlabel("pull")
        row[0].set_ylabel("density")
    words = ((style.MEASURED[0], "measured"), (style.BASELINE, "null"), (style.LIMIT, "normal"))
    for line, (colour, word) in enumerate(words):
        style.note(axes[0, 0], (0.03, 1.0 - line * LINE_HEIGHT), word, colour)
    return figure
