"""What it takes to decide a claim: by how much its run must grow, and what it would see.

An estimate has the error e at some number of replicas, and e / √s at s times as many. At the family's level, with the
normal quantile q,

    equals a number to within h     its 95 % half-width has to be at most h:            s = (1.96 e / h)²
    above or below a bound b        the whole interval lies on its side in POWER of
                                    runs where the truth is the value v of before:      s = ((q + z) e / (v − b))²

z = Φ^{−1}(POWER). A truth that is off by (q + z) e / √s is found to be so in POWER of runs. Numbers without an error are
decided as they are. Errors are those of an earlier run, with other random numbers: of a pilot, or of the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from scipy.special import ndtri

from mfnn.errors import SpecError
from mfnn.verdicts.claims import Claims
from mfnn.verdicts.rates import LEVEL, Estimate, estimate_of
from mfnn.verdicts.rules import Equals

POWER = 0.9  # of runs in which a claim is to be decided


def power(claims: Claims, numbers: Mapping[str, Any]) -> pd.DataFrame:
    """One row a claim: how many times the replicas decide it, and what deviation from it is seen then.

    Columns id, rule, value, error, times (s, at least 0; 1 is the run that the numbers are of), seen (a deviation, at the
    replicas of that run). Raises `SpecError` for a claim about a number that is not there.
    """
    quantile = float(ndtri((1 + claims.level) / 2)) + float(ndtri(POWER))
    rows = []
    for claim in claims.claims:
        if claim.key not in numbers:
            raise SpecError(f"claim {claim.id}: key", claim.key, "a number of the results")
        estimate = estimate_of(numbers[claim.key])
        times = (
            _times_equal(claim.rule, estimate)
            if isinstance(claim.rule, Equals)
            else _times(claim.rule, estimate, quantile)
        )
        row = {"id": claim.id, "rule": str(claim.rule), "value": estimate.value, "error": estimate.error}
        rows.append(row | {"times": times, "seen": quantile * estimate.error})
    return pd.DataFrame(rows)


def _times_equal(rule: Equals, estimate: Estimate) -> float:
    low, high = estimate.interval(LEVEL)
    return ((high - low) / 2 / rule.half_width) ** 2


def _times(rule: Any, estimate: Estimate, quantile: float) -> float:
    if estimate.error == 0:
        return 0.0
    gap = abs(estimate.value - rule.bound)
    return (quantile * estimate.error / gap) ** 2 if gap else float("inf")


def shown(table: pd.DataFrame) -> str:
    """For a reader: the claims that their run is too small for, the largest first, and how many it decides."""
    wanting = table[table["times"] > 1].sort_values("times", ascending=False)
    lines = [
        f"{row.times:6.1f} x  {row.id} [{row.value:.3g} +- {row.error:.2g}, {row.rule}]"
        for row in wanting.itertuples()
    ]
    head = [f"Claims that need more replicas than they had to be decided in {POWER:.0%} of runs:"] if lines else []
    decided = len(table) - len(wanting)
    return "\n".join([*head, *lines, f"{decided} of {len(table)} claims have as many replicas as they need"])
