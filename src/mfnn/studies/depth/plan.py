"""What a run may say of two hidden layers: cases with as many neurons in both or not, and of one layer to fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from mfnn.learning.case import Case
from mfnn.learning.design import Experiment
from mfnn.studies.study import CasesPlan


class Plan(CasesPlan):
    """The cases by name."""

    title: ClassVar[str] = "Two hidden layers"

    @property
    def first_layer(self) -> dict[str, Case]:
        """The cases of which is measured how far the first layer moves: those from another start of the weights v."""
        return {name: case for name, case in self.cases.items() if case.changes.get("initial.v")}

    def deep(self, experiments: Mapping[str, Experiment]) -> dict[str, Case]:
        """The cases with two hidden layers whose weights between them are observed."""
        problems = {name: case.problem(name, experiments[case.base].scenario) for name, case in self.cases.items()}
        return {
            name: case
            for name, case in self.cases.items()
            if problems[name].hidden_layers == 2
            and "v" in case.functions(experiments[case.base].scenario)
            and name not in self.first_layer
        }
