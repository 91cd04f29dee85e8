"""What a run may say of the explorer and the tour: of which scenario they are."""

from __future__ import annotations

from typing import ClassVar

from mfnn.learning.design import ScenarioName
from mfnn.studies.study import StudyPlan


class Plan(StudyPlan):
    """The scenario whose film, constants, errors and neurons the pages show."""

    title: ClassVar[str] = "Explorer"
    needs: ClassVar[tuple[str, ...]] = ("film", "constants", "convergence", "chaos")
    scenario: ScenarioName

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return [self.scenario]
