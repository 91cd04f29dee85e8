"""First-layer weights of a few neurons as images, before and after training."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from mfnn.show import style

SIDE = 28  # pixels of an image


def draw(path: xr.DataArray) -> Figure:
    """The weights of followed neurons, path (time, followed, coordinate): above at t = 0, below at T, one scale."""
    pixels = path.sel(coordinate=[f"w{a}" for a in range(SIDE**2)]).isel(time=[0, -1])
    largest = float(np.quantile(np.abs(pixels), 0.995))
    figure, axes = style.panels(2.1, 2, pixels.sizes["followed"])
    for row, moment, name in zip(axes, pixels, ("$t = 0$", f"$t = {float(pixels['time'][-1]):g}$"), strict=True):
        for panel, weights in zip(row, moment.values, strict=True):
            image = panel.imshow(weights.reshape(SIDE, SIDE), cmap="RdBu_r", vmin=-largest, vmax=largest)
            panel.set(xticks=[], yticks=[])
        row[0].set_ylabel(name)
    figure.colorbar(image, ax=axes, shrink=0.8, label="weight of a pixel")
    return figure
