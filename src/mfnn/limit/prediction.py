"""What the limit and its corrections say of networks of given widths, whichever kind of limit they have.

    E⟨f, μ^N_t⟩ ≈ ⟨f, μ̄_t⟩ + shift,   N·Var⟨f, μ^N_t⟩ ≈ Σ parts of its sources,   N·Cov(f(θ^1), f(θ^2)) ≈ that − Var f

The sources are the draw of the start, the samples, the noise of the steps, and the draw of the second hidden layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from mfnn.errors import ToleranceError
from mfnn.learning.case import Case
from mfnn.learning.observables import NetworkOutput, parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.deep import DeepLimit, dependence_through
from mfnn.limit.deep_fluctuations import deep_fluctuations
from mfnn.limit.diffusion import DiffusedLimit
from mfnn.limit.finite_width import finite_width
from mfnn.limit.fluctuations import Fluctuations, fluctuations
from mfnn.limit.lazy import LazyLimit
from mfnn.limit.lazy_fluctuations import lazy_fluctuations
from mfnn.limit.limit import Limit
from mfnn.limit.solve import solve_limit
from mfnn.limit.stationary import free_energy, stationary
from mfnn.spec import Floats

SOURCES = ("start", "samples", "noise", "second layer")
KNOWN = 0.05  # of a variance, its largest error: far below what replicas can tell
HELD, INSTEAD = ("mean", "start", "shift", "shift_error", "variance", "pair"), "instead_"
CELLS = ("observable", "time", "width")


@dataclass(frozen=True)
class Asked:
    """Of what a prediction is made: observables, times and widths N."""

    observables: Sequence[str]
    times: Sequence[float]
    widths: Sequence[int]


def predict(problem: Problem, asked: Asked, by: Case) -> xr.Dataset:
    """What the case `by`, whose problem this is, says of networks of the widths asked for, N times its `layers`.

    Returns "mean" (observable, time), of the limit, and "start" (observable), that at time 0; "shift" (observable, time,
    width), by which networks are off it on average: B/N where the next order is asked for, what parameters have moved
    in a limit that stays, else 0, and "shift_error"; "part" (source, observable, time, width), of N·Var, "variance",
    their sum; "pair" (observable, time, width), N·Cov of two neurons, nan where the kind of limit has none. With
    noise, "energy" (time), the free energy, and "least_energy", that of the stationary law; of two hidden layers
    "shared_w" and "shared_c" (time), covariances of two weights v that share a neuron. Raises as `solve_limit`,
    `fluctuations` and `finite_width` do, and `ToleranceError` where a variance is not known to KNOWN of itself.
    """
    names, times = list(asked.observables), list(asked.times)
    limit = solve_limit(problem, sorted({0.0, *times}), by.tolerance, names, protocol=by.protocol)
    place = {"observable": names, "time": limit.times}
    mean = xr.DataArray([limit.mean(name) for name in names], place, ("observable", "time"))
    parts, error = _parts(limit, asked, by)
    found = xr.Dataset(
        {
            "mean": mean.sel(time=times),
            "start": mean.sel(time=0.0, drop=True),
            "part": (("source", *CELLS), parts[:-1]),
            "pair": (CELLS, parts[-1]),
        },
        {"source": list(SOURCES), "width": list(asked.widths)},
    )
    found["variance"] = found["part"].sum("source")
    if not (error <= KNOWN * found["variance"].values).all():
        worst = float((error / found["variance"].values).max())
        raise ToleranceError(
            f"the variances of {problem.name} are known to {worst:.1e} of themselves: ask for a smaller tolerance"
        )
    return found.merge(_shift(limit, asked, by)).merge(_of_its_kind(limit, asked))


def instead_of(prediction: xr.Dataset) -> xr.Dataset:
    """What of a prediction networks are held against that it has to fail, its names beginning with INSTEAD."""
    return prediction[list(HELD)].rename({name: INSTEAD + name for name in HELD})


def _parts(limit: Limit, asked: Asked, by: Case) -> tuple[Floats, Floats]:
    """The parts of N·Var, last N·Cov of two neurons, (5, observables, times, widths), and an error of N·Var."""
    if isinstance(limit, LazyLimit):
        found = [_lazy(limit, asked, time) for time in asked.times]
    elif isinstance(limit, DeepLimit):
        found = [_deep(limit, asked, time, by.layers) for time in asked.times]
    else:
        return _of_one_layer(limit, asked)
    parts, errors = zip(*found, strict=True)
    return np.stack(parts, axis=2), np.stack(errors, axis=1)


def _of_one_layer(limit: Limit, asked: Asked) -> tuple[Floats, Floats]:
    """The same constants at every width."""
    found: Fluctuations = fluctuations(limit, asked.observables, list(asked.times))
    matrices = (found.initial, found.sgd, found.thermal, 0 * found.sgd, found.pair_covariance, found.error)
    own = np.stack([np.einsum("ftft->ft", matrix.values) for matrix in matrices])
    every = np.repeat(own[..., None], len(asked.widths), axis=-1)
    return every[:-1], every[-1]


def _lazy(limit: LazyLimit, asked: Asked, time: float) -> tuple[Floats, Floats]:
    """At one time: of the whole N·Var the samples have the same part at every width, the rest is the start's."""
    found = lazy_fluctuations(limit, asked.observables, time)
    whole = np.stack([width * found.variance(width).values for width in asked.widths], axis=1)
    samples = np.zeros_like(whole) + np.diag(found.sgd.values)[:, None]
    none, error = np.zeros_like(whole), np.zeros_like(whole) + np.diag(found.error.values)[:, None]
    return np.stack([whole - samples, samples, none, none, none * np.nan]), error


