"""Observables and numbers as formulas that TeX and Matplotlib both understand, without dollar signs."""

from __future__ import annotations

import re

_FACTOR = r"(?:(?:cos|sin|tanh)\([cwv]\d*\)|[cwv]\d*(?:\^\d+)?)"
OBSERVABLE = re.compile(rf"\b(?:g\d*\([^()]*\)|{_FACTOR}(?:\*{_FACTOR})*)(?!\w)")  # as the configuration names it
_OUTPUT = re.compile(r"g(\d*)\(([^()]*)\)")
_PARTS = re.compile(r"(?:(cos|sin|tanh)\(([cwv]\d*)\)|([cwv]\d*)(?:\^(\d+))?)")


def formula(observable: str) -> str:
    """The observable as a formula: "c^2" c^2, "c*w0" c w_0, "cos(w0)" cos w_0, "g(0.5)" g(0.5); others upright.

    In a product the argument of a function has its parentheses: tanh(c) w_0.
    """
    if not OBSERVABLE.fullmatch(observable):
        return rf"\mathrm{{{observable}}}"
    if output := _OUTPUT.fullmatch(observable):
        arguments = output[2].replace(" ", "").replace("-", "{-}")  # a sign, not an operation
        return f"g{_index(output[1])}({arguments})"
    first, *others = _PARTS.finditer(observable)
    if first[1] and not others:
        return rf"\{first[1]} {_symbol(first[2])}"
    return r"\,".join(_factor(*found.groups()) for found in (first, *others))


def grouped(number: int) -> str:
    """An integer with thin spaces between its thousands from five digits up."""
    return f"{number:,}".replace(",", r"\,") if abs(number) > 9999 else str(number)


def _factor(function: str | None, argument: str | None, variable: str, power: str | None) -> str:
    if function and argument:
        return rf"\{function}({_symbol(argument)})"
    return _symbol(variable) + (f"^{{{power}}}" if power else "")


def _symbol(coordinate: str) -> str:
    return coordinate[0] + _index(coordinate[1:])


def _index(number: str) -> str:
    return f"_{{{number}}}" if number else ""
