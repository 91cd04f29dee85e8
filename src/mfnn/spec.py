"""Validated, immutable specifications: pydantic models whose refusals are one line."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Annotated, Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from mfnn.errors import SpecError

Floats = npt.NDArray[np.floating[Any]]
MOST = 10**9
_FIRST_WORDS = re.compile("^(Value error, |Input should be )")
Count = Annotated[int, Field(gt=0, le=MOST)]  # of what a computer can hold, so that arithmetic with it stays finite


class Spec(BaseModel):
    """Base of every specification: frozen, unknown keys refused, finite numbers only."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        protected_namespaces=(),
    )

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Validate `obj`; raises `SpecError` naming the first offending key, its value and what is allowed."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as refusal:
            raise one_line(refusal, cls) from None


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


def _finite_array(dimensions: tuple[int, ...]) -> Callable[[Any], Floats]:
    def convert(value: Any) -> Floats:
        try:
            array = np.asarray(value)
            array = array.view() if array.dtype == np.float32 else array.astype(np.float64)
        except (TypeError, ValueError):
            raise ValueError("a rectangular array of numbers") from None
        if array.ndim not in dimensions or array.size == 0:
            raise ValueError(f"a non-empty array with {' or '.join(map(str, dimensions))} dimensions")
        if not np.isfinite(array).all():
            raise ValueError("finite numbers, neither nan nor inf")
        array.setflags(write=False)
        return array

    return convert


def _listed(array: Floats) -> Any:
    return array.tolist()


Vector = Annotated[Floats, BeforeValidator(_finite_array((1,))), PlainSerializer(_listed, when_used="json")]
Matrix = Annotated[Floats, BeforeValidator(_finite_array((2,))), PlainSerializer(_listed, when_used="json")]
Columns = Annotated[Floats, BeforeValidator(_finite_array((1, 2))), PlainSerializer(_listed, when_used="json")]
