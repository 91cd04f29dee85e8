"""`largest_error`: the constant of the largest error over time, from the law of the Gaussian path η.

    N·E max_t |⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩|² → E max_t ⟨f, η_t⟩²

over a time grid (arXiv:1808.09372: η is Gaussian, its covariance between times as in `path_covariance`). The
right-hand side is an integral over normal variables, one a time, computed by scrambled Sobol' points with a fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from scipy.special import ndtri

from mfnn.errors import SpecError
from mfnn.learning.assumptions import require
from mfnn.learning.observables import parse_all
from mfnn.limit.limit import Limit
from mfnn.limit.nodes import sobol_levels
from mfnn.limit.path_covariance import path_covariance
from mfnn.limit.replicated import CONFIDENCE, half_width
from mfnn.limit.transport import transported
from mfnn.spec import Floats

SCRAMBLES, LOG2_POINTS, SEED = 16, 12, 0  # of Sobol' points in as many dimensions as there are times


@dataclass(frozen=True)
class LargestError:
    """The limit law of √N max_t |⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩|, labelled by observable.

    `mean_square` is its second moment; `error` bounds that one's error: a 99 % half-width over the scrambles plus the
    certified error of the covariance.
    """

    mean_square: xr.DataArray
    error: xr.DataArray
    sample: Floats = field(repr=False)  # (observables, points), equally likely

    def quantile(self, level: float) -> xr.DataArray:
        """The `level`-quantile of √N max_t |⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩|; raises `SpecError` for a level outside (0, 1)."""
        if not (isinstance(level, float | int) and 0 < level < 1):
            raise SpecError("level", level, "a number between 0 and 1")
        return self.mean_square.copy(data=np.quantile(self.sample, level, axis=1))


def largest_error(limit: Limit, observables: Sequence[str]) -> LargestError:
    """The law of the largest error of the named observables over the limit's own time grid.

    Raises `SpecError` for an unknown observable or a problem whose nodes times data nodes are too many.
    """
    require(limit.problem, "largest_error")
    functions, solved = parse_all(observables, limit.problem), transported(limit, "largest_error")
    found = np.array([path_covariance(flow, list(functions.values()), limit.times) for flow in solved.solves])
    covariances = np.einsum("staua->satu", found)  # (solves, F, times, times)
    normal = _normal_points(len(limit.times))
    squares = np.array([[_largest(matrix, normal) ** 2 for matrix in solve] for solve in covariances])
    mean, certified = solved.certificate.combine(squares.mean(axis=(2, 3)))
    central, _ = solved.certificate.combine(covariances)
    sample = np.array([_largest(matrix, normal) for matrix in central])
    sampling = half_width((sample**2).mean(axis=2).T, CONFIDENCE)

    def labelled(values: Floats) -> xr.DataArray:
        return xr.DataArray(values, coords={"observable": list(functions)}, dims="observable")

    return LargestError(labelled(mean), labelled(sampling + certified), sample.reshape(len(functions), -1))


def _normal_points(dimension: int) -> Floats:
    """Scrambled Sobol' points carried to N(0, I), shape (scrambles, points, dimension)."""
    seeds = np.random.SeedSequence(SEED).spawn(SCRAMBLES)
    return np.array([ndtri(sobol_levels(dimension, LOG2_POINTS, np.random.default_rng(seed))) for seed in seeds])


def _largest(covariance: Floats, normal: Floats) -> Floats:
    """max_t |η_t| at each point, shape (scrambles, points), by the symmetric root, which is continuous in its matrix."""
    sizes, directions = np.linalg.eigh(covariance)
    root = (directions * np.sqrt(np.maximum(sizes, 0))) @ directions.T
    return np.abs(normal @ root).max(axis=2)
