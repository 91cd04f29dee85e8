"""The least an estimator needs: with fewer it would divide by zero, or give a spread that is none."""

from __future__ import annotations

from mfnn.errors import SpecError


def at_least(least: int, count: int, key: str, estimator: str) -> None:
    """Raise `SpecError` where an estimator is given fewer replicas, widths, … than it needs."""
    if count < least:
        raise SpecError(key, count, f"at least {least} for {estimator}")
