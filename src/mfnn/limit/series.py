"""A smooth function of time as a Chebyshev series: known everywhere from its values at a few times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from mfnn.spec import Floats
from mfnn.spec.arrays import Compared


@dataclass(frozen=True, eq=False)
class Series(Compared):
    """An array-valued function on [0, horizon], coefficients (degree + 1, …) of Chebyshev polynomials."""

    horizon: float
    coefficients: Floats

    @staticmethod
    def abscissae(horizon: float, count: int) -> Floats:
        """The Chebyshev points of [0, horizon], increasing."""
        return horizon * (1 + chebyshev.chebpts1(count)) / 2

    @classmethod
    def through(cls, horizon: float, values: Floats) -> Series:
        """The series through values (count, …) at the Chebyshev points."""
        count = len(values)
        vander = chebyshev.chebvander(chebyshev.chebpts1(count), count - 1)
        vander *= np.where(np.arange(count) == 0, 1, 2) / count
        return cls(horizon, np.tensordot(vander.T, values, axes=1))

    def __call__(self, time: float) -> Floats:
        """The value at one time, shape (…)."""
        angle = np.arccos(np.clip(2 * time / self.horizon - 1, -1, 1))
        basis = np.cos(angle * np.arange(len(self.coefficients)))
        return (basis @ self.coefficients.reshape(len(basis), -1)).reshape(self.coefficients.shape[1:])

    def integral(self) -> Series:
        """∫_0^t as a series."""
        return Series(self.horizon, chebyshev.chebint(self.coefficients, lbnd=-1) * (self.horizon / 2))

    @property
    def tail(self) -> float:
        """The size of the last coefficients: what the series does not resolve."""
        return float(np.abs(self.coefficients[-3:]).max())
