"""What a run may say of the bias: cases whose next order is predicted, at three widths or more."""

from __future__ import annotations

from typing import ClassVar

from mfnn.studies.study import CasesPlan


class Plan(CasesPlan):
    """The cases by name."""

    title: ClassVar[str] = "Bias"
