"""What a run may say of noisy steps: cases with and without them."""

from __future__ import annotations

from typing import ClassVar

from mfnn.studies.study import CasesPlan


class Plan(CasesPlan):
    """The cases by name."""

    title: ClassVar[str] = "Noisy steps"
