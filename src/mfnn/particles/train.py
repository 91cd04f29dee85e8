"""Multi-seed training: replicas of one network, observed at given times, paths not stored.

Replica r of width N draws everything from `SeedSequence(root_seed, spawn_key=(problem, N, r))`: its trajectory does
not depend on which replicas are trained beside it, in what order, or on how many cores.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from numbers import Real
from typing import NamedTuple

import numpy as np
import xarray as xr

from mfnn.data import Streams
from mfnn.errors import DivergedError, SpecError
from mfnn.observables import Observable, network_output, parse_all
from mfnn.particles.batched import advance_batches
from mfnn.particles.blocked import blocked_kernel
from mfnn.particles.fused import aligned_zeros, fused_kernel, padded
from mfnn.particles.sampling import sampler
from mfnn.problem import Problem
from mfnn.protocol import THEOREM, Protocol
from mfnn.spec import Floats

BLOCKED_FROM = 24  # features from which matrix products beat the fused pass
GROUP = 32768  # particles trained in lockstep: small enough to stay in the second-level cache
CHUNK = 1 << 16  # numbers of features drawn at a time


class Snapshot(NamedTuple):
    """What is kept of the particles: how many, which coordinates, at which times (indices into the time grid)."""

    particles: int
    coordinates: tuple[int, ...]
    times: tuple[int, ...]
    dimension: str  # "time" when it is the whole grid, otherwise "keep_time"
    followed: int  # particles kept at every time besides


def train(
    problem: Problem,
    width: int,
    replicas: Iterable[int],
    times: Sequence[float],
    observables: Sequence[str] = (),
    keep: int = 0,
    root_seed: int = 0,
    *,
    keep_times: Sequence[float] | None = None,
    keep_coordinates: Sequence[str] | None = None,
    follow: int = 0,
    evaluate: Floats | None = None,
    protocol: Protocol = THEOREM,
    log: bool = False,
) -> xr.Dataset:
    """Train replicas of width N by SGD and observe the empirical measure μ^N_t = ν^N_{⌊Nt⌋} at the given times.

    One step on a fresh sample (x, y) ~ π, both updates with the parameters before it (arXiv:1805.01053, eq. 1.3):
    c += (α/N) r σ(w·x), w += (α/N) (c·r) σ'(w·x) x, r = y − g^N(x). A `protocol` other than the theorem's changes
    batches, sampling, step size or output scale, and with the step size α/N^b the unit of time to N^b steps.

    Returns a Dataset with one variable (replica, time) an observable, holding ⟨f, μ^N_t⟩; "theta" (replica,
    time, particle < keep, component) when keep > 0, its times named keep_time where `keep_times` chooses some, its
    components chosen by `keep_coordinates`; "path" (replica, time, followed, coordinate), the first `follow` particles
    at every time; and "output" (replica, time, point, output), g^N_t at the rows of
    `evaluate` (Q, d), when that is given. Times are in units of N steps.

    Raises `SpecError` for arguments outside what is allowed and `DivergedError` naming scenario, width, replica
    and step when a run leaves the finite numbers. `log` prints progress lines.
    """
    grid = problem.time_grid(times)
    width, chosen = _integer(width, "width", 1), _replica_list(replicas)
    keep, root_seed = _integer(keep, "keep", 0), _integer(root_seed, "root_seed", 0)
    functions = parse_all(observables, problem)
    followed = min(_integer(follow, "follow", 0), width)
    snapshot = _snapshot(problem, grid, min(keep, width), keep_times, keep_coordinates, followed)
    points = _evaluation_points(evaluate, problem.dim)
    record = _empty_record(problem, width, grid, chosen, functions, snapshot, points)
    steps = [protocol.steps(width, t) for t in grid]
    size = 1 if problem.dim >= BLOCKED_FROM else max(1, GROUP // padded(width))
    for start in range(0, len(chosen), size):
        group = chosen[start : start + size]
        for index, theta in enumerate(_trajectory(problem, protocol, width, group, steps, root_seed)):
            rows = slice(start, start + size)
            _observe(record, rows, index, theta, problem, functions, snapshot, points, protocol.gain(width))
            if log and (len(chosen) <= size or index == len(grid) - 1):
                done = f"replica {group[-1]} ({start + len(group)} of {len(chosen)})"
                print(f"{problem.name} N={width}: {done}, t = {grid[index]:g} of {grid[-1]:g}", file=sys.stderr)
    return record


def replica_seed(problem: Problem, width: int, replica: int, root_seed: int) -> np.random.SeedSequence:
    """The seed of one replica: the root seed with the key (scenario, width, replica)."""
    scenario = int.from_bytes(hashlib.sha256(problem.name.encode()).digest()[:4], "big")
    return np.random.SeedSequence(root_seed, spawn_key=(scenario, width, replica))


def _trajectory(
    problem: Problem, protocol: Protocol, width: int, group: list[int], steps: list[int], root_seed: int
) -> Iterator[Floats]:
    """θ of a group of replicas, shape (R, m + d, N), after each number of steps in turn."""
    streams = [Streams(replica_seed(problem, width, replica, root_seed)) for replica in group]
    initial = [problem.initial.sample(s.initial, width, problem.outputs, problem.dim) for s in streams]
    draws = [sampler(problem, protocol, width, stream) for stream in streams]
    cloud = _cloud(problem, protocol, initial)
    chunk = max(64, CHUNK // (problem.dim * len(group) * protocol.batch))
    done = 0
    for target in steps:
        while done < target:
            count = min(chunk, target - done)
            samples = [draw(count * protocol.batch) for draw in draws]
            x, y = (np.stack(part) for part in zip(*samples, strict=True))
            replica, k = cloud.advance(x, y / protocol.gain(width))
            if replica >= 0:
                raise DivergedError(problem.name, width, group[replica], done + k)
            done += count
        theta = cloud.theta()
        finite = np.isfinite(theta).all(axis=(1, 2))
        if not finite.all():
            raise DivergedError(problem.name, width, group[int(np.argmin(finite))], done)
        yield theta


def _cloud(problem: Problem, protocol: Protocol, initial: list[Floats]) -> FusedCloud | BlockedCloud | BatchedCloud:
    """The particles of a group of replicas, in the layout of the kernel that suits them."""
    rate = problem.learning_rate / protocol.unit(initial[0].shape[1])
    if protocol.batch > 1:
        return BatchedCloud(problem, initial, rate, protocol.batch)
    return (BlockedCloud if problem.dim >= BLOCKED_FROM else FusedCloud)(problem, initial, rate)


class FusedCloud:
    """The particles of a group of replicas in the fused kernel's layout."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float) -> None:
        self.outputs, self.width, self.rate = problem.outputs, initial[0].shape[1], rate
        rows = ((problem.outputs, padded(self.width)), (problem.dim, padded(self.width)))
        self.c, self.w = (aligned_zeros((len(initial), *shape)) for shape in rows)
        self.c[:, :, : self.width] = [theta[: self.outputs] for theta in initial]
        self.w[:, :, : self.width] = [theta[self.outputs :] for theta in initial]
        self._kernel = fused_kernel(problem.activation, problem.dim, problem.outputs)

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        return self._kernel(self.c, self.w, x.astype(float), y, self.rate, self.width)

    def theta(self) -> Floats:
        return np.concatenate([self.c, self.w], axis=1)[:, :, : self.width]


