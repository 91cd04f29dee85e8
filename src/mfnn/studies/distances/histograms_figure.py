"""Trained parameters of one network a width, and the marginal densities of the limit law."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from scipy.integrate import cumulative_trapezoid

from mfnn.show import style
from mfnn.show.names import formula


def draw(clouds: Mapping[int, xr.DataArray], law: xr.Dataset) -> Figure:
    """Histograms at the last time of each width's first replica (rows c and w, a column a width) under the densities.

    Beside the limit's density the band in which 95 % of the bins of N independent draws from it would lie.
    `clouds[N]` is (replica, keep_time, particle, component); `law` holds "density" (keep_time, component, point) at
    "position" (component, point), of which the first time gives the initial law.
    """
    names = [str(name) for name in law["component"].values]
    colours = style.width_colours(clouds)
    figure, axes = style.panels(1.5 * len(names), len(names), len(clouds), sharex="row", sharey="row")
    for row, name in zip(axes, names, strict=True):
        marginal = law.sel(component=name)
        position, density = marginal["position"].values, marginal["density"].values
        below = cumulative_trapezoid(density[-1], position, initial=0.0)
        below /= below[-1]
        for panel, (width, cloud) in zip(row, clouds.items(), strict=True):
            trained = cloud.isel(replica=0, keep_time=-1).sel(component=name).values
            edges = style.bin_edges(len(trained), position[0], position[-1])
            style.histogram(panel, trained, edges, colours[width])
            style.null_band(panel, np.diff(np.interp(edges, position, below)), edges, len(trained))
            panel.plot(position, density[0], color=style.BASELINE, linewidth=0.8)
            panel.plot(position, density[-1], color=style.LIMIT)
            panel.set_xlim(position[0], position[-1])
            panel.set_xlabel(f"${formula(name)}$")
        row[0].set_ylim(bottom=0)
        row[0].set_ylabel("density")
    for panel, width in zip(axes[0], clouds, strict=True):
        panel.set_title(style.width_name(width))
    labels = {"initial": (0, style.BASELINE, "top"), "limit": (-1, style.LIMIT, "bottom")}
    position = law["position"].values[0]
    for text, (time, colour, side) in labels.items():
        density = law["density"].values[time, 0]
        place = np.flatnonzero(density > 0.55 * density.max())[-1]  # on the right flank
        point = position[place], density[place]
        axes[0, -1].annotate(text, point, (3, 0), textcoords="offset points", color=colour, va=side)
    return figure
