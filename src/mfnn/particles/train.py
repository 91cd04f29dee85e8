"""Multi-seed training: replicas of one network, observed at given times, paths not stored."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numba
import numpy as np
import xarray as xr

from mfnn.errors import DivergedError, SpecError
from mfnn.learning.data import Streams
from mfnn.learning.masks import draw_masks
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import THEOREM, Protocol
from mfnn.particles.blocked import BLOCK
from mfnn.particles.clouds import group_size, new_cloud
from mfnn.particles.deep import layers, train_deep
from mfnn.particles.observed import Observed
from mfnn.particles.record import Record, empty_record
from mfnn.particles.run import Run
from mfnn.particles.sampling import sampler
from mfnn.particles.states import State, States
from mfnn.spec import Floats
from mfnn.spec.arrays import integer, table

CHUNK = 1 << 16  # numbers of features drawn at a time, but at least
LEAST_CHUNK = 4 * BLOCK  # samples


def train(
    problem: Problem,
    width: int | Sequence[int],
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
    states: States | None = None,
    log: bool = False,
) -> xr.Dataset:
    """Train replicas of width N by SGD and observe the empirical measure μ^N_t = ν^N_{⌊Nt⌋} at the given times.

    One step on a fresh sample (x, y) ~ π, both updates with the parameters before it (arXiv:1805.01053, eq. 1.3):
    c += (α/N) r σ(w·x), w += (α/N) (c·r) σ'(w·x) x, r = y − g^N(x); another `protocol` may change it, and the unit of time,
    N steps, with it. Two hidden layers have one width or a pair, and nothing followed (mfnn.particles.deep).
    With `samples_of` all replicas see the samples of that one: they share the data and not the start.

    Returns a Dataset with ⟨f, μ^N_t⟩ (replica, time) an observable; "theta" (replica, time or keep_time, particle < keep,
    component), restricted by `keep_times`, `keep_coordinates`; "path" (replica, time, followed, coordinate), the first
    `follow` particles; "output" (replica, time, point, output), g^N_t at the rows of `evaluate` (Q, d), in its precision;
    and attributes that say what made it.

    Raises `SpecError` for arguments outside what is allowed, `DivergedError` where a run leaves the finite numbers. Wide
    replicas are moved by so many `threads`, at most numba's: the same to the bit. A training that was killed goes on from
    its saved state, to the same bits, where it has `states`, which the caller removes once the result is safe; two hidden
    layers have none. `log` prints progress lines.
    """
    problem, protocol = Problem.model_validate(problem), Protocol.model_validate(protocol)
    root_seed, chosen = integer("root_seed", root_seed, 0), _distinct(replicas)
    threads = min(integer("threads", threads, 1), numba.config.NUMBA_NUM_THREADS)
    if problem.hidden_layers == 2:
        _refuse_for_two_layers(protocol, keep_times, keep_coordinates, follow, samples_of)
        points = None if evaluate is None else table("evaluate", evaluate, problem.dim)
        with _numba_threads(threads):
            grid, kept = problem.time_grid(times), integer("keep", keep, 0)
            return train_deep(
                problem, layers(width), chosen, grid, observables, points, root_seed, threads, protocol, kept
            )
    if protocol.between_exponent != THEOREM.between_exponent:
        raise SpecError("between_exponent", protocol.between_exponent, "2, or two hidden layers")
    neurons = integer("width", width, 1)
    shared = None if samples_of is None else integer("samples_of", samples_of, 0)
    run = Run(problem, protocol, neurons, chosen, root_seed, shared)
    asked = Observed.of(problem, neurons, times, observables, keep, keep_times, keep_coordinates, follow, evaluate)
    if states and protocol.sampling != "iid":
        raise SpecError("sampling", protocol.sampling, "iid where states are saved")
    record = empty_record(run, asked)
    _fill(record, threads, states, log)
    return record.data


def _refuse_for_two_layers(protocol: Protocol, *asked: object) -> None:
    """Raise `SpecError` for what networks with two hidden layers do not have."""
    if protocol != Protocol(between_exponent=protocol.between_exponent, precision=protocol.precision):
        allowed = "the theorem's but for between_exponent and precision, with two hidden layers"
        raise SpecError("protocol", protocol, allowed)
    if any(asked):
        allowed = "1 for chosen times or coordinates of particles, for such that are followed, and for shared samples"
        raise SpecError("hidden_layers", 2, allowed)


def _fill(record: Record, threads: int, states: States | None, log: bool) -> None:
    """Train the replicas of a run, so many at a time as a cloud holds, and write down what is observed of them."""
    run, times = record.run, record.observed.times
    size, count = group_size(run.problem, run.width), len(run.replicas)
    saved = states.resume(record) if states else None
    if saved and log:
        print(f"{run.problem.name} N={run.width}: goes on after {saved.steps} steps", file=sys.stderr)
    with _numba_threads(threads):
        for start in range(saved.row if saved else 0, count, size):
            group = run.replicas[start : start + size]
            state, saved = saved or _beginning(run, start, group), None
            for index, theta in _trajectory(record, state, threads, states):
                record.observe(slice(start, start + size), index, theta)
                if log and (count <= size or index == len(times) - 1):
                    done = f"replica {group[-1]} ({start + len(group)} of {count}), t = {times[index]:g} of {times[-1]:g}"
                    print(f"{run.problem.name} N={run.width}: {done}", file=sys.stderr)


@contextmanager
def _numba_threads(threads: int) -> Iterator[None]:
    """So many of numba's threads, and afterwards as many as before."""
    before = numba.get_num_threads()
    numba.set_num_threads(threads)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def _beginning(run: Run, row: int, group: Sequence[int]) -> State:
    """A group of replicas before their first step."""
    streams = [run.streams(replica) for replica in group]
    return State(row, streams, [_start(run, stream) for stream in streams])


