"""Networks of few neurons beside their predicted law, and what is left of means against one over the width."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import norm

from mfnn.show import style
from mfnn.show.names import formula
from mfnn.spec import Floats

SHOWN = 3  # observables whose law is drawn, those of the largest bias beside their spread
REACH = 4.5  # standard deviations to either side


def draw(networks: xr.Dataset, predicted: xr.Dataset, tables: Mapping[str, pd.DataFrame]) -> Figure:
    """Above, the law of ⟨f, μ^N⟩ in the first case, N smallest; below, N (mean − limit) against 1/N in all cases."""
    figure = style.canvas(4.6)
    above, below = np.ravel(np.asarray(figure.subfigures(2, 1, height_ratios=(1.0, 1.15))))
    last, width = predicted.isel(time=-1), int(predicted["width"].min())
    foreseen = last.sel(width=width)
    share = np.abs(foreseen["shift"].values) / np.sqrt(foreseen["variance"].values)
    names = [str(last["observable"].values[k]) for k in np.argsort(-share)[:SHOWN]]
    for panel, name in zip(style.grid(above, 1, len(names))[0], names, strict=True):
        _law(panel, networks[name].isel(time=-1).values, last.sel(observable=name, width=width), width)
        panel.set_xlabel(rf"$\langle {formula(name)}, \mu^{{{width}}}_T \rangle$")
    above.axes[0].set_title(f"{style.scenario_name(next(iter(tables)))}, $N = {width}$", loc="left")
    above.axes[0].set_ylabel("density")
    for panel, (other, cells) in zip(style.grid(below, 1, len(tables))[0], tables.items(), strict=True):
        _rest(panel, cells[cells["time"] == cells["time"].max()])
        panel.set_title(style.scenario_name(other), loc="left")
    below.axes[0].set_ylabel(r"$N\,(\mathrm{mean} - \mathrm{limit}) / \sqrt{V}$")
    return figure


def _law(panel: Axes, values: Floats, predicted: xr.Dataset, width: int) -> None:
    """The values of many networks, the normal law predicted for them, and the limit that it is centred off."""
    centre, limit = float(predicted["mean"] + predicted["shift"]), float(predicted["mean"])
    spread = float(np.sqrt(predicted["variance"] / width))
    edges = style.bin_edges(len(values), centre - REACH * spread, centre + REACH * spread)
    style.histogram(panel, values, edges, style.MEASURED[0])
    grid = np.linspace(edges[0], edges[-1], 201)
    panel.plot(grid, norm.pdf(grid, centre, spread), color=style.LIMIT)
    panel.axvline(limit, color=style.BASELINE, linewidth=0.8, linestyle=style.DASHED)
    panel.set_yticks([])


def _rest(panel: Axes, final: pd.DataFrame) -> None:
    """Points with intervals against 1/N, and the predicted B at 1/N = 0, all in units of √V."""
    labels = []
    for number, (name, rows) in enumerate(final.groupby("observable", sort=False)):
        colour, marker = style.look(number)
        scale, inverse = np.sqrt(rows["predicted"].to_numpy()), 1 / rows["width"].to_numpy(dtype=float)
        points = [rows[key].to_numpy() / scale for key in ("offset", "offset_low", "offset_high")]
        style.bars_between(panel, inverse, *points, color=colour, fmt=marker)
        bias = float(rows["bias"].iloc[0]) / float(scale[0])
        panel.plot([0.0], [bias], color=style.LIMIT, marker=marker, markersize=5, fillstyle="none", clip_on=False)
        panel.plot([0.0, inverse.max()], [bias, bias], color=style.LIMIT, linewidth=0.5, linestyle=style.DASHED)
        labels.append((float(points[0][np.argmax(inverse)]), f"${formula(str(name))}$", colour, marker))
    widths = sorted(final["width"].unique())[:2]  # those whose inverses are far enough apart for words
    panel.set_xlim(0.0, 1.08 / widths[0])
    panel.set_xticks([0.0, *(1 / width for width in widths)], ["$0$", *(f"$1/{width}$" for width in widths)])
    style.label_ends(panel, labels, 0.11)
    panel.set_xlabel("$1/N$")
