"""Paths of an observable for many replicas, closing in on the path of the limit as the width grows."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.names import formula


def draw(replicas: Mapping[int, xr.Dataset], limit: xr.Dataset, observable: str, most: int) -> Figure:
    """One panel a width with at most `most` replicas of ⟨f, μ^N_t⟩ over t, and ⟨f, μ̄_t⟩ on top.

    Where the scenario does not have the observable, its first one is drawn.
    """
    if observable not in limit["observable"]:
        observable = str(limit["observable"].values[0])
    colours = style.width_colours(replicas)
    figure, axes = style.panels(1.9, 1, len(replicas), sharex=True, sharey=True)
    time, truth = limit["time"].values, limit["mean"].sel(observable=observable).values
    for panel, (width, runs) in zip(axes[0], replicas.items(), strict=True):
        paths = runs[observable].isel(replica=slice(most)).transpose("time", "replica").values
        panel.plot(time, paths, color=colours[width], linewidth=0.4, alpha=0.6)
        panel.plot(time, truth, color=style.LIMIT, linestyle=style.DASHED)
        panel.set_title(style.width_name(width))
        panel.set_xlabel("time $t$")
        panel.set_xlim(time[0], time[-1])
    f = formula(observable)
    axes[0, 0].set_ylabel(rf"$\langle {f},\, \mu^N_t \rangle$")
    corner = (0.98, 0.04) if truth[-1] > truth[0] else (0.98, 0.98)
    style.note(axes[0, -1], corner, rf"limit $\langle {f},\, \bar\mu_t \rangle$", style.LIMIT)
    return figure
