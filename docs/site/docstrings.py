"""Docstrings as they are written here, Markdown with indented formulas, in what Sphinx reads."""

import re
from collections.abc import Iterator
from typing import Any


def restructured(lines: list[str]) -> list[str]:
    """The lines of a docstring in reStructuredText: `code` in double backticks, indented blocks as they stand."""
    return [line for block in _blocks(lines) for line in block]


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Paragraphs, and indented blocks introduced as literal ones."""
    literal = False
    for line in lines:
        if line.startswith("    ") and not literal:
            literal = True
            yield ["::", ""]
        elif line.strip() and not line.startswith("    "):
            if literal:
                yield [""]
            literal = False
        yield [line if literal else _escaped(line)]


def _escaped(line: str) -> str:
    """Running text: stars, bars and underscores mean themselves, code is code."""
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(f"`{part}`" if part.startswith("`") else re.sub(r"([*|_\\])", r"\\\1", part) for part in parts)


def _converted(app: Any, what: str, name: str, of: Any, options: Any, lines: list[str]) -> None:
    lines[:] = restructured(lines)


def setup(app: Any) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", _converted)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
