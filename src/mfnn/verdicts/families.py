"""Families of claims: an entry of config/claims/STUDY.yaml, and the claims that it stands for in a run.

    - for: {scenario: certified, observable: all}
      id: "{scenario}.slope.{observable}"
      statement: "The error of {observable} at time T falls like N^(-1/2)"
      rule: {kind: equals, predicted: -0.5, half_width: {sine1d: 0.02, default: 0.03}}
      violated: errors of {observable} shrink at another rate than that of a central limit theorem

An entry stands `for` every combination of the values of its placeholders:

    scenario     `all` that the run asks of the study, those of them whose limit is `certified` or solved by
                 `random_batch`, those whose `largest` errors are predicted, or a list of names: those of them that
                 the run asks of the study
    observable   `all` that the scenario has, or a list of names: those of them that it has
    any other    a list of names, or names with the words for them: {root: sqrt(N), quarter: N/4}

In `id` and `key` (of a number of the results; `id`, if left out) a placeholder is a name, that of an observable its
slug; in `statement` and `violated` (what a violation would mean) it is the name or its words. A number of the rule is
one for all, or a mapping by values of a placeholder with a `default`. An entry without a scenario in `for` is listed
under its own: `scenario: controls`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from mfnn.errors import SpecError
from mfnn.spec import Spec
from mfnn.storage import UnreadableError, read_yaml
from mfnn.verdicts.rates import slug
from mfnn.verdicts.rules import Claim, Decided

METHODS = ("certified", "random_batch")
LARGEST = "largest"
WORDS = {"scenario": ("all", *METHODS, LARGEST), "observable": ("all",)}  # what stands for a list of names
DEFAULT = "default"
MOST = 1000  # claims that an entry stands for about one observable of one scenario
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
NAME = re.compile(r"[A-Za-z0-9_]*")
Code = Annotated[str, Field(pattern=r"^([A-Za-z0-9_.-]|\{[^{}]*\})+$")]
Sentence = Annotated[str, Field(min_length=1)]


class Asked(Spec):
    """What a run asks of a scenario in a study: its observables, and the method by which its limit is solved.

    And whether the constants of the `largest` errors over time are among what is predicted.
    """

    observables: tuple[str, ...]
    method: Literal["certified", "random_batch"]
    largest: bool = False


class Family(Spec):
    """An entry as it stands in the file."""

    values: dict[str, Any] = Field(default={}, alias="for")
    id: Code
    statement: Sentence
    key: Code | None = None
    scenario: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_]+$")
    rule: dict[str, Any]
    violated: Sentence


@dataclass(frozen=True)
class Value:
    """A value of a placeholder: its name in the file, as it stands in ids and keys, and as it stands in sentences."""

    name: str
    code: str
    words: str


def asked_json(asked: Mapping[str, Mapping[str, Asked]]) -> str:
    """What a run asks, by study and scenario, as JSON."""
    return json.dumps({study: {name: of.model_dump() for name, of in each.items()} for study, each in asked.items()})


def asked_of(text: str) -> dict[str, dict[str, Asked]]:
    """What `asked_json` wrote."""
    content = json.loads(text)
    return {study: {name: Asked.model_validate(of) for name, of in each.items()} for study, each in content.items()}


# ---- from a file to its entries ----


def read_families(path: Path) -> list[Family]:
    """The entries of a study's file; raises `SpecError` in one line with the file, the entry's id and the key."""
    try:
        content = read_yaml(path)
    except UnreadableError as reason:
        raise SpecError(str(path), str(reason), "a readable YAML file") from None
    if not isinstance(content, list) or not content:
        raise SpecError(str(path), content, "a list of entries")
    families: dict[str, Family] = {}
    for number, entry in enumerate(content):
        named = entry["id"] if isinstance(entry, dict) and isinstance(entry.get("id"), str) else f"entry {number + 1}"
        try:
            family = Family.model_validate(entry)
            _check(family)
            if families.setdefault(f"{family.id} {family.values}", family) is not family:
                raise SpecError("id", family.id, "an id that no other entry has for the same")
        except SpecError as refusal:
            raise SpecError.within(f"{path}: {named}", refusal) from None
    return list(families.values())


def _check(family: Family) -> None:
    """Raises `SpecError` where an entry can stand for no claim, for several of one id, or for one without a rule."""
    for placeholder, values in family.values.items():
        _check_values(placeholder, values)
    if prod(len(_listed(family, name)) for name in family.values if name not in WORDS) > MOST:
        raise SpecError("for", family.values, f"at most {MOST} combinations")
    if "scenario" not in family.values and "observable" in family.values:
        raise SpecError("for.observable", family.values["observable"], "none without a scenario")
    if ("scenario" in family.values) == (family.scenario is not None):
        raise SpecError("scenario", family.scenario, "a name if `for` has no scenario, none if it has")
    for field in ("id", "key", "statement", "violated"):
        _check_placeholders(family, field, getattr(family, field) or "")
    for placeholder in family.values:
        if placeholder not in PLACEHOLDER.findall(family.id):
            raise SpecError("id", family.id, f"{{{placeholder}}} in it: ids would repeat")
    for key, number in family.rule.items():
        if isinstance(number, dict):
            _check_mapping(family, f"rule.{key}", number)
    for rule in _rules(family):
        Decided.model_validate({"rule": rule})


def _check_values(placeholder: str, values: Any) -> None:
    key, words = f"for.{placeholder}", WORDS.get(placeholder, ())
    if not PLACEHOLDER.fullmatch(f"{{{placeholder}}}"):
        raise SpecError(key, values, "placeholders of letters a-z and _")
    if isinstance(values, str) and values in words:
        return
    if not isinstance(values, list) and (words or not isinstance(values, dict)):
        raise SpecError(
            key, values, ", ".join([*words, "a list of names"]) + ("" if words else ", or names with words")
        )
    names = list(values)
    if not names or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise SpecError(key, values, "one name or more, each once")
    for name in names:
        if placeholder != "observable" and not NAME.fullmatch(name):
            raise SpecError(key, name, "names of letters, digits and _")
    if isinstance(values, dict) and not all(isinstance(words, str) for words in values.values()):
        raise SpecError(key, values, "words for each name")


def _check_placeholders(family: Family, field: str, text: str) -> None:
    allowed = ", ".join(f"{{{name}}}" for name in family.values) or "none: `for` has none"
    for found in re.findall(r"\{[^{}]*\}|[{}]", text):
        if found[1:-1] not in family.values:
            raise SpecError(field, found, f"placeholders of `for`: {allowed}")


def _check_mapping(family: Family, key: str, numbers: Mapping[Any, Any]) -> None:
    """A mapping knows every value that there can be, and no other, as far as that is known before a run."""
    lists = {name: set(_listed(family, name)) for name in family.values}
    if DEFAULT not in numbers and not any(names and names <= numbers.keys() for names in lists.values()):
        raise SpecError(key, numbers, f"a {DEFAULT}, or a number for every value of a placeholder")
    for name in numbers.keys() - {DEFAULT}:
        if all(lists.values()) and not any(name in names for names in lists.values()):
            raise SpecError(key, name, f"{DEFAULT}, {', '.join(sorted(set().union(*lists.values())))}")


def _listed(family: Family, placeholder: str) -> list[str]:
    """The names of a placeholder's values; none where a word stands for them."""
    values = family.values[placeholder]
    return [] if isinstance(values, str) else list(values)