def _deep(limit: DeepLimit, asked: Asked, time: float, layers: tuple[int, int]) -> tuple[Floats, Floats]:
    """At one time: V_w/N_1 + V_c/N_2 + V_sgd/max(N_1, N_2), times N."""
    found, (first, second) = deep_fluctuations(limit, asked.observables, time), layers
    none = np.zeros((len(asked.observables), len(asked.widths)))
    shares = ((found.w, first), (found.sgd, max(layers)), (found.c, second), (found.error, 1))
    w, sgd, c, error = (none + np.diag(part.values)[:, None] / share for part, share in shares)
    return np.stack([w, sgd, none, c, none * np.nan]), error


def _shift(limit: Limit, asked: Asked, by: Case) -> xr.Dataset:
    """What is known of E⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩ at the widths asked for, with the error of that."""
    names, times, widths = list(asked.observables), list(asked.times), xr.DataArray(list(asked.widths), dims="width")
    shift = xr.DataArray(
        np.zeros((len(names), len(times))), {"observable": names, "time": times}, ("observable", "time")
    )
    scale, error = 0.0 * widths, 0.0 * shift
    if by.next_order:
        corrected = finite_width(limit, names, times)
        shift, error, scale = corrected.bias, corrected.error, 1 / widths
    elif isinstance(limit, LazyLimit):
        at = [list(limit.times).index(time) for time in times]
        for name, f in parse_all(names, limit.problem).items():
            if not isinstance(f, NetworkOutput):
                shift.loc[name] = limit.displacement(name)[at]
        scale = widths ** (by.protocol.output_exponent - 1.0)
    return xr.Dataset({"shift": shift * scale, "shift_error": error * scale})


def _of_its_kind(limit: Limit, asked: Asked) -> xr.Dataset:
    """What only limits of one kind have."""
    if isinstance(limit, DiffusedLimit):
        energy = xr.DataArray(free_energy(limit), {"time": limit.times}, "time").sel(time=list(asked.times))
        return xr.Dataset({"energy": energy, "least_energy": stationary(limit.problem).energy})
    if isinstance(limit, DeepLimit):
        through = {
            layer: xr.DataArray(limit.estimate(dependence_through(layer))[0], {"time": limit.times}, "time")
            for layer in "wc"
        }
        return xr.Dataset(
            {f"shared_{layer}": values.sel(time=list(asked.times)) for layer, values in through.items()}
        )
    return xr.Dataset()
