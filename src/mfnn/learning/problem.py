"""What is learned: the activation, the data law π, the initial law μ̄_0, the learning rate α and the horizon T."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from pydantic import Field, PositiveFloat, field_validator, model_validator

from mfnn.errors import SpecError
from mfnn.learning.activations import ACTIVATIONS, Activation
from mfnn.learning.data import DataLaw
from mfnn.learning.laws import InitialLaw, Law
from mfnn.spec import Floats, Spec
from mfnn.spec.arrays import numbers


class Problem(Spec):
    """One learning problem of the mean-field theorem, validated once and immutable.

    The network is g^N(x) = (1/N) Σ_i c^i σ(w^i·x), θ^i = (c^i, w^i) ∈ R^m × R^d, trained on ½|y − g|² by
    SGD with step α/N (Sirignano & Spiliopoulos, arXiv:1805.01053, eq. 1.2). `Problem.model_validate(mapping)`
    raises `SpecError`, one line naming the key, its value and what is allowed.
    """

    name: str = Field(min_length=1, pattern=r"^[A-Za-z0-9_-]+$")
    activation: str
    learning_rate: PositiveFloat
    horizon: PositiveFloat
    data: DataLaw
    initial: InitialLaw

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
        """The names of θ's coordinates: c (or c0, c1, … when m > 1), then w0, w1, …"""
        first = ["c"] if self.outputs == 1 else [f"c{k}" for k in range(self.outputs)]
        return first + [f"w{a}" for a in range(self.dim)]
