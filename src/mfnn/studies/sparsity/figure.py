"""Constants against the number of inputs that a neuron sees, as they are and at equal cost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.show.ensembles import LINE_HEIGHT, variances
from mfnn.show.names import formula

BESIDE = 0.04  # from one quantity's points to the next one's, in inputs


def draw(found: pd.DataFrame, cells: Mapping[str, pd.DataFrame]) -> Figure:
    """Left, V against k; middle, k V/d; right, N·Var of the sparsest networks against N."""
    figure, axes = style.panels(2.5, 1, 3)
    left, middle, right = axes[0]
    _constants(left, found, pd.Series(1.0, found.index))
    _constants(middle, found, found["share"])
    left.set_title("$V$ at $T$", loc="left")
    middle.set_title("at equal cost, $k V / d$", loc="left")
    sparsest = str(found.sort_values("inputs")["case"].iloc[0])
    variances(right, cells[sparsest], rf"$k = {found['inputs'].min()}$: $N\,$Var")
    return figure


def _constants(panel: Axes, found: pd.DataFrame, share: pd.Series) -> None:
    scaled = found.assign(
        **{key: found[key] * share for key in ("predicted", "variance", "variance_low", "variance_high")}
    )
    style.log_sizes(panel, 0.5 * scaled["predicted"].min(), 2 * scaled["predicted"].max())
    labels = []
    for number, (name, rows) in enumerate(scaled.groupby("observable", sort=False)):
        colour, marker = style.look(number)
        panel.plot(rows["inputs"], rows["predicted"], color=style.LIMIT, linewidth=0.8, zorder=0)
        places = rows["inputs"].to_numpy() + BESIDE * (number - 2)
        style.bars_between(
            panel,
            places,
            *(rows[key].to_numpy() for key in ("variance", "variance_low", "variance_high")),
            color=colour,
            fmt=marker,
        )
        labels.append((float(rows["predicted"].iloc[-1]), f"${formula(str(name))}$", colour, marker))
    counts = np.sort(found["inputs"].unique())
    panel.set_xticks(counts)
    panel.set_xlim(counts[0] - 0.3, counts[-1] + 0.3)
    style.label_ends(panel, labels, LINE_HEIGHT)
    panel.set_xlabel("inputs seen, $k$")
