"""A run laid out as jobs: the parameters of each, by scenario, width and batch, as the rules ask for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any

from mfnn.config import (
    CertifiedLimit,
    RandomBatchLimit,
    Run,
    ScenarioPlan,
    WidthPlan,
    read_run,
    read_scenario,
    time_grid,
)
from mfnn.controls import Job, jobs_json, read_controls
from mfnn.mnist import FILES
from mfnn.scenario import MnistData, Scenario

NULLS = 8  # independent samples of the limit law that a distance's null has at the largest width


@dataclass(frozen=True)
class Plan:
    """A validated run with its scenarios; every method answers for one kind of job."""

    run: Run
    scenarios: Mapping[str, Scenario]
    controls: Sequence[Job]

    @property
    def names(self) -> list[str]:
        """All scenarios."""
        return list(self.scenarios)

    @property
    def certified(self) -> list[str]:
        """The scenarios whose limit is solved to a certified tolerance."""
        return [name for name in self.names if isinstance(self.run.scenarios[name].limit, CertifiedLimit)]

    @property
    def classified(self) -> list[str]:
        """The scenarios that classify images, whose limit is approximated."""
        return [name for name in self.names if isinstance(self.run.scenarios[name].limit, RandomBatchLimit)]

    @property
    def mnist_files(self) -> list[str]:
        """The names of MNIST's files: training images and labels, then the held-out ones."""
        return list(FILES)

    def needs_mnist(self, name: str) -> bool:
        """Whether a scenario learns from the MNIST images."""
        return isinstance(self.scenarios[name].data, MnistData)

    def of(self, name: str) -> ScenarioPlan:
        """What the run does with a scenario."""
        return self.run.scenarios[name]

    def width(self, name: str, width: str | int) -> WidthPlan:
        """The plan of one width."""
        return self.of(name).plan(int(width))

    def widths(self, name: str) -> list[int]:
        """The widths of a scenario."""
        return [plan.width for plan in self.of(name).widths]

    def times(self, name: str) -> list[float]:
        """The time grid of a scenario."""
        return time_grid(self.scenarios[name], self.of(name))

    def spec(self, name: str) -> str:
        """A scenario as JSON."""
        return self.scenarios[name].model_dump_json()

    @property
    def control_spec(self) -> str:
        """All variants of scenarios as JSON."""
        return jobs_json(self.controls)

    def coordinates(self, name: str) -> list[str]:
        """The coordinates of kept particles."""
        return self.of(name).coordinates or self.scenarios[name].problem(name).coordinate_names

    def batches(self, name: str) -> list[dict[str, Any]]:
        """Width and batch number of every training job of a scenario."""
        return [{"width": plan.width, "batch": batch} for plan in self.of(name).widths for batch in plan.batches]

    def cloud_batches(self, name: str, width: str | int | None = None) -> list[dict[str, Any]]:
        """The training jobs that keep all their particles, of one width or of all."""
        return [
            {"width": plan.width, "batch": batch}
            for plan in self.of(name).widths
            for batch in plan.batches
            if plan.members(batch)[0] < plan.clouds and width in (None, plan.width, str(plan.width))
        ]

    @property
    def totals(self) -> str:
        """The size of the run as JSON: networks trained, and updates of a unit, N ⌊NT⌋ a network."""
        jobs = [(name, plan.width, plan.replicas) for name in self.names for plan in self.of(name).widths]
        steps = {(name, width): floor(round(width * self.scenarios[name].horizon, 9)) for name, width, _ in jobs}
        updates = sum(replicas * width * steps[name, width] for name, width, replicas in jobs)
        return json.dumps({"run.replicas": sum(replicas for *_, replicas in jobs), "run.particle_steps": updates})

    def draws(self, name: str) -> int:
        """Independent draws from the limit law: enough for the null of the largest width."""
        return max(plan.width * min(plan.clouds, NULLS) for plan in self.of(name).widths)


def read_plan(config: Mapping[str, Any], folder: Path) -> Plan:
    """The plan of a configuration with the scenario files of a folder; raises `SpecError` in one line."""
    run = read_run(dict(config))
    scenarios = {name: read_scenario(folder, name, plan) for name, plan in run.scenarios.items()}
    return Plan(run, scenarios, read_controls(folder.parent / "controls.yaml", run.controls, folder))
