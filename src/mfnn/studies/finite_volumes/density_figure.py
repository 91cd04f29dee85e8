"""The joint density of (c, w) in the limit over time, with the parameters of one trained network on it."""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.names import formula


def draw(cloud: xr.DataArray, law: xr.Dataset) -> Figure:
    """A panel a time: p(t, c, w) as shades, the particles of a cloud's first replica as points.

    `law` holds "joint" (keep_time, c_point, w_point) at "position" (component, point), `cloud` is (replica,
    keep_time, particle, component).
    """
    names, position, joint = law["component"].values, law["position"].values, law["joint"].values
    (c_low, c_high), (w_low, w_high) = [(axis[0], axis[-1]) for axis in position]
    figure, axes = style.panels(2.1, 1, len(joint), sharex=True, sharey=True)
    for panel, time, density in zip(axes[0], law["keep_time"].values, joint, strict=True):
        shades = panel.imshow(
            density,
            origin="lower",
            extent=(w_low, w_high, c_low, c_high),
            aspect="auto",
            cmap=style.SHADES,
            vmin=0,
            vmax=joint.max(),
            interpolation="nearest",
        )
        c, w = cloud.isel(replica=0).sel(keep_time=time, component=names).values.T
        panel.plot(w, c, ".", color=style.MEASURED[4], markersize=1.6, markeredgewidth=0)
        panel.set_xlabel(f"${formula(str(names[1]))}$")
        panel.set_title(f"$t = {time:g}$")
    style.note(axes[0, 0], (0.02, 0.98), style.width_name(cloud.sizes["particle"]), style.MEASURED[4])
    axes[0, 0].set_ylabel(f"${formula(str(names[0]))}$")
    figure.colorbar(shades, ax=axes[0, -1], label="$p(t, c, w_0)$")
    return figure
