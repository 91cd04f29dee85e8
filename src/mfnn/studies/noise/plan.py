"""What a run may say of noisy steps: cases with and without them."""

from __future__ import annotations

from typing import ClassVar

from mfnn.errors import SpecError
from mfnn.learning.case import Case
from mfnn.learning.design import Experiment
from mfnn.studies.study import CasesPlan


class Plan(CasesPlan):
    """The cases by name, each with a `group`."""

    title: ClassVar[str] = "Noisy steps"

    def check(self, experiment: Experiment) -> None:
        """Every case is right and has a group, of one hidden layer."""
        super().check(experiment)
        for name, case in self.cases.items():
            if case.group is None:
                raise SpecError(
                    f"cases.{name}.group", None, "the observable whose products over neurons are measured"
                )


def group_of(case: Case) -> str:
    """The observable of a case's groups, which the plan has found there."""
    assert case.group is not None
    return case.group
