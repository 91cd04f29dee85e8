"""The limit of two hidden layers from an independent start: v_ij(t) = v_ij(0) + D(t; w_i(0), c_j(0)).

Of v(0) only its mean v̄ enters. On nodes w_i with probabilities p_i, c_j with ρ_j, data x_q with π_q:

    H_jq = Σ_i p_i (v̄ + D_ij) σ(w_i·x_q),   G_q = Σ_j ρ_j c_j σ(H_jq),   r = y − G
    ċ_j = α Σ_q π_q r_q σ(H_jq),   Ḋ_ij = α Σ_q π_q r_q c_j σ'(H_jq) σ(w_i·x_q)
    ẇ_i = α Σ_q π_q r_q [Σ_j ρ_j c_j σ'(H_jq) (v̄ + D_ij)] σ'(w_i·x_q) x_q

(Sirignano & Spiliopoulos, arXiv:1903.04440; Nguyen & Pham, arXiv:2001.11443, for all layers at once). Where the gradient
in v is multiplied by N and not by N², D = 0: v stays (`follows` is 0). Shapes: w (d, I),
D (I, J), c (J,), x (Q, d), y (Q,), H (J, Q).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, cast

import numpy as np

from mfnn.errors import SpecError, ToleranceError
from mfnn.learning.activations import compiled
from mfnn.learning.assumptions import require
from mfnn.learning.observables import NetworkOutput
from mfnn.learning.pairs import PairFunction, pair_functions
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Functional, sampled
from mfnn.limit.limit import Limit
from mfnn.limit.nodes import DataNodes, product
from mfnn.limit.refinement import Refinement, Resolution, first_resolution, refined, unit
from mfnn.limit.series import Series
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared, table

LAW_NODES = 32  # Gauss nodes of the law of v(0), over which functions of v are averaged
MOST_POINTS = 800  # Chebyshev points in time
PROBED_POINTS = 8  # data nodes whose network output every solve is refined for


class Layers(NamedTuple):
    """Where the nodes are at one time: w (d, I), D (I, J), c (J,)."""

    w: Floats
    moved: Floats
    c: Floats

    def pack(self) -> Floats:
        return np.concatenate([part.ravel() for part in self])

    def unpack(self, flat: Floats) -> Layers:
        parts = np.split(flat, np.cumsum([part.size for part in self])[:-1])
        return Layers(*(part.reshape(like.shape) for part, like in zip(parts, self, strict=True)))


@dataclass(frozen=True, eq=False)
class DeepFlow(Compared):
    """One solve: the nodes of both layers with their probabilities, the data, and the state as a series in time."""

    problem: Problem
    data: DataNodes
    times: Floats
    start: Layers
    p: Floats  # (I,)
    rho: Floats  # (J,)
    path: Series
    follows: float = 1.0  # of Ḋ, what v is moved by

    def at(self, time: float) -> Layers:
        """The state at one time."""
        return self.start.unpack(self.path(time))

    def evaluate(self, functional: Functional) -> Floats:
        """A functional of a solve and its state, from `mean_over_pairs`, at each time, shape (times,)."""
        of_pairs = cast(Callable[[DeepFlow, Layers], float], functional)
        return np.array([of_pairs(self, self.at(time)) for time in self.times])

    @property
    def start_of_v(self) -> tuple[Floats, Floats]:
        """Gauss nodes and weights of the law of v(0)."""
        assert self.problem.initial.v is not None
        return self.problem.initial.v.quadrature(LAW_NODES)

    def weights(self, layers: Layers) -> Floats:
        """v̄ + D, shape (I, J)."""
        nodes, weights = self.start_of_v
        return float(nodes @ weights) + layers.moved

    def hidden(self, layers: Layers, x: Floats) -> tuple[Floats, Floats]:
        """The pre-activations w_i·x, shape (I, Q), and H (J, Q) at features x (Q, d)."""
        z = layers.w.T @ x.T
        return z, (self.weights(layers) * self.p[:, None]).T @ compiled(self.problem.activation).value(z)

    def outputs(self, layers: Layers, x: Floats) -> Floats:
        """G at features x (Q, d), shape (Q,)."""
        return (self.rho * layers.c) @ self.problem.sigma.value(self.hidden(layers, x)[1])

    def averaged(self, f: PairFunction, layers: Layers) -> tuple[Floats, Floats]:
        """E b(v(0) + D) and E b'(v(0) + D), both (I, J)."""
        nodes, weights = self.start_of_v
        values, slopes = f.of_v(nodes[:, None, None] + layers.moved)
        return np.tensordot(weights, values, axes=1), np.tensordot(weights, slopes, axes=1)

    def velocity(self, layers: Layers) -> Layers:
        """The right-hand sides."""
        sigma, (x, y, pi) = compiled(self.problem.activation), self.data
        z, h = self.hidden(layers, x)
        s, t = sigma.value(z), sigma.value(h)
        push = self.problem.learning_rate * pi * (y[:, 0] - (self.rho * layers.c) @ t)
        felt = layers.c[:, None] * sigma.slope(h, t)  # c σ'(H), (J, Q)
        back = (self.weights(layers) * self.rho) @ felt  # (I, Q)
        return Layers((x.T @ (push * back * sigma.slope(z, s)).T), self.follows * ((s * push) @ felt.T), t @ push)


