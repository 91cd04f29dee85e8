"""Two hidden layers beside their limit: errors against the width, what sets N·Var, and weights that stay dependent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.ensembles import LINE_HEIGHT, variances
from mfnn.show.names import formula
from mfnn.studies.depth.weights import PAIRS

PARTS = {"start": "first layer", "second layer": "second layer", "samples": "samples"}


def draw(
    cells: Mapping[str, pd.DataFrame],
    predicted: Mapping[str, xr.Dataset],
    weights: pd.DataFrame,
    moves: pd.DataFrame,
    titles: Mapping[str, str],
) -> Figure:
    """Of the first case N·Var against N and covariances of weights; the parts of N·Var in all; the first layer's moves."""
    figure = style.canvas(4.4)
    above, below = np.ravel(np.asarray(figure.subfigures(2, 1)))
    first = next(iter(cells))
    left, middle, right = style.grid(above, 1, 3)[0]
    variances(left, cells[first], r"$N\,$Var at $T$")
    _covariances(middle, weights[weights["case"] == first])
    _moves(right, moves)
    names = [str(name) for name in next(iter(predicted.values()))["observable"].values]
    for panel, (case, table) in zip(style.grid(below, 1, len(cells), sharey=True)[0], cells.items(), strict=True):
        _parts(panel, table, predicted[case], names)
        panel.set_title(titles[case], loc="left")
    below.axes[0].set_ylabel(r"$N\,$Var over its prediction")
    for number, words in enumerate(PARTS.values()):
        style.note(below.axes[-1], (0.98, 1.0 - 0.11 * number), words, style.MEASURED[number])
    return figure


def _covariances(panel: Axes, rows: pd.DataFrame) -> None:
    """Covariances of two weights against N with their limits."""
    style.log_widths(panel, rows["width"])
    labels = []
    for number, (pair, words) in enumerate(PAIRS.items()):
        own = rows[rows["pair"] == pair]
        colour, marker = style.look(number)
        panel.axhline(float(own["predicted"].iloc[0]), color=style.LIMIT, linewidth=0.8, zorder=0)
        measured = [own[key].to_numpy() for key in ("covariance", "covariance_low", "covariance_high")]
        style.bars_between(panel, own["width"].to_numpy(), *measured, color=colour, fmt=marker)
        labels.append((float(own["predicted"].iloc[0]), words, colour, marker))
    style.label_ends(panel, labels, LINE_HEIGHT)
    panel.set_title("Cov of two weights", loc="left")
    panel.set_xlabel("width $N$")


def _parts(panel: Axes, cells: pd.DataFrame, predicted: xr.Dataset, names: list[str]) -> None:
    """Predicted parts of N·Var at the last time, one on the other, over their sum; the measured N·Var as points."""
    replicas = cells.groupby("width")["replicas"].first()
    many = replicas[replicas >= replicas.max() / 2].index.max()  # the widest of which there are enough
    rows = cells[(cells["time"] == cells["time"].max()) & (cells["width"] == many)].set_index("observable").loc[names]
    parts = predicted["part"].isel(time=-1, width=-1).sel(observable=names)
    scale = parts.sum("source").values
    bottom = np.zeros(len(names))
    for number, source in enumerate(PARTS):
        heights = parts.sel(source=source).values / scale
        panel.bar(range(len(names)), heights, 0.7, bottom=bottom, color=style.MEASURED[number], alpha=0.55)
        bottom += heights
    measured = [rows[key].to_numpy() / scale for key in ("variance", "variance_low", "variance_high")]
    style.bars_between(panel, np.arange(len(names), dtype=float), *measured, color="0.15", fmt="o")
    panel.set_xticks(range(len(names)), [f"${formula(name)}$" for name in names])
    panel.set_ylim(0.0, 1.7)


def _moves(panel: Axes, moves: pd.DataFrame) -> None:
    """Root mean squares of what the first layer's mean square moved by, against N, beside their limits."""
    ends = []
    style.log_widths(panel, moves["width"])
    style.log_sizes(panel, 0.5 * moves["moved_low"].min(), 2.0 * moves["moved_high"].max())
    for number, (case, rows) in enumerate(moves.groupby("case", sort=False)):
        colour, marker = style.look(number)
        limit = float(rows["predicted"].iloc[0])
        if limit > panel.get_ylim()[0]:
            panel.axhline(limit, color=style.LIMIT, linewidth=0.8, zorder=0)
        points = [rows[column].to_numpy() for column in ("width", "moved", "moved_low", "moved_high")]
        style.bars_between(panel, *points, color=colour, fmt=marker)
        ends.append((float(rows["moved"].iloc[-1]), style.scenario_name(str(case)), colour, marker))
    style.label_ends(panel, ends, LINE_HEIGHT)
    panel.set_title(r"moved: $\langle w_0^2, \mu^N \rangle$", loc="left")
    panel.set_xlabel("width $N$")
