"""What a run may say of sparse networks: a case for each number of inputs that a neuron sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from mfnn.learning.design import Experiment
from mfnn.studies.study import CasesPlan


class Plan(CasesPlan):
    """The cases by name."""

    title: ClassVar[str] = "Sparse networks"

    def inputs(self, experiments: Mapping[str, Experiment]) -> dict[str, int]:
        """How many of the inputs that vary a neuron of each case sees."""
        problems = {name: case.problem(name, experiments[case.base].scenario) for name, case in self.cases.items()}
        return {
            name: problem.connectivity or problem.dim - len(problem.data.constant)
            for name, problem in problems.items()
        }
