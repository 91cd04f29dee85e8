"""Other ways to train beside their predicted variances, and the negative controls beside the theorem's rate."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.names import formula

PANELS = {  # title, variants and the words for each of them
    "mini-batches of $B$": {"batch_1": "$B = 1$", "batch_4": "$B = 4$", "batch_16": "$B = 16$"},
    r"step $\alpha / N^b$": {
        "step_0_5": r"$b = \frac{1}{2}$",
        "batch_1": "$b = 1$",
        "step_1_25": r"$b = \frac{5}{4}$",
        "step_1_5": r"$b = \frac{3}{2}$",
    },
    "three data points": {"replaced": "with\nreplacement", "shuffled": "epochs"},
}
TITLES = {
    "theorem_end": "none broken\n${f}$, $t = {t:g}$",
    "cauchy_start": "Cauchy $c_0$\n${f}$, $t = {t:g}$",
    "student_start": "$c_0$: 1.5 moments\n${f}$, $t = {t:g}$",
    "student_end": "$c_0$: 1.5 moments\n${f}$, $t = {t:g}$",
    "shift_end": "common shift\n${f}$, $t = {t:g}$",
    "noise_end": "noise: 1.5 moments\n${f}$, $t = {t:g}$",
    "markov_end": "correlated samples\n${f}$, $t = {t:g}$",
    "constant_step_end": "step $\\alpha$\n${f}$, $t = {t:g}$",
    "output_limit": "output $\\propto N^{-1/2}$\n${f}$, from limit",
    "output_start": "output $\\propto N^{-1/2}$\n${f}$, from start",
}
COLUMNS = 5


def draw(variances: pd.DataFrame, sizes: pd.DataFrame, fits: pd.DataFrame) -> Figure:
    """Above, N·Var against N by ways to train; below, sizes relative to the smallest width, a panel a probe."""
    figure = style.canvas(5.6)
    above, below = np.ravel(np.asarray(figure.subfigures(2, 1, height_ratios=(1.0, 1.35))))
    for panel, (title, variants) in zip(style.grid(above, 1, len(PANELS))[0], PANELS.items(), strict=True):
        _variances(panel, variances[variances["variant"].isin(variants)], variants)
        panel.set_title(title, loc="left")
    above.axes[0].set_ylabel(r"$N\,\mathrm{Var}$ of $g(0.5)$ at $T$")
    rows = -(-len(fits) // COLUMNS)
    axes = style.grid(below, rows, COLUMNS, sharex=True, sharey=True)
    shown = [(sizes[_of(sizes, fit)], fit) for fit in fits.to_dict("records")]
    smallest = min(float(rows["value"].min() / rows["value"].iloc[0]) for rows, _ in shown)
    for panel, (measured, fit) in zip(axes.flat, shown, strict=False):
        style.log_widths(panel, sizes["width"])
        style.log_sizes(panel, 0.6 * smallest, 2.5)
        _size(panel, measured, fit)
    for panel in axes[:, 0]:
        panel.set_ylabel("relative size")
    style.note(axes[0, 0], (0.02, 0.02), "predicted", style.LIMIT)
    style.note(axes[0, 1], (0.02, 0.02), "slope $-1/2$", style.BASELINE)
    return figure


def _variances(panel: Axes, rows: pd.DataFrame, variants: dict[str, str]) -> None:
    """Measured N·Var of some variants with the predicted curves."""
    style.log_widths(panel, rows["width"])
    style.log_sizes(panel, 0.5 * rows["predicted"].min(), 2.0 * rows["predicted"].max())
    labels = []
    for number, (variant, words) in enumerate(variants.items()):
        own = rows[rows["variant"] == variant]
        colour, marker = style.look(number)
        panel.plot(own["width"], own["predicted"], color=style.LIMIT, linestyle=style.DASHED, linewidth=0.9)
        points = [own[column].to_numpy() for column in ("width", "variance", "variance_low", "variance_high")]
        style.bars_between(panel, *points, color=colour, fmt=marker)
        labels.append((float(own["predicted"].iloc[-1]), words, colour, marker))
    style.label_ends(panel, labels, 0.17)
    panel.set_xlabel("width $N$")


def _size(panel: Axes, rows: pd.DataFrame, fit: Mapping[Hashable, Any]) -> None:
    """The sizes of one probe with the predicted slope, through the fitted line's middle, and the theorem's."""
    widths = rows["width"].to_numpy(dtype=float)
    ends, middle = widths[[0, -1]], np.exp(np.log(widths).mean())
    first = float(rows["value"].iloc[0])
    height = 10 ** fit["intercept"] * middle ** fit["slope"] / first
    panel.plot(ends, (ends / ends[0]) ** -0.5, color=style.BASELINE, linewidth=0.9)
    panel.plot(
        ends, height * (ends / middle) ** fit["predicted"], color=style.LIMIT, linestyle=style.DASHED, linewidth=0.9
    )
    points = [rows[column].to_numpy() / first for column in ("value", "value_low", "value_high")]
    style.bars_between(panel, widths, *points, color=style.MEASURED[0], fmt=style.MARKERS[0])
    title = TITLES[f"{fit['variant']}_{fit['probe']}"]
    for mark, value in (("{f}", formula(str(fit["observable"]))), ("{t:g}", f"{fit['time']:g}")):
        title = title.replace(mark, value)
    panel.set_title(title, loc="left", fontsize=style.SMALL, linespacing=1.0)
    half = (fit["high"] - fit["low"]) / 2
    decimals = 2 if half >= 0.005 else 3
    slope = round(fit["slope"], decimals) + 0.0  # no negative zero
    style.note(panel, (0.98, 0.97), rf"${slope:.{decimals}f} \pm {half:.{decimals}f}$", style.MEASURED[0])
    panel.set_xlabel("$N$")


def _of(sizes: pd.DataFrame, fit: Mapping[Hashable, Any]) -> pd.Series:
    return (sizes["variant"] == fit["variant"]) & (sizes["probe"] == fit["probe"])
