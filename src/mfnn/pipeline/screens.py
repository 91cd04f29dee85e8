"""What the terminal says when the workflow is done, or stopped: the outcome first, then where to look."""

from __future__ import annotations

import re
import time
from pathlib import Path

_FAILED = re.compile(r"^Error in rule (\w+):\n(.*?)(?=^\S)", re.MULTILINE | re.DOTALL)
_REFUSED = re.compile(
    r"^(?!Error )\w+ in rule (\w+)(?: in file .*)?:\n(.+)", re.MULTILINE
)  # by Snakemake, once a job was done
_FUTURE = re.compile(r"^Output \S+ has older modification time .* than input (\S+) \(")
_LOG = re.compile(r"^ +log: (\S+)", re.MULTILINE)
INTERRUPTED = "Terminating processes on user request"
GOES_ON = "the same command goes on from here."
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
    """The error screen from Snakemake's log: each failed rule with its cause and its log, or that a user stopped it all."""
    text, interrupted, _ = log.read_text(encoding="utf-8", errors="replace").partition(INTERRUPTED)
    failures = _failures(text, log)
    told = [f"  {rule} failed: {cause}\n    log: {own}" for rule, cause, own in failures[:SHOWN]]
    more = [f"  and {len(failures) - SHOWN} more, in {log}"] if len(failures) > SHOWN else []
    if interrupted:
        mended = "once this is mended, " if failures else ""
        return "\n".join(["", *told, *more, f"  Interrupted. What is done is kept: {mended}{GOES_ON}", ""])
    if not failures:
        return f"\n  Stopped; the cause stands at the end of {log}\n"
    return "\n".join(["", *told, *more, f"  What is done is kept: once this is mended, {GOES_ON}", ""])


def _failures(text: str, log: Path) -> list[tuple[str, str, Path]]:
    """Each failed rule with its cause, its log's last line or what Snakemake found amiss with its files, and the log."""
    failures: dict[tuple[str, Path], str] = {}
    for rule, block in _FAILED.findall(text + "\n."):
        own = Path(named[1]) if (named := _LOG.search(block)) else log
        failures.setdefault((rule, own), _cause(own))
    for rule, cause in _REFUSED.findall(text):
        future = _FUTURE.match(cause)
        said = f"{future[1]} is dated in the future: touch it, or set the clock" if future else cause
        failures.setdefault((rule, log), said)
    return [(rule, cause, own) for (rule, own), cause in failures.items()]


def _cause(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it left no message")


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
