"""The run's configuration: what is trained how often, how the limit is solved, where results go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, NonNegativeInt, PositiveFloat, model_validator

from mfnn.errors import SpecError
from mfnn.learning.laws import InitialLaw
from mfnn.learning.observables import parse_all
from mfnn.learning.scenario import MnistData, Scenario
from mfnn.learning.variants import ControlRuns
from mfnn.spec import Count, Spec
from mfnn.storage import UnreadableError, read_yaml
from mfnn.verdicts.rates import slug

# Both become parts of paths, of regular expressions and of commands: nothing in them means anything there.
ScenarioName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Folder = Annotated[str, Field(pattern=r"^[A-Za-z0-9_./][A-Za-z0-9_./-]*$")]
MOST_INTERVALS = 100_000
MOST_JOBS = 100_000  # of one width


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


class CertifiedLimit(Spec):
    """The limit equation by characteristics, to a certified tolerance."""

    method: Literal["certified"]
    tolerance: PositiveFloat


class RandomBatchLimit(Spec):
    """The limit equation on Sobol' nodes with random batches of data, replicated for its error."""

    method: Literal["random_batch"]
    log2_nodes: Annotated[Count, Field(le=30)]
    replicates: Annotated[Count, Field(ge=3)]
    steps: Count
    batch: Count


class ConstantsPlan(Spec):
    """The fluctuations' limit law: at these times, from a limit solved to this tolerance, against these widths.

    `coupling_nodes` are the Gauss nodes a coordinate of θ_0 over which the coupling's constant is averaged, and
    `dependence` the functions f and g of two neurons that are tested for independence; without them neurons are not
    followed.
    """

    times: list[float] = Field(min_length=1)
    tolerance: PositiveFloat
    from_width: Count
    coupling_nodes: list[Count] = Field(default_factory=list)
    dependence: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _both_or_neither(self) -> ConstantsPlan:
        if bool(self.coupling_nodes) != (len(self.dependence) == 2):
            raise ValueError("coupling_nodes together with two functions under dependence")
        return self


class ProofTermsPlan(Spec):
    """The terms of the proof: for which test functions, and the replicas at each width."""

    observables: list[str] = Field(min_length=1)
    widths: dict[Count, Annotated[Count, Field(ge=2)]] = Field(min_length=2)


class ScenarioPlan(Spec):
    """What a run does with one scenario.

    `intervals` cuts [0, T] into the time grid; at the `snapshots` the `coordinates` of particles are kept (all of
    them by default). Rates are fitted from the width `rates_from` up; smaller ones show the chaos arise. `constants`
    and `proof_terms` are left out where they are not predicted and not measured.
    """

    intervals: Annotated[int, Field(ge=1, le=MOST_INTERVALS)]
    snapshots: list[float] = Field(min_length=2)
    coordinates: list[str] | None = None
    limit: Annotated[CertifiedLimit | RandomBatchLimit, Field(discriminator="method")]
    constants: ConstantsPlan | None = None
    rates_from: Count = 1
    widths: list[WidthPlan] = Field(min_length=2)
    proof_terms: ProofTermsPlan | None = None

    @model_validator(mode="after")
    def _increasing(self) -> ScenarioPlan:
        widths = [plan.width for plan in self.widths]
        if widths != sorted(set(widths)):
            raise ValueError("increasing widths")
        if sum(width >= self.rates_from for width in widths) < 2:
            raise ValueError("at least two widths from rates_from up")
        return self

    @model_validator(mode="after")
    def _intervals_can_be_had(self) -> ScenarioPlan:
        """Distances get their intervals from two clouds a width; those between runs from two pairs, at two widths."""
        compared = {plan.width: min(plan.clouds, plan.replicas) for plan in self.widths}
        for width, clouds in compared.items():
            if clouds < 2 and (clouds or width >= self.rates_from):
                raise ValueError(f"at least 2 replicas and 2 clouds at width {width}")
        if isinstance(self.limit, RandomBatchLimit) and sum(clouds >= 4 for clouds in compared.values()) < 2:
            raise ValueError("at least 4 replicas and 4 clouds at two widths")
        return self

    def plan(self, width: int) -> WidthPlan:
        """The plan of one width."""
        return next(plan for plan in self.widths if plan.width == width)


