"""From the kernel's normalisation to the mean field's: the output's variance, the parameters' distance, the sources."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.names import formula

LINE_HEIGHT = 0.1  # of a label, in heights of a panel


def draw(
    exponents: Mapping[str, float],
    cells: Mapping[str, pd.DataFrame],
    distances: pd.DataFrame,
    predicted: Mapping[str, xr.Dataset],
) -> Figure:
    """Left, Var g against N; middle, how far a function of the parameters moved; right, the start's part of Var g."""
    figure, axes = style.panels(2.5, 1, 3)
    (left, middle, right), gammas = axes[0], {case: rf"$\gamma = {gamma:g}$" for case, gamma in exponents.items()}
    _variances(left, cells, gammas)
    _distances(middle, distances, gammas)
    _shares(right, cells, predicted, gammas)
    return figure


def _output(cells: pd.DataFrame) -> str:
    """The observable that is the network's own output."""
    return next(name for name in cells["observable"].unique() if name.startswith("g"))


def _variances(panel: Axes, cells: Mapping[str, pd.DataFrame], gammas: Mapping[str, str]) -> None:
    labels, shown = [], {}
    for case, table in cells.items():
        own = table[(table["time"] == table["time"].max()) & (table["observable"] == _output(table))]
        shown[case] = own.assign(
            **{key: own[key] / own["width"] for key in ("predicted", "variance", "variance_low", "variance_high")}
        )
    every = pd.concat(shown.values())
    style.log_widths(panel, every["width"])
    style.log_sizes(panel, 0.5 * every["predicted"].min(), 2 * every["predicted"].max())
    for number, (case, own) in enumerate(shown.items()):
        colour, marker = style.look(number)
        panel.plot(own["width"], own["predicted"], color=style.LIMIT, linewidth=0.8, zorder=0)
        measured = [own[key].to_numpy() for key in ("variance", "variance_low", "variance_high")]
        style.bars_between(panel, own["width"].to_numpy(), *measured, color=colour, fmt=marker)
        labels.append((float(own["predicted"].iloc[-1]), gammas[case], colour, marker))
    style.label_ends(panel, labels, LINE_HEIGHT)
    name = _output(next(iter(cells.values())))
    panel.set_title(rf"Var of ${formula(name)}$ at $T$", loc="left")
    panel.set_xlabel("width $N$")


def _distances(panel: Axes, distances: pd.DataFrame, gammas: Mapping[str, str]) -> None:
    """Of a function that moves in all cases: |mean distance| against N, and the predictions N^{γ−1} times a constant."""
    cases = distances.groupby("observable", sort=False)["case"].nunique()
    name = str(cases.idxmax())
    rows = distances[distances["observable"] == name]
    rows = rows.assign(scale=rows["width"] ** (rows["gamma"] - 1.0))
    sizes = np.abs(rows["predicted"]) * rows["scale"]
    style.log_widths(panel, rows["width"])
    style.log_sizes(panel, 0.5 * sizes.min(), 2 * sizes.max())
    labels = []
    for number, (case, words) in enumerate(gammas.items()):
        own = rows[rows["case"] == case]
        colour, marker = style.look(number)
        foreseen = np.abs(own["predicted"]) * own["scale"]
        panel.plot(own["width"], foreseen, color=style.LIMIT, linewidth=0.8, zorder=0)
        size, error = np.abs((own["moved"] * own["scale"]).to_numpy()), (own["moved_error"] * own["scale"]).to_numpy()
        style.interval_bars(panel, own["width"].to_numpy(), size, error, color=colour, fmt=marker)
        labels.append((float(foreseen.iloc[-1]), words, colour, marker))
    style.label_ends(panel, labels, LINE_HEIGHT)
    panel.set_title(rf"${formula(name)}$ moved by", loc="left")
    panel.set_xlabel("width $N$")


def _shares(
    panel: Axes,
    cells: Mapping[str, pd.DataFrame],
    predicted: Mapping[str, xr.Dataset],
    gammas: Mapping[str, str],
) -> None:
    """The start's predicted part of the output's variance against N."""
    labels, widths = [], sorted({int(width) for each in predicted.values() for width in each["width"].values})
    style.log_widths(panel, widths)
    panel.set_ylim(0.0, 1.0)
    for number, (case, words) in enumerate(gammas.items()):
        parts = predicted[case]["part"].sel(observable=_output(cells[case])).isel(time=-1)
        share = parts.sel(source="start") / parts.sum("source")
        colour, marker = style.look(number)
        panel.plot(share["width"], share, color=colour, marker=marker, markersize=3, linewidth=0.8)
        labels.append((float(share[-1]), words, colour, marker))
    style.label_ends(panel, labels, LINE_HEIGHT)
    panel.set_title("the start's part of it", loc="left")
    panel.set_xlabel("width $N$")
