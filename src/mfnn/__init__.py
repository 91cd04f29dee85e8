"""mfnn: the mean-field limit of one-hidden-layer networks, solved, simulated and held against each other."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mfnn.errors import DivergedError, MfnnError, SpecError, ToleranceError
    from mfnn.learning.problem import Problem
    from mfnn.learning.protocol import Protocol
    from mfnn.limit.deep_fluctuations import DeepFluctuations
    from mfnn.limit.finite_width import FiniteWidth, finite_width
    from mfnn.limit.fluctuations import Fluctuations, fluctuations
    from mfnn.limit.largest_error import LargestError, largest_error
    from mfnn.limit.lazy_fluctuations import LazyFluctuations
    from mfnn.limit.limit import Limit
    from mfnn.limit.solve import solve_limit
    from mfnn.particles.train import train
    from mfnn.studies.regressor import MeanFieldRegressor

__all__ = [
    "DeepFluctuations",
    "DivergedError",
    "FiniteWidth",
    "Fluctuations",
    "LargestError",
    "LazyFluctuations",
    "Limit",
    "MeanFieldRegressor",
    "MfnnError",
    "Problem",
    "Protocol",
    "SpecError",
    "ToleranceError",
    "finite_width",
    "fluctuations",
    "largest_error",
    "solve_limit",
    "train",
]

_HOMES = {
    "mfnn.errors": ("DivergedError", "MfnnError", "SpecError", "ToleranceError"),
    "mfnn.limit.deep_fluctuations": ("DeepFluctuations",),
    "mfnn.limit.finite_width": ("FiniteWidth", "finite_width"),
    "mfnn.limit.fluctuations": ("Fluctuations", "fluctuations"),
    "mfnn.limit.largest_error": ("LargestError", "largest_error"),
    "mfnn.limit.lazy_fluctuations": ("LazyFluctuations",),
    "mfnn.limit.limit": ("Limit",),
    "mfnn.limit.solve": ("solve_limit",),
    "mfnn.particles.train": ("train",),
    "mfnn.studies.regressor": ("MeanFieldRegressor",),
    "mfnn.learning.problem": ("Problem",),
    "mfnn.learning.protocol": ("Protocol",),
}


def __getattr__(name: str) -> Any:
    """The public names, imported on first use: a training job should not wait for the limit solver's libraries."""
    if name == "__version__":
        return import_module("mfnn.storage").version()
    for home, names in _HOMES.items():
        if name in names:
            return getattr(_imported(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _imported(home: str) -> ModuleType:
    """A module; where it cannot be imported, the reason: an AttributeError would read as if it had no such name."""
    try:
        return import_module(home)
    except AttributeError as reason:
        raise ImportError(f"{home} cannot be imported: {reason}") from reason


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
