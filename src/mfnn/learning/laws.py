"""One-dimensional probability laws, and the initial law μ̄_0 of a neuron's parameters as their product.

A law can be sampled, integrated by Gauss quadrature matched to it, transported from a uniform variable (for
quasi-Monte Carlo) and evaluated as a density.
"""

from __future__ import annotations

from typing import Annotated, Literal, Protocol

import numpy as np
from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator
from scipy.special import gammaln, ndtr, ndtri, roots_hermitenorm, roots_legendre, stdtr, stdtrit

from mfnn.errors import SpecError
from mfnn.spec import Floats, Spec


class Law(Protocol):
    """What every one-dimensional law offers."""

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> Floats: ...
    def quadrature(self, count: int) -> tuple[Floats, Floats]: ...
    def quantile(self, level: Floats) -> Floats: ...
    def density(self, value: Floats) -> Floats: ...
    def cdf(self, value: Floats) -> Floats: ...


class Uniform(Spec):
    """The uniform law on [low, high]."""

    law: Literal["uniform"] = "uniform"
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if not self.low < self.high:
            raise ValueError("low < high")
        return self

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> Floats:
        """i.i.d. draws, shape `size`."""
        return rng.uniform(self.low, self.high, size)

    def quadrature(self, count: int) -> tuple[Floats, Floats]:
        """Gauss–Legendre nodes and probability weights, shapes (count,), exact for degree 2·count − 1."""
        nodes, weights = roots_legendre(count)
        return self.low + (self.high - self.low) * (nodes + 1) / 2, weights / 2

    def quantile(self, level: Floats) -> Floats:
        """The inverse distribution function at `level` in (0, 1)."""
        return self.low + (self.high - self.low) * level

    def density(self, value: Floats) -> Floats:
        """The probability density at `value`."""
        return ((value >= self.low) & (value <= self.high)) / (self.high - self.low)

    def cdf(self, value: Floats) -> Floats:
        """The distribution function at `value`."""
        return np.clip((value - self.low) / (self.high - self.low), 0.0, 1.0)


class Normal(Spec):
    """The normal law N(mean, std²)."""

    law: Literal["normal"] = "normal"
    mean: float = 0.0
    std: PositiveFloat = 1.0

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> Floats:
        """i.i.d. draws, shape `size`."""
        return self.mean + self.std * rng.standard_normal(size)

    def quadrature(self, count: int) -> tuple[Floats, Floats]:
        """Gauss–Hermite nodes and probability weights, shapes (count,), exact for degree 2·count − 1."""
        nodes, weights = roots_hermitenorm(count)
        return self.mean + self.std * nodes, weights / weights.sum()

    def quantile(self, level: Floats) -> Floats:
        """The inverse distribution function at `level` in (0, 1)."""
        return self.mean + self.std * ndtri(level)

    def density(self, value: Floats) -> Floats:
        """The probability density at `value`."""
        scaled = (value - self.mean) / self.std
        return np.exp(-(scaled**2) / 2) / (self.std * np.sqrt(2 * np.pi))

    def cdf(self, value: Floats) -> Floats:
        """The distribution function at `value`."""
        return ndtr((value - self.mean) / self.std)


class Student(Spec):
    """`scale` times Student's t with `dof` degrees of freedom; 1 of them is the Cauchy law.

    Moments of order dof and above do not exist, and there is no Gauss rule.
    """

    law: Literal["student"] = "student"
    dof: PositiveFloat
    scale: PositiveFloat = 1.0

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> Floats:
        """i.i.d. draws, shape `size`."""
        return self.scale * rng.standard_t(self.dof, size)

    def quadrature(self, count: int) -> tuple[Floats, Floats]:
        """Raises `SpecError`."""
        raise SpecError("initial.law", self.law, "uniform or normal, which have Gauss rules")

    def quantile(self, level: Floats) -> Floats:
        """The inverse distribution function at `level` in (0, 1)."""
        return self.scale * stdtrit(self.dof, level)

    def density(self, value: Floats) -> Floats:
        """The probability density at `value`."""
        half = (self.dof + 1) / 2
        size = np.exp(gammaln(half) - gammaln(self.dof / 2)) / (self.scale * np.sqrt(np.pi * self.dof))
        return size * (1 + (value / self.scale) ** 2 / self.dof) ** -half

    def cdf(self, value: Floats) -> Floats:
        """The distribution function at `value`."""
        return stdtr(self.dof, value / self.scale)


AnyLaw = Annotated[Uniform | Normal | Student, Field(discriminator="law")]


class InitialLaw(Spec):
    """μ̄_0: the law of θ = (c, w) ∈ R^m × R^d before training, coordinates independent.

    `c` and `w` are each one law shared by all their coordinates, or a list with one law a coordinate. With
    `common_shift_std` > 0 all neurons of a network are shifted by one normal vector with independent coordinates of
    that deviation: they are exchangeable and no longer independent. `v` is the law of the weights between
    two hidden layers.
    """

    c: AnyLaw | tuple[AnyLaw, ...]
    w: AnyLaw | tuple[AnyLaw, ...]
    v: AnyLaw | None = Field(default=None, exclude_if=lambda law: law is None)
    common_shift_std: NonNegativeFloat = 0.0

    def coordinates(self, outputs: int, dim: int) -> tuple[Law, ...]:
        """The laws of θ's coordinates (c_0 … c_{m−1}, w_0 … w_{d−1}); lists must have lengths m and d."""
        return (*_spread(self.c, outputs), *_spread(self.w, dim))

    def sample(
        self, rng: np.random.Generator, count: int, outputs: int, dim: int, precision: str = "double"
    ) -> Floats:
        """`count` neurons of one network, shape (m + d, count), one row a coordinate; i.i.d. without common shift.

        In single `precision` the same draws are rounded, row by row.
        """
        theta = np.empty((outputs + dim, count), precision)
        for row, law in zip(theta, self.coordinates(outputs, dim), strict=True):
            row[:] = law.sample(rng, count)
        if self.common_shift_std:
            theta += self.common_shift_std * rng.standard_normal((outputs + dim, 1))
        return theta

    def transport(self, levels: Floats, outputs: int, dim: int) -> Floats:
        """Points of the unit cube, shape (J, m + d), carried to the law of θ coordinate by coordinate."""
        laws = self.coordinates(outputs, dim)
        return np.stack([law.quantile(levels[:, a]) for a, law in enumerate(laws)], axis=1)

    def density(self, theta: Floats, outputs: int, dim: int) -> Floats:
        """p_0(θ) for θ of shape (…, m + d)."""
        laws = self.coordinates(outputs, dim)
        return np.prod([law.density(theta[..., a]) for a, law in enumerate(laws)], axis=0)


def _spread(laws: AnyLaw | tuple[AnyLaw, ...], count: int) -> tuple[Law, ...]:
    return laws if isinstance(laws, tuple) else (laws,) * count
