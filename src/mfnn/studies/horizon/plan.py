"""What a run may say of long times: cases over horizons of their own."""

from __future__ import annotations

from typing import ClassVar

from mfnn.studies.study import CasesPlan


class Plan(CasesPlan):
    """The cases by name."""

    title: ClassVar[str] = "Horizon"
