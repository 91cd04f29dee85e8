"""A job's options: its inputs, outputs and parameters by their names, numbered files as ranges."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

NOT_OPTIONS = {"code", "fingerprint", "options"}  # parameters for which a job is run again, and no more
_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")
_RANGE = re.compile(r"(.*)\{(\d+)\.\.(\d+)\}(.*)")
_WILDCARD = re.compile(r"\{(\w+)\}")


def options_of(rule: Any) -> Callable[..., str]:
    """The function of a job's wildcards, input and output that gives the options of the rule's script.

    `--name value ...` for every named input, output and parameter; a parameter "{width}" is the wildcard's value. Inputs
    without a name are only waited for; outputs without one are `--output`, or `--outputs` where they are several.
    """

    def options(wildcards: Any, input: Any, output: Any) -> str:
        given = {"wildcards": wildcards, "input": input, "output": output}
        named = {name: ranged(_listed(files)) for name, files in [*input.items(), *output.items()]}
        if not any(output.items()):
            named["output" if len(output) == 1 else "outputs"] = list(output)
        for name, value in rule.params.items():
            if name not in NOT_OPTIONS:
                named[name] = _listed(_value(value, given))
        return " ".join(word for name, values in named.items() for word in (_option(name), *map(shlex.quote, values)))

    return options


def ranged(names: Iterable[str]) -> list[str]:
    """Names in order, those that count on from each other as one: batch0, batch1, batch2 as batch{0..2}."""
    runs: list[list[str]] = []
    for name in names:
        if runs and name == _next(runs[-1][-1]):
            runs[-1].append(name)
        else:
            runs.append([name])
    return [_range(run) if len(run) > 1 else run[0] for run in runs]


def expanded(names: Iterable[str]) -> Iterator[Path]:
    """The paths of names as `ranged` writes them, or as they are."""
    for name in names:
        if found := _RANGE.fullmatch(name):
            head, first, last, tail = found.groups()
            yield from (Path(f"{head}{number}{tail}") for number in range(int(first), int(last) + 1))
        else:
            yield Path(name)


def _numbered(name: str) -> tuple[str, int, str] | None:
    """What stands before the last number of a name, the number, and what follows; None where it has leading zeros."""
    found = _NUMBERED.fullmatch(name)
    return (found[1], int(found[2]), found[3]) if found and str(int(found[2])) == found[2] else None


def _range(run: Sequence[str]) -> str:
    """Names that count on, as one."""
    head, first, tail = _numbered(run[0]) or ("", 0, "")
    return f"{head}{{{first}..{first + len(run) - 1}}}{tail}"


def _next(name: str) -> str | None:
    """The name with its last number one larger."""
    parts = _numbered(name)
    return f"{parts[0]}{parts[1] + 1}{parts[2]}" if parts else None


def _value(value: Any, given: dict[str, Any]) -> Any:
    """A parameter as the job gets it: functions called with what they ask for, wildcards filled in."""
    if callable(value):
        wanted = inspect.signature(value).parameters
        return value(**{name: part for name, part in given.items() if name in wanted})
    if isinstance(value, str) and (wildcard := _WILDCARD.fullmatch(value)):
        return given["wildcards"][wildcard[1]]
    return value


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _listed(value: Any) -> list[str]:
    single = isinstance(value, str) or not isinstance(value, Iterable)
    return [str(value)] if single else [str(each) for each in value]
