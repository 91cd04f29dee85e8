"""Test functions f and their means ⟨f, μ⟩ = Σ_j p_j f(θ_j), by name, in a grammar that is parsed and never evaluated.

    observable := factor ("*" factor)*  |  "g" index? "(" number ("," number)* ")"
    factor     := variable ("^" integer)?  |  ("cos" | "sin" | "tanh") "(" variable ")"
    variable   := "c" (m = 1)  |  "c0", "c1", …  |  "w0", "w1", …  |  "v" (two hidden layers)

`g(x0, …, x_{d−1})` is the network's output at a point of feature space, f(θ) = c σ(w·x); with m > 1 outputs
`g2(…)` is its third one. Examples: `c^2`, `c*w0`, `cos(w1)`, `tanh(c)*w0^2`, `g(0.5)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

import numpy as np

from mfnn.errors import SpecError
from mfnn.learning.activations import Activation
from mfnn.learning.problem import Problem
from mfnn.spec import Floats

RISK = "risk"  # the population risk, a functional of the output and no test function

# Each elementary function with its first two derivatives.
_FUNCTIONS: dict[str, tuple[Callable[[Floats], Floats], ...]] = {
    "cos": (np.cos, lambda v: -np.sin(v), lambda v: -np.cos(v)),
    "sin": (np.sin, np.cos, lambda v: -np.sin(v)),
    "tanh": (np.tanh, lambda v: 1 - np.tanh(v) ** 2, lambda v: -2 * np.tanh(v) * (1 - np.tanh(v) ** 2)),
}
GRAMMAR = f"products of c^k, w0^k, {', '.join(f'{name}(w0)' for name in _FUNCTIONS)}, or g(x0, ...)"
_FACTOR = re.compile(rf"(?:({'|'.join(_FUNCTIONS)})\(([cw]\d*|v)\)|([cw]\d*|v)(?:\^([1-9]\d?))?)", re.ASCII)
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_OUTPUT = re.compile(rf"g(\d{{0,4}})\(({_NUMBER}(?:,{_NUMBER})*)\)", re.ASCII)
_WITHIN_A_WORD = re.compile(r"[\w.]\s+[\w.]|[eE]\s*[+-]\s|[eE]\s+[+-]")


class Observable(Protocol):
    """A test function f on parameter space.

    Clouds of equal size may come together, θ (m + d, R, n): each has the numbers, to the bit, that it has alone.
    """

    def __call__(self, theta: Floats) -> Floats:
        """f(θ), shape (n,), for θ of shape (m + d, n)."""

    def gradient(self, theta: Floats) -> Floats:
        """∇f(θ), shape (m + d, n), for θ of shape (m + d, n)."""

    def hessian(self, theta: Floats) -> Floats:
        """∇²f(θ), shape (m + d, m + d, n), for θ of shape (m + d, n)."""


@dataclass(frozen=True)
class Factor:
    """One factor of a monomial: a power or an elementary function of one coordinate."""

    coordinate: int
    function: str | None
    power: int

    def value(self, theta: Floats) -> Floats:
        v = theta[self.coordinate]
        return _FUNCTIONS[self.function][0](v) if self.function else v**self.power

    def slope(self, theta: Floats) -> Floats:
        v = theta[self.coordinate]
        return _FUNCTIONS[self.function][1](v) if self.function else self.power * v ** (self.power - 1)

    def bend(self, theta: Floats) -> Floats:
        v, k = theta[self.coordinate], self.power
        return _FUNCTIONS[self.function][2](v) if self.function else k * (k - 1) * v ** max(k - 2, 0)


@dataclass(frozen=True)
class Monomial:
    """f(θ) = Π_r h_r(θ_{a_r}), each h_r a power, cos, sin or tanh of one coordinate."""

    factors: tuple[Factor, ...]

    def __call__(self, theta: Floats) -> Floats:
        value = self.factors[0].value(theta)
        for factor in self.factors[1:]:
            value = value * factor.value(theta)
        return value

    def gradient(self, theta: Floats) -> Floats:
        gradient = np.zeros_like(theta)
        for r, factor in enumerate(self.factors):
            others = [other.value(theta) for s, other in enumerate(self.factors) if s != r]
            gradient[factor.coordinate] += factor.slope(theta) * np.prod(others, axis=0)
        return gradient

    def hessian(self, theta: Floats) -> Floats:
        hessian = np.zeros((len(theta), *theta.shape))
        for r, first in enumerate(self.factors):
            for s, second in enumerate(self.factors):
                others = [other.value(theta) for t, other in enumerate(self.factors) if t not in (r, s)]
                two = first.bend(theta) if r == s else first.slope(theta) * second.slope(theta)
                hessian[first.coordinate, second.coordinate] += two * np.prod(others, axis=0)
        return hessian


@dataclass(frozen=True)
class NetworkOutput:
    """f(θ) = c_k σ(w·x), whose mean is the network's k-th output at x."""

    sigma: Activation
    output: int
    outputs: int
    point: tuple[float, ...]

    def __call__(self, theta: Floats) -> Floats:
        return theta[self.output] * self.sigma.value(self._preactivation(theta))

    def gradient(self, theta: Floats) -> Floats:
        z = self._preactivation(theta)
        s = self.sigma.value(z)
        gradient = np.zeros_like(theta)
        gradient[self.output] = s
        along = np.reshape(self.point, (-1,) + (1,) * z.ndim)
        gradient[self.outputs :] = theta[self.output] * self.sigma.slope(z, s) * along
        return gradient

    def hessian(self, theta: Floats) -> Floats:
        z, x = self._preactivation(theta), np.array(self.point)[:, None]
        s = self.sigma.value(z)
        hessian = np.zeros((len(theta), *theta.shape))
        hessian[self.output, self.outputs :] = hessian[self.outputs :, self.output] = self.sigma.slope(z, s) * x
        hessian[self.outputs :, self.outputs :] = theta[self.output] * self.sigma.curvature(z, s) * x[:, None] * x
        return hessian

    def _preactivation(self, theta: Floats) -> Floats:
        """w·x by one product a cloud: the last bits of a product depend on its shape."""
        return np.array(self.point) @ np.moveaxis(theta[self.outputs :], 0, -2)


