"""Variations of scenarios: consequences of the fluctuation formula, and negative controls, where the theorem must fail.

A variant is a scenario with some keys of its specification replaced, a protocol of training, and probes: sizes of
fluctuations or errors as functions of the width, with the exponent that is predicted for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from mfnn.errors import SpecError
from mfnn.learning.assumptions import require
from mfnn.learning.changed import Changed
from mfnn.learning.observables import parse
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import Protocol
from mfnn.spec import Count, Spec
from mfnn.storage import UnreadableError, read_yaml


class Probe(Spec):
    """One observable at one time; which size of it is followed through the widths, and its predicted exponent."""

    observable: str
    time: float
    size: Literal["variance", "spread", "from_limit", "from_start"]
    slope: float | None = None

    @model_validator(mode="after")
    def _predicted(self) -> Probe:
        if (self.slope is None) != (self.size == "variance"):
            raise ValueError("a slope for every size but the variance, which is predicted with its constant")
        return self


class Variant(Changed):
    """A scenario changed in some keys, trained by a protocol, with its probes by name."""

    title: str
    probes: dict[str, Probe] = Field(min_length=1)

    @model_validator(mode="after")
    def _variance_known(self) -> Variant:
        """V_init/N + V_sgd/(B N^b) is that of fresh samples, of the theorem's scale of outputs and of small steps."""
        protocol = self.protocol
        known = protocol.sampling != "markov" and protocol.output_exponent == 1 and protocol.step_exponent > 0
        if not known and self.asks_for_variance:
            raise ValueError(
                "no variance of correlated samples, of outputs on another scale or of steps that do not shrink: "
                "it has no predicted constant"
            )
        return self

    @property
    def asks_for_variance(self) -> bool:
        """Whether a probe is held against the formula of the fluctuations."""
        return any(probe.size == "variance" for probe in self.probes.values())


class ControlFile(Spec):
    """All variants by family and name."""

    consequences: dict[str, Variant] = Field(min_length=1)
    controls: dict[str, Variant] = Field(min_length=1)


class VariantRuns(Spec):
    """At which widths a run trains a variant, and how many replicas of each."""

    widths: list[Count] = Field(min_length=2)
    replicas: Annotated[Count, Field(ge=4)]

    @model_validator(mode="after")
    def _increasing(self) -> VariantRuns:
        if self.widths != sorted(set(self.widths)):
            raise ValueError("increasing widths")
        return self


class Job(Spec):
    """One variant as the scripts get it: a whole problem, its protocol, probes, widths and replicas."""

    title: str
    problem: Problem
    protocol: Protocol
    probes: dict[str, Probe]
    widths: list[int]
    replicas: int

    @property
    def times(self) -> list[float]:
        """The times of the probes, increasing."""
        return sorted({probe.time for probe in self.probes.values()})

    @property
    def observables(self) -> list[str]:
        """The observables of the probes, each once."""
        return list(dict.fromkeys(probe.observable for probe in self.probes.values()))


def jobs_json(jobs: Sequence[Job]) -> str:
    """Jobs as JSON."""
    return json.dumps([job.model_dump(mode="json") for job in jobs])


def variants_of_run(configuration: Path, folder: Path) -> list[Job]:
    """The jobs that a run's configuration asks for, already found right, on the scenarios of a folder."""
    asked = read_yaml(configuration)["studies"]["controls"]["variants"]
    runs = {name: VariantRuns.model_validate(each) for name, each in asked.items()}
    return read_controls(folder.parent / "controls.yaml", runs, folder)


def read_controls(path: Path, runs: Mapping[str, VariantRuns], folder: Path) -> list[Job]:
    """The jobs of a run: variants of a YAML file on the scenarios of a folder; raises `SpecError` in one line."""
    try:
        file = ControlFile.model_validate(_content(path))
        variants = {**file.consequences, **file.controls}
        if runs.keys() != variants.keys():
            raise SpecError("variants", sorted(runs.keys() ^ variants.keys()), f"the variants of {path}, each once")
        return [_job(name, variant, runs[name], folder) for name, variant in variants.items()]
    except SpecError as refusal:
        raise SpecError.within(str(path), refusal) from None


def _job(name: str, variant: Variant, runs: VariantRuns, folder: Path) -> Job:
    """A variant with its problem, whose name makes its random streams its own."""
    problem = variant.problem(name, variant.scenario(folder))
    if variant.asks_for_variance:
        _require_formula(name, problem, variant.protocol)
    for probe in variant.probes.values():
        parse(probe.observable, problem)
        problem.time_grid([probe.time])
    fields = variant.model_dump(include={"title", "protocol", "probes"})
    return Job(**fields, problem=problem, widths=runs.widths, replicas=runs.replicas)


def _require_formula(name: str, problem: Problem, protocol: Protocol) -> None:
    """Refuse the variance of a problem for which its formula does not hold."""
    require(problem, "fluctuations")
    if problem.temperature:
        allowed = "0 for the variance of a variant, whose sources are the start and the samples"
        raise SpecError(f"{name}.temperature", problem.temperature, allowed)
    if protocol.sampling == "shuffled" and problem.data.noise_std:
        allowed = "0 with epochs: the kicks of fresh label noise do not cancel as those of the points do"
        raise SpecError(f"{name}.data.noise_std", problem.data.noise_std, allowed)


def _content(path: Path) -> Any:
    try:
        return read_yaml(path)
    except UnreadableError as reason:
        raise SpecError(str(path), str(reason), "a readable YAML file") from None
