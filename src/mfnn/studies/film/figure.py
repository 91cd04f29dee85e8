"""The particles of networks of growing width following the density of the limit, as an animated picture."""

from __future__ import annotations

from pathlib import Path

import xarray as xr
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.artist import Artist

from mfnn.show import style
from mfnn.show.names import formula
from mfnn.storage import replacing

DPI = 130
PER_SECOND = 7
PAUSE = 9  # frames' time that the last one stands before the film starts again


def animate(frames: xr.Dataset, path: Path) -> None:
    """A GIF with a panel a width of `mfnn.studies.film.film.film`: p(t, c, w) as shades, particles as points."""
    widths, times = frames["width"].values.tolist(), frames["time"].values
    figure, axes = style.panels(2.3, 1, len(widths), sharex=True, sharey=True)
    (c_low, c_high), (w_low, w_high) = frames["position"].values[:, [0, -1]]
    joint, extent = frames["joint"].values, (w_low, w_high, c_low, c_high)
    drawn = []
    for panel, width in zip(axes[0], widths, strict=True):
        look = {"extent": extent, "cmap": style.SHADES, "vmin": 0, "vmax": joint.max(), "interpolation": "bilinear"}
        shades = panel.imshow(joint[0], origin="lower", aspect="auto", **look)
        size = 1.8 if width < style.MOST_POINTS else 1.0
        (points,) = panel.plot([], [], ".", color=style.MEASURED[4], markersize=size, markeredgewidth=0)
        panel.set_title(style.width_name(width))
        panel.set_xlabel(f"${formula('w0')}$")
        drawn.append((shades, points, frames[f"theta_{width}"].values[:, : style.MOST_POINTS]))
    axes[0, 0].set_ylabel(f"${formula('c')}$")
    clock = axes[0, 0].annotate("", (0.03, 0.97), xycoords="axes fraction", va="top")
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once, not for every frame

    def show(k: int) -> list[Artist]:
        clock.set_text(f"$t = {times[k]:.1f}$")
        for shades, points, theta in drawn:
            shades.set_data(joint[k])
            points.set_data(theta[k, :, 1], theta[k, :, 0])
        return []

    with replacing(path) as temporary:
        FuncAnimation(figure, show, len(times)).save(temporary, PillowGif(fps=PER_SECOND), dpi=DPI)


class PillowGif(PillowWriter):
    """Matplotlib's writer for GIFs, told the format instead of asking the file's name."""

    def finish(self) -> None:
        """Write the frames, repeated for ever."""
        first, *others = self._frames  # type: ignore[attr-defined]  # the stubs leave out what subclasses write from
        duration = [round(1000 / self.fps)] * len(others) + [round(1000 * PAUSE / self.fps)]
        first.save(self.outfile, format="gif", save_all=True, append_images=others, duration=duration, loop=0)