@dataclass(frozen=True, eq=False)
class DeepLimit(Limit):
    """The law of both layers' neurons and of the weights between them, made by `solve_limit` for two hidden layers."""

    KIND: ClassVar[str] = "of two hidden layers"

    certificate: Refinement = field(repr=False)

    @property
    def solves(self) -> tuple[DeepFlow, ...]:
        """The solves that the certificate compares."""
        return cast("tuple[DeepFlow, ...]", self.certificate.solves)

    @property
    def rtol(self) -> float:
        """The relative tolerance of integrations along the known state."""
        return max(self.tolerance * 1e-2, 1e-12)

    def law_of_w(self, time: float) -> tuple[Floats, Floats]:
        """The law of the first layer's neurons at one time, as nodes (I, d) with their probabilities (I,)."""
        (when,) = self.within([time])
        return self.solves[0].at(when).w.T, self.solves[0].p

    def law_of_c(self, time: float) -> tuple[Floats, Floats]:
        """The law of the second layer's neurons at one time, as nodes (J,) with their probabilities (J,)."""
        (when,) = self.within([time])
        return self.solves[0].at(when).c, self.solves[0].rho

    def _mean(self, observable: str) -> tuple[Floats, Floats]:
        (f,) = pair_functions([observable], self.problem).values()
        value, error = self.estimate(mean_over_pairs(f))
        return self._certified(observable, value, error, unit(value))

    def _output(self, x: Floats, time: float) -> tuple[Floats, Floats]:
        (when,), points = self.within([time]), table("x", x, self.problem.dim)
        value, error = self.certificate.combine(np.array([s.outputs(s.at(when), points) for s in self.solves]))
        error = np.maximum(error, self.certificate.floor(value))
        return self._certified("output", value, error, unit(np.append(value, self.solves[0].data.y)))


def dependence_through(layer: str) -> Functional:
    """The covariance of two weights v_ij that share a neuron of one layer, `w` or `c`, and no other."""

    def covariance(flow: DeepFlow, layers: Layers) -> float:
        given, p = (layers.moved @ flow.rho, flow.p) if layer == "w" else (flow.p @ layers.moved, flow.rho)
        return float(p @ (given - p @ given) ** 2)

    return cast(Functional, covariance)


def mean_over_pairs(f: PairFunction | NetworkOutput) -> Functional:
    """⟨f⟩ over all pairs of neurons, or the output at a point, as a functional of a solve and its state."""

    def mean(flow: DeepFlow, layers: Layers) -> float:
        if isinstance(f, NetworkOutput):
            return float(flow.outputs(layers, np.array([f.point]))[0])
        a, e = f.of_w(layers.w)[0], f.of_c(layers.c)[0]
        return float((flow.p * a) @ flow.averaged(f, layers)[0] @ (flow.rho * e))

    return cast(Functional, mean)


def solve_deep(
    problem: Problem, times: Floats, tolerance: float, observables: Sequence[str], method: str | None, moves: bool
) -> DeepLimit:
    """Refine until means and outputs are certified, v moving or staying; raises as `solve_limit` does."""
    require(problem, "a limit of two hidden layers")
    if method not in (None, "product"):
        raise SpecError("method", method, "product, or None, with two hidden layers")
    functions = {**pair_functions(observables, problem), **_probed(problem)}
    probes = [mean_over_pairs(f) for f in functions.values()]
    first = first_resolution(problem, tolerance)
    follows = float(moves)

    def solve(resolution: Resolution) -> DeepFlow:
        return deep_flow(problem, resolution, times, follows)

    solved = refined(first, solve, problem, tolerance, probes)
    return DeepLimit(problem, times, tolerance, solved)


def deep_flow(
    problem: Problem, resolution: Resolution, times: Floats, follows: float = 1.0, points: int = 48
) -> DeepFlow:
    """The solve at one resolution; the Chebyshev points in time are doubled until the series resolves the state."""
    law_c, *laws_w = problem.coordinate_laws
    of_c, *of_w = resolution.parameters
    c, rho = law_c.quadrature(of_c)
    inner = product([law.quadrature(count) for law, count in zip(laws_w, of_w, strict=True)])
    data = DataNodes(*problem.data.quadrature(resolution.data))
    start = Layers(inner.theta, np.zeros((inner.weights.size, rho.size)), c)
    horizon = float(times[-1]) or problem.horizon
    still = Series.through(horizon, np.array([start.pack()] * 2))
    flow = DeepFlow(problem, data, times, start, inner.weights, rho, still, follows)

    def derivative(_: float, flat: Floats) -> Floats:
        return flow.velocity(start.unpack(flat)).pack()

    states = np.array(
        [s for _, s in sampled(derivative, start.pack(), Series.abscissae(horizon, points), resolution.rtol)]
    )
    path = Series.through(horizon, states)
    if path.tail > max(resolution.rtol, 1e-12) * max(1.0, float(np.abs(states).max())):
        if points >= MOST_POINTS:
            raise ToleranceError(f"the path of {problem.name} is not resolved by {points} points in time")
        return deep_flow(problem, resolution, times, follows, 2 * points)
    return DeepFlow(problem, data, times, start, inner.weights, rho, path, follows)


def _probed(problem: Problem) -> Mapping[str, PairFunction | NetworkOutput]:
    """Functions that see every coordinate, its interplay with others, and the network's output."""
    inner = [name for name in problem.coordinate_names if name[0] == "w"]
    names = ["c^2", "v", "v^2", "v*c", *(f"{w}^2" for w in inner), *(f"v*{w}" for w in inner)]
    names += [f"cos({w})*c" for w in inner] + [f"cos({w})" for w in inner]
    points = problem.data.quadrature((5,) * problem.data.directions)[0]
    chosen = points[:: max(1, len(points) // PROBED_POINTS)]
    outputs = ["g(" + ", ".join(repr(float(number)) for number in point) + ")" for point in chosen]
    return pair_functions(list(dict.fromkeys([*names, *outputs])), problem)
