"""What a run may say of somebody's table: which rows are held out, what is trained, and what error is asked of outputs."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, PositiveFloat

from mfnn.errors import SpecError
from mfnn.learning.design import Experiment, ScenarioName
from mfnn.learning.table import TableData
from mfnn.spec import Count
from mfnn.studies.study import StudyPlan
from mfnn.verdicts.families import Asked


class Plan(StudyPlan):
    """A scenario whose data are a standardised table, and what is asked of it.

    `held_out` is a table of the same columns beside it. Outputs are followed at `intervals` + 1 times; the spread between
    trainings is predicted at `rows` held-out rows and measured at `widths` with their replicas. `error`, in standard
    deviations of the target, is what the width is asked for; `tolerance` the first that is tried for the limit.
    """

    title: ClassVar[str] = "Your own table"
    scenario: ScenarioName
    held_out: str
    intervals: Count = 12
    rows: Count = 12
    widths: dict[Count, Annotated[int, Field(ge=8)]] = Field(min_length=1)
    error: PositiveFloat = 0.1
    tolerance: PositiveFloat = 0.03

    @property
    def names(self) -> list[str]:
        """The scenario of the study."""
        return [self.scenario]

    def check(self, experiment: Experiment) -> None:
        """The data have to be a table, standardised, of one target."""
        data = experiment.scenario.data
        if not isinstance(data, TableData) or not data.standardise or not isinstance(data.target, str):
            raise SpecError(
                "scenario", experiment.name, "a scenario whose data are a table, standardised, of one target"
            )
        if not (data.path.parent / self.held_out).is_file():
            raise SpecError("held_out", self.held_out, f"a table beside {data.path}")

    def claimed(self, experiment: Experiment) -> Asked:
        """Nothing is claimed of somebody's table; it is not trained for the other studies."""
        return Asked(observables=(), method="random_batch")
