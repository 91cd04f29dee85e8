"""What all studies have in common: what a run may say about one, what it needs, and how much its jobs do."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from mfnn.errors import SpecError
from mfnn.learning.case import Case
from mfnn.learning.design import Experiment, ScenarioName
from mfnn.spec import Spec
from mfnn.verdicts.families import Asked

ANY = "any"  # the part of a rule whose jobs are all alike


@dataclass(frozen=True)
class Job:
    """One job: its rule, what its costs are fitted together with, its benchmark, and how much it does of what.

    `time` and `memory` are amounts of work z_a in which its seconds and megabytes grow.
    """

    rule: str
    part: str
    benchmark: str
    time: tuple[float, ...]
    memory: tuple[float, ...]
    stored: float = 0.0  # numbers in a training job's record
    record: str = ""  # the file that a training job writes, under the run's results

    @property
    def benchmark_file(self) -> Path:
        """The job's benchmark, under the run's benchmarks."""
        return Path(self.rule, self.benchmark) if self.benchmark else Path(f"{self.rule}.tsv")


class StudyPlan(Spec):
    """What a run says about one study: its scenarios, each perhaps with numbers of its own.

    A study's module `plan` has its `Plan`, a subclass of this. `title` is the report's name of the study, `needs` are
    the studies whose results on the same scenarios it reads, `follows` is how many neurons of every replica it wants
    followed through the whole path.
    """

    title: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    follows: ClassVar[int] = 0

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """The scenarios of the study."""

    def check(self, experiment: Experiment) -> None:
        """Raise `SpecError` where the study cannot be made of one of its scenarios; says why."""

    def parts(self, experiments: Mapping[str, Experiment]) -> list[str]:
        """What of the study a run may leave out and this one shows: `.part`, `.part/scenario`, `/problem`."""
        return []

    def claimed(self, experiment: Experiment) -> Asked:
        """What its claims may be about in one of its scenarios."""
        return Asked(observables=experiment.scenario.observables, method=experiment.trained.limit.method)

    def all_claimed(self, experiments: Mapping[str, Experiment]) -> dict[str, Asked]:
        """What its claims may be about, by scenario."""
        return {name: self.claimed(experiments[name]) for name in self.names}

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """The jobs whose cost depends on widths, replicas or grids."""
        return ()


class CasesPlan(StudyPlan):
    """What a run says about a study of cases: networks of changed scenarios that are trained for it and predicted."""

    cases: dict[ScenarioName, Case] = Field(min_length=1)

    @property
    def names(self) -> list[str]:
        """The scenarios that the cases change, each once."""
        return list(dict.fromkeys(case.base for case in self.cases.values()))

    @classmethod
    def study(cls) -> str:
        """The study's name, that of the package its plan is in."""
        return cls.__module__.split(".")[-2]

    def check(self, experiment: Experiment) -> None:
        """Every case has to be a problem with its times and observables, and held against one that there is."""
        for name, case in self.cases.items():
            if case.base == experiment.name:
                case.check(name, experiment.scenario)
            if case.instead is not None:
                chosen(f"cases.{name}.instead", case.instead, self.cases)

    def parts(self, experiments: Mapping[str, Experiment]) -> list[str]:
        """The cases: `/case`."""
        return [f"/{name}" for name in self.cases]

    def all_claimed(self, experiments: Mapping[str, Experiment]) -> dict[str, Asked]:
        """Cases stand in claims where scenarios do in those of other studies; their limits are certified."""
        return {
            name: Asked(observables=case.functions(experiments[case.base].scenario), method="certified")
            for name, case in self.cases.items()
        }

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """The training of every case: updates of parameters, of which two hidden layers have N_1 N_2."""
        for name, case in self.cases.items():
            deep = case.problem(name, experiments[case.base].scenario).hidden_layers == 2
            updates = 0.0
            for width, replicas in case.widths.items():
                first, second = (factor * width for factor in case.layers)
                updates += replicas * case.times[-1] * max(first, second) * (first * second if deep else width)
            place, networks = f"{self.study()}/{name}", float(sum(case.widths.values()))
            yield Job("train_ensemble", self.study(), f"{place}.tsv", time=(networks, updates), memory=(networks,))


def asks(key: str, experiment: Experiment, holds: bool, allowed: str) -> None:
    """Raise `SpecError` for a scenario under a study's key unless what the study needs of it holds."""
    if not holds:
        raise SpecError(key, experiment.name, allowed)


def least_replicas(key: str, experiment: Experiment, least: int) -> None:
    """Raise `SpecError` for a scenario of which some width has fewer replicas than an estimator needs."""
    for plan in experiment.trained.widths:
        asks(
            key, experiment, plan.replicas >= least, f"scenarios with at least {least} replicas at width {plan.width}"
        )


def networks(experiment: Experiment) -> int:
    """How many networks are trained of a scenario, of which the cost of reading their records grows."""
    return sum(width.replicas for width in experiment.trained.widths)


def cloud_particles(experiment: Experiment) -> int:
    """The particles of all networks whose whole law is measured, at the widths of the fits."""
    return sum(plan.width * plan.clouds for plan in experiment.trained.widths if plan.width in experiment.widths)


def chosen(key: str, name: str, allowed: Collection[str]) -> str:
    """The name, where it is one of those allowed; raises `SpecError` otherwise."""
    if name not in allowed:
        raise SpecError(key, name, f"one of {', '.join(sorted(allowed))}")
    return name
