"""Training of networks with two hidden layers: replicas of N_1 and N_2 neurons, observed as those with one are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import xarray as xr

from mfnn.errors import DivergedError, SpecError
from mfnn.learning.data import Streams
from mfnn.learning.observables import NetworkOutput
from mfnn.learning.pairs import PairFunction, pair_functions
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import Protocol
from mfnn.particles.deep_kernel import PARTS, deep_kernel
from mfnn.particles.run import replica_seed
from mfnn.spec import Floats
from mfnn.spec.arrays import integer

CHUNK = 1 << 12  # samples drawn at a time
SHARED = ("shared_w", "shared_c", "apart")  # products of two weights between the layers, by the neurons they share


@dataclass(frozen=True)
class Network:
    """The parameters of one network: w (d, N_1), v (N_2, N_1), c (N_2,)."""

    w: Floats
    v: Floats
    c: Floats

    def of(self, precision: str) -> Network:
        """The same in numbers of a numpy precision; nothing is copied that has it."""
        return Network(*(np.asarray(part, precision) for part in (self.w, self.v, self.c)))

    def mean(self, f: PairFunction | NetworkOutput, problem: Problem) -> float:
        """The mean of a function over all pairs of neurons, or the output at a point."""
        if isinstance(f, NetworkOutput):
            return float(self.outputs(np.array([f.point]), problem)[0])
        return f.mean(self.w, self.v.T, self.c)

    def products(self) -> tuple[float, float, float]:
        """The means of v_ij v_ik (j ≠ k), v_ij v_kj (i ≠ k) and v_ij v_kl (i ≠ k, j ≠ l); nan without such pairs."""
        second, first = self.v.shape
        square, by_w, by_c = float((self.v**2).sum()), self.v.sum(axis=0), self.v.sum(axis=1)
        of_w, of_c = float(by_w @ by_w) - square, float(by_c @ by_c) - square
        apart = float(self.v.sum()) ** 2 - of_w - of_c - square
        pairs = np.array([second - 1, first - 1, (first - 1) * (second - 1)], dtype=float)
        means = np.divide([of_w, of_c, apart], self.v.size * pairs, where=pairs > 0, out=np.full(3, np.nan))
        return tuple(map(float, means))  # type: ignore[return-value]  # three

    def outputs(self, points: Floats, problem: Problem) -> Floats:
        """g at points (Q, d), shape (Q,)."""
        sigma = problem.sigma.value
        inner = sigma((points[:, :, None] * self.w).sum(axis=1))
        hidden = np.array([(self.v * s).mean(axis=1) for s in inner])
        return (self.c * sigma(hidden)).mean(axis=1)


def layers(width: int | Sequence[int]) -> tuple[int, int]:
    """(N_1, N_2) from one number for both or a pair; raises `SpecError` for anything else."""
    if isinstance(width, Real):
        return (integer("width", width, 1),) * 2
    if np.shape(width) != (2,):
        raise SpecError("width", width, "a number of neurons, or one for each of two hidden layers")
    first, second = (integer("width", part, 1) for part in width)  # type: ignore[union-attr]  # it has two parts
    return first, second


def train_deep(
    problem: Problem,
    width: tuple[int, int],
    replicas: Sequence[int],
    times: Floats,
    observables: Sequence[str],
    points: Floats | None,
    root_seed: int,
    threads: int,
    protocol: Protocol,
    keep: int,
) -> xr.Dataset:
    """What `mfnn.train` returns, of two hidden layers; N = max(N_1, N_2) steps, of size α over that, are a unit of time.

    The weights between them are moved N^(between_exponent − 2) times as far as the theorem says. In single precision
    parameters are 32-bit numbers, residuals 64-bit ones.

    Beside it "shared_w", the mean over i of v_ij v_ik, j ≠ k, "shared_c", over j of v_ij v_kj, i ≠ k, and "apart", of
    weights that share no neuron, each (replica, time); of the first `keep` neurons of either layer "theta_w" (replica,
    time, first, component) and "theta_c" (replica, time, second).
    """
    functions = pair_functions(observables, problem)
    shape = (len(replicas), len(times))
    data = {name: (("replica", "time"), np.full(shape, np.nan)) for name in functions}
    data |= {name: (("replica", "time"), np.full(shape, np.nan)) for name in SHARED}
    outputs = np.full((*shape, 0 if points is None else len(points), 1), np.nan)
    first, second = (min(keep, size) for size in width)
    theta_w, theta_c = np.full((*shape, first, problem.dim), np.nan), np.full((*shape, second), np.nan)
    for row, replica in enumerate(replicas):
        networks = _trajectory(problem, width, replica, times, root_seed, threads, protocol)
        for index, network in enumerate(networks):
            for name, f in functions.items():
                data[name][1][row, index] = network.mean(f, problem)
            for name, value in zip(SHARED, network.products(), strict=True):
                data[name][1][row, index] = value
            theta_w[row, index], theta_c[row, index] = network.w[:, :keep].T, network.c[:keep]
            if points is not None:
                outputs[row, index, :, 0] = network.outputs(points, problem)
    made = {"problem": problem.name, "width": list(width), "learning_rate": problem.learning_rate}
    record = xr.Dataset(data, {"replica": list(replicas), "time": times}, made | {"root_seed": str(root_seed)})
    if keep:
        record["theta_w"] = (("replica", "time", "first", "component"), theta_w)
        record["theta_c"] = (("replica", "time", "second"), theta_c)
        record["component"] = [name for name in problem.coordinate_names if name[0] == "w"]
    if points is not None:
        record["output"] = (("replica", "time", "point", "output_index"), outputs)
    return record


def _trajectory(
    problem: Problem,
    width: tuple[int, int],
    replica: int,
    times: Floats,
    root_seed: int,
    threads: int,
    protocol: Protocol,
) -> Iterator[Network]:
    """One network at each time in turn; not to be kept or changed."""
    first, second = width
    unit = max(width)
    streams = Streams(replica_seed(problem, first if first == second else width, replica, root_seed))
    network = _start(problem, width, streams.initial).of("f4" if protocol.precision == "single" else "f8")
    advance = deep_kernel(problem.activation, min(threads, PARTS) > 1)
    rate, between = problem.learning_rate / unit, float(unit) ** (protocol.between_exponent - 2)
    done = 0
    for target in (int(np.floor(round(unit * time, 9))) for time in times):
        while done < target:
            count = min(CHUNK, target - done)
            x, y = problem.data.sample(streams, count)
            stopped = advance(network.w, network.v, network.c, x.astype(float), y[:, 0], rate, between)
            if stopped >= 0:
                raise DivergedError(problem.name, unit, replica, done + stopped)
            done += count
        yield network.of("f8")


def _start(problem: Problem, width: tuple[int, int], rng: np.random.Generator) -> Network:
    """w, v and c before training, independent, each of its law."""
    first, second = width
    law_c, *laws_w = problem.coordinate_laws
    assert problem.initial.v is not None
    w = np.array([law.sample(rng, first) for law in laws_w])
    c = np.asarray(law_c.sample(rng, second), dtype=float)
    return Network(w, np.asarray(problem.initial.v.sample(rng, (second, first)), dtype=float), c)
