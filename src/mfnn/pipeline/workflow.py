"""What the Snakefile asks of Python: fingerprints, the commit's time, growing resources, how a bad config is refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from mfnn.pipeline.fingerprint import fingerprint
from mfnn.pipeline.git import git

SCRIPTS = Path("scripts")
EPOCH_WITHOUT_GIT = 1_525_305_600  # 3 May 2018, the day the theorem was posted


def code_of(script: str) -> str:
    """The fingerprint of scripts/<script>.py and of the package code it runs."""
    return fingerprint(SCRIPTS / f"{script}.py")


def growing(amount: int | Callable[[Any], int]) -> Callable[[Any, int], int]:
    """A resource, constant or a function of the wildcards, of which the n-th attempt at a job gets n times as much."""

    def at(wildcards: Any, attempt: int) -> int:
        return attempt * (amount(wildcards) if callable(amount) else amount)

    return at


def last_commit_time() -> int:
    """Seconds since 1970 of the last commit, which date the PDF; a fixed day outside a git checkout."""
    return int(git("log", "-1", "--format=%ct") or EPOCH_WITHOUT_GIT)


def refuse(error: Exception) -> NoReturn:
    """End the process at once with one line: Snakemake would show a bad configuration as its own failure."""
    print(f"error: {error}", file=sys.stderr, flush=True)
    os._exit(1)
