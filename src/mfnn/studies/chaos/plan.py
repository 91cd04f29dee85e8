"""What a run may say of the propagation of chaos: on which scenarios, which functions of two neurons are tested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import Field

from mfnn.learning.design import Experiment, ScenarioName
from mfnn.learning.observables import parse_all
from mfnn.spec import Count, Spec
from mfnn.studies.chaos import LEAST_REPLICAS
from mfnn.studies.study import Job, StudyPlan, asks, least_replicas, networks
from mfnn.verdicts.pairs import LEAST_WIDTH

# An unbiased distance covariance divides by R (R − 3), and fewer can be re-paired in too few ways.


class NeuronsPlan(Spec):
    """What is measured of the neurons of one scenario.

    `coupling_nodes` are the Gauss nodes a coordinate of θ_0 over which the coupling's constant is averaged,
    `dependence` the functions f and g of two neurons that are tested for independence.
    """

    coupling_nodes: list[Count] = Field(min_length=1)
    dependence: tuple[str, str]


class Plan(StudyPlan):
    """The scenarios whose neurons are followed; the figures show the first one."""

    title: ClassVar[str] = "Chaos"
    follows: ClassVar[int] = 2
    scenarios: dict[ScenarioName, NeuronsPlan] = Field(min_length=1)

    @property
    def names(self) -> list[str]:
        """The scenarios of the study."""
        return list(self.scenarios)

    def check(self, experiment: Experiment) -> None:
        """Fluctuations predicted on a product rule, one number of nodes a coordinate, and functions of a neuron."""
        _ = experiment.fluctuations
        plan, coordinates = (
            self.scenarios[experiment.name],
            experiment.scenario.problem(experiment.name).coordinate_names,
        )
        asks(
            f"scenarios.{experiment.name}.coupling_nodes",
            experiment,
            len(plan.coupling_nodes) == len(coordinates),
            f"nodes of a product rule, one number for each of {', '.join(coordinates)}",
        )
        parse_all(plan.dependence, experiment.scenario.problem(experiment.name))
        experiment.require("coupling_constants")
        least_replicas("scenarios", experiment, LEAST_REPLICAS)
        narrowest = experiment.trained.widths[0].width
        asks("scenarios", experiment, narrowest >= LEAST_WIDTH, f"networks of at least {LEAST_WIDTH} neurons: pairs")

    def parts(self, experiments: Mapping[str, Experiment]) -> list[str]:
        """Groups of neurons, in the scenarios that have a group."""
        grouped = [name for name in self.names if experiments[name].scenario.group]
        return [".groups", *(f".groups/{name}" for name in grouped)] if grouped else []

    def jobs(self, experiments: Mapping[str, Experiment]) -> Iterable[Job]:
        """What reads the records of all networks."""
        for name in self.names:
            work = (float(networks(experiments[name])),)
            yield Job("measure_chaos", name, f"{name}.tsv", work, work)
