"""The errors a user can cause, each told in one line.

Errors travel: between processes they are pickled, and one that cannot be rebuilt would leave a pool of workers waiting
for ever. Their arguments are what they were made from, and the text is made from these.
"""

from __future__ import annotations

import errno
from reprlib import Repr
from typing import Any

# Bounded at every level: aliases make a few lines of YAML stand for more values than there is memory.
_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxlist, _SHORT.maxdict = 4, 8, 8
_SHORT.maxstring = _SHORT.maxother = 200


_REMEDIES = {
    errno.ENOSPC: "free some space there, or write elsewhere",
    errno.EDQUOT: "free some of your quota, or write elsewhere",
    errno.EACCES: "allow it there, or take another folder",
    errno.EPERM: "allow it there, or take another folder",
    errno.EROFS: "take another folder",
    errno.ENOENT: "see whether its name is right",
    errno.ENOTDIR: "take another folder",
    errno.EMFILE: "allow more open files (ulimit -n)",
}


def reason(error: Exception) -> str:
    """The first line of what an error says, without the system's number, and what can be done about it if that is known.

    The file is left to the caller to name.
    """
    if isinstance(error, OSError) and error.strerror:
        remedy = _REMEDIES.get(error.errno or 0)
        return f"{error.strerror}; {remedy}" if remedy else error.strerror
    return next(iter(str(error).splitlines()), type(error).__name__)


def told(error: Exception) -> str:
    """What an error says in words, after the file where the system named one."""
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {reason(error)}"
    return reason(error) if isinstance(error, OSError) else str(error)


class MfnnError(Exception):
    """Something the user can mend; its text is one line and needs no traceback. Equal where kind and text are."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash((type(self), str(self)))


class SpecError(MfnnError, ValueError):
    """A problem, config value or argument outside what is allowed: names key, value and allowed values."""

    def __init__(self, key: str, value: object, allowed: str) -> None:
        super().__init__(key, value, allowed)
        self.key, self.value, self.allowed = key, value, allowed
        shown = " ".join(_SHORT.repr(value).split())
        self._shown = shown if len(shown) <= 60 else shown[:57] + "..."

    def __str__(self) -> str:
        named = self.key if self.key.isprintable() and len(self.key) <= 200 else f"{self.key!r:.200}"
        return f"{named}: got {self._shown}; allowed: {self.allowed}"

    def __reduce__(self) -> tuple[Any, ...]:
        """A value that is no plain one, a function say, may not travel and arrives as its text."""
        plain = self.value is None or isinstance(self.value, str | int | float)
        return type(self), (self.key, self.value if plain else _Text(self._shown), self.allowed)

    @classmethod
    def within(cls, place: str, refusal: SpecError) -> SpecError:
        """The same refusal with the file it came from before its key."""
        return cls(f"{place}: {refusal.key}", refusal.value, refusal.allowed)


class _Text(str):
    """What was shown of a value, in its place."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class DivergedError(MfnnError, ArithmeticError):
    """A training run whose parameters or outputs left the finite numbers."""

    def __init__(self, scenario: str, width: int, replica: int, step: int) -> None:
        super().__init__(scenario, width, replica, step)
        self.scenario, self.width, self.replica, self.step = scenario, width, replica, step

    def __str__(self) -> str:
        return (
            f"training diverged: scenario {self.scenario}, width {self.width}, replica {self.replica}, step {self.step}; "
            "a smaller learning rate or a lighter-tailed initial law would help"
        )


class ToleranceError(MfnnError, RuntimeError):
    """A limit solve that cannot certify what was asked of it."""
