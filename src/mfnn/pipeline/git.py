"""What git says about the project's own repository, or why it says nothing: none, somebody else's, or refused.

Only git's plumbing is asked: neither the user's configuration (signatures shown, addresses rewritten, aliases) nor a
repository that variables of the environment point to changes what it prints.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

NO_GIT = "there is no git here"
NO_REPOSITORY = "the project's folder is not a git repository"
SOMEONE_ELSES = "the project's folder lies in the repository of another project"
_KEPT = "GIT_CONFIG_"  # configuration by variables, with which a shared folder may be declared safe


def git(folder: Path, *arguments: str) -> bytes:
    """What a git command prints about the repository around a folder.

    Raises `OSError` where there is no git, `subprocess.CalledProcessError` where it fails.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    return subprocess.run(command, env=own, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout


@dataclass(frozen=True)
class Repository:
    """The git repository whose top is the project's folder; every answer is None where there is none."""

    folder: Path

    @cached_property
    def missing(self) -> str | None:
        """Why git says nothing about the project, in one clause; None where the repository is the project's own."""
        kept = (self.folder / ".git").exists()
        try:
            top = git(self.folder, "rev-parse", "--show-toplevel")
        except OSError:
            return NO_GIT if kept else NO_REPOSITORY
        except subprocess.CalledProcessError as refusal:
            words = refusal.stderr.decode(errors="replace").strip().splitlines() or [f"status {refusal.returncode}"]
            return f"git refuses: {words[0]}" if kept else NO_REPOSITORY
        return None if Path(os.fsdecode(top.removesuffix(b"\n"))).samefile(self.folder) else SOMEONE_ELSES

    @property
    def doubt(self) -> str | None:
        """What a user should be told: which commits go unnamed although git's folder is there, or another project's."""
        if self.missing not in (None, NO_REPOSITORY):
            return f"No commit is recorded and the paper has the theorem's date: {self.missing}"
        return "Captions name no commit of code that is older than this shallow clone" if self._cut else None

    def ask(self, *arguments: str) -> str | None:
        """What git prints about the project, stripped; None where it has nothing to say."""
        if self.missing:
            return None
        try:
            return git(self.folder, *arguments).decode(errors="replace").strip()
        except subprocess.CalledProcessError:  # there is no commit yet, no remote, no such file
            return None

    @cached_property
    def head(self) -> tuple[str, int] | None:
        """The last commit and its time in seconds since 1970."""
        seconds, _, commit = (self.ask("rev-list", "-1", "--timestamp", "HEAD") or "").partition(" ")
        return (commit, int(seconds)) if commit else None

    @property
    def state(self) -> str | None:
        """The last commit, with `-dirty` where tracked files differ from it."""
        edited = self.ask("status", "--porcelain=v1", "--untracked-files=no")
        return f"{self.head[0]}{'-dirty' if edited else ''}" if self.head else None

    @property
    def remote(self) -> str | None:
        """The address of the remote `origin` as it is written down, whatever the user's git rewrites it to."""
        return self.ask("config", "--local", "--get", "remote.origin.url") or None

    def last_change(self, *paths: str) -> str | None:
        """The commit that last changed any of these paths; None where a shallow clone does not reach back to it."""
        commit = self.ask("rev-list", "-1", "HEAD", "--", *paths) or None
        return None if commit in self._cut else commit

    def edited(self, path: str) -> bool:
        """Whether a tracked file differs from the last commit."""
        committed, there = self.ask("rev-parse", f"HEAD:{path}"), self.ask("hash-object", "--", path)
        return bool(committed) and committed != there

    @cached_property
    def _cut(self) -> frozenset[str]:
        """The commits at which a shallow clone ends: they seem to have made everything that is older."""
        kept = self.ask("rev-parse", "--git-path", "shallow")
        shallow = self.folder / kept if kept else None
        return frozenset(shallow.read_text(encoding="ascii").split()) if shallow and shallow.exists() else frozenset()