def network_output(problem: Problem, theta: Floats, weights: Floats, points: Floats) -> Floats:
    """G(x) = Σ_j p_j c_j σ(w_j·x) of a cloud θ (m + d, J), p (J,) at points (Q, d): shape (Q, m), in blocks."""
    c, w = theta[: problem.outputs] * weights, theta[problem.outputs :]
    rows = max(1, (1 << 21) // theta.shape[1])
    parts = [problem.sigma.value(points[q : q + rows] @ w) @ c.T for q in range(0, len(points), rows)]
    return np.concatenate(parts)


def risk(output: Floats, y: Floats, weights: Floats, noise_std: float) -> Floats:
    """The population risk ½ E|y − g(x)|² of outputs (…, Q, m) on points with noiseless y (Q, m), weights (Q,)."""
    return 0.5 * (((y - output) ** 2).sum(axis=-1) @ weights + y.shape[-1] * noise_std**2)


def parse(name: str, problem: Problem) -> Observable:
    """The observable called `name`; raises `SpecError` when it is outside the grammar or the problem's dimensions."""
    compact = re.sub(r"\s", "", name) if isinstance(name, str) and not _WITHIN_A_WORD.search(name) else ""
    output = _OUTPUT.fullmatch(compact)
    if output:
        return _parse_output(name, output, problem)
    factors = [_parse_factor(name, part, problem) for part in compact.split("*")]
    return Monomial(tuple(factors))


def parse_all(names: Sequence[str], problem: Problem) -> dict[str, Observable]:
    """The named observables in order; raises `SpecError` on an unknown or repeated name."""
    listed = [] if isinstance(names, str) or not isinstance(names, Iterable) else list(names)
    parsed = {str(name): parse(name, problem) for name in listed}
    if isinstance(names, str) or not isinstance(names, Iterable) or len(parsed) != len(listed):
        raise SpecError("observables", names, "a list of distinct names")
    return parsed


def _parse_factor(name: str, part: str, problem: Problem) -> Factor:
    match = _FACTOR.fullmatch(part)
    if match is None:
        raise SpecError("observable", name, GRAMMAR)
    function, argument, variable, power = match.groups()
    variable = argument or variable
    if variable not in problem.coordinate_names:
        names = problem.coordinate_names
        raise SpecError("observable", name, f"coordinates {names[0]} ... {names[-1]}")
    return Factor(problem.coordinate_names.index(variable), function, int(power or 1))


def _parse_output(name: str, match: re.Match[str], problem: Problem) -> NetworkOutput:
    index, arguments = match.groups()
    point = tuple(float(number) for number in arguments.split(","))
    output = int(index or 0)
    if len(point) != problem.dim or not all(map(isfinite, point)) or output >= problem.outputs:
        raise SpecError("observable", name, f"g of {problem.dim} finite numbers, output below {problem.outputs}")
    return NetworkOutput(problem.sigma, output, problem.outputs, point)
