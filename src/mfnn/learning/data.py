"""The data law π(dx, dy): what one step of training sees, and how the limit equation integrates over it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeFloat, field_validator, model_validator

from mfnn.errors import SpecError
from mfnn.learning.laws import Normal, Uniform
from mfnn.spec import Columns, Count, Floats, Matrix, Spec, Vector


class Streams:
    """The independent random streams of one replica, spawned from one seed sequence.

    Splitting them by purpose makes every draw independent of how training is cut into chunks, and lets a study
    hold the initialisation fixed while the data vary, and the reverse.
    """

    def __init__(self, seed: np.random.SeedSequence) -> None:
        children = (np.random.default_rng(child) for child in seed.spawn(5))
        self.initial, self.inputs, self.labels, self.steps, self.masks = children


class NormalNoise(Spec):
    """ξ ~ N(0, 1)."""

    law: Literal["normal"] = "normal"

    def sample(self, rng: np.random.Generator, size: tuple[int, ...]) -> Floats:
        """i.i.d. draws, shape `size`."""
        return rng.standard_normal(size)


class StudentNoise(Spec):
    """ξ ~ Student's t; `dof` above 1, so that labels have a mean, and above 2 for a second moment."""

    law: Literal["student"] = "student"
    dof: Annotated[float, Field(gt=1)]

    def sample(self, rng: np.random.Generator, size: tuple[int, ...]) -> Floats:
        """i.i.d. draws, shape `size`."""
        return rng.standard_t(self.dof, size)


class NoisyLabels(Spec):
    """Labels with independent noise, noise_std · ξ; ξ is standard normal unless `noise_law` says otherwise."""

    law: str
    noise_std: NonNegativeFloat = 0.0
    noise_law: Annotated[NormalNoise | StudentNoise, Field(discriminator="law")] = NormalNoise()

    @property
    def noise_deviation(self) -> float:
        """The standard deviation of the noise; raises `SpecError` where it has none."""
        if not self.noise_std or isinstance(self.noise_law, NormalNoise):
            return self.noise_std
        if self.noise_law.dof <= 2:
            raise SpecError("noise_law.dof", self.noise_law.dof, "above 2: the variance of label noise enters here")
        return self.noise_std * (self.noise_law.dof / (self.noise_law.dof - 2)) ** 0.5

    def noisy(self, labels: Floats, streams: Streams) -> Floats:
        """`labels` with noise."""
        if not self.noise_std:
            return labels
        return labels + self.noise_std * self.noise_law.sample(streams.labels, labels.shape)


class FiniteData(NoisyLabels):
    """A weighted finite data set, drawn with replacement: x_k = x[I_k], y_k = y[I_k] + noise_std · ξ_k."""

    law: Literal["finite"] = "finite"
    x: Columns
    y: Columns
    weights: Vector | None = None

    @field_validator("x", "y")
    @classmethod
    def _columns(cls, value: Floats) -> Floats:
        return value[:, None] if value.ndim == 1 else value

    @field_validator("weights")
    @classmethod
    def _probabilities(cls, value: Floats | None) -> Floats | None:
        if value is not None and (np.any(value < 0) or abs(value.sum() - 1) > 1e-9):
            raise ValueError("non-negative weights that sum to 1")
        return value

    @model_validator(mode="after")
    def _lengths(self) -> FiniteData:
        lengths = {len(part) for part in (self.x, self.y, self.weights) if part is not None}
        if len(lengths) != 1:
            raise ValueError(f"x, y and weights of one length, here {sorted(lengths)}")
        return self

    @property
    def dim(self) -> int:
        """d, the number of features."""
        return self.x.shape[1]

    @property
    def outputs(self) -> int:
        """m, the number of outputs."""
        return self.y.shape[1]

    @property
    def directions(self) -> int:
        """The number of directions in which quadrature can be refined: none, the points are exact."""
        return 0

    @cached_property
    def constant(self) -> tuple[int, ...]:
        """The features that are the same at every point."""
        return tuple(np.flatnonzero(np.ptp(self.x, axis=0) == 0).tolist())

    @cached_property
    def _cumulative(self) -> Floats:
        return np.cumsum(self.quadrature()[2])

    def sample(self, streams: Streams, count: int) -> tuple[Floats, Floats]:
        """`count` i.i.d. samples of π: features (count, d) and labels (count, m)."""
        if self.weights is None:
            index = streams.inputs.integers(0, len(self.x), count)
        else:
            index = np.searchsorted(self._cumulative, streams.inputs.random(count), side="right")
            index = np.minimum(index, len(self.x) - 1)
        return self.points(index, streams)

    def points(self, index: npt.NDArray[np.integer[Any]], streams: Streams) -> tuple[Floats, Floats]:
        """The features (n, d) and noisy labels (n, m) of the points with the given numbers (n,)."""
        return self.x[index], self.noisy(self.y[index], streams)

    def quadrature(self, counts: Sequence[int] = ()) -> tuple[Floats, Floats, Floats]:
        """The points (M, d), their noiseless labels (M, m) and weights π_q (M,); `counts` is empty."""
        weights = np.full(len(self.x), 1 / len(self.x)) if self.weights is None else self.weights
        return self.x, self.y, weights


