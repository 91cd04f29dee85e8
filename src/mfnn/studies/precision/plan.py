"""What a run may say of single precision: in which scenarios, at which widths, it is compared with double."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from mfnn.learning.design import ScenarioName
from mfnn.spec import Count, Spec
from mfnn.studies.study import StudyPlan


class ComparisonPlan(Spec):
    """A narrow and a wide network, the replicas of each, and at how many held-out points outputs are compared."""

    widths: tuple[Count, Count]
    replicas: Annotated[Count, Field(ge=2)]
    points: Count


class Plan(StudyPlan):
    """The scenarios in which both precisions are trained side by side."""

    title: ClassVar[str] = "Single precision"
    scenarios: dict[ScenarioName, ComparisonPlan] = Field(min_length=1)

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return list(self.scenarios)
