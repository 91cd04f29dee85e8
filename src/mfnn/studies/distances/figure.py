"""Distances of trained networks from the limit law against the width, beside those of independent draws."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from mfnn.show import style

SHOWN = {
    "w1_c": "$W_1$ of $c$",
    "w1_w0": "$W_1$ of $w_0$",
    "sliced_w2": "sliced $W_2$",
    "energy": "energy",
    "mmd": "MMD",
}
SAMPLES = {"iid": ("null", style.BASELINE), "trained": ("trained", style.MEASURED[0])}


def draw(tables: Mapping[str, pd.DataFrame]) -> Figure:
    """A row of panels a scenario, a column a distance: means over replicas with 95 % intervals, and their nulls."""
    figure, axes = style.panels(1.7 * len(tables), len(tables), len(SHOWN), sharex="row", sharey="row")
    for row, (scenario, table) in zip(axes, tables.items(), strict=True):
        shown = table[table["distance"].isin(SHOWN)]
        means = shown.groupby(["distance", "sample", "width"])["value"].mean()
        for panel, distance in zip(row, SHOWN, strict=True):
            sns.lineplot(
                shown[shown["distance"] == distance],
                x="width",
                y="value",
                hue="sample",
                style="sample",
                hue_order=SAMPLES,
                style_order=reversed(SAMPLES),
                palette={sample: colour for sample, (_, colour) in SAMPLES.items()},
                markers=["o", "s"],
                errorbar=("se", style.HALF_95),
                err_style="bars",
                err_kws=style.BARS,
                legend=False,
                ax=panel,
            )
            panel.set(xlabel="", ylabel="")
            style.log_widths(panel, shown["width"])  # seaborn would average logarithms on a logarithmic axis
            style.log_sizes(panel, 0.6 * means.min(), 1.5 * means.max())
        row[0].set_ylabel(f"{style.scenario_name(scenario)}\ndistance")
    for above, below, title in zip(axes[0], axes[-1], SHOWN.values(), strict=True):
        above.set_title(title)
        below.set_xlabel("width $N$")
    for place, (label, colour) in zip((0.02, 0.13), SAMPLES.values(), strict=True):
        style.note(axes[0, 0], (0.03, place), label, colour)
    return figure
