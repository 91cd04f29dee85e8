"""A trained replica in a few hundred kilobytes: its laws, moments, distances and accuracy, without its particles.

Trainings that take hours are done once: what is kept of them stands in the repository and beside the trainings of a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.numerics.distances import w1
from mfnn.spec import Floats
from mfnn.storage import UnreadableError, read_dataset
from mfnn.studies.settling.settling import accuracy, null_distance

LEVELS = 1025  # quantiles kept of each law: W1 between two kept laws is their mean absolute difference
BINS = 100
ORDERS = (1, 2, 3, 4)


def summarise(run: xr.Dataset, nodes: xr.DataArray, labels: Floats, rng: np.random.Generator) -> xr.Dataset:
    """The summary of one replica by the particles it kept, beside the limit's nodes (keep_time, particle, component).

    For each kept coordinate and time: "quantile" at equally spaced levels, "histogram" of the particles between their
    ends, "moment" E θ^k; at the last time "to_limit", W1 to the nodes, and "to_limit_null", what two samples of one law of
    these sizes differ by on average. "accuracy" on the labels (Q, m) at all times, and the observables as they are.
    """
    laws = run["theta"].isel(replica=0)
    dims, theta = ("keep_time", "component"), laws.transpose("keep_time", "component", "particle").values
    levels = np.linspace(0, 1, LEVELS)
    counts, edges = _histograms(theta)
    end = [(law, nodes.isel(keep_time=-1).sel(component=name).values) for law, name in _named(theta[-1], laws)]
    scalars = [name for name, each in run.data_vars.items() if each.dims == ("replica", "time")]
    summary = xr.Dataset(
        {
            "quantile": ((*dims, "level"), np.quantile(theta, levels, axis=-1).transpose(1, 2, 0).astype("f4")),
            "histogram": ((*dims, "bin"), counts),
            "edge": ((*dims, "end"), edges),
            "moment": ((*dims, "order"), np.stack([(theta**k).mean(axis=-1) for k in ORDERS], axis=-1)),
            "to_limit": ("component", [w1(np.sort(law), np.sort(limit)) for law, limit in end]),
            "to_limit_null": ("component", [null_distance(law, limit, rng) for law, limit in end]),
            "accuracy": ("time", accuracy(run["output"].values[0], labels)),
        },
        {"level": levels, "order": list(ORDERS), "end": ["low", "high"]},
        run.attrs | {"replica": int(run["replica"].values[0]), "particles": theta.shape[-1]},
    )
    coords = {name: run[name] for name in ("keep_time", "component", "time")}
    return summary.assign_coords(coords).merge(run[scalars].isel(replica=0, drop=True), join="exact")


def read_recorded(paths: Sequence[Path]) -> list[xr.Dataset]:
    """Summaries that were recorded; raises `UnreadableError` for a file that is none, or of other size than its width's."""
    found = [read_dataset(path) for path in paths]
    for path, each in zip(paths, found, strict=True):
        if "quantile" not in each or not {"width", "replica", "recorded"} <= each.attrs.keys():
            raise UnreadableError(f"{path}: not a summary of a trained replica")
        same = next(other for other in found if other.attrs["width"] == each.attrs["width"])
        if _particles(each) != _particles(same):
            sizes = f"{_particles(each)} particles, and {_particles(same)} in another of N = {each.attrs['width']}"
            raise UnreadableError(f"{path}: a summary of {sizes}, where laws are compared by samples of one size")
    return found


def _particles(summary: xr.Dataset) -> int:
    """How many were kept: all of them where nothing is said."""
    return int(summary.attrs.get("particles", summary.attrs["width"]))


def clouds(summaries: Sequence[xr.Dataset]) -> dict[int, xr.DataArray]:
    """Particles with the recorded laws, by width: (replica, keep_time, particle, component), each coordinate for itself.

    The n values of a coordinate, of which n particles were kept, are its quantile function at the midpoints of n equal
    probabilities: of the law of a whole particle nothing is known from them. n is one number for all networks of a width,
    since what chance alone makes two laws differ by follows from it.
    """
    parts: dict[int, list[xr.DataArray]] = {}
    for each in summaries:
        width = int(each.attrs["width"])
        count = _particles(each)
        at = (np.arange(count) + 0.5) / count
        quantiles = each["quantile"].transpose("keep_time", "component", "level")
        rows = quantiles.values.reshape(-1, quantiles.sizes["level"])
        values = np.array([np.interp(at, each["level"].values, row) for row in rows])
        theta = values.reshape(*quantiles.shape[:2], count).transpose(0, 2, 1)
        coords = {name: each[name] for name in ("keep_time", "component")}
        cloud = xr.DataArray(theta[None], coords, ("replica", "keep_time", "particle", "component"))
        parts.setdefault(width, []).append(cloud.assign_coords(replica=[each.attrs["replica"]]))
    return {width: xr.concat(parts[width], "replica").sortby("replica") for width in sorted(parts)}


def accuracies(summaries: Sequence[xr.Dataset]) -> pd.DataFrame:
    """Held-out accuracies as in `accuracy_table`, with when they were "recorded"."""
    rows: list[dict[str, Any]] = []
    for each in summaries:
        known = {"width": int(each.attrs["width"]), "replica": int(each.attrs["replica"])}
        known["recorded"] = each.attrs["recorded"]
        times, shares = each["time"].values, each["accuracy"].values
        rows += [known | {"time": t, "accuracy": share} for t, share in zip(times, shares, strict=True)]
    return pd.DataFrame(rows)


def _named(theta: Floats, laws: xr.DataArray) -> list[tuple[Floats, str]]:
    return list(zip(theta, laws["component"].values.astype(str), strict=True))


def _histograms(theta: Floats) -> tuple[np.ndarray, Floats]:
    """Counts (…, BINS) between the smallest and the largest particle, and these two (…, 2)."""
    rows = theta.reshape(-1, theta.shape[-1])
    counts = np.array([np.histogram(row, BINS)[0] for row in rows], dtype=np.int32)
    edges = np.stack([rows.min(axis=1), rows.max(axis=1)], axis=-1)
    return counts.reshape(*theta.shape[:-1], BINS), edges.reshape(*theta.shape[:-1], 2)
