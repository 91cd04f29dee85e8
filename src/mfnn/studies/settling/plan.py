"""What a run may say of the settling of trained laws: of which scenario, and whose weights are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from pydantic import DirectoryPath

from mfnn.learning.design import Experiment, ScenarioName
from mfnn.learning.scenario import ImageData
from mfnn.studies.study import Job, StudyPlan, asks, chosen, cloud_particles

LEAST_CLOUDS = 4  # two pairs of runs, at two widths
IMAGES = 6  # neurons of a network on images whose weights are drawn


class Plan(StudyPlan):
    """A scenario with many inputs: independent runs are held against each other and against the limit's nodes.

    `weight` is the coordinate of w whose law is drawn beside those of all c. `recorded` is a folder of summaries of
    networks that were trained before, of widths that the run does not train.
    """

    title: ClassVar[str] = "Settling"
    follows: ClassVar[int] = IMAGES
    scenario: ScenarioName
    weight: str
    recorded: DirectoryPath | None = None

    @property
    def summaries(self) -> list[Path]:
        """The recorded files, in order."""
        return sorted(self.recorded.glob("*.nc")) if self.recorded else []

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return [self.scenario]

    def check(self, experiment: Experiment) -> None:
        """Images whose limit is approximated on nodes, and two widths with two pairs of independent runs."""
        several = sum(plan.compared >= LEAST_CLOUDS for plan in experiment.trained.widths) >= 2
        images = isinstance(experiment.scenario.data, ImageData) and not experiment.scenario.data.reduced
        nodes = experiment.trained.limit.method == "random_batch"
        asks("scenario", experiment, images and nodes, "a scenario on images, its limit by random batches")
        asks("scenario", experiment, several, "a scenario with at least 4 replicas and 4 clouds at two widths")
        chosen("weight", self.weight, [name for name in experiment.coordinates if name.startswith("w")])

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """What reads the particles of the clouds and the outputs of all networks."""
        experiment = experiments[self.scenario]
        numbers = len(experiment.times) * experiment.outputs * sum(p.replicas for p in experiment.trained.widths)
        work = (float(cloud_particles(experiment)),), (float(numbers),)
        yield Job("measure_settling", self.scenario, f"{self.scenario}.tsv", *work)
