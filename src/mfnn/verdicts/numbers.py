r"""Numbers on their way into the paper: summaries merged, formatted, and defined for `\result{key}`.

A summary maps keys to a text, an integer, a float, or an object with a "value" and perhaps "low" and "high", "error",
"digits". `\result{key}` shows the value, `\result{key.interval}` its interval "[low, high]" and `\result{key.error}`
its error. An interval, or else an error, decides how many decimals mean something; "digits" does where there is no
interval.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from mfnn.errors import MfnnError
from mfnn.storage import read_json

DIGITS = 3  # significant digits of a value that comes without interval, error or digits of its own
ERROR_DIGITS = 2  # significant digits of an error that is itself shown
TWO_DIGITS_BELOW = 3.55  # a half-width counts with two digits when they are smaller than this, otherwise with one
MOST_DIGITS = 12
PLAIN_FROM, PLAIN_BELOW = 1e-3, 1e6  # sizes written without a power of ten
LARGEST_PLAIN_INTEGER = 10**9

_KEY = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")
_USE = re.compile(r"\\result\s*\{([^{}]*)\}")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")
_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_ESCAPED |= {"×": r"\ensuremath{\times}", **{character: f"\\{character}" for character in "&%$#_{}"}}


class NumbersError(MfnnError):
    """A number that the paper asks for, or that a summary offers, and that cannot be shown."""


class Result(NamedTuple):
    """One entry of a summary."""

    value: str | int | float
    low: float | None = None
    high: float | None = None
    error: float | None = None
    freedom: float | None = None
    power: int | None = None
    digits: int | None = None


class Scale(NamedTuple):
    """How a number is written: this many decimals before the factor 10^exponent."""

    decimals: int
    exponent: int


def merge(paths: Sequence[Path]) -> dict[str, Any]:
    """The entries of all summaries by key; `NumbersError` names a file with a bad or repeated entry."""
    numbers: dict[str, Any] = {}
    origin: dict[str, Path] = {}
    for path in paths:
        for key, entry in read_json(path).items():
            if key in numbers:
                raise NumbersError(f"{path}: the key {key} is also in {origin[key]}")
            _result(f"{path}: {key}", key, entry)
            numbers[key], origin[key] = entry, path
    return numbers


def typeset(numbers: Mapping[str, Any]) -> dict[str, str]:
    """The TeX of everything that entries can show, by key with suffix; `NumbersError` where two would share one."""
    shown: dict[str, str] = {}
    for key, entry in numbers.items():
        for suffix, tex in parts(_result(key, key, entry)).items():
            if suffix and key + suffix in numbers:
                raise NumbersError(f"{key + suffix}: both a key and the {suffix[1:]} of the key {key}")
            shown[key + suffix] = tex
    return shown


def used_keys(sources: Mapping[str, str]) -> dict[str, str]:
    r"""The keys K of all `\result{K}` outside comments, each with the first file that uses it."""
    used: dict[str, str] = {}
    for name, text in sources.items():
        for key in _USE.findall(_COMMENT.sub(r"\1", text)):
            used.setdefault(key, name)
    return used


def render(shown: Mapping[str, str], used: Mapping[str, str]) -> str:
    """numbers.tex, one definition a used key; `NumbersError` names a key without a number and the file using it."""
    for key, name in used.items():
        if key not in shown:
            near = difflib.get_close_matches(key, shown, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise NumbersError(f"{name}: \\result{{{key}}} names a key that no summary has{hint}")
    return "".join(f"\\expandafter\\def\\csname result@{key}\\endcsname{{{shown[key]}}}\n" for key in sorted(used))


def parts(result: Result) -> dict[str, str]:
    """The TeX of all that a result can show, by the suffix that asks for it: "", ".interval", ".error"."""
    if isinstance(result.value, str):
        text = re.sub(r"(?<=\d) x (?=\d)", " × ", result.value)
        return {"": "".join(_ESCAPED.get(character, character) for character in text)}
    scale = _scale(result)
    if isinstance(result.value, int) and result == Result(result.value) and abs(result.value) < LARGEST_PLAIN_INTEGER:
        scale = Scale(0, 0)
    shown = {"": _math(_digits(result.value, scale) + _power(scale))}
    if result.low is not None and result.high is not None:
        ends = r",\,".join(_digits(end, scale) for end in (result.low, result.high))
        shown[".interval"] = _math(f"[{ends}]{_power(scale)}")
    if result.error is not None:
        scale = _scale(Result(result.error, digits=ERROR_DIGITS))
        shown[".error"] = _math(_digits(result.error, scale) + _power(scale))
    return shown


def _scale(result: Result) -> Scale:
    """The decimals that mean something, and the power of ten common to a value and its interval."""
    value, spread, digits = float(result.value), result.error or 0.0, result.digits
    size = abs(value)
    if result.low is not None and result.high is not None:
        size, spread, digits = max(size, abs(result.low), abs(result.high)), (result.high - result.low) / 2, None
    if size == 0:
        return Scale(0, 0)
    exponent = 0 if PLAIN_FROM <= size < PLAIN_BELOW else _order(size, digits or DIGITS)
    if spread and digits is None:
        leading, order = f"{spread:.1e}".split("e")
        last = int(order) - (float(leading) < TWO_DIGITS_BELOW)
    else:
        last = _order(value, digits or DIGITS) - (digits or DIGITS) + 1
    return Scale(min(max(exponent - last, 0), MOST_DIGITS), exponent)


def _order(number: float, digits: int) -> int:
    """The power of ten of a number's first digit once it is rounded to so many digits."""
    return int(f"{number:.{digits - 1}e}".split("e")[1])


def _digits(number: float, scale: Scale) -> str:
    """A number over 10^exponent to so many decimals, thin spaces between the thousands from five digits up."""
    text = f"{Decimal(number).scaleb(-scale.exponent):.{scale.decimals}f}"
    whole, point, fraction = (text if float(text) else text.removeprefix("-")).partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = f"{int(whole):,}".replace(",", r"\,")
    return whole + point + fraction


def _power(scale: Scale) -> str:
    return rf"\times10^{{{scale.exponent}}}" if scale.exponent else ""


def _math(tex: str) -> str:
    return rf"\ensuremath{{{tex}}}"


def _result(place: str, key: str, entry: Any) -> Result:
    """An entry as a Result; `NumbersError` says where it stands and what is wrong with it."""
    fields = entry if isinstance(entry, dict) else {"value": entry}
    if not _KEY.fullmatch(key):
        raise NumbersError(f"{place}: a key is words of letters, digits and underscores with dots between them")
    if "value" not in fields or not fields.keys() <= set(Result._fields):
        raise NumbersError(f"{place}: an entry has a value and may have low and high, error, freedom, power, digits")
    result = Result(**fields)
    numbers = [number for number in result[1:6] if number is not None]
    if isinstance(result.value, str) and numbers:
        raise NumbersError(f"{place}: a text has neither interval nor error")
    if not all(map(_finite, numbers)) or not (isinstance(result.value, str) or _finite(result.value)):
        raise NumbersError(f"{place}: finite numbers or a text are wanted, not {entry!r}")
    if (result.low is None) != (result.high is None) or (result.low or 0.0) > (result.high or 0.0):
        raise NumbersError(f"{place}: an interval needs low and high in this order")
    if result.digits is not None and not (type(result.digits) is int and 1 <= result.digits <= MOST_DIGITS):
        raise NumbersError(f"{place}: digits is an integer from 1 to {MOST_DIGITS}")
    return result


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
