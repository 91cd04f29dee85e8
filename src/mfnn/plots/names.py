"""Observables, numbers and widths as formulas that TeX and Matplotlib both understand, without dollar signs."""

from __future__ import annotations

import re

_FACTOR = re.compile(r"(?:(cos|sin|tanh)\(([cw]\d*)\)|([cw]\d*)(?:\^(\d+))?)")
_OUTPUT = re.compile(r"g(\d*)\(([^()]*)\)")


def formula(observable: str) -> str:
    """The observable as a formula: "c^2" c^2, "c*w0" c w_0, "cos(w0)" cos w_0, "g(0.5)" g(0.5); others upright."""
    compact = observable.replace(" ", "")
    if output := _OUTPUT.fullmatch(compact):
        index, arguments = output.groups()
        return f"g{_index(index)}({arguments.replace(',', r',\,')})"
    factors = [_FACTOR.fullmatch(part) for part in compact.split("*")]
    if None in factors:
        return rf"\mathrm{{{observable}}}"
    return r"\,".join(_factor(*factor.groups()) for factor in factors if factor)


def grouped(number: int) -> str:
    """An integer with thin spaces between its thousands from five digits up."""
    return f"{number:,}".replace(",", r"\,") if abs(number) > 9999 else str(number)


def _factor(function: str | None, argument: str | None, variable: str, power: str | None) -> str:
    if function and argument:
        return rf"\{function}\,{_symbol(argument)}"
    return _symbol(variable) + (f"^{{{power}}}" if power else "")


def _symbol(coordinate: str) -> str:
    return coordinate[0] + _index(coordinate[1:])


def _index(digits: str) -> str:
    return f"_{{{digits}}}" if digits else ""
