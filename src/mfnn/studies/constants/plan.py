"""What a run may say of the constants: on which scenarios they are held against their predictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import Field

from mfnn.learning.design import Experiment, ScenarioName
from mfnn.studies.study import Job, StudyPlan, asks, networks
from mfnn.verdicts.families import Asked


class Plan(StudyPlan):
    """The scenarios whose variances over replicas are held against the predicted ones."""

    title: ClassVar[str] = "Constants"
    scenarios: list[ScenarioName] = Field(min_length=1)

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return list(self.scenarios)

    def check(self, experiment: Experiment) -> None:
        """The fluctuations have to be predicted."""
        wide = experiment.trained.widths[-1].width
        judged = wide >= experiment.fluctuations.from_width
        asks("scenarios", experiment, judged, f"from_width at most {wide}, the largest width")

    def claimed(self, experiment: Experiment) -> Asked:
        """Beside what all studies say, whether largest errors are predicted."""
        return Asked(**super().claimed(experiment).model_dump() | {"largest": experiment.fluctuations.largest})

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """What reads the records of all networks."""
        for name in self.names:
            work = (float(networks(experiments[name])),)
            yield Job("measure_constants", name, f"{name}.tsv", work, work)
