"""What a run may say of the terms of the proof: for which test functions, at which widths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from mfnn.learning.design import Experiment, ScenarioName
from mfnn.learning.observables import parse_all
from mfnn.spec import Count, Spec
from mfnn.studies.study import Job, StudyPlan
from mfnn.verdicts.families import Asked


class TermsPlan(Spec):
    """The terms of one scenario: for which test functions, and the replicas at each width."""

    observables: list[str] = Field(min_length=1)
    widths: dict[Count, Annotated[Count, Field(ge=2)]] = Field(min_length=2)


class Plan(StudyPlan):
    """The scenarios whose paths are taken apart; the figure shows the first one."""

    title: ClassVar[str] = "Terms of the proof"
    scenarios: dict[ScenarioName, TermsPlan] = Field(min_length=1)

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return list(self.scenarios)

    def check(self, experiment: Experiment) -> None:
        """Test functions of the scenario's neurons."""
        experiment.require("the terms of the proof")
        experiment.require("the constants of the proof")
        parse_all(self.scenarios[experiment.name].observables, experiment.scenario.problem(experiment.name))

    def claimed(self, experiment: Experiment) -> Asked:
        """Its test functions; the networks are its own, whether or not the run trains others."""
        return Asked(observables=self.scenarios[experiment.name].observables, method="certified")

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """Networks trained with every term recorded at every step."""
        for name, plan in self.scenarios.items():
            steps = experiments[name].steps
            work = sum(replicas * width * steps(width) for width, replicas in plan.widths.items())
            yield Job("measure_proof_terms", name, f"{name}.tsv", (work * len(plan.observables),), ())
