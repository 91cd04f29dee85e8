"""What a training job writes down: what is observed of its networks, in a Dataset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from mfnn.learning.observables import NetworkOutput, network_output
from mfnn.particles.observed import Observed
from mfnn.particles.run import Run
from mfnn.spec import Floats


@dataclass(frozen=True)
class Record:
    """The Dataset of a run, to be filled with what is observed."""

    data: xr.Dataset
    run: Run
    observed: Observed

    def observe(self, rows: slice, index: int, theta: Floats) -> None:
        """Write what is asked of θ (R, m + d, N) at time number `index` into the given rows."""
        data, observed = self.data, self.observed
        coordinates = np.ascontiguousarray(theta.transpose(1, 0, 2))
        for name, f in observed.functions.items():
            scale = self._gain if isinstance(f, NetworkOutput) else 1.0
            data[name].values[rows, index] = scale * f(coordinates).mean(axis=1, dtype=float)
        if observed.points is not None:
            data["output"].values[rows, index] = self._outputs(theta, observed.points)
        if observed.followed:
            data["path"].values[rows, index] = theta[:, :, : observed.followed].transpose(0, 2, 1)
        if observed.kept and index in observed.kept_times:
            kept = theta[:, list(observed.kept_coordinates), : observed.kept]
            data["theta"].values[rows, observed.kept_times.index(index)] = kept.transpose(0, 2, 1)

    def _outputs(self, theta: Floats, points: Floats) -> list[Floats]:
        """g^N at the points (Q, d), in their precision: (Q, m) for each θ."""
        clouds = theta.astype(points.dtype, copy=False)
        weights = np.full(theta.shape[2], self._gain / theta.shape[2], clouds.dtype)
        return [network_output(self.run.problem, t, weights, points) for t in clouds]

    @property
    def _gain(self) -> float:
        """N^{1−γ}, by which the network's output exceeds ⟨φ, μ^N⟩; one in the theorem."""
        return self.run.protocol.gain(self.run.width)


def empty_record(run: Run, observed: Observed) -> Record:
    """The record to be filled, with its coordinates and nan in every place."""
    grid, names = observed.times, run.problem.coordinate_names
    replicas = list(run.replicas)
    data = xr.Dataset(coords={"replica": replicas, "time": grid}, attrs=run.origin())
    for name in observed.functions:
        data[name] = (("replica", "time"), np.full((len(replicas), len(grid)), np.nan))
    if observed.kept:
        component, along = [names[a] for a in observed.kept_coordinates], observed.kept_along
        data = data.assign_coords({"component": component, along: grid[list(observed.kept_times)]})
        shape = (len(replicas), len(observed.kept_times), observed.kept, len(component))
        data["theta"] = (("replica", along, "particle", "component"), np.full(shape, np.nan))
    if observed.followed:
        data = data.assign_coords({"coordinate": names})
        shape = (len(replicas), len(grid), observed.followed, len(names))
        data["path"] = (("replica", "time", "followed", "coordinate"), np.full(shape, np.nan))
    if observed.points is not None:
        shape = (len(replicas), len(grid), len(observed.points), run.problem.outputs)
        data["output"] = (("replica", "time", "point", "output_index"), np.full(shape, np.nan))
    return Record(data, run, observed)
