"""What a run may say of the errors: on which scenarios, and whose paths are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import Field

from mfnn.learning.design import Experiment, ScenarioName
from mfnn.spec import Count, Spec
from mfnn.studies.study import Job, StudyPlan, chosen, networks


class PathsPlan(Spec):
    """The figure of paths: one observable of one scenario over time, of so many replicas a width."""

    scenario: ScenarioName
    observable: str
    replicas: Count = 40


class Plan(StudyPlan):
    """The scenarios whose replicas are held against the limit."""

    title: ClassVar[str] = "Convergence"
    scenarios: list[ScenarioName] = Field(min_length=1)
    paths: PathsPlan | None = None

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return list(self.scenarios)

    def check(self, experiment: Experiment) -> None:
        """A scenario has to be trained; paths are of one of the scenarios and of one of its observables."""
        _ = experiment.trained
        if self.paths:
            chosen("paths.scenario", self.paths.scenario, self.scenarios)
            if self.paths.scenario == experiment.name:
                chosen("paths.observable", self.paths.observable, experiment.scenario.observables)

    def parts(self, experiments: Mapping[str, Experiment]) -> list[str]:
        """The figure of paths."""
        return [".paths", f".paths/{self.paths.scenario}"] if self.paths else []

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """What reads the records of all networks."""
        for name in self.names:
            work = (float(networks(experiments[name])),)
            yield Job("measure_errors", name, f"{name}.tsv", work, work)
