"""A hash of the code a script runs: its own syntax tree and those of all package modules it imports, transitively.

Snakemake sees a change in a rule's parameters but not inside an imported package. With this hash as a parameter,
an edit that changes what a program does reruns exactly the rules that use it; comments, docstrings and formatting
do not.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def fingerprint(source: Path) -> str:
    """Twelve hexadecimal digits that change with the meaning of `source` or of any package module below it."""
    digest = hashlib.sha256()
    for path in sorted(_reachable(source)):
        digest.update(f"{path.name}\n{_read(path)[1]}\n".encode())
    return digest.hexdigest()[:12]


def _reachable(source: Path) -> set[Path]:
    found, pending = set(), [source.resolve()]
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            pending.extend(_read(path)[0])
    return found


@cache
def _read(path: Path) -> tuple[tuple[Path, ...], str]:
    """The package's modules that one file imports, and its syntax tree without docstrings and positions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: list[str] = []
    for node in _statements(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    candidates = {_module_file(name) for name in names if name.split(".")[0] == PACKAGE.name}
    return tuple(sorted(found for found in candidates if found and found != PACKAGE / "__init__.py")), ast.dump(tree)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all statements below it, inside functions and under conditions included; expressions hold none."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _statements(child)


def _module_file(name: str) -> Path | None:
    base = PACKAGE.joinpath(*name.split(".")[1:])
    options = (base.with_suffix(".py"), base / "__init__.py")
    return next((option for option in options if option.is_file()), None)
