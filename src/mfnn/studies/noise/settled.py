"""Whether noisy networks settle: the free energy falls to that of the stationary law, and constants stop moving.

Noise and a decay make the limit equation's flow forget its start (Hu, Ren, Šiška & Szpruch, arXiv:1905.07769), so V_t and
N·Cov of two neurons have limits and chaos is uniform in time. Two neurons are dependent to the order 1/N, not 1/√N
(Lacker, arXiv:2105.02983): N·Cov of them tends to a constant in N.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.verdicts.rates import Estimate, entry, slug


def energies(place: str, predicted: xr.Dataset) -> dict[str, Any]:
    """How the free energy falls: its largest rise between times, and what is left of its fall at the last one."""
    energy, least = predicted["energy"].values, float(predicted["least_energy"])
    return {
        f"{place}.energy.largest_rise": float(np.diff(energy).max()),
        f"{place}.energy.left": float((energy[-1] - least) / (energy[0] - least)),
        f"{place}.energy.least": least,
    }


def settling(place: str, cells: pd.DataFrame, from_width: int) -> dict[str, Any]:
    """Over the last two times: by how much N·Var still changes, relative to it, as predicted and as measured.

    At the width from `from_width` up that has the most replicas; the two times are of the same networks, and errors are
    added as if they were apart, which is more than it is.
    """
    found: dict[str, Any] = {}
    judged = cells[cells["width"] >= from_width]
    chosen = judged.sort_values("replicas")["width"].iloc[-1]
    for name, rows in judged[judged["width"] == chosen].groupby("observable", sort=False):
        before, last = rows.sort_values("time").tail(2).to_dict("records")
        error = float(np.hypot(*(row["variance_error"] / row["variance"] for row in (before, last))))
        key = slug(str(name))
        found[f"{place}.change.{key}"] = entry(Estimate(last["variance"] / before["variance"] - 1, error))
        found[f"{place}.change_predicted.{key}"] = last["predicted"] / before["predicted"] - 1
    return found


def numbers(case: str, cells: pd.DataFrame, predicted: xr.Dataset, from_width: int) -> dict[str, Any]:
    """The numbers of a case; those of the free energy where its steps are noisy."""
    place = f"noise.{case}"
    return settling(place, cells, from_width) | (energies(place, predicted) if "energy" in predicted else {})
