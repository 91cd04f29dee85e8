"""What a training job writes down: observables, kept particles, followed paths, outputs, at the times asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from mfnn.learning.observables import Observable, network_output
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import Protocol
from mfnn.spec import Floats
from mfnn.storage import version


class Snapshot(NamedTuple):
    """What is kept of the particles: how many, which coordinates, at which times (indices into the time grid)."""

    particles: int
    coordinates: tuple[int, ...]
    times: tuple[int, ...]
    dimension: str  # "time" when it is the whole grid, otherwise "keep_time"
    followed: int  # particles kept at every time besides


@dataclass(frozen=True)
class Record:
    """A Dataset to be filled and what is asked of the parameters; `points` (Q, d) or None set the outputs' precision."""

    data: xr.Dataset
    problem: Problem
    functions: Mapping[str, Observable]
    snapshot: Snapshot
    points: Floats | None
    gain: float  # the output is this many times ⟨c σ(w·x), μ^N⟩

    def observe(self, rows: slice, index: int, theta: Floats) -> None:
        """Write what is asked of θ (R, m + d, N) at time number `index` into the given rows."""
        data, snapshot = self.data, self.snapshot
        coordinates = np.ascontiguousarray(theta.transpose(1, 0, 2))
        for name, f in self.functions.items():
            data[name].values[rows, index] = f(coordinates).mean(axis=1, dtype=float)
        if self.points is not None:
            clouds = theta.astype(self.points.dtype, copy=False)
            weights = np.full(theta.shape[2], self.gain / theta.shape[2], clouds.dtype)
            data["output"].values[rows, index] = [
                network_output(self.problem, t, weights, self.points) for t in clouds
            ]
        if snapshot.followed:
            data["path"].values[rows, index] = theta[:, :, : snapshot.followed].transpose(0, 2, 1)
        if snapshot.particles and index in snapshot.times:
            kept = theta[:, list(snapshot.coordinates), : snapshot.particles]
            data["theta"].values[rows, snapshot.times.index(index)] = kept.transpose(0, 2, 1)


def empty_dataset(
    problem: Problem,
    width: int,
    grid: Floats,
    replicas: list[int],
    functions: Mapping[str, Observable],
    snapshot: Snapshot,
    points: Floats | None,
) -> xr.Dataset:
    """The Dataset to be filled, with its coordinates and nan in every place."""
    record = xr.Dataset(coords={"replica": replicas, "time": grid})
    for name in functions:
        record[name] = (("replica", "time"), np.full((len(replicas), len(grid)), np.nan))
    if snapshot.particles:
        component = [problem.coordinate_names[a] for a in snapshot.coordinates]
        record = record.assign_coords({"component": component, snapshot.dimension: grid[list(snapshot.times)]})
        shape = (len(replicas), len(snapshot.times), snapshot.particles, len(component))
        dims = ("replica", snapshot.dimension, "particle", "component")
        record["theta"] = (dims, np.full(shape, np.nan))
    if snapshot.followed:
        record = record.assign_coords({"coordinate": problem.coordinate_names})
        shape = (len(replicas), len(grid), snapshot.followed, len(problem.coordinate_names))
        record["path"] = (("replica", "time", "followed", "coordinate"), np.full(shape, np.nan))
    if points is not None:
        shape = (len(replicas), len(grid), len(points), problem.outputs)
        record["output"] = (("replica", "time", "point", "output_index"), np.full(shape, np.nan))
    return record


def origin(
    problem: Problem, width: int, protocol: Protocol, root_seed: int, samples_of: int | None
) -> dict[str, Any]:
    """The attributes of a record: what made it, so that it can be made again.

    A seed beyond 64 bits, which files have no number for, is written out in digits.
    """
    made: dict[str, Any] = {"problem": problem.name, "width": width, "learning_rate": problem.learning_rate}
    made |= {"protocol": protocol.model_dump_json(), "root_seed": root_seed if root_seed < 2**63 else str(root_seed)}
    if samples_of is not None:
        made["samples_of"] = samples_of
    return made | {"mfnn_version": version()}
