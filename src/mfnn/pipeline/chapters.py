"""The chapters of the report: one a study, in the order of the paper's sections, between what all studies share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mfnn.studies.study import StudyPlan

FIRST = {"scenarios": "Scenarios", "limit": "The limit"}
LAST = {"verdicts": "Verdicts", "cost": "Cost"}
_SECTION = re.compile(r"^\s*\\input\{sections/(\w+)\}", re.MULTILINE)


@dataclass
class Chapter:
    """A chapter of the report with its place among them; its tables and the number of its entries grow with the rules."""

    place: int
    title: str
    tables: list[str] = field(default_factory=list)
    entries: int = 0

    def entry(self, name: str) -> dict[str, object]:
        """The report's category and label of one more figure or table, numbered since its menu sorts.

        One label: a second one with two values, figure and table, would be made a switch, which fails on what is not there.
        """
        self.entries += 1
        title = name.replace("table_", "table: ").replace("_", " ")
        return {
            "category": f"{self.place:02d} {self.title}",
            "labels": {"shows": f"{self.place:02d}.{self.entries} {title}"},
        }


def report_chapters(paper: Path, studies: Mapping[str, StudyPlan]) -> dict[str, Chapter]:
    """The chapters by study; a study without a section in the paper comes after those that have one."""
    sections = [name for name in _SECTION.findall(paper.read_text(encoding="utf-8")) if name in studies]
    ordered = dict.fromkeys([*sections, *studies])
    titles = FIRST | {name: studies[name].title for name in ordered} | LAST
    return {name: Chapter(place, title) for place, (name, title) in enumerate(titles.items(), 1)}
