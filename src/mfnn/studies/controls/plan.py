"""What a run may say of other ways to train and broken assumptions: the widths and replicas of every variant."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mfnn.learning.variants import VariantRuns
from mfnn.studies.study import StudyPlan


class Plan(StudyPlan):
    """The variants of config/controls.yaml by name, each with its runs."""

    title: ClassVar[str] = "Other training, broken assumptions"
    variants: dict[str, VariantRuns] = Field(min_length=1)

    @property
    def names(self) -> list[str]:
        """No scenario of the run's own: variants name their scenarios."""
        return []
