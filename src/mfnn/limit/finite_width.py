"""`finite_width`: the mean and the spread of a network of N neurons, predicted to the order after the limit.

    E⟨f, μ^N_t⟩ = ⟨f, μ̄_t⟩ + B_t(f)/N + o(1/N),   N·Var⟨f, μ^N_t⟩ → V_t(f)

B as in `next_order` (derived here), V from arXiv:1808.09372. To this order ⟨f, μ^N_t⟩ is normal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy.special import ndtr

from mfnn.errors import SpecError
from mfnn.learning.assumptions import require
from mfnn.learning.observables import parse_all
from mfnn.limit.limit import Limit
from mfnn.limit.next_order import orders
from mfnn.limit.transport import transported
from mfnn.spec import Floats

WIDEST = 2**53  # widths beyond it are not whole numbers in floating point


@dataclass(frozen=True)
class FiniteWidth:
    """⟨f, μ̄_t⟩, B_t(f) and V_t(f), labelled (observable) for one time, (observable, time) for several.

    `error` bounds the numerical error of `bias` as the limit's certificate does. Observables have no units; a width
    is a number of neurons.
    """

    mean: xr.DataArray
    bias: xr.DataArray
    variance: xr.DataArray
    error: xr.DataArray

    def expected(self, width: float) -> xr.DataArray:
        """E⟨f, μ^N_t⟩ = ⟨f, μ̄_t⟩ + B/N; raises `SpecError` for a width below 1."""
        return self.mean + self.bias / _positive("width", width, 1)

    def deviation(self, width: float) -> xr.DataArray:
        """The standard deviation √(V/N) of ⟨f, μ^N_t⟩; raises `SpecError` for a width below 1."""
        return (self.variance / _positive("width", width, 1)) ** 0.5

    def width_for(self, error: float | Mapping[str, float], confidence: float = 0.95) -> xr.DataArray:
        """The least N with P(|⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩| ≤ error) ≥ confidence, labelled as the constants are.

        The difference is taken as normal with mean B/N and variance V/N; the probability grows with N. One `error`
        for all observables, or a mapping from some of their names. Raises `SpecError` for an error that is not
        positive or below what any width can reach, a confidence outside (0, 1), or an unknown name.
        """
        allowed = self._errors(error)
        if not (_is_number(confidence) and 0 < confidence < 1):
            raise SpecError("confidence", confidence, "a number between 0 and 1")
        named = self.bias.sel(observable=allowed.observable)
        bias, variance = named.values, self.variance.sel(observable=allowed.observable).values
        within = allowed.values.reshape(-1, *[1] * (named.ndim - 1))
        low, high = np.zeros(named.shape, np.int64), np.full(named.shape, WIDEST)
        if (_probability(bias, variance, within, high) < confidence).any():
            raise SpecError("error", error, f"what a width of at most {WIDEST:,} reaches")
        while (high - low > 1).any():
            middle = (low + high + 1) // 2  # never 0
            enough = _probability(bias, variance, within, middle) >= confidence
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return named.copy(data=high)

    def _errors(self, error: float | Mapping[str, float]) -> xr.DataArray:
        names = [str(name) for name in self.bias.observable.values]
        named = dict(error) if isinstance(error, Mapping) else dict.fromkeys(names, error)
        unknown = [name for name in named if name not in names]
        if unknown or not named:
            raise SpecError("error", error, f"errors of {', '.join(names)}")
        values = [_positive("error", value, 0) for value in named.values()]
        return xr.DataArray(values, coords={"observable": list(named)}, dims="observable")


def finite_width(limit: Limit, observables: Sequence[str], time: float | Sequence[float]) -> FiniteWidth:
    """The constants of the mean and the spread of finite networks for the named observables at one or more times.

    Raises `SpecError` for a σ with fewer than three derivatives, an unknown observable, a time outside the limit's
    grid, or a problem whose nodes times data nodes are too many.
    """
    require(limit.problem, "finite_width")
    functions, solved = parse_all(observables, limit.problem), transported(limit, "finite_width")
    times = limit.within(np.atleast_1d(np.asarray(time, dtype=object)).tolist())
    parts = [orders(flow, list(functions.values()), times) for flow in solved.solves]
    found = {
        name: solved.certificate.combine(np.array([getattr(p, name) for p in parts])) for name in parts[0]._fields
    }

    def labelled(values: Floats) -> xr.DataArray:
        table = xr.DataArray(
            values, coords={"observable": list(functions), "time": times}, dims=("observable", "time")
        )
        return table[:, 0].drop_vars("time") if np.ndim(time) == 0 else table

    mean, bias, variance = (labelled(found[name][0]) for name in ("mean", "bias", "variance"))
    return FiniteWidth(mean, bias, variance, labelled(found["bias"][1]))


def _probability(bias: Floats, variance: Floats, error: Floats, width: npt.NDArray[np.int64]) -> Floats:
    """P(|Z| ≤ error) for Z ~ N(B/N, V/N); a variance of 0 counts as the smallest above it."""
    deviation = np.sqrt(np.maximum(variance, np.finfo(float).tiny) / width)
    return ndtr((error - bias / width) / deviation) - ndtr((-error - bias / width) / deviation)


def _positive(key: str, value: float, least: float) -> float:
    if not (_is_number(value) and isfinite(value) and value > 0 and value >= least):
        raise SpecError(key, value, f"a number of at least {least:g}" if least else "a positive number")
    return float(value)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
