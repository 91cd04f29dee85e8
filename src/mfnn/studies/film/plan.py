"""What a run may say of the film: of which scenario, of how wide networks, how many frames and points."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from mfnn.learning.design import Experiment, ScenarioName
from mfnn.spec import Count
from mfnn.studies.study import StudyPlan, asks


class Plan(StudyPlan):
    """One network of each width, and the limit, at `frames` times; its density on `points` a direction."""

    title: ClassVar[str] = "Film"
    scenario: ScenarioName
    widths: list[Count] = Field(min_length=1)
    frames: Annotated[Count, Field(ge=2)]
    points: Annotated[Count, Field(ge=2)]

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return [self.scenario]

    def check(self, experiment: Experiment) -> None:
        """A density over (c, w) needs one output and one input."""
        plane = len(experiment.scenario.problem(experiment.name).coordinate_names) == 2
        experiment.require("film")
        asks("scenario", experiment, plane, "a scenario with one output and one input: a density over (c, w)")
