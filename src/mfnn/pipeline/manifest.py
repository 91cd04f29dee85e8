"""What a run found, small enough to be kept beside the code: digests of its tables, its numbers and its verdicts.

Another run, on another machine, from another seed or of other code, is held against it: what made it, file by file, where
equal bytes need no further word, and number by number, where it is said whether a difference matters. Rounding does not,
since instruction sets differ in the last digits; nor does what the intervals of both runs explain; a verdict that changes
does.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scipy.special import ndtri

from mfnn.errors import MfnnError
from mfnn.storage import UnreadableError, read_json, read_table
from mfnn.verdicts.numbers import merge

ROUNDING = 1e-9  # relative: a thousand times what AVX2 and AVX-512 were seen to differ by, and their fits with them
FAMILY_ERROR = 0.01  # chance that any of all intervals of two independent runs of one law disagrees
VOLATILE = {"runtimes.csv"}
COUNTS = "claims.json"  # how many claims hold: said verdict by verdict
MADE = ("commit", "run", "root_seed", "lock_sha256", "python", "processor", "blas", "switches")  # of the provenance
HELD = ("files", "numbers", "verdicts")
PARTS = (
    *("summary/*.json", "convergence/**/*.csv", "chaos/**/*.csv", "controls/*.csv", "settling/**/*.csv"),
    *("finite_volumes/*.csv", "proof_terms/*.csv", "tables/*.csv", "verdicts.csv"),
)


@dataclass(frozen=True)
class Difference:
    """One thing that is not as published; `matters` where neither rounding nor the intervals explain it."""

    place: str
    text: str
    matters: bool


def manifest(results: Path) -> dict[str, Any]:
    """What made a finished run, its digests, numbers and verdicts; raises `MfnnError` where it is not finished."""
    if not (results / "provenance.json").exists():
        raise MfnnError(f"no finished run in {results}: `make` leaves one in results")
    made = read_json(results / "provenance.json")
    return {
        "made": {key: made.get(key) for key in MADE},
        "files": _files(results),
        "numbers": _numbers(results),
        "verdicts": _verdicts(results),
    }


def compare(published: Mapping[str, Any], results: Path) -> list[Difference]:
    """What differs between a manifest and a run; raises `MfnnError` for a file that is no manifest."""
    _check(published)
    found = manifest(results)
    differences = [
        Difference(f"provenance, {key}", f"was {published['made'].get(key)}, is {found['made'][key]}", matters=False)
        for key in MADE
        if published["made"].get(key) != found["made"][key]
    ]
    differences += [
        Difference(name, _state(name, published["files"], found["files"]), matters=False)
        for name in sorted(published["files"].keys() | found["files"].keys())
        if published["files"].get(name) != found["files"].get(name)
    ]
    keys = sorted(published["numbers"].keys() | found["numbers"].keys())
    for key in keys:
        differences += _number(key, published["numbers"].get(key), found["numbers"].get(key), len(keys))
    for claim in sorted(published["verdicts"].keys() | found["verdicts"].keys()):
        old, new = (run["verdicts"].get(claim, "not judged") for run in (published, found))
        differences += [Difference(claim, f"was {old}, is {new}", matters=True)] if old != new else []
    return differences


def _check(published: Mapping[str, Any]) -> None:
    if missing := [part for part in ("made", *HELD) if not isinstance(published.get(part), dict)]:
        raise MfnnError(f"not a manifest: it has no {', '.join(missing)}")
    for key, entry in published["numbers"].items():
        pair = isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, int | float) for part in entry)
        if not (pair or isinstance(entry, str)):
            raise MfnnError(
                f"not a manifest: numbers.{key} is {entry!r}; a text or [value, standard error] is allowed"
            )


def report(differences: list[Difference], total: int) -> str:
    """The differences as text: those that matter first, one line each, and what they come to."""
    grave = [difference for difference in differences if difference.matters]
    light = [difference for difference in differences if not difference.matters]
    lines = [f"differs: {difference.place}: {difference.text}" for difference in grave]
    lines += [f"harmless: {difference.place}: {difference.text}" for difference in light]
    lines.append(f"{total} files, numbers and verdicts: {len(grave)} differ, {len(light)} differ harmlessly")
    return "\n".join(lines) + "\n"


def _files(results: Path) -> dict[str, str]:
    paths = sorted(path for part in PARTS for path in results.glob(part) if path.name not in VOLATILE)
    kept = {str(path.relative_to(results)): path for path in paths if path.parent.name != ".sha256"}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in kept.items()}


def _numbers(results: Path) -> dict[str, Any]:
    """Every number of the summaries: a text, or [value, standard error], the error 0 where there is none."""
    entries = merge(sorted(path for path in results.glob("summary/*.json") if path.name != COUNTS))
    fields = {key: entry if isinstance(entry, dict) else {"value": entry} for key, entry in entries.items()}
    return {
        key: entry["value"] if isinstance(entry["value"], str) else [entry["value"], entry.get("error", 0.0)]
        for key, entry in fields.items()
    }


def _verdicts(results: Path) -> dict[str, str]:
    table = read_table(results / "verdicts.csv")
    if not {"id", "verdict"} <= set(table.columns):
        raise UnreadableError(f"{results / 'verdicts.csv'}: no table of verdicts")
    return dict(zip(table["id"].astype(str), table["verdict"].astype(str), strict=True))


def _state(name: str, published: Mapping[str, str], found: Mapping[str, str]) -> str:
    return "not in this run" if name not in found else "not published" if name not in published else "other bytes"


def _number(key: str, old: Any, new: Any, count: int) -> list[Difference]:
    """What is to be said of one number: nothing where it is the same up to rounding; a count must be the same."""
    if old is None or new is None:
        return [Difference(key, "not in this run" if new is None else "not published", matters=new is None)]
    if isinstance(old, str) or isinstance(new, str):
        return [] if old == new else [Difference(key, f"was {old!r}, is {new!r}", matters=False)]
    (a, first), (b, second) = old, new
    if math.isclose(a, b, rel_tol=ROUNDING):
        return []
    bound = float(ndtri(1 - FAMILY_ERROR / count / 2)) * math.hypot(first, second)
    if not bound:
        return [Difference(key, f"was {a:.6g}, is {b:.6g}, without interval", matters=type(a) is int)]
    share = abs(b - a) / bound
    return [Difference(key, f"was {a:.6g}, is {b:.6g}, {share:.2g} of what the intervals allow", matters=share > 1)]


def total(published: Mapping[str, Any]) -> int:
    """How many things a manifest holds."""
    return sum(len(published[part]) for part in HELD)


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest; raises `MfnnError` where none was recorded."""
    if not path.exists():
        raise MfnnError(f"{path}: no manifest was recorded; make record-manifest writes one from a finished run")
    return read_json(path)
