"""A claim: one statement about one number of the results, with the rule that decides between three verdicts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PositiveFloat

from mfnn.spec import Spec
from mfnn.verdicts.rates import LEVEL, Estimate

HOLDS, VIOLATED, INCONCLUSIVE = "holds", "violated", "inconclusive"


class Equals(Spec):
    """The value is as predicted; the 95 % half-width must be small enough for that to mean something."""

    kind: Literal["equals"]
    predicted: float
    half_width: PositiveFloat

    def verdict(self, estimate: Estimate, level: float) -> str:
        """Violated when the interval leaves the prediction out, inconclusive when it is too wide to tell."""
        low, high = estimate.interval(level)
        if not low <= self.predicted <= high:
            return VIOLATED
        narrow_low, narrow_high = estimate.interval(LEVEL)
        return HOLDS if (narrow_high - narrow_low) / 2 <= self.half_width else INCONCLUSIVE

    @property
    def violation(self) -> str:
        """What it takes to be violated."""
        return f"the interval leaves out {self.predicted:g}"

    def __str__(self) -> str:
        return f"= {self.predicted:g} (half-width ≤ {self.half_width:g})"


class Below(Spec):
    """The value is below a bound."""

    kind: Literal["below"]
    bound: float

    def verdict(self, estimate: Estimate, level: float) -> str:
        """Decided only when the whole interval lies on one side of the bound."""
        low, high = estimate.interval(level)
        return HOLDS if high < self.bound else VIOLATED if low > self.bound else INCONCLUSIVE

    @property
    def violation(self) -> str:
        """What it takes to be violated."""
        return f"the whole interval lies above {self.bound:g}"

    def __str__(self) -> str:
        return f"< {self.bound:g}"


class Above(Spec):
    """The value is above a bound."""

    kind: Literal["above"]
    bound: float

    def verdict(self, estimate: Estimate, level: float) -> str:
        """Decided only when the whole interval lies on one side of the bound."""
        low, high = estimate.interval(level)
        return HOLDS if low > self.bound else VIOLATED if high < self.bound else INCONCLUSIVE

    @property
    def violation(self) -> str:
        """What it takes to be violated."""
        return f"the whole interval lies below {self.bound:g}"

    def __str__(self) -> str:
        return f"> {self.bound:g}"


class Decided(Spec):
    """What a rule decides."""

    rule: Annotated[Equals | Below | Above, Field(discriminator="kind")]


class Claim(Decided):
    """One statement about one number of the results, its decision rule, and what a violation would mean."""

    id: str
    statement: str
    scenario: str
    key: str
    violated: str

    @property
    def violated_if(self) -> str:
        """What it takes to be violated, and what that would mean."""
        return f"{self.rule.violation}: {self.violated}"
