"""What a run may say of the sources of fluctuations: starts crossed with samples, of which scenarios, how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

from pydantic import Field, PositiveFloat

from mfnn.learning.design import Experiment, ScenarioName
from mfnn.spec import Count, Spec
from mfnn.studies.study import Job, StudyPlan
from mfnn.verdicts.families import Asked


class CrossingPlan(Spec):
    """Starts crossed with samples: how many of each by width, at how many held-out points outputs are compared.

    With a `tolerance` the limit is solved to it and both sources are predicted.
    """

    widths: dict[Count, Annotated[Count, Field(ge=3)]] = Field(min_length=1)
    points: Count
    tolerance: PositiveFloat | None = None


class Plan(StudyPlan):
    """The scenarios whose start and samples are told apart; of those that the run trains, all fluctuations as well."""

    title: ClassVar[str] = "Sources of the fluctuations"
    scenarios: dict[ScenarioName, CrossingPlan] = Field(min_length=1)

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return list(self.scenarios)

    def check(self, experiment: Experiment) -> None:
        """What is predicted has to be what the prediction assumes."""
        if self.scenarios[experiment.name].tolerance:
            experiment.require("predicted_sources")

    @property
    def predicted(self) -> list[str]:
        """The scenarios whose sources are predicted."""
        return [name for name, plan in self.scenarios.items() if plan.tolerance]

    def claimed(self, experiment: Experiment) -> Asked:
        """The output alone; its sources are predicted by a limit of the study's own, certified to the tolerance."""
        predicted = self.scenarios[experiment.name].tolerance
        return Asked(observables=(), method="certified" if predicted else "random_batch")

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """Networks trained from every start on every sequence of samples."""
        for name, crossing in self.scenarios.items():
            for width, members in crossing.widths.items():
                work = float(members**2 * width * experiments[name].steps(width))
                yield Job("train_crossed", name, f"{name}/N{width}.tsv", (work,), (float(width),))
