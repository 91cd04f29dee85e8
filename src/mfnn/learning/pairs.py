"""Test functions of two hidden layers: f(w_i, v_ij, c_j) = a(w_i) b(v_ij) e(c_j), averaged over all pairs of neurons.

Names are those of mfnn.learning.observables with the coordinate v besides. Shapes: w (d, I), v (I, J), c (J,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import cast

import numpy as np

from mfnn.learning.observables import Factor, Monomial, NetworkOutput, Observable, parse_all
from mfnn.learning.problem import Problem
from mfnn.spec import Floats


@dataclass(frozen=True)
class PairFunction:
    """a(w) b(v) e(c), each a product of factors of one coordinate; c is θ's first coordinate, v its last."""

    outer: tuple[Factor, ...]  # e
    middle: tuple[Factor, ...]  # b
    inner: tuple[Factor, ...]  # a
    dim: int

    def mean(self, w: Floats, v: Floats, c: Floats) -> float:
        """The mean over all pairs of neurons, v (I, J)."""
        a, e = self.of_w(w)[0], self.of_c(c)[0]
        if not self.middle:
            return float(a.mean() * e.mean())
        return float(
            (a[:, None] * self.of_v(v)[0] * e).mean()
        )  # the last bits of a product depend on where arrays lie

    def of_c(self, c: Floats) -> tuple[Floats, Floats]:
        """e and e' at c (J,)."""
        values, slopes = _product_and_gradient(self.outer, np.array([c]))
        return values, slopes[0]

    def of_v(self, v: Floats) -> tuple[Floats, Floats]:
        """b and b' at v of any shape."""
        moved = tuple(Factor(0, factor.function, factor.power) for factor in self.middle)
        values, slopes = _product_and_gradient(moved, v.reshape(1, -1))
        return values.reshape(v.shape), slopes.reshape(v.shape)

    def of_w(self, w: Floats) -> tuple[Floats, Floats]:
        """a and ∇a at w (d, I): shapes (I,) and (d, I)."""
        moved = tuple(Factor(factor.coordinate - 1, factor.function, factor.power) for factor in self.inner)
        return _product_and_gradient(moved, w)


def pair_functions(names: Sequence[str], problem: Problem) -> dict[str, PairFunction | NetworkOutput]:
    """The named test functions of a network with two hidden layers; raises `SpecError` as `parse_all` does."""
    return {name: _of_pairs(parsed, problem) for name, parsed in parse_all(names, problem).items()}


def _of_pairs(parsed: Observable, problem: Problem) -> PairFunction | NetworkOutput:
    if isinstance(parsed, NetworkOutput):
        return parsed
    factors, last = cast(Monomial, parsed).factors, 1 + problem.dim
    outer, middle = (tuple(f for f in factors if f.coordinate == place) for place in (0, last))
    return PairFunction(outer, middle, tuple(f for f in factors if 0 < f.coordinate < last), problem.dim)


def _product_and_gradient(factors: tuple[Factor, ...], theta: Floats) -> tuple[Floats, Floats]:
    """The product of factors at points (coordinates, n) and its gradient, 1 and 0 for none."""
    values = [factor.value(theta) for factor in factors]
    gradient = np.zeros_like(theta)
    for r, factor in enumerate(factors):
        others = prod((other for s, other in enumerate(values) if s != r), start=np.ones(theta.shape[1]))
        gradient[factor.coordinate] += factor.slope(theta) * others
    return prod(values, start=np.ones(theta.shape[1])), gradient
