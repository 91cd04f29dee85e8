"""Cases: networks of a scenario, changed in some keys, that a study trains at widths of its own and predicts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, PositiveFloat, model_validator

from mfnn.errors import SpecError
from mfnn.learning.changed import Changed
from mfnn.learning.observables import Monomial, parse_all
from mfnn.learning.pairs import pair_functions
from mfnn.learning.problem import Problem
from mfnn.learning.scenario import Scenario, product
from mfnn.spec import Count
from mfnn.storage import read_yaml

Replicas = Annotated[int, Field(ge=4)]


class Case(Changed):
    """What is trained and at which times it is observed, and how well its limit is solved.

    `widths` are N with their replicas; two hidden layers have N times `layers` neurons. Predictions are held against
    the widths from `from_width` up. With `next_order` the bias of order 1/N is predicted too. `instead` names the case
    whose prediction, made for this one's widths, has to fail here. `observables` are the scenario's unless named; of one
    of them, `group`, products over groups of neurons are measured.
    """

    times: list[float] = Field(min_length=1)
    observables: list[str] = Field(default_factory=list)
    group: str | None = None
    tolerance: PositiveFloat
    widths: dict[Count, Replicas] = Field(min_length=1)
    layers: tuple[Count, Count] = (1, 1)
    from_width: Count = 1
    next_order: bool = False
    instead: str | None = None

    @model_validator(mode="after")
    def _judged(self) -> Case:
        if list(self.widths) != sorted(self.widths):
            raise ValueError("increasing widths")
        if self.from_width > max(self.widths):
            raise ValueError(f"from_width at most {max(self.widths)}, the largest width")
        return self

    def functions(self, scenario: Scenario) -> list[str]:
        """The observables of the case."""
        return self.observables or scenario.observables

    def neurons(self, width: int) -> int | tuple[int, int]:
        """N, or the neurons of either hidden layer where they are not equally many."""
        first, second = self.layers
        return width if first == second else (first * width, second * width)

    @property
    def shape(self) -> str:
        """The layers as a formula."""
        first, second = ("N" if factor == 1 else f"{factor}N" for factor in self.layers)
        return f"$N_1 = {first}$, $N_2 = {second}$"

    def check(self, name: str, scenario: Scenario) -> Problem:
        """The case's problem; raises `SpecError` for times or observables that it does not have."""
        problem = self.problem(name, scenario)
        problem.time_grid(self.times)
        parse = pair_functions if problem.hidden_layers == 2 else parse_all
        parse(self.functions(scenario), problem)
        if self.group is not None:
            whole_group(f"{name}.group", self.group, self.functions(scenario), problem)
        if problem.hidden_layers == 1 and self.layers != (1, 1):
            raise SpecError(f"{name}.layers", self.layers, "[1, 1] with one hidden layer")
        return problem


def whole_group(key: str, f: str, observables: list[str], problem: Problem) -> None:
    """Raise `SpecError` where products of f over groups of neurons are not known: f has to be one with a square."""
    allowed = list(squares(observables, problem))
    if f not in allowed:
        raise SpecError(key, f, f"one of {', '.join(allowed)}" if allowed else "none with these observables")


def squares(observables: list[str], problem: Problem) -> dict[str, str]:
    """The name of f² for every observable f of one neuron: with it the covariance of two neurons is known."""
    if problem.hidden_layers == 2:
        return {}
    return {
        name: product(name, name) for name, f in parse_all(observables, problem).items() if isinstance(f, Monomial)
    }


def case_of_run(configuration: Path, study: str, name: str) -> Case:
    """A case that a run's configuration asks for, already found right."""
    return Case.model_validate(read_yaml(configuration)["studies"][study]["cases"][name])
