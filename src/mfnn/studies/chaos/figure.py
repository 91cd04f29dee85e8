"""Chaos against the width: the synchronous coupling with its predicted constant, the dependence of two neurons."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from mfnn.show import style


def draw(coupling: pd.DataFrame, independence: pd.DataFrame, joint: pd.DataFrame) -> Figure:
    """Mean squared coupling distances on the left; on the right what tells two neurons from permuted ones.

    That is the distance correlation of functions of them, and the distance of their joint law to the product.
    """
    figure, axes = style.panels(2.3, 1, 2)
    left, right = axes[0]
    at = coupling[(coupling["kind"] == "at") & (coupling["time"] == coupling["time"].max())]
    sup = coupling[coupling["kind"] == "sup"]
    sizes = np.concatenate([table["measured"] / table["width"] for table in (at, sup)])
    style.log_widths(left, at["width"])
    style.log_sizes(left, 0.3 * sizes.min(), 3 * sizes.max())
    ends = np.array([at["width"].min(), at["width"].max()], dtype=float)
    predicted = float(at["predicted"].iloc[0])
    left.plot(ends, predicted / ends, color=style.LIMIT, linewidth=0.9)
    labels = [(predicted / ends[1], f"${predicted:.3f}\\,/\\,N$, predicted", style.LIMIT, "")]
    for number, (table, name) in enumerate(((at, "at time $T$"), (sup, "largest on $[0, T]$"))):
        colour, marker = style.look(number)
        values = [(table[column] / table["width"]).to_numpy() for column in ("measured", "error")]
        style.interval_bars(left, table["width"].to_numpy(), *values, color=colour, fmt=marker)
        labels.append((float(values[0][-1]), name, colour, marker))
    style.label_ends(left, labels, 0.1)
    left.set_title(r"coupling: $E\,|\theta - \bar\theta|^2$", loc="left")
    left.set_xlabel("width $N$")
    style.log_widths(right, independence["width"])
    right.axhspan(
        -style.HALF_95, style.HALF_95, color=style.BASELINE, alpha=0.35, linewidth=0, label=r"$95\,\%$ of permuted"
    )
    kinds = {"dcor$^2$": independence}
    kinds |= {f"joint law, {kind}": rows for kind, rows in joint.groupby("kind")}
    for number, (name, rows) in enumerate(kinds.items()):
        standing = (rows["value"] - rows["null_mean"]) / rows["null_error"]
        look = {"color": style.MEASURED[number], "marker": style.MARKERS[number], "linestyle": "none"}
        right.plot(rows["width"], standing, label=name, **look)
    right.legend(loc="upper right")
    right.set_title("dependence of two neurons", loc="left")
    right.set_ylabel("standard deviations of its null")
    right.set_xlabel("width $N$")
    return figure