class BlockedCloud:
    """The particles of one replica in the blocked kernel's layout."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float) -> None:
        (theta,) = initial
        self.c = np.ascontiguousarray(theta[: problem.outputs])
        self.w = np.ascontiguousarray(theta[problem.outputs :].T)
        self.rate = rate
        self._kernel = blocked_kernel(problem.activation)

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        stopped = self._kernel(self.c, self.w, x[0], y[0], self.rate)
        return (0, stopped) if stopped >= 0 else (-1, -1)

    def theta(self) -> Floats:
        return np.concatenate([self.c, self.w.T])[None]


class BatchedCloud:
    """The particles of a group of replicas for steps on mini-batches."""

    def __init__(self, problem: Problem, initial: list[Floats], rate: float, batch: int) -> None:
        self.c, self.w = np.split(np.array(initial), [problem.outputs], axis=1)
        self.rate, self.batch, self._sigma = rate, batch, problem.sigma

    def advance(self, x: Floats, y: Floats) -> tuple[int, int]:
        x, y = (part.astype(float).reshape(len(part), -1, self.batch, part.shape[2]) for part in (x, y))
        return advance_batches(self._sigma, self.c, self.w, x, y, self.rate)

    def theta(self) -> Floats:
        return np.concatenate([self.c, self.w], axis=1)


def _observe(
    record: xr.Dataset,
    rows: slice,
    index: int,
    theta: Floats,
    problem: Problem,
    functions: dict[str, Observable],
    snapshot: Snapshot,
    points: Floats | None,
    gain: float,
) -> None:
    """Write what is asked of θ (R, m + d, N) at time number `index` into the record."""
    flat = theta.transpose(1, 0, 2).reshape(theta.shape[1], -1)
    for name, f in functions.items():
        record[name].values[rows, index] = f(flat).reshape(len(theta), -1).mean(axis=1)
    if points is not None:
        weights = np.full(theta.shape[2], gain / theta.shape[2])
        record["output"].values[rows, index] = [network_output(problem, cloud, weights, points) for cloud in theta]
    if snapshot.followed:
        record["path"].values[rows, index] = theta[:, :, : snapshot.followed].transpose(0, 2, 1)
    if snapshot.particles and index in snapshot.times:
        kept = theta[:, list(snapshot.coordinates), : snapshot.particles]
        record["theta"].values[rows, snapshot.times.index(index)] = kept.transpose(0, 2, 1)


def _empty_record(
    problem: Problem,
    width: int,
    grid: Floats,
    replicas: list[int],
    functions: dict[str, Observable],
    snapshot: Snapshot,
    points: Floats | None,
) -> xr.Dataset:
    """The Dataset to be filled, with its coordinates and nan in every place."""
    record = xr.Dataset(coords={"replica": replicas, "time": grid}, attrs={"problem": problem.name, "width": width})
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


def _integer(value: int, key: str, least: int) -> int:
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or not isfinite(value) or value != int(value) or value < least:
        raise SpecError(key, value, f"an integer of at least {least}")
    return int(value)


def _replica_list(replicas: Iterable[int]) -> list[int]:
    try:
        chosen = [_integer(replica, "replicas", 0) for replica in replicas]
    except TypeError:
        chosen = []
    if not chosen or len(set(chosen)) != len(chosen):
        raise SpecError("replicas", replicas, "distinct non-negative integers, at least one")
    return chosen


def _evaluation_points(points: Floats | None, dim: int) -> Floats | None:
    if points is None:
        return None
    try:
        array = np.asarray(points, dtype=float)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.ndim != 2 or array.shape[1] != dim or not len(array) or not np.isfinite(array).all():
        raise SpecError("evaluate", points, f"finite numbers in an array of shape (n, {dim})")
    return array


def _snapshot(
    problem: Problem,
    grid: Floats,
    keep: int,
    keep_times: Sequence[float] | None,
    keep_coordinates: Sequence[str] | None,
    followed: int,
) -> Snapshot:
    names = problem.coordinate_names
    coordinates = names if keep_coordinates is None else list(keep_coordinates)
    unknown = [name for name in coordinates if name not in names]
    if unknown:
        raise SpecError("keep_coordinates", unknown[0], f"coordinates {names[0]} ... {names[-1]}")
    try:
        kept = grid if keep_times is None else np.asarray(keep_times, dtype=float)
    except (TypeError, ValueError):
        kept = np.array([np.nan])
    if not np.isin(kept, grid).all():
        raise SpecError("keep_times", keep_times, "times of the time grid")
    times = tuple(int(index) for index in np.flatnonzero(np.isin(grid, kept)))
    dimension = "time" if keep_times is None else "keep_time"
    return Snapshot(keep, tuple(map(names.index, coordinates)), times, dimension, followed)
