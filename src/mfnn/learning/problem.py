"""What is learned: the activation, the data law π, the initial law μ̄_0, the learning rate α and the horizon T.

And what else moves the parameters: a decay λ towards 0 and noise of temperature τ, both 0 in the theorem; and how many of
its inputs a neuron sees, all of them in the theorem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from numbers import Real
from typing import Any, Literal

import numpy as np
from pydantic import Field, NonNegativeFloat, PositiveFloat, field_validator, model_validator

from mfnn.errors import SpecError
from mfnn.learning.activations import ACTIVATIONS, Activation
from mfnn.learning.data import DataLaw
from mfnn.learning.laws import InitialLaw, Law
from mfnn.spec import Count, Floats, Spec
from mfnn.spec.arrays import numbers


class Decay(Spec):
    """λ: the parameters c and w decay at the rates α λ_c and α λ_w; one number is meant for both."""

    c: NonNegativeFloat = 0.0
    w: NonNegativeFloat = 0.0

    @model_validator(mode="before")
    @classmethod
    def _one_for_both(cls, value: Any) -> Any:
        if not isinstance(value, Real | Mapping | Decay):
            raise ValueError("a number of at least 0, or {c: …, w: …} with one for each")
        return {"c": value, "w": value} if isinstance(value, Real) else value

    def rates(self, outputs: int, dim: int) -> Floats:
        """λ for every coordinate of θ, shape (m + d,)."""
        return np.repeat([self.c, self.w], [outputs, dim])


def at_rest(value: object) -> bool:
    """Whether a decay, a temperature or a connectivity is the theorem's own, which specifications do not mention."""
    return value in (Decay(), 0.0, None)


class Problem(Spec):
    """One learning problem of the mean-field theorem, validated once and immutable.

    The network is g^N(x) = (1/N) Σ_i c^i σ(w^i·x), θ^i = (c^i, w^i) ∈ R^m × R^d, trained on ½|y − g|² by
    SGD with step α/N (Sirignano & Spiliopoulos, arXiv:1805.01053, eq. 1.2). With `decay` λ and `temperature` τ a step is

        θ^i += (α/N) [r ∇φ(θ^i, x) − λ θ^i] + √(2ατ/N) ξ^i,   ξ^i ~ N(0, I)

    (noisy SGD: Mei, Montanari & Nguyen, arXiv:1804.06561). With `connectivity` k each neuron sees k of the inputs that
    vary, drawn at the start, and all constant ones (Hirsch, Neumann & Schmidt: networks with sparse connectivity).
    With two `hidden_layers`, g(x) = (1/N_2) Σ_j c_j σ((1/N_1) Σ_i v_ij σ(w_i·x)), v from `initial.v`
    (arXiv:1903.04440). `Problem.model_validate(mapping)` raises `SpecError`, one line naming the key, its value and what is
    allowed.
    """

    name: str = Field(min_length=1, pattern=r"^[A-Za-z0-9_-]+$")
    activation: str
    learning_rate: PositiveFloat
    horizon: PositiveFloat
    data: DataLaw
    initial: InitialLaw
    decay: Decay = Field(default=Decay(), exclude_if=at_rest)
    temperature: NonNegativeFloat = Field(default=0.0, exclude_if=at_rest)
    connectivity: Count | None = Field(default=None, exclude_if=at_rest)
    hidden_layers: Literal[1, 2] = Field(default=1, exclude_if=lambda layers: layers == 1)

    @field_validator("activation")
    @classmethod
    def _known_activation(cls, value: str) -> str:
        if value not in ACTIVATIONS:
            raise ValueError(f"one of {', '.join(ACTIVATIONS)}")
        return value

    @model_validator(mode="after")
    def _laws_fit(self) -> Problem:
        for key, laws, size in (("c", self.initial.c, self.outputs), ("w", self.initial.w, self.dim)):
            if isinstance(laws, tuple) and len(laws) != size:
                raise ValueError(f"initial.{key} one law or a list of {size}, here {len(laws)}")
        return self

    @model_validator(mode="after")
    def _few_enough_inputs(self) -> Problem:
        vary = self.dim - len(self.data.constant)
        if self.connectivity is not None and self.connectivity > vary:
            raise SpecError("connectivity", self.connectivity, f"at most the {vary} inputs that vary")
        return self

    @model_validator(mode="after")
    def _layers_fit(self) -> Problem:
        deep = self.hidden_layers == 2
        if deep != (self.initial.v is not None):
            raise SpecError("initial.v", self.initial.v, "a law where hidden_layers is 2, and only there")
        if deep and self.outputs != 1:
            raise SpecError("hidden_layers", 2, f"1 for {self.outputs} outputs")
        for key in ("decay", "temperature", "connectivity"):
            if deep and not at_rest(getattr(self, key)):
                raise SpecError(key, getattr(self, key), "none with two hidden layers")
        if deep and self.initial.common_shift_std:
            raise SpecError("initial.common_shift_std", self.initial.common_shift_std, "0 with two hidden layers")
        return self

    @property
    def dim(self) -> int:
        """d, the number of features."""
        return self.data.dim

    @property
    def outputs(self) -> int:
        """m, the number of outputs."""
        return self.data.outputs

    @property
    def sigma(self) -> Activation:
        """σ with its derivatives."""
        return ACTIVATIONS[self.activation]

    @cached_property
    def coordinate_laws(self) -> tuple[Law, ...]:
        """The laws of θ's m + d coordinates under μ̄_0, c first."""
        return self.initial.coordinates(self.outputs, self.dim)

    @cached_property
    def damping(self) -> Floats:
        """α λ of every coordinate of θ, shape (m + d,)."""
        return self.learning_rate * self.decay.rates(self.outputs, self.dim)

    def time_grid(self, times: Sequence[float]) -> Floats:
        """`times` as an array; raises `SpecError` unless they increase between 0 and the horizon."""
        try:
            grid = np.atleast_1d(numbers(times).astype(float))
        except ValueError:
            grid = np.empty(0)
        increasing = grid.ndim == 1 and grid.size > 0 and bool((np.diff(grid) > 0).all())
        if not (increasing and grid[0] >= 0 and grid[-1] <= self.horizon):
            raise SpecError("times", times, f"increasing times between 0 and the horizon {self.horizon:g}")
        return grid

    @property
    def coordinate_names(self) -> list[str]:
        """The names of θ's coordinates: c (or c0, c1, … when m > 1), then w0, w1, …; last v, between two hidden layers."""
        first = ["c"] if self.outputs == 1 else [f"c{k}" for k in range(self.outputs)]
        return first + [f"w{a}" for a in range(self.dim)] + ["v"] * (self.hidden_layers - 1)
