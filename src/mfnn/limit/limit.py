"""`Limit`: what every limit law μ̄_t offers, whichever equation it solves and however that is solved.

Each kind of limit is a subclass in a module of its own; what a kind has no formula for is refused in one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NoReturn, Protocol

import numpy as np
import xarray as xr

from mfnn.errors import SpecError, ToleranceError
from mfnn.learning.assumptions import departures
from mfnn.learning.observables import Observable, parse, parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Functional
from mfnn.limit.refinement import unit
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared


def mean_of(f: Observable) -> Functional:
    """The linear functional μ ↦ ⟨f, μ⟩."""
    return lambda theta, weights: f(theta) @ weights


class Certificate(Protocol):
    """What was solved, and how well it is known."""

    @property
    def resolution(self) -> object:
        """How finely it was solved, as `str` says it."""

    def estimate(self, functional: Functional) -> tuple[Floats, Floats]:
        """F(μ̄_t) and its certified error at each time."""


@dataclass(frozen=True, eq=False)
class Limit(Compared):
    """μ̄_t on a time grid to a tolerance, made by `solve_limit`; times in units of N steps."""

    KIND: ClassVar[str]  # the equation, as refusals name it

    problem: Problem = field(repr=False)
    times: Floats  # (number of times,)
    tolerance: float
    certificate: Certificate = field(repr=False)

    @property
    def departures(self) -> tuple[str, ...]:
        """The hypotheses of the law of large numbers that the problem does not meet; the equation is solved regardless."""
        return departures(self.problem)

    def estimate(self, functional: Functional) -> tuple[Floats, Floats]:
        """F(μ̄_t) and its certified error at each time for any functional F(θ, p) of a weighted cloud; no refusal."""
        return self.certificate.estimate(functional)

    def mean(self, observable: str) -> Floats:
        """⟨f, μ̄_t⟩ at each of `times`, shape (times,); raises `ToleranceError` when it can't be certified."""
        return self._mean(observable)[0]

    def error(self, observable: str) -> Floats:
        """The certified error of `mean`, shape (times,), at most the tolerance; raises `ToleranceError` otherwise."""
        return self._mean(observable)[1]

    def dataset(self, observables: Sequence[str]) -> xr.Dataset:
        """ "mean" and "error" (observable, time) of the named observables, labelled as `train` labels its records."""
        both = np.array([self._mean(name) for name in parse_all(observables, self.problem)]).reshape(
            -1, 2, len(self.times)
        )
        dims = ("observable", "time")
        coords = {"observable": list(observables), "time": self.times}
        return xr.Dataset({"mean": (dims, both[:, 0]), "error": (dims, both[:, 1])}, coords)

    def flow(self, theta0: Floats, times: Sequence[float]) -> Floats:
        """Φ_t(θ_0), the characteristics of V(·; μ̄_t) from theta0 (n, m + d): shape (times, n, m + d).

        Raises `ToleranceError` when it can't be certified.
        """
        return self._flow(theta0, times)[0]

    def flow_error(self, theta0: Floats, times: Sequence[float]) -> Floats:
        """The certified error of `flow`, of its shape."""
        return self._flow(theta0, times)[1]

    def output(self, x: Floats, time: float) -> Floats:
        """G_t(x) = ⟨c σ(w·x), μ̄_t⟩ at features x (n, d): shape (n,), or (n, m) for m > 1 outputs.

        Raises `ToleranceError` when it can't be certified.
        """
        return self._output(x, time)[0]

    def output_error(self, x: Floats, time: float) -> Floats:
        """The certified error of `output`, of its shape."""
        return self._output(x, time)[1]

    def density(self, theta: Floats, time: float) -> Floats:
        """p(t, θ), the density of μ̄_t at theta (n, m + d): shape (n,).

        Raises `SpecError` for a kind of limit without a density or, where it takes σ'', a σ without two continuous
        derivatives; `ToleranceError` when it can't be certified, as it cannot where p jumps, at the edge of the image of
        a uniform initial law.
        """
        return self._density(theta, time)[0]

    def density_error(self, theta: Floats, time: float) -> Floats:
        """The certified error of `density`, of its shape."""
        return self._density(theta, time)[1]

    def within(self, times: Sequence[float]) -> Floats:
        """Times up to the last solved one: beyond it the field is not known."""
        grid = self.problem.time_grid(times)
        if grid[-1] > (self.times[-1] or self.problem.horizon):
            raise SpecError("times", times, f"times up to the last solved one, {self.times[-1]:g}")
        return grid

    def one_time(self, time: float | Sequence[float]) -> float:
        """A time up to the last solved one; raises `SpecError` for several, between which this kind has no formula."""
        if np.ndim(time):
            raise SpecError("time", time, f"one time for a limit {self.KIND}")
        return float(self.within([time])[0])  # type: ignore[list-item]  # it is one number, or refused there

    def _mean(self, observable: str) -> tuple[Floats, Floats]:
        value, error = self.estimate(mean_of(parse(observable, self.problem)))
        return self._certified(observable, value, error, unit(value))

    def _flow(self, theta0: Floats, times: Sequence[float]) -> tuple[Floats, Floats]:
        self.refuse("flow")

    def _output(self, x: Floats, time: float) -> tuple[Floats, Floats]:
        self.refuse("output")

    def _density(self, theta: Floats, time: float) -> tuple[Floats, Floats]:
        self.refuse("density")

    def refuse(self, what: str) -> NoReturn:
        """Raise `SpecError`: there is no formula for this kind of limit."""
        raise SpecError("problem", self.problem.name, f"for {what} a limit that has one; this one is {self.KIND}")

    def _certified(self, what: str, value: Floats, error: Floats, scale: float) -> tuple[Floats, Floats]:
        """Both, unless an error exceeds the tolerance in units of `scale`."""
        if not error.max() <= self.tolerance * scale:  # nan where a functional overflows
            raise ToleranceError(
                f"{what}: certified error {error.max():.1e} exceeds the tolerance {self.tolerance:.1e}"
                f"{f' in units of {scale:g}' if scale > 1 else ''}; name it in solve_limit(..., observables=[...]) to have "
                "the solve refined for it, outputs as g(...), or ask for a smaller tolerance there"
            )
        return value, error
