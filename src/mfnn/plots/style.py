"""The one style of all figures: sizes, fonts, colours, axes, labels, and bytes that depend on the data alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from mfnn.plots.names import grouped
from mfnn.spec import Floats
from mfnn.storage import replacing

WIDTH = 5.5  # inches, the paper's text width: figures are shown at their natural size
DPI = 200
SMALL = 8.0  # points, the size of all text but titles

LIMIT = "#d55e00"  # what the limit equation or the theory says
BASELINE = "0.55"  # what is there without training: initial laws, i.i.d. nulls
MEASURED = ("#0173b2", "#029e73", "#cc78bc", "#56b4e9", "#222222", "#949494")  # one a measured quantity
MARKERS = ("o", "s", "^", "D", "v", "P")
HALF_95 = 1.96  # standard errors in a 95 % half-width

_RC: dict[str, Any] = {
    "font.family": "serif",
    "font.serif": ["cmr10"],  # comes with Matplotlib, so that the bytes do not depend on installed fonts
    "mathtext.fontset": "cm",
    "axes.formatter.use_mathtext": True,
    "pdf.fonttype": 42,
    "font.size": SMALL,
    "axes.labelsize": SMALL,
    "axes.titlesize": SMALL + 1,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
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


def panels(height: float, rows: int, columns: int, **options: Any) -> tuple[Figure, Any]:
    """A figure of the text width and the given height (inches) with rows × columns axes, always a 2-d array."""
    sns.set_theme(context="paper", style="ticks", rc=_RC)
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **options)
    for panel in axes.flat:
        sns.despine(ax=panel)
    return figure, axes


def save(figure: Figure, paths: Iterable[Path]) -> None:
    """Write the figure under each path in the format of its suffix, without dates and versions."""
    for path in paths:
        kind = path.suffix.removeprefix(".")
        with replacing(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=DPI, metadata=_PLAIN[kind])


def width_colours(widths: Iterable[int]) -> dict[int, Any]:
    """One colour a width, the darker the wider."""
    ordered = sorted(widths)
    return dict(zip(ordered, sns.color_palette("crest", len(ordered)), strict=True))


def width_name(width: int) -> str:
    """A width as a title or label."""
    return f"$N = {grouped(width)}$"


def scenario_name(scenario: str) -> str:
    """A scenario as the paper writes it."""
    return rf"$\mathtt{{{scenario}}}$"


def log_widths(panel: Axes, widths: Iterable[int]) -> None:
    """A logarithmic axis of widths, ticks at the decades, or at the widths where there are fewer than two decades."""
    low, high = min(widths := list(widths)), max(widths)
    panel.set_xscale("log")
    panel.set_xlim(low / (margin := (high / low) ** 0.06), high * margin)
    panel.set_xlabel("width $N$")
    if np.floor(np.log10(high)) <= np.ceil(np.log10(low)):
        panel.xaxis.set_major_locator(FixedLocator(widths))
        panel.xaxis.set_major_formatter(FuncFormatter(lambda width, _: f"${grouped(round(width))}$"))
        panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_minor_formatter(NullFormatter())


def log_sizes(panel: Axes, low: float, high: float) -> None:
    """A logarithmic axis from low to high, ticks at the decades, or at 1, 2, 5 where there are fewer than two."""
    panel.set_yscale("log")
    panel.set_ylim(low, high)
    if np.floor(np.log10(high)) <= np.ceil(np.log10(low)):
        panel.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        panel.yaxis.set_major_formatter(FuncFormatter(lambda size, _: f"${size:g}$"))
    panel.yaxis.set_minor_formatter(NullFormatter())


def interval_bars(panel: Axes, widths: Sequence[int] | Floats, means: Floats, errors: Floats, **options: Any) -> None:
    """Points with their 95 % intervals, shapes (n,); on a logarithmic axis an interval that reaches 0 leaves it."""
    below = np.minimum(HALF_95 * errors, means * (1 - 1e-9)) if panel.get_yscale() == "log" else HALF_95 * errors
    panel.errorbar(
        widths, means, yerr=[below, HALF_95 * errors], elinewidth=0.7, capsize=1.5, capthick=0.7, **options
    )


def guide(panel: Axes, widths: Sequence[int], start: float, exponent: float, text: str) -> None:
    """A line of the predicted slope from `start` at the smallest width, named below its middle."""
    ends = np.array([min(widths), max(widths)], dtype=float)
    panel.plot(ends, start * (ends / ends[0]) ** exponent, color=LIMIT, linestyle=(0, (4, 2)), linewidth=0.9)
    middle = np.sqrt(ends.prod())
    position = (middle, start * (middle / ends[0]) ** exponent)
    panel.annotate(text, position, (-3, -2), textcoords="offset points", ha="right", va="top", color=LIMIT)


def label_ends(panel: Axes, labels: Sequence[tuple[float, str, Any]], line_height: float) -> None:
    """Labels (y, text, colour) to the right of a panel whose y limits stand, moved apart to `line_height` (axes)."""
    ordered = sorted(labels, key=lambda label: label[0])
    to_axes = panel.transScale + panel.transLimits
    wanted = np.array([to_axes.transform((panel.get_xlim()[1], y))[1] for y, _, _ in ordered])
    for (_, text, colour), start, end in zip(ordered, wanted, apart(wanted, line_height), strict=True):
        panel.plot([1.0, 1.05], [start, end], transform=panel.transAxes, color=colour, linewidth=0.5, clip_on=False)
        panel.text(1.07, end, text, transform=panel.transAxes, color=colour, va="center", ha="left")


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


def histogram(panel: Axes, values: Floats, low: float, high: float, colour: Any, outlined: bool = False) -> None:
    """The density of all values by bins between low and high, the finer the more there are; says how many are beyond."""
    bins = int(np.clip(round(4 * len(values) ** (1 / 3)), 12, 80))
    counts, edges = np.histogram(values, bins, (low, high))
    heights = counts * bins / ((high - low) * len(values))
    if outlined:
        panel.stairs(heights, edges, color=colour, linewidth=1.0)
        return
    panel.stairs(heights, edges, color=colour, fill=True, alpha=0.55, linewidth=0)
    beyond = 1 - counts.sum() / len(values)
    if beyond > 0.005:
        place = {"xycoords": "axes fraction", "ha": "right", "va": "top"}
        panel.annotate(rf"${100 * beyond:.0f}\,\%$ beyond", (1.0, 1.0), **place)
