"""Claims stated before the run, and their verdicts: holds, violated or inconclusive, each with its interval.

A claim names a number of the results and a decision rule. All verdicts of a file share one error rate: each uses the
interval of level 1 − family_error / (number of claims), so that the chance of any wrong "violated" among true claims
is at most family_error (Bonferroni), as far as the normal approximation of each estimate goes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field, PositiveFloat

from mfnn.errors import SpecError
from mfnn.spec import Spec
from mfnn.storage import UnreadableError, read_yaml
from mfnn.verdicts.rates import LEVEL, Estimate

HOLDS, VIOLATED, INCONCLUSIVE = "holds", "violated", "inconclusive"


class Equals(Spec):
    """The value is as predicted; the 95 % half-width must be small enough for that to mean something."""

    kind: Literal["equals"]
    predicted: float
    half_width: PositiveFloat

    def verdict(self, estimate: Estimate, level: float) -> str:
        """Violated when the interval leaves the prediction out, inconclusive when it is too wide to tell."""
        low, high = estimate.interval(level)
        if not low <= self.predicted <= high:
            return VIOLATED
        narrow_low, narrow_high = estimate.interval(LEVEL)
        return HOLDS if (narrow_high - narrow_low) / 2 <= self.half_width else INCONCLUSIVE

    def __str__(self) -> str:
        return f"= {self.predicted:g} (half-width ≤ {self.half_width:g})"


class Below(Spec):
    """The value is below a bound."""

    kind: Literal["below"]
    bound: float

    def verdict(self, estimate: Estimate, level: float) -> str:
        """Decided only when the whole interval lies on one side of the bound."""
        low, high = estimate.interval(level)
        return HOLDS if high < self.bound else VIOLATED if low > self.bound else INCONCLUSIVE

    def __str__(self) -> str:
        return f"< {self.bound:g}"


class Above(Spec):
    """The value is above a bound."""

    kind: Literal["above"]
    bound: float

    def verdict(self, estimate: Estimate, level: float) -> str:
        """Decided only when the whole interval lies on one side of the bound."""
        low, high = estimate.interval(level)
        return HOLDS if low > self.bound else VIOLATED if high < self.bound else INCONCLUSIVE

    def __str__(self) -> str:
        return f"> {self.bound:g}"


class Claim(Spec):
    """One statement about one number of the results, with its decision rule."""

    id: str = Field(pattern=r"^[a-z0-9_.-]+$")
    statement: str
    scenario: str
    key: str
    rule: Annotated[Equals | Below | Above, Field(discriminator="kind")]


class Claims(Spec):
    """A file of claims and the error rate they share."""

    family_error: Annotated[float, Field(gt=0, lt=1)]
    claims: list[Claim] = Field(min_length=1)

    @property
    def level(self) -> float:
        """The confidence level of each verdict's interval."""
        return 1 - self.family_error / len(self.claims)

    def without(self, scenarios: Collection[str]) -> Claims:
        """The claims about other scenarios than these; they share the whole error rate."""
        kept = [claim for claim in self.claims if claim.scenario not in scenarios]
        return Claims(family_error=self.family_error, claims=kept)


def read_claims(path: Path) -> Claims:
    """The validated claims of a YAML file; raises `SpecError` in one line."""
    try:
        content = read_yaml(path)
    except UnreadableError as reason:
        raise SpecError(str(path), str(reason), "a readable YAML file") from None
    try:
        claims = Claims.model_validate(content)
    except SpecError as refusal:
        raise SpecError(f"{path}: {_named(refusal.key, content)}", refusal.value, refusal.allowed) from None
    ids = [claim.id for claim in claims.claims]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise SpecError(f"{path}: claims", repeated[0], "distinct ids")
    return claims


def _named(key: str, content: Any) -> str:
    """The key of a refusal with a claim's id, where it has one, in place of its number."""
    match key.split("."):
        case ["claims", number, *rest] if isinstance(claim := content["claims"][int(number)], dict) and "id" in claim:
            return ".".join(["claims", str(claim["id"]), *rest])
    return key


def judge(claims: Claims, numbers: Mapping[str, Any]) -> pd.DataFrame:
    """One row a claim: its value, the interval its verdict rests on and the verdict."""
    rows = []
    for claim in claims.claims:
        if claim.key not in numbers:
            raise SpecError(f"claim {claim.id}: key", claim.key, "a number of the results")
        estimate = _estimate(numbers[claim.key])
        low, high = estimate.interval(claims.level)
        rows.append(
            {
                "id": claim.id,
                "scenario": claim.scenario,
                "statement": claim.statement,
                "key": claim.key,
                "rule": str(claim.rule),
                "value": estimate.value,
                "low": low,
                "high": high,
                "verdict": claim.rule.verdict(estimate, claims.level),
            }
        )
    return pd.DataFrame(rows)


def _estimate(number: Any) -> Estimate:
    if isinstance(number, Mapping):
        error, freedom = float(number.get("error", 0.0)), float(number.get("freedom", np.inf))
        return Estimate(float(number["value"]), error, freedom)
    return Estimate(float(number), 0.0)


def counts(verdicts: pd.DataFrame) -> dict[str, int]:
    """How many claims hold, are violated, are inconclusive, as summary entries."""
    tally = {name: int((verdicts["verdict"] == name).sum()) for name in (HOLDS, VIOLATED, INCONCLUSIVE)}
    return {"claims.total": len(verdicts), **{f"claims.{name}": count for name, count in tally.items()}}


def screen(verdicts: pd.DataFrame) -> str:
    """The verdicts as text for a terminal: one line a claim that does not hold, then the counts."""
    open_claims = verdicts[verdicts["verdict"] != HOLDS]
    lines = [
        f"{row.verdict}: {row.id}: {row.statement} "
        f"[{row.value:.3g}, interval {row.low:.3g} … {row.high:.3g}, rule {row.rule}]"
        for row in open_claims.itertuples()
    ]
    tally = counts(verdicts)
    lines.append(", ".join(f"{tally[f'claims.{name}']} {name}" for name in (HOLDS, VIOLATED, INCONCLUSIVE)))
    return "\n".join(lines) + f" of {len(verdicts)} claims\n"
