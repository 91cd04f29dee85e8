"""What is observed of a network while it is trained, as one value made from what a user asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mfnn.errors import SpecError
from mfnn.learning.observables import Observable, parse_all
from mfnn.learning.problem import Problem
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared, integer, numbers, table


@dataclass(frozen=True, eq=False)
class Observed(Compared):
    """What is observed of networks of width N at T times, each with its variable in a record of R replicas.

    times             t, shape (T,), in units of N steps, or of N^b where the step size is α/N^b
    functions         f by name: a variable each, ⟨f, μ^N_t⟩, shape (R, T)
    kept              K ≤ N, the first particles, at T' of the times: "theta", shape (R, T', K, C)
    kept_coordinates  which coordinates of θ ∈ R^{m + d} those have, C indices
    kept_times        T' indices into `times`
    kept_along        the dimension of T': "time" where it is the whole grid, "keep_time" where times were chosen
    followed          F ≤ N, the first particles, at every time: "path", shape (R, T, F, m + d)
    points            features, shape (Q, d), or None: "output", g^N_t there, shape (R, T, Q, m), in their precision
    """

    times: Floats
    functions: Mapping[str, Observable]
    kept: int
    kept_coordinates: tuple[int, ...]
    kept_times: tuple[int, ...]
    kept_along: str
    followed: int
    points: Floats | None

    @classmethod
    def of(
        cls,
        problem: Problem,
        width: int,
        times: Sequence[float],
        observables: Sequence[str],
        keep: int,
        keep_times: Sequence[float] | None,
        keep_coordinates: Sequence[str] | None,
        follow: int,
        evaluate: Floats | None,
    ) -> Observed:
        """What the arguments of `mfnn.train` ask for; raises `SpecError` where the problem does not have it."""
        grid = problem.time_grid(times)
        return cls(
            times=grid,
            functions=parse_all(observables, problem),
            kept=min(integer("keep", keep, 0), width),
            kept_coordinates=_coordinates(problem, keep_coordinates),
            kept_times=_places(grid, keep_times),
            kept_along="time" if keep_times is None else "keep_time",
            followed=min(integer("follow", follow, 0), width),
            points=None if evaluate is None else table("evaluate", evaluate, problem.dim),
        )


def _coordinates(problem: Problem, chosen: Sequence[str] | None) -> tuple[int, ...]:
    """Where the chosen coordinates stand in θ; all of them by default."""
    names = problem.coordinate_names
    asked = names if chosen is None else chosen
    coordinates = list(asked) if isinstance(asked, Iterable) else [asked]
    unknown = [name for name in coordinates if name not in names]
    if unknown:
        raise SpecError("keep_coordinates", unknown[0], f"coordinates {names[0]} ... {names[-1]}")
    return tuple(map(names.index, coordinates))


def _places(grid: Floats, chosen: Sequence[float] | None) -> tuple[int, ...]:
    """Where the chosen times stand in the grid; all of them by default."""
    try:
        kept = grid if chosen is None else numbers(chosen)
    except ValueError:
        kept = np.array([np.nan])
    if not np.isin(kept, grid).all():
        raise SpecError("keep_times", chosen, "times of the time grid")
    return tuple(int(index) for index in np.flatnonzero(np.isin(grid, kept)))
