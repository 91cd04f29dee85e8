"""How far the first layer moves: to a limit where gradients have the theorem's scales, and ever less where they do not.

With weights v of mean 0 between the layers, a neuron of the first one feels (1/N) Σ_j c_j σ'(h_j) v_ij r: a sum of
independent terms of order N^(−1/2) at the start. The gradient in v times N² makes v move, and with it the first layer;
times N, as those of the other parameters, it leaves all of them where they began (arXiv:1903.04440).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr

from mfnn.spec import Floats
from mfnn.verdicts.ensembles import slope_of_sizes
from mfnn.verdicts.rates import Estimate, columns, entry, root_mean_square

SEEN = "w0^2"  # of the first layer


def moves(records: Mapping[int, xr.Dataset]) -> dict[int, Floats]:
    """⟨f, μ^N_T⟩ − ⟨f, μ^N_0⟩ of every network for f = SEEN, by width."""
    return {
        width: (record[SEEN].isel(time=-1) - record[SEEN].isel(time=0)).values for width, record in records.items()
    }


def table(case: str, moved: Mapping[int, Floats], limit: float) -> pd.DataFrame:
    """One row a width: the root mean square of the moves, and their limit."""
    sizes = {width: columns("moved", root_mean_square(values)) for width, values in moved.items()}
    return pd.DataFrame([{"case": case, "width": width, "predicted": limit} | size for width, size in sizes.items()])


def predicted(foreseen: xr.Dataset) -> float:
    """|⟨f, μ̄_T⟩ − ⟨f, μ̄_0⟩| for f = SEEN."""
    own = foreseen.sel(observable=SEEN)
    return abs(float(own["mean"].isel(time=-1) - own["start"]))


def numbers(case: str, moved: Mapping[int, Floats], limit: float) -> dict[str, Any]:
    """At the largest width how far the root mean square of the moves is from its limit, and its slope in N."""
    size = root_mean_square(moved[max(moved)])
    found = {f"depth.{case}.moved_off": entry(Estimate(size.value - limit, size.error, size.freedom))}
    if len(moved) > 1:
        found[f"depth.{case}.moved_slope"] = entry(slope_of_sizes(moved)[0])
    return found
