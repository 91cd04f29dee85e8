"""Finite volumes on three grids against characteristics: observed orders, and what the grids say of their own error.

With values A_1, A_2, A_3 on n, 2n and 4n cells a direction the order observed without knowledge of the truth is
q = log2 |A_2 − A_1| / |A_3 − A_2|, and the error of A_3 is estimated by F |A_3 − A_2| / (2^q − 1), Roache's grid
convergence index, as Oberkampf & Roy (Verification and Validation in Scientific Computing, 2010) apply it: where q is
within a tenth of the scheme's order 2, F = 1.25 and q = 2; elsewhere F = 3 and q is cut to [1/2, 2].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mfnn.limit.finite_volume import Grid, enclosing_box, finite_volumes, initial_mass
from mfnn.limit.solve import Limit, mean_of
from mfnn.observables import parse_all
from mfnn.rates import slug
from mfnn.spec import Floats

SCHEME_ORDER, CLOSE = 2.0, 0.1
LEAST_ORDER = 0.5
SAFETY_AS_DESIGNED, SAFETY_ELSEWHERE = 1.25, 3.0
REFINEMENTS = (1, 2, 4)


def grid_study(limit: Limit, observables: Sequence[str], cells: int) -> pd.DataFrame:
    """One row a grid, observable and time of the limit, from grids of cells, 2 cells and 4 cells a direction.

    `value` by finite volumes, `limit` by characteristics with its certified `limit_error`; `order` is that of the
    difference of the two since the next coarser grid, `estimate` what the three grids say of the finest one's error.
    """
    functions, box = parse_all(observables, limit.problem), enclosing_box(limit)
    rows: list[dict[str, Any]] = []
    for factor in REFINEMENTS:
        grid = Grid.uniform(box, factor * cells)
        solution = finite_volumes(limit.problem, grid, limit.times)
        quality = {"mass_defect": solution.defect, "least_density": solution.least}
        quality["mass_outside"] = float(1 - initial_mass(limit.problem, grid).sum())
        for name, f in functions.items():
            columns = zip(
                limit.times, solution.evaluate(mean_of(f)), limit.mean(name), limit.error(name), strict=True
            )
            for time, *numbers in columns:
                named = dict(zip(("value", "limit", "limit_error"), map(float, numbers), strict=True))
                rows.append({"cells": factor * cells, "observable": name, "time": float(time), **named, **quality})
    table = pd.DataFrame(rows)
    shape = len(REFINEMENTS), len(functions), len(limit.times)
    values, differences = table["value"].to_numpy(), (table["value"] - table["limit"]).to_numpy()
    table["order"] = _orders(differences.reshape(shape)).ravel()
    table["estimate"] = _estimates(values.reshape(shape)).ravel()
    return table


def own_error(coarse: Floats, middle: Floats, fine: Floats) -> Floats:
    """The error of values on the finest of three grids, estimated from the three."""
    last = np.abs(fine - middle)
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = np.nan_to_num(np.log2(np.abs(middle - coarse) / last), nan=LEAST_ORDER)
    as_designed = np.abs(seen - SCHEME_ORDER) <= CLOSE * SCHEME_ORDER
    order = np.where(as_designed, SCHEME_ORDER, np.clip(seen, LEAST_ORDER, SCHEME_ORDER))
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


def _orders(differences: Floats) -> Floats:
    """log2 of the fall of |differences| (grids, …) from each grid to the next; nan on the first and where 0 stands."""
    sizes = np.where(differences == 0, np.nan, np.abs(differences))
    orders = np.full_like(sizes, np.nan)
    orders[1:] = np.log2(sizes[:-1] / sizes[1:])
    return orders


def _estimates(values: Floats) -> Floats:
    """`own_error` of values (3, …) on the last grid, nan on the others."""
    estimates = np.full_like(values, np.nan)
    estimates[-1] = own_error(*values)
    return estimates
