"""What a run may say of the distances between whole laws: on which scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import Field

from mfnn.learning.design import NULLS, Experiment, ScenarioName
from mfnn.studies.distances import LEAST_CLOUDS
from mfnn.studies.study import Job, StudyPlan, asks, chosen, cloud_particles


class Plan(StudyPlan):
    """The scenarios whose networks are compared with the limit law as a whole.

    `histograms` is the one whose laws of c and w are drawn under the limit's densities.
    """

    title: ClassVar[str] = "Distances between laws"
    scenarios: list[ScenarioName] = Field(min_length=1)
    histograms: ScenarioName | None = None

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return list(self.scenarios)

    def check(self, experiment: Experiment) -> None:
        """The limit law has to be sampled, and every width of the fits to have two networks compared with it."""
        asks(
            "scenarios", experiment, experiment.is_certified, "scenarios with a certified limit, whose law is sampled"
        )
        for plan in experiment.trained.widths:
            wanted = plan.compared or plan.width in experiment.widths
            asks(
                "scenarios",
                experiment,
                not wanted or plan.compared >= LEAST_CLOUDS,
                f"scenarios with at least {LEAST_CLOUDS} replicas and {LEAST_CLOUDS} clouds at width {plan.width}",
            )

        if self.histograms:
            chosen("histograms", self.histograms, self.scenarios)
        if self.histograms == experiment.name:
            marginals = len(experiment.scenario.problem(experiment.name).coordinate_names) == 2
            asks(
                "histograms",
                experiment,
                marginals,
                "a scenario with one output and one input, whose densities are known",
            )
            experiment.require("marginal_densities")

    def parts(self, experiments: Mapping[str, Experiment]) -> list[str]:
        """The figure of histograms."""
        return [".histograms", f".histograms/{self.histograms}"] if self.histograms else []

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """What reads the particles of the clouds beside draws from the limit law."""
        for name in self.names:
            particles = float(cloud_particles(experiments[name]))
            nulls = max(plan.width * min(plan.clouds, NULLS) for plan in experiments[name].trained.widths)
            yield Job("measure_distances", name, f"{name}.tsv", (particles,), (nulls + particles,))
