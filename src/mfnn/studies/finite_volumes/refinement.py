"""Finite volumes on three grids against characteristics: observed orders, and what the grids say of their own error.

With values A_1, A_2, A_3 on n, 2n and 4n cells a direction the order observed without knowledge of the truth is
q = log2 |A_2 − A_1| / |A_3 − A_2|, and the error of A_3 is estimated by F |A_3 − A_2| / (2^q − 1), Roache's grid
convergence index, as Oberkampf & Roy (Verification and Validation in Scientific Computing, 2010) apply it: where q is
within a tenth of the formal order p, F = 1.25 and q = p; elsewhere F = 3 and q is cut to [1/2, p]. The formal order is 2
on smooth solutions and 1 where an initial law has edges, which the density then keeps. Two grids can agree by chance, so
|A_3 − A_2| counts as no less than |A_2 − A_1| / 2^p.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mfnn.learning.laws import Uniform
from mfnn.learning.observables import parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.finite_volume import Grid, enclosing_box, finite_volumes, initial_mass
from mfnn.limit.limit import Limit, mean_of
from mfnn.spec import Floats
from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import slug

CLOSE = 0.1
LEAST_ORDER = 0.5
SAFETY_AS_DESIGNED, SAFETY_ELSEWHERE = 1.25, 3.0
REFINEMENTS = (1, 2, 4)
LEAST_CELLS = 3  # a direction, of the coarsest grid: a centred slope has two neighbours


def grid_study(limit: Limit, observables: Sequence[str], cells: int) -> pd.DataFrame:
    """One row a grid, observable and time of the limit, from grids of cells, 2 cells and 4 cells a direction.

    `value` by finite volumes, `limit` by characteristics with its certified `limit_error`; `order` is that of the
    difference of the two since the next coarser grid, `estimate` what the three grids say of the finest one's error;
    nan on grids that have none.
    """
    at_least(LEAST_CELLS, cells, "cells", "finite volumes of second order")
    box, counts = enclosing_box(limit), [factor * cells for factor in REFINEMENTS]
    table = pd.concat([_on_grid(limit, observables, Grid.uniform(box, count)) for count in counts], ignore_index=True)
    shape = len(counts), len(observables) * len(limit.times)
    coarse, middle, fine = table["value"].to_numpy().reshape(shape)
    estimates = np.full(shape, np.nan)
    estimates[-1] = own_error(coarse, middle, fine, formal_order(limit.problem))
    table["order"] = _orders((table["value"] - table["limit"]).to_numpy().reshape(shape)).ravel()
    table["estimate"] = estimates.ravel()
    return table


def formal_order(problem: Problem) -> float:
    """The order that finite volumes can be relied on to have: 2, or 1 where an initial law has edges."""
    return 1.0 if any(isinstance(law, Uniform) for law in problem.coordinate_laws) else 2.0


def own_error(coarse: Floats, middle: Floats, fine: Floats, formal: float) -> Floats:
    """The error of values on the finest of three grids, estimated from the three and the formal order."""
    first = np.abs(middle - coarse)
    last = np.maximum(np.abs(fine - middle), first / 2**formal)
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = np.nan_to_num(np.log2(first / last), nan=LEAST_ORDER)
    as_designed = np.abs(seen - formal) <= CLOSE * formal
    order = np.where(as_designed, formal, np.maximum(seen, LEAST_ORDER))
    return np.where(as_designed, SAFETY_AS_DESIGNED, SAFETY_ELSEWHERE) * last / (2**order - 1)


def grid_summary(name: str, table: pd.DataFrame) -> dict[str, Any]:
    """The numbers of a study by key: orders at the last time, agreement, mass and positivity."""
    finest = table[table["cells"] == table["cells"].max()]
    last, moved = finest[finest["time"] == finest["time"].max()], finest[finest["time"] > 0]
    ratio = (moved["value"] - moved["limit"]).abs() / (moved["estimate"] + moved["limit_error"])
    orders = zip(last["observable"], last["order"], strict=True)
    return {
        **{f"{name}.fv_order.{slug(str(observable))}": float(order) for observable, order in orders},
        f"{name}.fv_order_least": float(last["order"].min()),
        f"{name}.fv_order_most": float(last["order"].max()),
        f"{name}.fv_agreement": float(ratio.max()),
        f"{name}.fv_mass": float(table["mass_defect"].max()),
        f"{name}.fv_least": float(table["least_density"].min()),
        f"{name}.fv_outside": float(table["mass_outside"].max()),
        f"{name}.fv_cells": int(table["cells"].max()),
    }


def _on_grid(limit: Limit, observables: Sequence[str], grid: Grid) -> pd.DataFrame:
    """What one grid gives beside the characteristics, and how well it keeps mass and positivity."""
    solution = finite_volumes(limit.problem, grid, limit.times)
    means = [
        pd.DataFrame(
            {
                "observable": name,
                "time": limit.times,
                "value": solution.evaluate(mean_of(f)),
                "limit": limit.mean(name),
                "limit_error": limit.error(name),
            }
        )
        for name, f in parse_all(observables, limit.problem).items()
    ]
    return pd.concat(means, ignore_index=True).assign(
        cells=len(grid.c) - 1,
        mass_defect=solution.defect,
        least_density=solution.least,
        mass_outside=1 - initial_mass(limit.problem, grid).sum(),
    )


def _orders(differences: Floats) -> Floats:
    """log2 of the fall of |differences| (grids, …) from each grid to the next; nan on the first and where 0 stands."""
    sizes = np.where(differences == 0, np.nan, np.abs(differences))
    orders = np.full_like(sizes, np.nan)
    orders[1:] = np.log2(sizes[:-1] / sizes[1:])
    return orders
