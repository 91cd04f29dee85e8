"""Multi-seed training: replicas of one network, observed at given times, paths not stored.

Replica r of width N draws everything from `SeedSequence(root_seed, spawn_key=(problem, N, r))`: its trajectory does
not depend on which replicas are trained beside it, in what order, or on how many cores.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from numbers import Real

import numba
import numpy as np
import xarray as xr

from mfnn.errors import DivergedError, SpecError
from mfnn.learning.data import Streams
from mfnn.learning.observables import parse_all
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import THEOREM, Protocol
from mfnn.particles.blocked import BLOCK
from mfnn.particles.clouds import group_size, new_cloud
from mfnn.particles.record import Record, Snapshot, empty_dataset, origin
from mfnn.particles.sampling import sampler
from mfnn.spec import Floats
from mfnn.spec.arrays import numbers, table

CHUNK = 1 << 16  # numbers of features drawn at a time, but at least
LEAST_CHUNK = 4 * BLOCK  # samples


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
    samples_of: int | None = None,
    protocol: Protocol = THEOREM,
    threads: int = 1,
    log: bool = False,
) -> xr.Dataset:
    """Train replicas of width N by SGD and observe the empirical measure μ^N_t = ν^N_{⌊Nt⌋} at the given times.

    One step on a fresh sample (x, y) ~ π, both updates with the parameters before it (arXiv:1805.01053, eq. 1.3):
    c += (α/N) r σ(w·x), w += (α/N) (c·r) σ'(w·x) x, r = y − g^N(x). A `protocol` other than the theorem's changes
    batches, sampling, step size, output scale or precision, and with the step size α/N^b the unit of time to N^b
    steps. With `samples_of` all replicas see the samples of that one: they share the data and not the start.

    Returns a Dataset with one variable (replica, time) an observable, holding ⟨f, μ^N_t⟩; "theta" (replica,
    time, particle < keep, component) when keep > 0, its times named keep_time where `keep_times` chooses some, its
    components chosen by `keep_coordinates`; "path" (replica, time, followed, coordinate), the first `follow` particles
    at every time; and "output" (replica, time, point, output), g^N_t at the rows of
    `evaluate` (Q, d), when that is given: in single precision if that is. Times are in units of N steps. Its attributes
    say what made it: problem, width, learning_rate, protocol, root_seed, samples_of, mfnn_version.

    Raises `SpecError` for arguments outside what is allowed and `DivergedError` naming scenario, width, replica
    and step when a run leaves the finite numbers. Replicas wider than one thread's share of particles are moved by
    so many `threads`, at most those that numba was started with: the same to the bit. `log` prints progress lines.
    """
    problem, protocol = Problem.model_validate(problem), Protocol.model_validate(protocol)
    grid = problem.time_grid(times)
    width, chosen = _integer(width, "width", 1), _replica_list(replicas)
    keep, root_seed = _integer(keep, "keep", 0), _integer(root_seed, "root_seed", 0)
    functions = parse_all(observables, problem)
    followed = min(_integer(follow, "follow", 0), width)
    snapshot = _snapshot(problem, grid, min(keep, width), keep_times, keep_coordinates, followed)
    points = None if evaluate is None else table("evaluate", evaluate, problem.dim)
    data = None if samples_of is None else _integer(samples_of, "samples_of", 0)
    record = empty_dataset(problem, width, grid, chosen, functions, snapshot, points)
    record.attrs = origin(problem, width, protocol, root_seed, data)
    observer = Record(record, problem, functions, snapshot, points, protocol.gain(width))
    threads = min(_integer(threads, "threads", 1), numba.config.NUMBA_NUM_THREADS)
    steps = [protocol.steps(width, t) for t in grid]
    size = group_size(problem, width)
    with _numba_threads(threads):
        for start in range(0, len(chosen), size):
            group = chosen[start : start + size]
            streams = [_streams(problem, width, replica, data, root_seed) for replica in group]
            for index, theta in enumerate(_trajectory(problem, protocol, width, group, streams, steps, threads)):
                observer.observe(slice(start, start + size), index, theta)
                if log and (len(chosen) <= size or index == len(grid) - 1):
                    done = f"replica {group[-1]} ({start + len(group)} of {len(chosen)})"
                    print(f"{problem.name} N={width}: {done}, t = {grid[index]:g} of {grid[-1]:g}", file=sys.stderr)
    return record


@contextmanager
def _numba_threads(threads: int) -> Iterator[None]:
    """So many of numba's threads, and afterwards as many as before."""
    before = numba.get_num_threads()
    numba.set_num_threads(threads)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def replica_seed(problem: Problem, width: int, replica: int, root_seed: int) -> np.random.SeedSequence:
    """The seed of one replica: the root seed with the key (scenario, width, replica)."""
    scenario = int.from_bytes(hashlib.sha256(problem.name.encode()).digest()[:4], "big")
    return np.random.SeedSequence(root_seed, spawn_key=(scenario, width, replica))


def _streams(problem: Problem, width: int, replica: int, samples_of: int | None, root_seed: int) -> Streams:
    """The random streams of a replica, those of the samples from another one where `samples_of` names it."""
    streams = Streams(replica_seed(problem, width, replica, root_seed))
    if samples_of is not None:
        other = Streams(replica_seed(problem, width, samples_of, root_seed))
        streams.inputs, streams.labels = other.inputs, other.labels
    return streams


def _trajectory(
    problem: Problem,
    protocol: Protocol,
    width: int,
    group: list[int],
    streams: list[Streams],
    steps: list[int],
    threads: int,
) -> Iterator[Floats]:
    """θ of a group of replicas, shape (R, m + d, N), after each number of steps in turn; not to be kept or changed."""
    size = width, problem.outputs, problem.dim
    start = (problem.initial.sample(stream.initial, *size, protocol.precision) for stream in streams)
    cloud = new_cloud(problem, protocol, list(start), threads)
    draws = [sampler(problem, protocol, width, stream) for stream in streams]
    chunk = max(LEAST_CHUNK, CHUNK // (problem.dim * len(group) * protocol.batch))
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


def _snapshot(
    problem: Problem,
    grid: Floats,
    keep: int,
    keep_times: Sequence[float] | None,
    keep_coordinates: Sequence[str] | None,
    followed: int,
) -> Snapshot:
    names = problem.coordinate_names
    asked = names if keep_coordinates is None else keep_coordinates
    coordinates = list(asked) if isinstance(asked, Iterable) else [asked]
    unknown = [name for name in coordinates if name not in names]
    if unknown:
        raise SpecError("keep_coordinates", unknown[0], f"coordinates {names[0]} ... {names[-1]}")
    try:
        kept = grid if keep_times is None else numbers(keep_times)
    except ValueError:
        kept = np.array([np.nan])
    if not np.isin(kept, grid).all():
        raise SpecError("keep_times", keep_times, "times of the time grid")
    times = tuple(int(index) for index in np.flatnonzero(np.isin(grid, kept)))
    dimension = "time" if keep_times is None else "keep_time"
    return Snapshot(keep, tuple(map(names.index, coordinates)), times, dimension, followed)
