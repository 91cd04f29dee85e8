"""The one style of all figures: sizes, fonts, colours, axes, labels, and bytes that depend on the data alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator
from scipy.stats import binom

from mfnn.show.names import grouped
from mfnn.storage import replacing

if TYPE_CHECKING:
    from mfnn.spec import Floats

WIDTH = 5.5  # inches, the paper's text width: figures are shown at their natural size
DPI = 200
SMALL = 8.0  # points, the size of all text but titles

LIMIT = "#d55e00"  # what the limit equation or the theory says
SHADES = LinearSegmentedColormap.from_list("limit", ["white", LIMIT])  # of a density
BASELINE = "0.55"  # what is there without training: initial laws, i.i.d. nulls
MEASURED = ("#0173b2", "#029e73", "#cc78bc", "#56b4e9", "#222222", "#882255", "#999933", "#6f4e9c")
MARKERS = ("o", "s", "^", "D", "v", "X", "*", "p")  # one of each a measured quantity
RISK_LOOK = ("#949494", "P")
DASHED = (0, (4, 2))
MOST_POINTS = 3000  # drawn of one network; particles are exchangeable, the first ones as good as any
HALF_95 = 1.96  # standard errors in a 95 % half-width
BARS: dict[str, Any] = {"elinewidth": 0.7, "capsize": 1.5, "capthick": 0.7}

_RC: dict[Any, Any] = {
    # All come with Matplotlib, so that the bytes do not depend on installed fonts. STIX maps Unicode to glyphs; Computer
    # Modern has TeX's codes, by which a reader of the PDF takes its minus for an exclamation mark. Its letters are safe.
    "font.family": "serif",
    "font.serif": ["STIXGeneral"],
    "mathtext.fontset": "custom",
    "mathtext.rm": "STIXGeneral",
    "mathtext.it": "STIXGeneral:italic",
    "mathtext.cal": "STIXGeneral:italic",  # looked up, though not used; by default any cursive font of the machine
    "mathtext.tt": "cmtt10",
    "mathtext.fallback": "stix",
    "axes.formatter.use_mathtext": True,
    "pdf.fonttype": 42,
    "font.size": SMALL,
    "axes.labelsize": SMALL,
    "axes.titlesize": SMALL + 1,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "legend.handlelength": 1.3,
    "legend.labelspacing": 0.15,
    "legend.borderaxespad": 0.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.titlepad": 4.0,
    "axes.labelpad": 2.0,
    "lines.linewidth": 1.0,
    "lines.markersize": 3.2,
    **{f"{axis}tick.{level}.width": 0.5 for axis in "xy" for level in ("major", "minor")},
    **{f"{axis}tick.major.{key}": size for axis in "xy" for key, size in {"size": 3.0, "pad": 2.0}.items()},
    **{f"{axis}tick.minor.size": 1.5 for axis in "xy"},
}
_PLAIN: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


def canvas(height: float) -> Figure:
    """An empty figure of the text width and the given height, in inches."""
    mpl.rcdefaults()
    mpl.rcParams.update(_RC)
    return Figure(figsize=(WIDTH, height), layout="constrained")


def grid(figure: Figure | SubFigure, rows: int, columns: int, **options: Any) -> Any:
    """Axes on a figure or a part of one, an array (rows, columns)."""
    return figure.subplots(rows, columns, squeeze=False, **options)


def panels(height: float, rows: int, columns: int, **options: Any) -> tuple[Figure, Any]:
    """A figure of the given height, in inches, and its axes (rows, columns)."""
    figure = canvas(height)
    return figure, grid(figure, rows, columns, **options)


def save(figure: Figure, paths: Iterable[Path]) -> None:
    """Write the figure under each path in the format of its suffix, without dates and versions."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it doubts the age of Computer Modern
    for path in paths:
        kind = path.suffix.removeprefix(".")
        with replacing(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=DPI, metadata=_PLAIN[kind])


def width_colours(widths: Iterable[int]) -> dict[int, Any]:
    """One colour a width, the darker the wider."""
    ordered = sorted(set(widths))
    return dict(zip(ordered, mpl.colormaps["YlGnBu"](np.linspace(0.4, 1.0, len(ordered))), strict=True))


def look(number: int) -> tuple[str, str]:
    """Colour and marker of a measured quantity; they come again after eight."""
    return MEASURED[number % len(MEASURED)], MARKERS[number % len(MARKERS)]


def width_name(width: int) -> str:
    """A width as a title."""
    return f"$N = {grouped(width)}$"


def scenario_name(scenario: str) -> str:
    """A scenario as the paper writes it."""
    escaped = scenario.replace("_", r"\_")
    return rf"$\mathtt{{{escaped}}}$"


def log_widths(panel: Axes, widths: Iterable[int]) -> None:
    """A logarithmic axis of widths, ticks at the decades, or at the widths where there are fewer than two decades."""
    widths = sorted(set(widths))
    low, high = widths[0], widths[-1]
    panel.set_xscale("log")
    panel.set_xlim(low / (margin := (high / low) ** 0.06), high * margin)
    if _few_decades(low, high):
        panel.xaxis.set_major_locator(FixedLocator(widths))
        panel.xaxis.set_major_formatter(FuncFormatter(lambda width, _: f"${grouped(round(width))}$"))
        panel.xaxis.set_minor_locator(NullLocator())
    else:
        panel.xaxis.set_major_locator(LogLocator(numticks=99))
    panel.xaxis.set_minor_formatter(NullFormatter())


