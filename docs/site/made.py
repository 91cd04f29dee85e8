"""Parts of pages that are made from the project's own files: the claims of the default run, the gallery of figures."""

import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from mfnn.pipeline.plan import read_plan
from mfnn.storage import read_yaml
from mfnn.verdicts.families import Family, claims_of, read_families
from mfnn.verdicts.rules import Claim

ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"^\| `(?P<name>[\w.]+)` \| (?P<shows>.*?) \| (?P<claims>.*?) \| `(?P<rule>\w+)` \|", re.MULTILINE)


def claims() -> str:
    """The claims of the default run, a section a study: what each entry of its file states, its rules, its ids."""
    plan = read_plan(read_yaml(ROOT / "config/paper.yaml"), ROOT / "config/scenarios")
    sections = []
    for study, asked in plan.claimed.items():
        path = ROOT / f"config/claims/{study}.yaml"
        families = read_families(path) if path.exists() else []
        entries = [_entry(family, list(claims_of(family, asked))) for family in families]
        if any(entries):
            sections.append("\n".join([f"## {plan.studies[study].title}", "", *filter(None, entries)]))
    return "\n".join(sections)


def _entry(family: Family, stated: list[Claim]) -> str:
    """One entry with the claims that it stands for; nothing where the run makes it stand for none."""
    if not stated:
        return ""
    rules = dict.fromkeys(f"{_plain(str(claim.rule))}; {claim.rule.violation}" for claim in stated)
    ids = ", ".join(f"`{claim.id}`" for claim in stated)
    return (
        f"**{_worded(family.statement)}.** Rule, and what violates it: {' | '.join(rules)}. That would mean: "
        f"{_worded(family.violated)}. Claims: {ids}.\n"
    )


def _worded(text: str) -> str:
    """A sentence of an entry, its placeholders as words in brackets."""
    return re.sub(r"\{(\w+)\}", r"[\1]", _plain(text))


def gallery() -> str:
    """Every figure with what it shows, its claims, its rule and script; the picture where a run has made it."""
    index = (ROOT / "figures/README.md").read_text(encoding="utf-8")
    sections = []
    for row in _ROW.finditer(index):
        name = row["name"]
        picture = ROOT / "figures" / (name if name.endswith(".gif") else f"{name}.png")
        shown = [f"![{Path(name).stem}](../figures/{picture.name})", ""] if picture.exists() else []
        told = f"Rule and script `{row['rule']}`; claims: {row['claims']}."
        sections.append("\n".join([f"## {Path(name).stem}", "", *shown, f"{row['shows']}.", "", told, ""]))
    return "\n".join(sections)


def _plain(text: str) -> str:
    """Text in which stars, bars and underscores mean themselves."""
    return re.sub(r"([*_|\\])", r"\\\1", text)


class Made(Directive):
    """`{made} NAME`: Markdown made by the function of that name above."""

    required_arguments = 1
    parts: ClassVar = {"claims": claims, "gallery": gallery}

    def run(self) -> list[nodes.Node]:
        lines = self.parts[self.arguments[0]]().splitlines()
        container = nodes.section()
        container.document = self.state.document
        self.state.nested_parse(StringList(lines, source=self.arguments[0]), self.content_offset, container, True)
        return container.children


def setup(app: Any) -> dict[str, bool]:
    app.add_directive("made", Made)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
