"""How a problem is trained: mini-batches, the order of samples, the size of steps and the scale of the output."""

from __future__ import annotations

from math import floor
from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat

from mfnn.spec import Count, Spec


class Protocol(Spec):
    """The theorem's way to train, by default, and its variations; α is the problem's learning rate.

    The network is g(x) = N^{−β} Σ_i c^i σ(w^i·x). A step of size α/N^b uses the parameters before it,

        c += α N^{−b} N^{β−1} r σ(w·x),  w += α N^{−b} N^{β−1} (c·r) σ'(w·x) x,  r = y − g(x),

    averaged over `batch` samples, and time t is ⌊t N^b⌋ steps; b = `step_exponent`, β = `output_exponent`. With
    b = β = 1 this is Sirignano & Spiliopoulos, arXiv:1805.01053, eq. 1.3; β = 1/2 is the scaling in which networks
    are linear in their parameters (Jacot, Gabriel & Hongler, arXiv:1806.07572): parameters stay where they began while the
    output moves.

    `sampling` is "iid" from π; "shuffled", a finite data set in a new random order each epoch; or "markov", where a
    sample is kept for the next step with probability 1 − 1/(τ N^b) and otherwise drawn afresh: a stationary chain
    with law π whose correlation time is τ = `correlation_time` in units of t. Of two hidden layers the gradient in
    the weights between them is multiplied by N to the `between_exponent`: 2, or 1, as those of the others are, with which
    these weights stay where they began (arXiv:1903.04440). In single `precision`, for wide inputs or two hidden layers,
    parameters and pre-activations are 32-bit numbers, outputs and residuals 64-bit ones. It raises
    `SpecError` for bad values.
    """

    batch: Count = 1
    sampling: Literal["iid", "shuffled", "markov"] = "iid"
    correlation_time: PositiveFloat = 0.5
    step_exponent: NonNegativeFloat = 1.0
    output_exponent: Annotated[float, Field(ge=0.5, le=1)] = 1.0
    between_exponent: Literal[1, 2] = Field(default=2, exclude_if=lambda exponent: exponent == 2)
    precision: Literal["double", "single"] = "double"

    def unit(self, width: int) -> float:
        """N^b, the number of steps in a unit of time."""
        return float(width**self.step_exponent)

    def steps(self, width: int, time: float) -> int:
        """⌊t N^b⌋."""
        return floor(round(self.unit(width) * time, 9))

    def gain(self, width: int) -> float:
        """N^{1−β}: the network's output is this many times ⟨c σ(w·x), μ^N⟩.

        As N^{β−1} r = N^{β−1} y − ⟨c σ(w·x), μ^N⟩, training is the theorem's on labels divided by the gain.
        """
        return float(width ** (1 - self.output_exponent))


THEOREM = Protocol()
