"""The paper's table of settling: every width's networks, how far two of them are apart, and where they were trained."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mfnn.show.names import grouped
from mfnn.show.tables import Table, escaped, math, number, tabular

RATIOS = {"runs": ("runs", "split"), "moved": ("moved", "split"), "limit": ("limit", "limit_split")}
HERE = "this run"


def by_width(accuracy: pd.DataFrame, distances: pd.DataFrame) -> Table:
    """One row a width: networks, their mean accuracy, and W1 of the laws of c over its null, averaged over pairs.

    The distances are those between two runs, from the initial law and to the limit's nodes; a width with a single
    network has none. "trained" is when and on what, of networks that were trained before.
    """
    outer = distances[distances["coordinate"].str.startswith("c")]
    means = outer.groupby(["width", "comparison"])["value"].mean().unstack()
    final = accuracy[(accuracy["time"] == accuracy["time"].max()) & (accuracy["width"] > 0)]
    rows, data = [], []
    for width, networks in final.groupby("width"):
        found = {
            name: means.loc[width, over] / means.loc[width, null] if width in means.index else np.nan
            for name, (over, null) in RATIOS.items()
        }
        known = {"width": int(width), "networks": len(networks), "accuracy": float(networks["accuracy"].mean())}
        trained = "; ".join(dict.fromkeys(networks["recorded"].dropna())) or HERE
        sizes = [known["accuracy"], *found.values()]
        data.append(known | found | {"trained": trained})
        shown = [
            math(f"{value:.3f}" if value < 1 else number(value)) if np.isfinite(value) else "" for value in sizes
        ]
        rows.append([math(grouped(int(width))), math(f"{len(networks)}"), *shown, escaped(trained)])
    head = ["$N$", "networks", "accuracy", "two runs", "moved", "limit", "trained"]
    return Table(tabular("rrrrrrl", head, {"": rows}), pd.DataFrame(data))
