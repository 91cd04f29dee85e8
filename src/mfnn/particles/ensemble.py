"""The networks of a case, of all its widths in one record, a row each."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from mfnn.learning.case import Case, squares
from mfnn.learning.problem import Problem
from mfnn.learning.scenario import powers
from mfnn.particles.train import train


def train_case(problem: Problem, case: Case, observables: Sequence[str], root_seed: int) -> xr.Dataset:
    """⟨f, μ^N_t⟩ of the observables and of the squares of those of one neuron (network, time), "width" (network).

    Times are those of the case and 0. Of the observable of its groups the higher powers are there as well.
    """
    higher = powers(case.group) if case.group else []
    names = list(dict.fromkeys([*observables, *squares(list(observables), problem).values(), *higher]))
    times, parts = sorted({0.0, *case.times}), []
    for width, replicas in case.widths.items():
        runs = train(
            problem, case.neurons(width), range(replicas), times, names, root_seed=root_seed, protocol=case.protocol
        )
        parts.append(runs.assign_coords(width=("replica", [width] * replicas)).drop_vars("replica"))
    return xr.concat(parts, "replica", combine_attrs="drop_conflicts").rename(replica="network")


def by_width(networks: xr.Dataset) -> dict[int, xr.Dataset]:
    """The networks of each width, along "replica"."""
    named = networks.rename(network="replica")
    return {
        int(width): named.isel(replica=(named["width"] == width).values)
        for width in named["width"].to_index().unique()
    }
