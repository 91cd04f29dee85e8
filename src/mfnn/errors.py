"""The errors a user can cause, each told in one line."""

from __future__ import annotations


class MfnnError(Exception):
    """Something the user can mend; its text is one line and needs no traceback."""


class SpecError(MfnnError, ValueError):
    """A problem, config value or argument outside what is allowed: names the key, the value and the allowed values."""

    def __init__(self, key: str, value: object, allowed: str) -> None:
        shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
        super().__init__(f"{key}: got {shown}; allowed: {allowed}")


class DivergedError(MfnnError, ArithmeticError):
    """A training run whose parameters or outputs left the finite numbers."""

    def __init__(self, scenario: str, width: int, replica: int, step: int) -> None:
        super().__init__(
            f"training diverged: scenario {scenario}, width {width}, replica {replica}, step {step}; "
            "a smaller learning rate or a lighter-tailed initial law would help"
        )


class ToleranceError(MfnnError, RuntimeError):
    """A limit solve that cannot certify what was asked of it."""
