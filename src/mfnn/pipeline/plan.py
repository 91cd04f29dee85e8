"""A run laid out as jobs: what is trained and what is asked of it, as the rules ask for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any

from mfnn.learning.design import Experiment, WidthPlan
from mfnn.learning.idx import FILES
from mfnn.learning.scenario import ImageData
from mfnn.learning.table import TableData
from mfnn.learning.variants import Job, jobs_json, read_controls
from mfnn.pipeline.config import Run, check_experiment, check_studies, read_run, read_scenario, read_studies
from mfnn.studies.study import StudyPlan
from mfnn.verdicts.families import Asked


@dataclass(frozen=True)
class Plan:
    """A validated run: its scenarios, those that studies only use included, its studies and its variants."""

    run: Run
    experiments: Mapping[str, Experiment]
    studies: Mapping[str, Any]  # the plan of each study asked for, a `StudyPlan` of its own
    variants: Sequence[Job]

    @property
    def trained(self) -> list[str]:
        """The scenarios that are trained."""
        return list(self.run.scenarios)

    @property
    def certified(self) -> list[str]:
        """The scenarios whose limit is solved to a certified tolerance."""
        return [name for name in self.trained if self.experiments[name].is_certified]

    @property
    def approximated(self) -> list[str]:
        """The scenarios whose limit is approximated on nodes."""
        return [name for name in self.trained if not self.experiments[name].is_certified]

    @property
    def predicted(self) -> list[str]:
        """The scenarios whose fluctuations are predicted."""
        return [name for name in self.certified if self.experiments[name].trained.fluctuations]

    @property
    def asked(self) -> list[str]:
        """What the run shows: scenarios/name, each study, study/scenario, and the parts that it could leave out."""
        used = [f"scenarios/{name}" for name in self.experiments]
        pairs = [f"{name}/{scenario}" for name, study in self.studies.items() for scenario in study.names]
        parts = [name + part for name, study in self.studies.items() for part in study.parts(self.experiments)]
        return [*used, *self.studies, *pairs, *parts]

    @property
    def claimed(self) -> dict[str, dict[str, Asked]]:
        """What the claims are about: by study and scenario."""
        return {study: plan.all_claimed(self.experiments) for study, plan in self.studies.items()}

    def of(self, study: str) -> list[str]:
        """The scenarios of a study, none where the run does not ask for it."""
        return self.studies[study].names if study in self.studies else []

    def followed(self, scenario: str) -> int:
        """The neurons of every replica whose whole path is kept: as many as the studies of the scenario want."""
        return max((study.follows for study in self.studies.values() if scenario in study.names), default=0)

    def coupling_nodes(self, scenario: str) -> list[int]:
        """The nodes over which the coupling's constant is averaged, none where neurons are not followed."""
        return list(self.studies["chaos"].scenarios[scenario].coupling_nodes) if scenario in self.of("chaos") else []

    def width(self, scenario: str, width: str | int) -> WidthPlan:
        """The plan of one width."""
        return self.experiments[scenario].trained.plan(int(width))

    @property
    def image_files(self) -> list[str]:
        """The names of the files of images: training images and labels, then the held-out ones."""
        return list(FILES)

    def needs_images(self, scenario: str) -> bool:
        """Whether a scenario learns from MNIST's images, which have to be obtained."""
        data = self.experiments[scenario].scenario.data
        return isinstance(data, ImageData) and not data.files

    def own_images(self, scenario: str) -> list[str]:
        """The files of images that a scenario names."""
        data = self.experiments[scenario].scenario.data
        return [str(path) for path in data.paths] if isinstance(data, ImageData) else []

    def table(self, scenario: str) -> list[str]:
        """The file of a scenario that is a table, none for others."""
        data = self.experiments[scenario].scenario.data
        return [str(data.path)] if isinstance(data, TableData) else []

    def spec(self, scenario: str) -> str:
        """A scenario as JSON."""
        return self.experiments[scenario].scenario.model_dump_json()

    @property
    def variant_specs(self) -> str:
        """All variants of scenarios as JSON."""
        return jobs_json(self.variants)

    def case_spec(self, study: str, case: str) -> str:
        """A case of a study as JSON, with the scenario that it changes."""
        asked = self.studies[study].cases[case]
        return f"{asked.model_dump_json()} {self.spec(asked.base)}"

    @property
    def totals(self) -> str:
        """The run's name and size as JSON: networks trained, and updates of a unit, N ⌊NT⌋ a network."""
        jobs = [(self.experiments[name], plan) for name in self.trained for plan in self.run.scenarios[name].widths]
        updates = sum(plan.replicas * plan.width * experiment.steps(plan.width) for experiment, plan in jobs)
        replicas = sum(plan.replicas for _, plan in jobs)
        return json.dumps({"run.name": self.run.run, "run.replicas": replicas, "run.particle_steps": updates})

    def training_memory(self, scenario: str, width: int) -> int:
        """Megabytes a training job asks for: twice what the widest one measured took, and a gigabyte."""
        return 1000 + 64 * width * self.experiments[scenario].parameters // 10**6

    def training_minutes(self, scenario: str, width: int) -> int:
        """Minutes a training job asks for: twice what its updates take on a slow core, and ten minutes."""
        plan, experiment = self.width(scenario, width), self.experiments[scenario]
        updates = plan.batch * width * floor(width * experiment.scenario.horizon)
        nanoseconds = 1 + 0.5 * experiment.parameters  # an update of a neuron
        return 10 + int(2 * updates * nanoseconds / 60e9 / plan.threads)


def read_plan(config: Mapping[str, Any], folder: Path) -> Plan:
    """The plan of a configuration with the scenario files of a folder; raises `SpecError` in one line."""
    run = read_run(config)
    studies = read_studies(run)
    names = dict.fromkeys([*run.scenarios, *(name for study in studies.values() for name in study.names)])
    experiments = {name: Experiment(name, read_scenario(folder, name), run.scenarios.get(name)) for name in names}
    for name in run.scenarios:
        check_experiment(experiments[name])
    check_studies(studies, experiments)
    return Plan(run, experiments, studies, _variants(studies, folder))


def _variants(studies: Mapping[str, StudyPlan], folder: Path) -> list[Job]:
    """The variants that are trained, none where the run asks for none."""
    asked: Any = studies.get("controls")
    return read_controls(folder.parent / "controls.yaml", asked.variants, folder) if asked else []
