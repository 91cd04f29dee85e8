"""What the terminal says when the workflow is done, or stopped: the outcome first, then where to look."""

from __future__ import annotations

import re
import time
from pathlib import Path

_FAILED = re.compile(r"^Error in rule (\w+):\n(.*?)(?=^\S)", re.MULTILINE | re.DOTALL)
_LOG = re.compile(r"^ +log: (\S+)", re.MULTILINE)
SHOWN = 5  # failures on one screen
CLOCKS_DIFFER = 1  # seconds, of a file system and this machine


def done(verdicts: Path, places: dict[str, Path], seconds: float) -> str:
    """The closing screen: what was made in these seconds, how the claims came out if they were judged, and the time."""
    begun = time.time() - seconds - CLOCKS_DIFFER

    def made(path: Path) -> bool:
        return path.exists() and path.stat().st_mtime >= begun

    lines = verdicts.read_text(encoding="utf-8").splitlines() if made(verdicts) else []
    shown = [f"  {name:<9}{path}" for name, path in places.items() if made(path)]
    tally = [f"  {lines[-1]}"] if lines else []
    undecided = [f"  (those that do not hold are listed in {verdicts})"] if len(lines) > 1 else []
    return "\n".join(["", *tally, *undecided, *shown, f"  {'time':<9}{duration(seconds)}", ""])


def stopped(log: Path) -> str:
    """The error screen from Snakemake's log: each failed rule, the last line of its own log as the cause, the log."""
    failures = dict.fromkeys(
        (found[1], logs[1] if (logs := _LOG.search(found[2])) else str(log))
        for found in _FAILED.finditer(log.read_text(encoding="utf-8", errors="replace") + "\n.")
    )
    if not failures:
        return f"\n  Stopped before any rule failed; see {log}\n"
    told = [f"  {rule} failed: {_cause(Path(own))}\n    log: {own}" for rule, own in list(failures)[:SHOWN]]
    more = [f"  and {len(failures) - SHOWN} more, in {log}"] if len(failures) > SHOWN else []
    return "\n".join(
        ["", *told, *more, "  What is done is kept: once this is mended, the same command goes on from here.", ""]
    )


def _cause(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it left no message")


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
