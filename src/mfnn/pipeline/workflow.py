"""What the Snakefile asks of Python: its own files, what every rule repeats, growing resources, how it refuses."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from mfnn.errors import told
from mfnn.pipeline.fingerprint import fingerprint
from mfnn.pipeline.git import Repository
from mfnn.pipeline.links import web_address
from mfnn.pipeline.options import options_of
from mfnn.pipeline.typical import Typical

EPOCH_WITHOUT_GIT = 1_525_305_600  # 3 May 2018, the day the theorem was posted
_SCRIPT = re.compile(r"scripts'?/(\w+)\.py ")
_WILDCARD = re.compile(r"\{(\w+)[,}]")
_PREFIX = {"width": "N", "batch": "batch"}  # of a wildcard's value in the names of logs and benchmarks


class Home:
    """The folder of the workflow's own files; relative while one works in it, so that nothing in results names it."""

    def __init__(self, folder: str) -> None:
        self.folder = Path() if Path(folder).resolve() == Path.cwd().resolve() else Path(folder).resolve()
        self.repository = Repository(self.folder)

    def __truediv__(self, path: str) -> str:
        return (self.folder / path).as_posix()

    def is_module_of(self, other: str) -> bool:
        """Whether the workflow is part of somebody else's, whose folder the other one is."""
        return self.folder.resolve() != Path(other).resolve()

    def files(self, pattern: str) -> list[str]:
        """The files that match a pattern, sorted."""
        return sorted(path.as_posix() for path in self.folder.glob(pattern))

    def code_of(self, script: str) -> str:
        """The fingerprint of a script and of the package code it runs."""
        return fingerprint(self.folder / "scripts" / f"{script}.py")

    @property
    def web_address(self) -> str | None:
        """The repository's address on the web."""
        return web_address(self.repository.remote)

    @property
    def last_commit_time(self) -> int:
        """Seconds since 1970 of the last commit, which date the PDF; a fixed day outside the project's repository."""
        return self.repository.head[1] if self.repository.head else EPOCH_WITHOUT_GIT


def complete(workflow: Any, home: Home, results: str, typical: Typical) -> None:
    """What every rule that runs a script would repeat: its options, its log, its benchmark, the fingerprint of its code.

    And memory and time that its jobs ask for, where neither the rule nor the user says more: the n-th attempt n times
    as much. Logs and benchmarks lie in folders of the rule's name, under its wildcards in the order of its output's path.
    """
    for rule in workflow.rules:
        script = _SCRIPT.search(rule.shellcmd or "")
        if not script or rule.log:
            continue
        named = dict.fromkeys(_WILDCARD.findall(str(rule.output[0])))
        place = "/".join(["", *(f"{_PREFIX.get(name, '')}{{{name}}}" for name in named)])
        rule.log_modifier = rule.benchmark_modifier = rule.output_modifier
        rule.set_log(f"{results}/logs/{script[1]}{place}.log")
        rule.benchmark = f"{results}/benchmarks/{script[1]}{place}.tsv"
        if "runtime" not in rule.resources:
            asked = {
                "mem_mb": _asked(typical.asked_mb, script[1], place),
                "runtime": _asked(typical.asked_minutes, script[1], place),
            }
            for name, amount in asked.items():
                rule.resources[name] = amount
        rule.set_params(options=options_of(rule), fingerprint=home.code_of(script[1]))


def _asked(typical: Callable[[str, Path], int], script: str, place: str) -> Callable[[Any, int], int]:
    """A resource as a function of wildcards and attempt."""

    def at(wildcards: Any, attempt: int) -> int:
        benchmark = f"{script}{place}.tsv".format(**dict(wildcards.items()))
        return attempt * typical(script, Path(benchmark))

    return at


def digest(text: str) -> str:
    """Twelve hexadecimal digits that change with a text: of what is in a file for which a job is run again."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def one_of(names: Iterable[str]) -> str:
    """The regular expression of a wildcard that is one of these names, or nothing where there is none."""
    return "|".join(names) or "$."


def growing(amount: int | Callable[[Any], int]) -> Callable[[Any, int], int]:
    """A resource, constant or a function of the wildcards, of which the n-th attempt at a job gets n times as much."""

    def at(wildcards: Any, attempt: int) -> int:
        return attempt * (amount(wildcards) if callable(amount) else amount)

    return at


def refuse(error: Exception) -> NoReturn:
    """End the process at once with one line: Snakemake would show a bad configuration as its own failure."""
    print(f"error: {told(error)}", file=sys.stderr, flush=True)
    os._exit(1)
