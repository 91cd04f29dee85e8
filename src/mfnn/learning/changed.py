"""A scenario changed in some keys of its specification, dotted (`initial.c`), and trained by a protocol."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from mfnn.errors import SpecError
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import THEOREM, Protocol
from mfnn.learning.scenario import Scenario, load_scenario
from mfnn.spec import Spec
from mfnn.storage import UnreadableError


class Changed(Spec):
    """The scenario `base` with other values at some keys of its problem, and how it is trained."""

    base: str
    changes: dict[str, Any] = Field(default_factory=dict)
    protocol: Protocol = THEOREM

    def scenario(self, folder: Path) -> Scenario:
        """The scenario as its file in a folder says it; raises `SpecError` in one line."""
        path = folder / f"{self.base}.yaml"
        try:
            return load_scenario(path)
        except UnreadableError as reason:
            raise SpecError(str(path), str(reason), "a readable YAML file") from None

    def problem(self, name: str, scenario: Scenario) -> Problem:
        """The changed problem, under a name that makes its random streams its own; raises `SpecError` in one line."""
        defaults = {key: field.default for key, field in Problem.model_fields.items() if not field.is_required()}
        spec = {**defaults, **scenario.problem(name).model_dump()}
        for key, value in self.changes.items():
            spec = _replaced(spec, key.split("."), value, f"{name}.changes.{key}")
        return Problem.model_validate(spec)


def _replaced(spec: Mapping[str, Any], path: list[str], value: Any, place: str) -> dict[str, Any]:
    """The specification with the value at one path replaced."""
    first, *rest = path
    if first not in spec or (rest and not isinstance(spec[first], Mapping)):
        raise SpecError(place, first, f"keys {', '.join(spec)}")
    inner = _replaced(spec[first], rest, value, place) if rest else copy.deepcopy(value)
    return {**spec, first: inner}
