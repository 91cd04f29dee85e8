"""What the limit says of a table: outputs and losses through training, and how much two trainings will differ.

    G_t(x) = ⟨c σ(w·x), μ̄_t⟩,   N·Var g^N_T(x) → V_start(x) + V_samples(x)

so that P(|g^N_T(x) − G_T(x)| ≤ ε) is 95 % from N = (1.96/ε)² V(x) on (arXiv:1808.09372). In mean-field training the limit
depends on the learning rate α and the horizon T through α T alone; at fixed α T, V_start stays and V_samples grows like α.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from mfnn.learning.observables import network_output
from mfnn.learning.problem import Problem
from mfnn.limit.fluctuations import fluctuations
from mfnn.limit.solve import solve_limit
from mfnn.limit.transport import transported
from mfnn.spec import Floats

ROUGH = 0.1  # the tolerance of the limit whose spread is computed: its mean over rows then is known to a few per cent
SECONDS = 20.0  # for the limit, after which the best answer so far has to do; the spread takes several times as long
QUANTILE = 1.959964  # of the normal law, for 95 %
MOST_ROWS = 0.9  # of the rows, for which the width is to be enough


def predict_rows(
    problem: Problem,
    x: Floats,
    held_out: Floats,
    times: Sequence[float],
    rows: int,
    tolerance: float,
    threads: int = 1,
) -> xr.Dataset:
    """Outputs on training rows x (M, d) and held-out ones, and the spread between trainings at the first `rows` of these.

    Returns "training" (time, trained) and "held_out" (time, row), outputs in standard deviations of the target; "part"
    (source, chosen) of N·Var at T at the chosen held-out rows, and "part_error" (chosen), of their sum; `tolerance`,
    to which the limit was solved: the one asked for, or what SECONDS give. Raises `ToleranceError` where that is nothing.
    """
    limit = transported(solve_limit(problem, times, tolerance, seconds=SECONDS, threads=threads), "predict_rows")
    flows = limit.solves[:1]
    outputs = [
        np.array(
            [network_output(problem, flows[0].theta[k], flows[0].weights, points)[:, 0] for k in range(len(times))]
        )
        for points in (x, held_out)
    ]
    chosen = held_out[:rows]
    names = ["g(" + ", ".join(map(repr, map(float, point))) + ")" for point in chosen]
    distinct = list(dict.fromkeys(names))
    rough = solve_limit(problem, [0.0, float(times[-1])], max(tolerance, ROUGH), seconds=SECONDS, threads=threads)
    found = fluctuations(rough, distinct, float(times[-1]), threads)
    parts = np.array([np.diag(each.values) for each in (found.initial, found.sgd, found.error)])
    place = [distinct.index(name) for name in names]
    start, samples, error = np.maximum(parts[:, place], 0.0)
    return xr.Dataset(
        {
            "training": (("time", "trained"), outputs[0]),
            "held_out": (("time", "row"), outputs[1]),
            "part": (("source", "chosen"), np.array([start, samples])),
            "part_error": ("chosen", error),
        },
        {"time": list(times), "source": ["start", "samples"]},
        {"tolerance": limit.tolerance, "resolution": str(limit.certificate.resolution)},
    )


def width_needed(predicted: xr.Dataset, error: float) -> int:
    """The least N at which, for MOST_ROWS of the chosen rows, an output is within `error` of the limit's at 95 %."""
    variance = float(np.quantile(predicted["part"].sum("source"), MOST_ROWS))
    return max(1, int(np.ceil(variance * (QUANTILE / error) ** 2)))