def _trajectory(record: Record, state: State, threads: int, states: States | None) -> Iterator[tuple[int, Floats]]:
    """Number of each time still to come, and θ of a group (R, m + d, N) then; not to be kept or changed."""
    run, streams, done = record.run, state.streams, state.steps
    problem, protocol, width = run.problem, run.protocol, run.width
    group = run.replicas[state.row :][: len(streams)]
    cloud = new_cloud(problem, protocol, list(state.theta), [stream.steps for stream in streams], threads)
    draws = [sampler(problem, protocol, width, stream) for stream in streams]
    chunk = max(LEAST_CHUNK, CHUNK // (problem.dim * len(group) * protocol.batch))
    for index, target in enumerate(protocol.steps(width, t) for t in record.observed.times):
        if target < done:
            continue
        while done < target:
            count = min(chunk, target - done)
            samples = [draw(count * protocol.batch) for draw in draws]
            x, y = (np.stack(part) for part in zip(*samples, strict=True))
            replica, k = cloud.advance(x, y / protocol.gain(width))
            if replica >= 0:
                raise DivergedError(problem.name, width, group[replica], done + k)
            done += count
            if states and states.due:
                states.save(State(state.row, streams, cloud.theta(), done), record)
        theta = cloud.theta()
        finite = np.isfinite(theta).all(axis=(1, 2))
        if not finite.all():
            raise DivergedError(problem.name, width, group[int(np.argmin(finite))], done)
        yield index, theta


def _start(run: Run, stream: Streams) -> Floats:
    """θ_0 of one replica, shape (m + d, N); in sparse networks with 0 for the weights that a neuron does not have."""
    problem = run.problem
    size = run.width, problem.outputs, problem.dim
    theta = problem.initial.sample(stream.initial, *size, run.protocol.precision)
    if problem.connectivity is not None:
        theta[problem.outputs :] *= draw_masks(problem, run.width, stream.masks)
    return theta


def _distinct(replicas: Iterable[int]) -> tuple[int, ...]:
    try:
        chosen = [integer("replicas", replica, 0) for replica in replicas]
    except TypeError:
        chosen = []
    if not chosen or len(set(chosen)) != len(chosen):
        raise SpecError("replicas", replicas, "distinct non-negative integers, at least one")
    return tuple(chosen)