def log_times(panel: Axes) -> None:
    """A logarithmic axis of times, ticks at 1, 2, 5 times powers of ten."""
    panel.set_xscale("log")
    panel.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda time, _: f"${time:g}$"))
    panel.xaxis.set_minor_locator(NullLocator())


def log_sizes(panel: Axes, low: float, high: float) -> None:
    """A logarithmic axis from low to high, ticks at the decades, or at 1, 2, 5 where there are fewer than two."""
    panel.set_yscale("log")
    panel.set_ylim(low, high)
    if _few_decades(low, high):
        panel.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        panel.yaxis.set_major_formatter(FuncFormatter(lambda size, _: f"${size:g}$"))
    panel.yaxis.set_minor_formatter(NullFormatter())


def interval_bars(panel: Axes, widths: Floats, means: Floats, errors: Floats, **options: Any) -> None:
    """Points with the 95 % intervals of normal errors, shapes (n,)."""
    bars_between(panel, widths, means, means - HALF_95 * errors, means + HALF_95 * errors, **options)


def bars_between(panel: Axes, widths: Floats, means: Floats, low: Floats, high: Floats, **options: Any) -> None:
    """Points with their intervals, shapes (n,); on a logarithmic axis an interval that reaches 0 leaves it."""
    below = np.minimum(means - low, means * (1 - 1e-9)) if panel.get_yscale() == "log" else means - low
    panel.errorbar(widths, means, yerr=np.array([below, high - means]), **BARS, **options)


def guide(panel: Axes, widths: Sequence[int], start: float, exponent: float) -> float:
    """A line of the predicted slope from `start` at the smallest width; returns where it ends."""
    ends = np.array([min(widths), max(widths)], dtype=float)
    sizes = start * (ends / ends[0]) ** exponent
    panel.plot(ends, sizes, color=LIMIT, linestyle=DASHED, linewidth=0.9)
    return float(sizes[-1])


def label_ends(panel: Axes, labels: Sequence[tuple[float, str, Any, str]], line_height: float) -> None:
    """Labels (y, text, colour, marker) right of a panel whose limits stand, at least `line_height` (axes) apart."""
    ordered = sorted(labels, key=lambda label: label[0])
    to_axes = panel.transScale + panel.transLimits
    wanted = np.array([to_axes.transform((panel.get_xlim()[1], label[0]))[1] for label in ordered])
    places = apart(np.clip(wanted, 0, 1), line_height)
    places -= max(places[-1] - 0.95, 0.0)
    places += max(-places[0], 0.0)
    for (_, text, colour, marker), start, end in zip(ordered, wanted, places, strict=True):
        look: dict[str, Any] = {"transform": panel.transAxes, "color": colour, "clip_on": False}
        panel.plot([1.0, 1.07], [np.clip(start, 0, 1), end], linewidth=0.5, **look)
        panel.plot([1.1], [end], marker=marker, **look)
        panel.text(1.15, end, text, transform=panel.transAxes, color=colour, va="center_baseline", ha="left")


def apart(wanted: Floats, gap: float) -> Floats:
    """The increasing positions nearest to `wanted` (increasing) in mean square that differ by `gap` or more."""
    blocks: list[tuple[float, int]] = []
    for value in wanted - gap * np.arange(len(wanted)):
        mean, size = float(value), 1
        while blocks and blocks[-1][0] >= mean:
            previous, count = blocks.pop()
            mean, size = (previous * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    return np.repeat([mean for mean, _ in blocks], [size for _, size in blocks]) + gap * np.arange(len(wanted))


def bin_edges(count: int, low: float, high: float) -> Floats:
    """Edges of bins from low to high for a histogram of so many values: 2 n^(1/3) bins, from 12 to 80."""
    return np.linspace(low, high, int(np.clip(round(2 * count ** (1 / 3)), 12, 80)) + 1)


def histogram(panel: Axes, values: Floats, edges: Floats, colour: Any, outlined: bool = False) -> Floats:
    """The density of all values in the bins, which is returned; names a share beyond them."""
    counts, _ = np.histogram(values, edges)
    heights = counts / (len(values) * np.diff(edges))
    if outlined:
        panel.stairs(heights, edges, color=colour, linewidth=1.0)
    else:
        panel.stairs(heights, edges, color=colour, fill=True, alpha=0.5, linewidth=0)
        panel.stairs(heights, edges, color=colour, linewidth=0.8)
        if (beyond := 1 - counts.sum() / len(values)) > 0.005:
            note(panel, (1.0, 1.0), rf"${100 * beyond:.0f}\,\%$ beyond", "0.15")
    return heights


def null_band(panel: Axes, mass: Floats, edges: Floats, count: int) -> None:
    """Where 95 % of each bin's heights lie for `count` independent draws from a law with this mass in the bins."""
    low, high = binom.interval(0.95, count, mass) / (count * np.diff(edges))
    panel.stairs(high, edges, baseline=low, fill=True, color=LIMIT, alpha=0.3, linewidth=0, zorder=0)


def note(panel: Axes, place: tuple[float, float], text: str, colour: Any) -> None:
    """A few words in a corner of a panel, `place` in axes fractions."""
    ha, va = "right" if place[0] > 0.5 else "left", "top" if place[1] > 0.5 else "bottom"
    ground = {"facecolor": "white", "alpha": 0.7, "pad": 0.5, "linewidth": 0}
    panel.annotate(text, place, xycoords="axes fraction", color=colour, ha=ha, va=va, bbox=ground)


def _few_decades(low: float, high: float) -> bool:
    return bool(np.floor(np.log10(high)) <= np.ceil(np.log10(low)))
