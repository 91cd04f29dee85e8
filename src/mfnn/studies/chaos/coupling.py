"""Synchronous coupling: neuron i beside the characteristic of V(·; μ̄) that starts where it started.

√N (θ^i_t − θ̄^i_t), given θ_0^i, tends to a Gaussian field. Its variance comes from the same backward equation as that of
an observable (mfnn.limit.fluctuations): the coordinate e of one neuron is a row whose adjoint is e on a node of weight
0 at θ_0^i and 0 elsewhere. Hence N·E|θ^i_t − θ̄^i_t|² has a predicted limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from mfnn.learning.assumptions import require
from mfnn.limit.characteristics import Flow, carry
from mfnn.limit.fluctuations import Rows, constants
from mfnn.limit.limit import Limit
from mfnn.limit.nodes import Nodes, product_nodes
from mfnn.limit.transport import transported
from mfnn.spec import Floats


def coupling_constants(limit: Limit, times: Sequence[float], counts: Sequence[int]) -> xr.Dataset:
    """The limit of N·E(θ^1_t − θ̄^1_t)² by coordinate, "constant" (time, coordinate), with its numerical "error".

    The mean over θ_0 is a product Gauss rule with counts[a] nodes in coordinate a. Raises `SpecError` for times
    outside the limit's grid, and as `fluctuations` does.
    """
    require(limit.problem, "coupling_constants")
    solved = transported(limit, "coupling_constants")
    grid, starts = limit.within(times), product_nodes(limit.problem, counts)
    variances = np.array([_variances(flow, starts, grid, solved.rtol) for flow in solved.solves])
    value, error = solved.certificate.combine(variances)
    coords = {"time": grid, "coordinate": limit.problem.coordinate_names}
    dims = ("time", "coordinate")
    return xr.Dataset({"constant": (dims, value), "error": (dims, error)}, coords=coords)


def _variances(flow: Flow, starts: Nodes, times: Floats, rtol: float) -> Floats:
    """The mean over the starts of each coordinate's variance at each time, (times, m + d), on one solve's nodes."""
    dimension, count = starts.theta.shape
    weights = np.append(flow.weights, np.zeros(count))
    beside = replace(flow, origin=np.hstack([flow.origin, starts.theta]), weights=weights)
    positions = carry(beside, beside.origin, times, rtol)
    unit = np.zeros((dimension, count, dimension, weights.size))
    for a in range(dimension):
        unit[a, range(count), a, flow.weights.size + np.arange(count)] = 1.0
    row = Rows(np.zeros((dimension * count, weights.size)), unit.reshape(dimension * count, dimension, -1))
    variances = []
    for time, position in zip(times, positions, strict=True):
        found = constants(beside, [row], position[None], np.array([time]), rtol)
        variances.append((found.initial + found.sgd).diagonal().reshape(dimension, count) @ starts.weights)
    return np.array(variances)


def squared_distances(path: xr.DataArray, limit: Limit) -> Floats:
    """|θ_t − θ̄_t|² by coordinate of the followed neurons, shape (replica · followed, time, m + d)."""
    theta = path.transpose("replica", "followed", "time", "coordinate").values
    theta = theta.reshape(-1, *theta.shape[2:])
    characteristic = limit.flow(theta[:, 0], list(path["time"].values)).transpose(1, 0, 2)
    return (theta - characteristic) ** 2
