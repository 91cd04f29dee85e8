"""What a run may say of the limit on grids: of which scenario, from which other initial laws, how fine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from mfnn.learning.design import Experiment, ScenarioName
from mfnn.learning.laws import InitialLaw
from mfnn.spec import Count
from mfnn.studies.study import Job, StudyPlan, asks

DRAWN_NEAR = 1000  # the width, about, of the network whose particles are drawn on the density


class Plan(StudyPlan):
    """One scenario, solved from its own initial law and from others by finite volumes.

    On grids of `cells`, 2 `cells` and 4 `cells` a direction, compared with characteristics to `tolerance`; `variants`
    are the other initial laws by the name that the problem has with them.
    """

    title: ClassVar[str] = "The limit on grids"
    scenario: ScenarioName
    cells: Annotated[Count, Field(ge=8)]
    tolerance: float = Field(gt=0)
    variants: dict[ScenarioName, InitialLaw] = Field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return [self.scenario]

    @property
    def problems(self) -> list[str]:
        """The scenario's own problem and its variants."""
        return [self.scenario, *self.variants]

    def check(self, experiment: Experiment) -> None:
        """A grid over (c, w) needs one output and one input, and a density that is drawn a certified limit."""
        plane = experiment.is_certified and len(experiment.scenario.problem(experiment.name).coordinate_names) == 2
        asks(
            "scenario",
            experiment,
            plane,
            "a scenario with a certified limit, one output and one input: a grid over (c, w)",
        )
        experiment.require("finite_volumes")
        asks("variants", experiment, self.scenario not in self.variants, "other names than the scenario's own")

    def near(self, experiment: Experiment) -> int:
        """The width of the network that is drawn."""
        return min(experiment.widths, key=lambda width: abs(width - DRAWN_NEAR))

    def parts(self, experiments: Mapping[str, Experiment]) -> list[str]:
        """The problems with other initial laws."""
        return [f"/{problem}" for problem in self.variants]

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """Cells of a two-dimensional grid times steps as short as a cell is wide."""
        for problem in self.problems:
            work = (float(self.cells**3),), (float(self.cells**2),)
            yield Job("solve_finite_volumes", problem, f"{problem}.tsv", *work)
