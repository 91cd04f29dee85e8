"""Validated, immutable specifications: pydantic models whose refusals are one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Annotated, Any, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, model_validator

from mfnn.errors import SpecError
from mfnn.spec.arrays import Floats as Floats
from mfnn.spec.arrays import numbers, same

MOST = 10**9
_FIRST_WORDS = re.compile("^(Value error, |Input should be )")
Count = Annotated[int, Field(gt=0, le=MOST)]  # of what a computer can hold, so that arithmetic with it stays finite


class Spec(BaseModel):
    """Base of every specification: immutable, unknown keys refused, finite numbers only.

    However it is made, by its constructor, `model_validate` or a copy with changes, it is validated as a whole, and nothing
    derived from other fields comes along. Copies and pickles are equal to it: arrays are compared entry by entry.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        protected_namespaces=(),
    )

    def __init__(self, /, **fields: Any) -> None:
        """Validate the fields; raises `SpecError` naming the first offending key, its value and what is allowed."""
        with _told_in_one_line(type(self)):
            super().__init__(**fields)

    # Specifications within this one are not made by the constructor above, which would lose the path to their keys.
    vars(__init__).update(__pydantic_base_init__=True)

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Validate `obj`; raises `SpecError` naming the first offending key, its value and what is allowed."""
        with _told_in_one_line(cls):
            return super().model_validate(obj, **options)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Validate JSON; raises `SpecError` as `model_validate` does."""
        with _told_in_one_line(cls):
            return super().model_validate_json(json_data, **options)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced, validated anew; without any this very one, which nothing can change."""
        return type(self)(**(self._given() | dict(update))) if update else self

    def copy(
        self, *, include: Any = None, exclude: Any = None, update: dict[str, Any] | None = None, deep: bool = False
    ) -> Self:
        """As `model_copy`; a specification has no parts to leave out."""
        if include is not None or exclude is not None:
            raise SpecError("copy", include or exclude, "changes as `update`, nothing left out")
        return self.model_copy(update=update)

    @model_validator(mode="before")
    @classmethod
    def _unmasked(cls, fields: Any) -> Any:
        """Refuse a masked number, which would be taken for nan."""
        for key, value in fields.items() if isinstance(fields, Mapping) else ():
            if value is np.ma.masked:
                raise ValueError(f"numbers; {key} is masked")
        return fields

    def _given(self) -> dict[str, Any]:
        """The fields that were given, by name."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (type(self), self._given())

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and all(
            same(getattr(self, name), getattr(other, name)) for name in type(self).model_fields
        )

    def __hash__(self) -> int:
        return hash((type(self), *(_hashed(getattr(self, name)) for name in type(self).model_fields)))


def _made(model: type[Spec], fields: dict[str, Any]) -> Spec:
    """What a pickled specification is made from again."""
    return model(**fields)


def _hashed(value: Any) -> int:
    """A hash that equal values share; of an array that of its shape, since reading it all would take long."""
    return hash(value.shape if isinstance(value, np.ndarray) else value)


@contextmanager
def _told_in_one_line(model: type[BaseModel]) -> Iterator[None]:
    """Turn pydantic's refusal of a specification into a `SpecError`."""
    try:
        yield
    except ValidationError as refusal:
        raise one_line(refusal, model) from None


def one_line(refusal: ValidationError, model: type[BaseModel]) -> SpecError:
    """The first complaint of a pydantic refusal as a one-line `SpecError`; a key misspelt before one that is missing."""
    complaints = refusal.errors()
    complaint = next((each for each in complaints if each["type"] == "extra_forbidden"), complaints[0])
    key = ".".join(str(part) for part in complaint["loc"] if "[" not in str(part)) or model.__name__
    if complaint["type"] == "extra_forbidden":
        missing = [str(each["loc"][-1]) for each in complaints if each["type"] == "missing"]
        return SpecError(key, complaint["input"], f"no such key exists{_meant(key, missing)}")
    if complaint["type"] == "missing":
        return SpecError(key, None, "a value, this key is required")
    if complaint["type"] == "union_tag_invalid":  # pydantic's own words hold the whole value, of any length
        known = complaint["ctx"]
        return SpecError(key, complaint["input"], f"{known['discriminator']} as one of {known['expected_tags']}")
    return SpecError(key, complaint["input"], _FIRST_WORDS.sub("", complaint["msg"]))


def _meant(key: str, missing: list[str]) -> str:
    """The key that is missing where this one looks like it."""
    return "".join(f"; did you mean {near}?" for near in get_close_matches(key.rpartition(".")[2], missing, n=1))


def _numbers(*dimensions: int) -> BeforeValidator:
    """Validation by `arrays.numbers`."""
    return BeforeValidator(lambda value: numbers(value, dimensions))


def _listed(array: Floats) -> Any:
    return array.tolist()


Vector = Annotated[Floats, _numbers(1), PlainSerializer(_listed, when_used="json")]
Matrix = Annotated[Floats, _numbers(2), PlainSerializer(_listed, when_used="json")]
Columns = Annotated[Floats, _numbers(1, 2), PlainSerializer(_listed, when_used="json")]
