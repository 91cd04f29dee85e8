"""Claims stated before the run, and their verdicts: holds, violated or inconclusive, each with its interval.

A claim names a number of the results and a decision rule. All verdicts of a run share one error rate: each uses the
interval of level 1 − FAMILY_ERROR / (number of claims), so that the chance of any wrong "violated" among true claims
is at most FAMILY_ERROR (Bonferroni), as far as each interval covers at that level: docs/coverage.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mfnn.errors import SpecError
from mfnn.spec import Spec
from mfnn.verdicts.families import Asked, claims_of, read_families
from mfnn.verdicts.rates import estimate_of
from mfnn.verdicts.rules import HOLDS, INCONCLUSIVE, VIOLATED, Claim

FAMILY_ERROR = 0.05  # the chance of any wrong "violated", were all claims of a run true
STUDIES = Path(__file__).parents[1] / "studies"
COLUMNS = ["id", "scenario", "statement", "key", "rule", "value", "low", "high", "verdict", "violated_if"]


class Claims(Spec):
    """The claims of a run, which share the error rate."""

    claims: tuple[Claim, ...]

    @property
    def level(self) -> float:
        """The confidence level of each verdict's interval."""
        return 1 - FAMILY_ERROR / max(len(self.claims), 1)


def read_claims(folder: Path, asked: Mapping[str, Mapping[str, Asked]]) -> Claims:
    """The claims of a folder's files, one a study, about what a run asks of each study's scenarios.

    Every file is checked, whether its study is asked for or not; raises `SpecError` in one line.
    """
    known = {plan.parent.name for plan in STUDIES.glob("*/plan.py")}
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise SpecError("claims", str(folder), "a folder of files STUDY.yaml")
    for path in paths:
        if path.stem not in known:
            raise SpecError(str(path), path.stem, f"the name of a study: {', '.join(sorted(known))}")
    families = {path.stem: read_families(path) for path in paths}
    claims: dict[str, Claim] = {}
    for study, scenarios in asked.items():
        for claim in (claim for family in families.get(study, []) for claim in claims_of(family, scenarios)):
            if claims.setdefault(claim.id, claim) is not claim:
                raise SpecError(f"{folder / study}.yaml: id", claim.id, "distinct ids, another entry makes it too")
    return Claims(claims=tuple(claims.values()))


def judge(claims: Claims, numbers: Mapping[str, Any]) -> pd.DataFrame:
    """One row a claim: its value, the interval its verdict rests on, the verdict, and what a violation takes."""
    rows = []
    for claim in claims.claims:
        if claim.key not in numbers:
            raise SpecError(f"claim {claim.id}: key", claim.key, "a number of the results")
        estimate = estimate_of(numbers[claim.key])
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
                "violated_if": claim.violated_if,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


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