class FiniteVolumePlan(Spec):
    """The limit once more by finite volumes, on grids of `cells`, 2 `cells` and 4 `cells` a direction.

    Solved from the scenario's own initial law and from the smooth law `initial`, and compared with characteristics to
    `tolerance`.
    """

    cells: Annotated[Count, Field(ge=8)]
    tolerance: PositiveFloat
    initial: InitialLaw


class CrossingPlan(Spec):
    """Starts crossed with samples: how many of each by width, at how many held-out points outputs are compared.

    With a `tolerance` the limit is solved to it and both sources are predicted.
    """

    widths: dict[Count, Annotated[Count, Field(ge=3)]] = Field(min_length=1)
    points: Count
    tolerance: PositiveFloat | None = None


class Run(Spec):
    """A whole run: seeds, places and the plan of every scenario."""

    run: str = Field(pattern=r"^[a-z0-9_-]+$")
    root_seed: Annotated[int, Field(ge=0, lt=2**63)]
    resamples: Annotated[Count, Field(ge=100)]
    results: Folder
    figures: Folder
    paper: Folder
    scenarios: dict[ScenarioName, ScenarioPlan] = Field(min_length=1)
    finite_volumes: FiniteVolumePlan
    controls: dict[str, ControlRuns]
    crossings: dict[ScenarioName, CrossingPlan] = Field(default_factory=dict)


def read_run(config: dict[str, Any]) -> Run:
    """The validated run configuration; raises `SpecError` in one line."""
    return Run.model_validate(config)


def read_scenario(folder: Path, name: str) -> Scenario:
    """The scenario called `name`; raises `SpecError` in one line."""
    path = folder / f"{name}.yaml"
    try:
        content = read_yaml(path)
    except UnreadableError as reason:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yaml")))
        raise SpecError(f"scenarios.{name}", str(reason), f"a readable file; there are {known}") from None
    try:
        scenario = Scenario.model_validate(content)
        if not isinstance(scenario.data, MnistData):
            parse_all(scenario.observables, scenario.problem(name))
        _observed(scenario)
        if not isinstance(scenario.data, MnistData):
            parse_all(scenario.recorded, scenario.problem(name))
        _distinct_keys(scenario)
    except SpecError as refusal:
        raise SpecError.within(str(path), refusal) from None
    return scenario


def check_plan(scenario: Scenario, name: str, plan: ScenarioPlan) -> None:
    """Raise `SpecError` where a plan asks of a scenario what it does not have."""
    if plan.proof_terms:
        parse_all(plan.proof_terms.observables, scenario.problem(name))
    if not set(plan.snapshots) <= set(time_grid(scenario, plan)):
        raise SpecError(f"scenarios.{name}.snapshots", plan.snapshots, "times of the time grid")
    if plan.constants and not set(plan.constants.times) <= set(time_grid(scenario, plan)):
        raise SpecError(f"scenarios.{name}.constants.times", plan.constants.times, "times of the time grid")


def _observed(scenario: Scenario) -> None:
    """Refuse pairs and a group of anything but observables."""
    for key, names in (("pairs", [name for pair in scenario.pairs for name in pair]), ("group", [scenario.group])):
        for name in names:
            if name not in (None, *scenario.observables):
                raise SpecError(key, name, "observables of the scenario")


def _distinct_keys(scenario: Scenario) -> None:
    """Refuse observables such as g(1) and g(-1), whose numbers would have one key in the results."""
    seen: dict[str, str] = {}
    for name in scenario.observables:
        if seen.setdefault(slug(name), name) != name:
            raise SpecError(
                "observables", name, f"names whose letters and digits differ from those of {seen[slug(name)]}"
            )


def time_grid(scenario: Scenario, plan: ScenarioPlan) -> list[float]:
    """The times at which everything of a scenario is observed, from 0 to T."""
    return [float(t) for t in np.round(np.linspace(0, scenario.horizon, plan.intervals + 1), 12)]
