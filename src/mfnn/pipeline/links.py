"""For each figure the code that drew it: its path, the commit that last changed it, and its address on the web."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mfnn.pipeline.git import Repository

STUDIES = "mfnn.studies."
SHORT = 7  # digits of a commit that are shown
# https://host/owner/name, ssh://git@host/owner/name or git@host:owner/name; no other character may reach TeX.
_WEB = re.compile(
    r"(?:https://(?:[^@/]+@)?|ssh://(?:[^@/]+@)?|[\w.-]+@)(?P<host>[\w-]+(?:\.[\w-]+)+)(?::\d+(?=/))?[:/]"
    r"(?P<path>[\w.~-]+(?:/[\w.~-]+)+)"
)


@dataclass(frozen=True)
class Code:
    """A file of the repository: the commit that last changed it, if any, and whether it was edited since."""

    path: str
    commit: str | None
    edited: bool

    def tex(self, repository: str | None) -> str:
        """Path and commit for a caption, linked to a repository's page of the file where its address is known."""
        name = self.path.replace("_", r"\_").replace("/", r"/\allowbreak ")
        if not self.commit:
            return rf"\texttt{{{name}}}"
        shown = rf"\texttt{{{name}}}{', edited' if self.edited else ''} at \texttt{{{self.commit[:SHORT]}}}"
        return rf"\href{{{repository}/blob/{self.commit}/{self.path}}}{{{shown}}}" if repository else shown


def web_address(remote: str | None) -> str | None:
    """The web address of a repository whose remote is an https or ssh address; None for folders and everything else."""
    found = _WEB.fullmatch((remote or "").rstrip("/").removesuffix(".git"))
    return f"https://{found['host']}/{found['path']}" if found else None


def drawn_by(script: Path) -> str:
    """The module of a study that a script draws with, by its path in the project."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return f"src/{next(name for name in modules if name.startswith(STUDIES)).replace('.', '/')}.py"


def code_at(repository: Repository, path: str) -> Code:
    """A file of the working tree and the commit that last changed it."""
    commit = repository.last_change(path)
    return Code(path, commit, bool(commit) and repository.edited(path))


def macros(scripts: Iterable[Path], repository: Repository) -> str:
    """A TeX macro for each plot script, `code@<script>`, with the code it draws by."""
    address = web_address(repository.remote)
    lines = (
        rf"\expandafter\def\csname code@{script.stem}\endcsname{{{code_at(repository, drawn_by(script)).tex(address)}}}"
        for script in scripts
    )
    return "".join(f"{line}\n" for line in lines)
