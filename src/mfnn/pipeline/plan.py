"""A run laid out as jobs: the parameters of each, by scenario, width and batch, as the rules ask for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any, cast

from mfnn.learning.mnist import FILES
from mfnn.learning.scenario import MnistData, Scenario
from mfnn.learning.variants import Job, jobs_json, read_controls
from mfnn.pipeline.config import (
    CertifiedLimit,
    ConstantsPlan,
    CrossingPlan,
    ProofTermsPlan,
    RandomBatchLimit,
    Run,
    ScenarioPlan,
    WidthPlan,
    check_plan,
    read_run,
    read_scenario,
    time_grid,
)

IMAGES = 6  # neurons of a network on images whose weights are drawn
MNIST_PARAMETERS = 10 + 784 + 1  # outputs, pixels and the constant feature
NULLS = 8  # independent samples of the limit law that a distance's null has at the largest width


@dataclass(frozen=True)
class Plan:
    """A validated run with its scenarios, those it only crosses included; every method answers for one kind of job."""

    run: Run
    scenarios: Mapping[str, Scenario]
    controls: Sequence[Job]

    @property
    def names(self) -> list[str]:
        """The scenarios whose convergence is studied."""
        return list(self.run.scenarios)

    @property
    def certified(self) -> list[str]:
        """The scenarios whose limit is solved to a certified tolerance."""
        return [name for name in self.names if isinstance(self.run.scenarios[name].limit, CertifiedLimit)]

    @property
    def classified(self) -> list[str]:
        """The scenarios that classify images, whose limit is approximated."""
        return [name for name in self.names if isinstance(self.run.scenarios[name].limit, RandomBatchLimit)]

    @property
    def predicted(self) -> list[str]:
        """The scenarios whose fluctuations are predicted."""
        return [name for name in self.certified if self.run.scenarios[name].constants]

    @property
    def coupled(self) -> list[str]:
        """The scenarios whose neurons are held against characteristics from the same start."""
        return [name for name in self.predicted if self.constants(name).coupling_nodes]

    @property
    def grouped(self) -> list[str]:
        """The scenarios in which groups of neurons are held against their prediction."""
        return [name for name in self.predicted if self.scenarios[name].group]

    @property
    def dissected(self) -> list[str]:
        """The scenarios in which the terms of the proof are measured."""
        return [name for name in self.names if self.run.scenarios[name].proof_terms]

    @property
    def missing_from_paper(self) -> list[str]:
        """What the paper shows and this run does not compute, as keys of the configuration."""
        there = {
            "scenarios.sine1d.constants.coupling_nodes": "sine1d" in self.coupled,
            "scenarios.sine1d.proof_terms": "sine1d" in self.dissected,
            "scenarios.teacher2d.constants": "teacher2d" in self.predicted,
            "scenarios.mnist": "mnist" in self.classified,
            "crossings.mnist": "mnist" in self.crossed_on_images,
            "crossings.digits.tolerance": "digits" in self.run.crossings and bool(self.crossing("digits").tolerance),
        }
        return [key for key, computed in there.items() if not computed]

    def proof_terms(self, name: str) -> ProofTermsPlan:
        """What is measured of the terms of the proof in a dissected scenario."""
        return cast("ProofTermsPlan", self.of(name).proof_terms)

    def crossing(self, name: str) -> CrossingPlan:
        """How starts are crossed with samples in a scenario."""
        return self.run.crossings[name]

    @property
    def judged(self) -> list[str]:
        """The scenarios about which claims are judged: those studied, and those whose sources are predicted."""
        return [*self.names, *(name for name, plan in self.run.crossings.items() if plan.tolerance)]

    @property
    def crossed_on_images(self) -> list[str]:
        """The crossed scenarios that classify images."""
        return [name for name in self.classified if name in self.run.crossings]

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

    def constants(self, name: str) -> ConstantsPlan:
        """What is predicted of a scenario's fluctuations."""
        plan = self.run.scenarios[name].constants
        if plan is None:
            raise KeyError(f"{name} has no constants")
        return plan

    def followed(self, name: str) -> int:
        """The neurons of every replica whose whole path is kept."""
        return 2 if name in self.coupled else IMAGES if name in self.classified else 0

    def width(self, name: str, width: str | int) -> WidthPlan:
        """The plan of one width."""
        return self.of(name).plan(int(width))

    def widths(self, name: str) -> list[int]:
        """The widths of a scenario from which rates are fitted."""
        return [plan.width for plan in self.of(name).widths if plan.width >= self.of(name).rates_from]

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

    def batches(self, name: str, least: int = 1) -> list[dict[str, Any]]:
        """Width and batch number of every training job of a scenario from the width `least` up."""
        plans = [plan for plan in self.of(name).widths if plan.width >= least]
        return [{"width": plan.width, "batch": batch} for plan in plans for batch in plan.batches]

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
        """The run's name and size as JSON: networks trained, and updates of a unit, N ⌊NT⌋ a network."""
        jobs = [(name, plan.width, plan.replicas) for name in self.names for plan in self.of(name).widths]
        steps = {(name, width): floor(round(width * self.scenarios[name].horizon, 9)) for name, width, _ in jobs}
        updates = sum(replicas * width * steps[name, width] for name, width, replicas in jobs)
        replicas = sum(replicas for *_, replicas in jobs)
        return json.dumps({"run.name": self.run.run, "run.replicas": replicas, "run.particle_steps": updates})

    def training_memory(self, name: str, width: int) -> int:
        """Megabytes a training job asks for: twice what the widest one measured took, and a gigabyte."""
        return 1000 + 64 * width * self.parameters(name) // 10**6

    def training_minutes(self, name: str, width: int) -> int:
        """Minutes a training job asks for: twice what its updates take on a slow core, and ten minutes."""
        plan = self.width(name, width)
        updates = plan.batch * width * floor(width * self.scenarios[name].horizon)
        nanoseconds = 1 + 0.5 * self.parameters(name)  # an update of a neuron
        return 10 + int(2 * updates * nanoseconds / 60e9 / plan.threads)

    def parameters(self, name: str) -> int:
        """m + d, the numbers a neuron has."""
        return (
            MNIST_PARAMETERS if self.needs_mnist(name) else len(self.scenarios[name].problem(name).coordinate_names)
        )

    def grid_law(self, name: str, variant: str) -> str:
        """The initial law from which a scenario is solved on grids, as JSON: its own, or the smooth one of the run."""
        own = variant == name
        return (self.scenarios[name].initial if own else self.run.finite_volumes.initial).model_dump_json()

    def draws(self, name: str) -> int:
        """Independent draws from the limit law: enough for the null of the largest width."""
        return max(plan.width * min(plan.clouds, NULLS) for plan in self.of(name).widths)


def read_plan(config: Mapping[str, Any], folder: Path) -> Plan:
    """The plan of a configuration with the scenario files of a folder; raises `SpecError` in one line."""
    run = read_run(dict(config))
    scenarios = {name: read_scenario(folder, name) for name in {**run.scenarios, **run.crossings}}
    for name, plan in run.scenarios.items():
        check_plan(scenarios[name], name, plan)
    return Plan(run, scenarios, read_controls(folder.parent / "controls.yaml", run.controls, folder))
