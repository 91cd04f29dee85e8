"""The replicas of a scenario, gathered from the files its training jobs left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from mfnn.storage import UnreadableError, read_dataset


def by_width(paths: Sequence[Path]) -> dict[int, xr.Dataset]:
    """All replicas of each width, joined along "replica" in order; kept particles are left out."""
    parts: dict[int, list[xr.Dataset]] = {}
    for path in paths:
        runs = read_dataset(path)
        parts.setdefault(_width(runs, path), []).append(runs.drop_vars("theta", errors="ignore"))
    return {width: xr.concat(parts[width], "replica").sortby("replica") for width in sorted(parts)}


def clouds(paths: Sequence[Path]) -> dict[int, xr.DataArray]:
    """The kept particles of each width, (replica, keep_time, particle, component)."""
    parts: dict[int, list[xr.DataArray]] = {}
    for path in paths:
        runs = read_dataset(path)
        parts.setdefault(_width(runs, path), []).append(runs["theta"])
    return {width: xr.concat(parts[width], "replica").sortby("replica") for width in sorted(parts)}


def _width(runs: xr.Dataset, path: Path) -> int:
    if "width" not in runs.attrs:
        raise UnreadableError(f"{path}: not the record of a training job")
    return int(runs.attrs["width"])