def _rules(family: Family) -> Iterator[dict[str, Any]]:
    """The rule with each of its numbers once."""
    first = {key: next(iter(of.values()), of) if isinstance(of, dict) else of for key, of in family.rule.items()}
    yield first
    for key, numbers in family.rule.items():
        yield from ({**first, key: number} for number in (numbers.values() if isinstance(numbers, dict) else ()))


# ---- from an entry to its claims ----


def claims_of(family: Family, asked: Mapping[str, Asked]) -> Iterator[Claim]:
    """The claims that an entry stands for, `asked` being what the run asks of the study's scenarios."""
    for scenario in _scenarios(family, asked):
        options = [_values(name, chosen, scenario, asked) for name, chosen in family.values.items()]
        for combination in product(*options):
            values = dict(zip(family.values, combination, strict=True))
            rule = {key: _number(number, combination) for key, number in family.rule.items()}
            yield _claim(family, values, family.scenario or scenario, rule)


def _scenarios(family: Family, asked: Mapping[str, Asked]) -> list[str]:
    """The scenarios that an entry is about; one without a name where it is about none."""
    if "scenario" not in family.values:
        return [""]
    chosen = family.values["scenario"]
    if chosen == "all":
        return list(asked)
    if chosen == LARGEST:
        return [name for name, of in asked.items() if of.largest]
    return [name for name, of in asked.items() if (of.method == chosen if chosen in METHODS else name in chosen)]


def _values(placeholder: str, chosen: Any, scenario: str, asked: Mapping[str, Asked]) -> list[Value]:
    if placeholder == "scenario":
        return [Value(scenario, scenario, scenario)]
    if placeholder == "observable":
        names = asked[scenario].observables
        return [Value(name, slug(name), name) for name in names if chosen == "all" or name in chosen]
    words = chosen if isinstance(chosen, dict) else dict(zip(chosen, chosen, strict=True))
    return [Value(name, name, words[name]) for name in words]


def _number(number: Any, values: tuple[Value, ...]) -> Any:
    if not isinstance(number, dict):
        return number
    return next((number[value.name] for value in values if value.name in number), number.get(DEFAULT))


def _claim(family: Family, values: Mapping[str, Value], scenario: str, rule: Mapping[str, Any]) -> Claim:
    def filled(text: str, part: Literal["code", "words"]) -> str:
        return PLACEHOLDER.sub(lambda found: str(getattr(values[found[1]], part)), text)

    return Claim.model_validate(
        {
            "id": filled(family.id, "code"),
            "statement": filled(family.statement, "words"),
            "scenario": scenario,
            "key": filled(family.key or family.id, "code"),
            "rule": dict(rule),
            "violated": filled(family.violated, "words"),
        }
    )
