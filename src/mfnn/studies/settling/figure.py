"""Handwritten digits: trained parameters by width, held-out accuracy, and how much two runs differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.names import formula

COMPARISONS = {
    "moved": ("to initial law", style.MEASURED[1], "^"),
    "runs": ("between runs", style.MEASURED[0], "o"),
    "split": ("null", style.BASELINE, "s"),
}


def draw(
    clouds: Mapping[int, xr.DataArray],
    law: xr.Dataset,
    weight: str,
    accuracy: pd.DataFrame,
    distances: pd.DataFrame,
    recorded: Collection[int] = (),
) -> Figure:
    """Histograms of all c and of one coordinate of w of each width's first run; accuracy; W1 between runs.

    Widths that were recorded, and not trained in the run, have an asterisk.
    """
    figure = style.canvas(4.9)
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=(3.0, 1.9))[:, 0]
    axes = style.grid(above, 2, len(clouds), sharex="row", sharey="row")
    _histograms(axes, clouds, law, weight)
    for panel, width in zip(axes[0], clouds, strict=True):
        panel.set_title(style.width_name(width) + (r"$^*$" if width in recorded else ""))
    left, right = style.grid(below, 1, 2)[0]
    _accuracy(left, accuracy)
    _settling(right, distances)
    return figure


def _histograms(axes: Any, clouds: Mapping[int, xr.DataArray], law: xr.Dataset, weight: str) -> None:
    colours = style.width_colours(clouds)
    names = [str(name) for name in law["component"].values]
    outer = [name for name in names if name.startswith("c")]
    for row, (label, components) in zip(
        axes, {"c_0, \\dots, c_9": outer, formula(weight): [weight]}.items(), strict=True
    ):
        initial, limit = (
            law["reference"].sel(component=components).isel(keep_time=t).values.ravel() for t in (0, -1)
        )
        widest = clouds[max(clouds)].isel(replica=0, keep_time=-1).sel(component=components).values
        seen = np.concatenate([initial, limit, widest.ravel()])
        low, high = seen.min(), seen.max()
        for panel, (width, cloud) in zip(row, clouds.items(), strict=True):
            trained = cloud.isel(replica=0, keep_time=-1).sel(component=components).values.ravel()
            edges = style.bin_edges(min(len(trained), len(limit)), low, high)
            style.histogram(panel, trained, edges, colours[width])
            peak = style.histogram(panel, initial, edges, style.BASELINE, outlined=True).max()
            density = style.histogram(panel, limit, edges, style.LIMIT, outlined=True)
            # Both are samples: their difference varies as that of one sample of this size from the limit itself would.
            draws = round(1 / (1 / len(trained) + 1 / len(limit)))
            style.null_band(panel, density * np.diff(edges), edges, draws)
            top = density.max()
            panel.set_xlim(low, high)
            panel.set_xlabel(f"${label}$")
        row[0].set_ylim(0, min(1.15 * peak, 2.2 * top))
        row[0].set_ylabel("density")
        if peak > 2.2 * top:
            style.note(row[-1], (0.03, 1.0), f"peak ${peak:.1f}$", style.BASELINE)
    style.note(axes[0, -1], (0.03, 1.0), "initial", style.BASELINE)
    style.note(axes[0, -1], (0.03, 0.88), "limit", style.LIMIT)


def _accuracy(panel: Axes, accuracy: pd.DataFrame) -> None:
    """Every run's final accuracy, their mean with its 95 % interval, and the approximate limit's (width 0)."""
    final = accuracy[accuracy["time"] == accuracy["time"].max()]
    runs, limit = final[final["width"] > 0], float(final.loc[final["width"] == 0, "accuracy"].iloc[0])
    look = {"color": style.MEASURED[0], "marker": "o", "ax": panel}
    sns.scatterplot(runs, x="width", y="accuracy", s=7, alpha=0.4, linewidth=0, **look)
    sns.lineplot(
        runs, x="width", y="accuracy", errorbar=("se", style.HALF_95), err_style="bars", err_kws=style.BARS, **look
    )
    style.log_widths(panel, runs["width"])
    panel.axhline(limit, color=style.LIMIT)
    panel.annotate(
        "limit", (panel.get_xlim()[0], limit), (2, -2), textcoords="offset points", va="top", color=style.LIMIT
    )
    panel.set(xlabel="width $N$", ylabel="accuracy on test images")


def _settling(panel: Axes, distances: pd.DataFrame) -> None:
    """W1 between laws of output weights, averaged over the outputs within a pair of runs."""
    outer = distances[distances["coordinate"].str.startswith("c") & distances["comparison"].isin(COMPARISONS)]
    pairs = outer.groupby(["comparison", "width", "replica"], as_index=False)["value"].mean()
    means = pairs.groupby(["comparison", "width"])["value"].mean()
    names, colours, markers = zip(*COMPARISONS.values(), strict=True)
    sns.lineplot(
        pairs,
        x="width",
        y="value",
        hue="comparison",
        style="comparison",
        hue_order=COMPARISONS,
        style_order=COMPARISONS,
        palette=colours,
        markers=markers,
        dashes=False,
        errorbar=("se", style.HALF_95),
        err_style="bars",
        err_kws=style.BARS,
        legend=False,
        ax=panel,
    )
    style.log_widths(panel, pairs["width"])  # seaborn would average logarithms on a logarithmic axis
    style.log_sizes(panel, 0.6 * means.min(), 1.6 * means.max())
    ends = [means[comparison].iloc[-1] for comparison in COMPARISONS]
    style.label_ends(panel, list(zip(ends, names, colours, markers, strict=True)), 0.12)
    panel.set(xlabel="width $N$", ylabel="$W_1$ of $c_k$, mean over $k$")
