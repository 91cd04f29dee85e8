"""The design of the experiment on one scenario: what is trained of it, at which times, and how its limit is solved."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, NonNegativeInt, PositiveFloat, model_validator

from mfnn.errors import SpecError
from mfnn.learning.assumptions import require
from mfnn.learning.problem import Problem
from mfnn.learning.scenario import ImageData, Scenario, evaluation_set
from mfnn.spec import Count, Spec

# It becomes part of paths, of regular expressions and of commands: nothing in it means anything there.
ScenarioName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
MOST_INTERVALS = 100_000
MOST_JOBS = 100_000  # of one width
NULLS = 8  # independent samples of the limit law that a distance's null has at the largest width


class WidthPlan(Spec):
    """One width N: how many replicas, how many of them a job trains, of how many the whole law is measured.

    In single `precision`, for wide inputs, training takes half the time and memory. More than one of `threads` is for
    replicas so wide that there are fewer of them than cores.
    """

    width: Count
    replicas: Annotated[Count, Field(ge=2)]
    batch: Count
    clouds: NonNegativeInt = 0
    precision: Literal["double", "single"] = "double"
    threads: Count = 1

    @model_validator(mode="after")
    def _few_enough_jobs(self) -> WidthPlan:
        if len(self.batches) > MOST_JOBS:
            raise ValueError(f"batches so large that a width is at most {MOST_JOBS} jobs")
        return self

    @property
    def batches(self) -> range:
        """The numbers of this width's jobs."""
        return range(-(-self.replicas // self.batch))

    def members(self, batch: int) -> tuple[int, int]:
        """The first replica of a job and the one after its last."""
        return batch * self.batch, min((batch + 1) * self.batch, self.replicas)

    def keep(self, batch: int) -> int:
        """Particles a job keeps: all of them when its first replica is among the clouds, otherwise two."""
        return self.width if self.members(batch)[0] < self.clouds else 2

    @property
    def compared(self) -> int:
        """The replicas whose whole law is measured."""
        return min(self.clouds, self.replicas)


class CertifiedLimit(Spec):
    """The limit equation by characteristics, to a certified tolerance."""

    method: Literal["certified"]
    tolerance: PositiveFloat


class RandomBatchLimit(Spec):
    """The limit equation on Sobol' nodes with random batches of data, replicated for its error."""

    method: Literal["random_batch"]
    log2_nodes: Annotated[Count, Field(le=30)]
    replicates: Annotated[Count, Field(ge=3)]
    steps: Annotated[Count, Field(ge=2)]
    batch: Count


class FluctuationsPlan(Spec):
    """The fluctuations' limit law: at these times, from a limit solved to this tolerance, expected from this width on.

    With `largest` the constant of the largest error over time is predicted too.
    """

    times: list[float] = Field(min_length=1)
    tolerance: PositiveFloat
    from_width: Count
    largest: bool = False


class ScenarioPlan(Spec):
    """What a run does with one scenario, for all studies of it.

    `intervals` cuts [0, T] into the time grid; at the `snapshots` the `coordinates` of particles are kept (all of
    them by default). Rates are fitted from the width `rates_from` up; smaller ones show the chaos arise. Without
    `fluctuations` these are not predicted.
    """

    intervals: Annotated[int, Field(ge=1, le=MOST_INTERVALS)]
    snapshots: list[float] = Field(min_length=2)
    coordinates: list[str] | None = None
    limit: Annotated[CertifiedLimit | RandomBatchLimit, Field(discriminator="method")]
    fluctuations: FluctuationsPlan | None = None
    rates_from: Count = 1
    widths: list[WidthPlan] = Field(min_length=2)

    @model_validator(mode="after")
    def _increasing(self) -> ScenarioPlan:
        widths = [plan.width for plan in self.widths]
        if widths != sorted(set(widths)):
            raise ValueError("increasing widths")
        if sum(width >= self.rates_from for width in widths) < 2:
            raise ValueError("at least two widths from rates_from up")
        return self

    @model_validator(mode="after")
    def _predictable(self) -> ScenarioPlan:
        if self.fluctuations and self.limit.method != "certified":
            raise ValueError("fluctuations of a certified limit only")
        return self

    def plan(self, width: int) -> WidthPlan:
        """The plan of one width."""
        return next(plan for plan in self.widths if plan.width == width)


@dataclass(frozen=True)
class Experiment:
    """A scenario by its name, and what a run trains of it; without a plan it is only used, not trained, by studies."""

    name: str
    scenario: Scenario
    plan: ScenarioPlan | None = None

    @property
    def problem(self) -> Problem | None:
        """The problem that is learned; None where its data are images, which are not at hand before the run."""
        return None if isinstance(self.scenario.data, ImageData) else self.scenario.problem(self.name)

    def require(self, function: str) -> None:
        """Raise `SpecError` where the problem lacks what a function assumes, as far as its data are at hand."""
        if self.problem is not None:
            require(self.problem, function)

    @property
    def trained(self) -> ScenarioPlan:
        """The plan of a scenario that is trained; raises `SpecError` where it is not."""
        if self.plan is None:
            raise SpecError(f"scenarios.{self.name}", None, "a plan of what is trained of it, as a study asks for it")
        return self.plan

    @property
    def is_certified(self) -> bool:
        """Whether the limit is solved to a certified tolerance."""
        return self.plan is not None and isinstance(self.plan.limit, CertifiedLimit)

    @property
    def fluctuations(self) -> FluctuationsPlan:
        """How the fluctuations are predicted; raises `SpecError` where they are not."""
        if self.trained.fluctuations is None:
            raise SpecError(f"scenarios.{self.name}.fluctuations", None, "their times, tolerance and from_width")
        return self.trained.fluctuations

    @property
    def largest(self) -> list[str]:
        """The observables whose largest error over time is predicted."""
        return list(self.scenario.observables) if self.fluctuations.largest else []

    @property
    def times(self) -> list[float]:
        """The times at which everything of the scenario is observed, from 0 to T."""
        grid = np.linspace(0, self.scenario.horizon, self.trained.intervals + 1)
        return [float(t) for t in np.round(grid, 12)]

    @property
    def coordinates(self) -> list[str]:
        """The coordinates of kept particles."""
        return self.trained.coordinates or self.scenario.problem(self.name).coordinate_names

    @property
    def widths(self) -> list[int]:
        """The widths from which rates are fitted."""
        return [plan.width for plan in self.trained.widths if plan.width >= self.trained.rates_from]

    @property
    def four_widths(self) -> list[int]:
        """Four of these widths, from the smallest to the largest."""
        return sorted({self.widths[round(step * (len(self.widths) - 1) / 3)] for step in range(4)})

    @property
    def parameters(self) -> int:
        """m + d, the numbers a neuron has."""
        data = self.scenario.data
        if isinstance(data, ImageData):
            return data.parameters
        return len(self.scenario.problem(self.name).coordinate_names)

    @property
    def outputs(self) -> int:
        """Numbers recorded of a network's output at one time."""
        data = self.scenario.data
        if isinstance(data, ImageData):
            return data.outputs
        return evaluation_set(self.scenario.problem(self.name))[1].size

    @property
    def draws(self) -> int:
        """Independent draws from the limit law: enough for the null of the largest width."""
        return max(plan.width * min(plan.clouds, NULLS) for plan in self.trained.widths)

    def steps(self, width: int) -> int:
        """⌊NT⌋."""
        return floor(round(width * self.scenario.horizon, 9))

    def batches(self, least: int = 1) -> list[tuple[int, int]]:
        """Width and number of every training job from the width `least` up."""
        plans = [plan for plan in self.trained.widths if plan.width >= least]
        return [(plan.width, batch) for plan in plans for batch in plan.batches]

    def cloud_batches(self) -> list[tuple[int, int]]:
        """Width and number of the training jobs that keep all their particles."""
        return [
            (plan.width, batch)
            for plan in self.trained.widths
            for batch in plan.batches
            if plan.members(batch)[0] < plan.clouds
        ]