class UniformInputs(Uniform):
    """Inputs uniform on the cube [low, high]^dim."""

    dim: Count


class NormalInputs(Normal):
    """Inputs with `dim` independent N(mean, std²) coordinates."""

    dim: Count


class Teacher(Spec):
    """A target that is itself a small network: y(x) = Σ_k c_k tanh(w_k·x) on the features x, intercept included."""

    law: Literal["teacher"] = "teacher"
    c: Vector
    w: Matrix

    @model_validator(mode="after")
    def _lengths(self) -> Teacher:
        if len(self.c) != len(self.w):
            raise ValueError(f"as many rows of w as entries of c, here {len(self.w)} and {len(self.c)}")
        return self

    def __call__(self, features: Floats) -> Floats:
        """Noiseless labels (n, 1) at features (n, d)."""
        return (np.tanh(features @ self.w.T) @ self.c)[:, None]


class RegressionData(NoisyLabels):
    """Continuous inputs with y = target(x) + noise_std · ξ; an intercept appends the feature 1.

    The target is a `Teacher`, or "sine": y(x) = Π_a sin(π x_a) over the input coordinates.
    """

    law: Literal["regression"] = "regression"
    inputs: Annotated[UniformInputs | NormalInputs, Field(discriminator="law")]
    target: Literal["sine"] | Teacher
    intercept: bool = False

    @model_validator(mode="after")
    def _teacher_fits(self) -> RegressionData:
        if isinstance(self.target, Teacher) and self.target.w.shape[1] != self.dim:
            raise ValueError(f"a teacher with {self.dim} weights a unit, here {self.target.w.shape[1]}")
        return self

    @property
    def dim(self) -> int:
        """d, the number of features, the intercept included."""
        return self.inputs.dim + int(self.intercept)

    @property
    def outputs(self) -> int:
        """m, the number of outputs."""
        return 1

    @property
    def directions(self) -> int:
        """The number of directions in which quadrature can be refined: the input coordinates."""
        return self.inputs.dim

    @property
    def constant(self) -> tuple[int, ...]:
        """The features that are the same at every point: the intercept."""
        return (self.inputs.dim,) if self.intercept else ()

    def features(self, inputs: Floats) -> Floats:
        """Features (n, d) of inputs (n, dim)."""
        return np.column_stack([inputs, np.ones(len(inputs))]) if self.intercept else inputs

    def labels(self, inputs: Floats) -> Floats:
        """Noiseless labels (n, 1) at inputs (n, dim)."""
        if isinstance(self.target, Teacher):
            return self.target(self.features(inputs))
        return np.sin(np.pi * inputs).prod(axis=1, keepdims=True)

    def sample(self, streams: Streams, count: int) -> tuple[Floats, Floats]:
        """`count` i.i.d. samples of π: features (count, d) and labels (count, 1)."""
        inputs = self.inputs.sample(streams.inputs, (count, self.inputs.dim))
        return self.features(inputs), self.noisy(self.labels(inputs), streams)

    def quadrature(self, counts: Sequence[int] = ()) -> tuple[Floats, Floats, Floats]:
        """Product Gauss rule with counts[a] nodes in coordinate a: features (Q, d), labels (Q, 1), weights (Q,)."""
        rules = [self.inputs.quadrature(count) for count in counts]
        inputs = np.array(list(product(*(nodes for nodes, _ in rules))))
        weights = np.array([np.prod(part) for part in product(*(weights for _, weights in rules))])
        return self.features(inputs), self.labels(inputs), weights

    def transport(self, levels: Floats) -> tuple[Floats, Floats, Floats]:
        """Points of the unit cube (Q, dim) carried to π: features, labels and equal weights."""
        inputs = self.inputs.quantile(levels)
        return self.features(inputs), self.labels(inputs), np.full(len(levels), 1 / len(levels))


DataLaw = Annotated[FiniteData | RegressionData, Field(discriminator="law")]
