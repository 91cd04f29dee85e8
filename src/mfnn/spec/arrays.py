"""What counts as numbers: tables of a user as arrays of their own, or refused with the place of the first offender.

Booleans, integers and floats are numbers. What numpy would turn into numbers on the way is not: the value under a mask,
text that reads like a number, a date, a missing value, the real part of a complex number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from mfnn.errors import SpecError

Floats = npt.NDArray[np.floating[Any]]
_NUMBERS = "biuf"  # numpy's kinds


class _Masked:
    """In the place of a masked entry."""

    def __repr__(self) -> str:
        return "masked"


def numbers(value: Any, dimensions: Sequence[int] = (0, 1, 2)) -> Floats:
    """`value` as a read-only array of finite floats, a copy, with one of so many dimensions.

    32-bit floats stay what they are, everything else becomes 64-bit. Raises `ValueError` saying what is allowed and, for
    an entry that is no finite number, its row and column, both counted from 0.
    """
    array = _as_array(value)
    if array.dtype.kind not in _NUMBERS:
        raise ValueError(_NO_NUMBER.format(_place(array, 0), array.flat[0] if array.size else array.dtype))
    if array.ndim not in dimensions or array.size == 0:
        raise ValueError(f"a non-empty array with {' or '.join(map(str, dimensions))} dimensions")
    own: Floats = array.astype(np.float32 if array.dtype == np.float32 else np.float64, order="C")
    finite = np.isfinite(own)
    if not finite.all():
        first = int(np.argmin(finite))
        raise ValueError(f"finite numbers, neither nan nor inf; {_place(own, first)} is {own.flat[first]}")
    own.setflags(write=False)
    view: Floats = own.view()  # its flag cannot be set back
    return view


def table(key: str, values: Any, columns: int) -> Floats:
    """`values` as numbers in an array of shape (n, columns), one row perhaps without its brackets; raises `SpecError`."""
    try:
        found = np.atleast_2d(numbers(values, (1, 2)))
    except ValueError as reason:
        raise SpecError(key, values, f"an array of shape (n, {columns}): {reason}") from None
    if found.shape[1] != columns:
        raise SpecError(key, values, f"an array of shape (n, {columns}), here {found.shape}")
    return found


def integer(key: str, value: Any, least: int) -> int:
    """`value` as an integer of at least `least`, also where it came as a float; raises `SpecError`."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or not isfinite(value) or value != int(value) or value < least:
        raise SpecError(key, value, f"an integer of at least {least}")
    return int(value)


_NO_NUMBER = "numbers (booleans, integers, floats); {} is {!r:.40}"


def _as_array(value: Any) -> npt.NDArray[Any]:
    """`value` as an array of numbers, or of the dtype that says what it is instead."""
    if type(value) is np.ndarray and value.dtype.kind in _NUMBERS:
        return value
    plain = _plain(value)
    try:
        array = np.asarray(plain)
        if array.dtype.kind not in _NUMBERS:  # numpy may have turned numbers into text beside a text
            array = np.asarray(plain, dtype=object)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("a rectangular array of numbers") from None
    return _from_objects(array) if array.dtype.kind == "O" else array


def _plain(value: Any) -> Any:
    """`value` without the containers whose masks and missing values numpy would not see."""
    if isinstance(value, np.ma.MaskedArray):
        masked = np.ma.getmaskarray(value)
        if not masked.any():
            return value.data
        entries = value.data.astype(object)
        entries[masked] = _Masked()
        return entries[()]
    if hasattr(value, "columns") and hasattr(value, "iloc"):  # a table of pandas
        columns = [_plain(value.iloc[:, k]) for k in range(len(value.columns))]
        return np.stack(columns, axis=1) if columns else value.to_numpy()
    if hasattr(value, "dtype") and hasattr(value, "isna"):  # a column
        return _column(value)
    if isinstance(value, list | tuple) and not all(type(entry) in (float, int) for entry in value):
        return [_plain(entry) for entry in value]
    return value


def _column(column: Any) -> npt.NDArray[Any]:
    """A column of pandas; its entries as they are where its kind is none of numbers, categories among them."""
    if getattr(column.dtype, "kind", "O") in _NUMBERS and not column.isna().any():
        return np.asarray(column.to_numpy())
    entries = np.empty(len(column), dtype=object)
    entries[:] = list(column)
    if hasattr(column.dtype, "categories"):
        entries[:] = [f"category {entry}" for entry in entries]
    return entries


def _from_objects(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """An array of objects as one of floats; raises `ValueError` at the first that is none of booleans, integers, floats."""
    for index, entry in enumerate(array.flat):
        if not isinstance(entry, bool | int | float | np.bool_ | np.integer | np.floating):
            raise ValueError(_NO_NUMBER.format(_place(array, index), entry))
    try:
        return array.astype(float)
    except OverflowError:
        raise ValueError("numbers that a 64-bit float can hold") from None


def _place(array: npt.NDArray[Any], index: int) -> str:
    """Where the entry with a flat index stands, in words."""
    names = ["row", "column"][: array.ndim] + [f"index {axis}" for axis in range(2, array.ndim)]
    where = np.unravel_index(index, array.shape) if array.size else ()
    return ", ".join(f"{name} {place}" for name, place in zip(names, where, strict=False)) or "it"


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, arrays entry by entry, labelled ones with their labels, dataclasses field by field."""
    if hasattr(one, "identical") and type(one) is type(other):
        return bool(one.identical(other))
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and np.array_equal(one, other)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one) and type(one) is type(other):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return bool(one == other)


class Compared:
    """Base of results that hold arrays: equal where all fields are the same, and therefore without a hash."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and same(self, other)
