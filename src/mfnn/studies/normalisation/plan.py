"""What a run may say of normalisations: a case for each exponent of the width."""

from __future__ import annotations

from typing import ClassVar

from mfnn.studies.study import CasesPlan


class Plan(CasesPlan):
    """The cases by name."""

    title: ClassVar[str] = "Normalisations"
