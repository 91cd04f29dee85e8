"""How often the interval of replicated Sobol' solves covers, on twelve small problems with a known answer.

Eight scrambles of 128 nodes each time, as the first level of a solve has; their mean is of no normal law, so that Student's
interval may promise too much.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from mfnn.learning.observables import parse_all
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import characteristics
from mfnn.limit.limit import mean_of
from mfnn.limit.nodes import sobol_data, sobol_nodes
from mfnn.limit.replicated import CONFIDENCE, FIRST_LOG2, REPLICATES, half_width
from mfnn.limit.solve import solve_limit
from mfnn.pipeline.coverage import markdown

LEVELS = (0.95, CONFIDENCE)
TRUTH = 1e-8  # the certified error of what is taken for true
RTOL = 1e-5
SIGMAS = ("tanh", "erf", "sin")
STARTS: dict[str, dict[str, Any]] = {
    "uniform": {"law": "uniform", "low": -3.0, "high": 3.0},
    "normal": {"law": "normal", "std": 1.0},
}
INPUTS = (1, 2)
PAGE = """
## Replicated limits
The interval of {replicates} solves on scrambles of {nodes} Sobol' nodes, by which a limit is known where product rules are
out of reach, on problems that a product rule solves to 1e-8: c², c·w0 and an output at T. Together they cover {together}.

{table}
"""


def problems() -> list[Problem]:
    """Every σ with every start of w, in one and two inputs, on seven points."""
    rng = np.random.default_rng(0)
    given = {dim: rng.uniform(-1, 1, (7, dim)) for dim in INPUTS}
    return [
        Problem.model_validate(
            {
                "name": f"{sigma}-{start}-{dim}",
                "activation": sigma,
                "learning_rate": 2.0,
                "horizon": 1.0,
                "data": {"law": "finite", "x": given[dim], "y": np.sin(3 * given[dim][:, 0])},
                "initial": {"c": {"law": "uniform", "low": -1.0, "high": 1.0}, "w": STARTS[start]},
            }
        )
        for sigma, start, dim in product(SIGMAS, STARTS, INPUTS)
    ]


def coverage(chosen: list[Problem], repetitions: int, seed: int) -> pd.DataFrame:
    """One row a problem: the shares of intervals at each of LEVELS that cover c², c w₀ and an output at the horizon."""
    return pd.DataFrame([_covered(problem, repetitions, [seed, k]) for k, problem in enumerate(chosen)])


def _covered(problem: Problem, repetitions: int, seed: list[int]) -> dict[str, object]:
    names = ["c^2", "c*w0", f"g({', '.join(['0.5'] * problem.dim)})"]
    times = np.array([0.0, problem.horizon])
    limit = solve_limit(problem, times.tolist(), TRUTH, names, method="product")
    truth = np.array([limit.mean(name)[-1] for name in names])
    functionals = [mean_of(f) for f in parse_all(names, problem).values()]
    hits = dict.fromkeys(LEVELS, 0.0)
    for child in np.random.SeedSequence(seed).spawn(repetitions):
        values = np.array([_one(problem, times, functionals, part) for part in child.spawn(REPLICATES)])
        away = np.abs(values.mean(axis=0) - truth)
        for level in LEVELS:
            hits[level] += float((away <= half_width(values, level) + TRUTH).mean()) / repetitions
    return {"problem": problem.name, "intervals": repetitions * len(names)} | {
        f"{100 * level:g}": share for level, share in hits.items()
    }


def _one(problem: Problem, times: np.ndarray, functionals: list[Any], seed: np.random.SeedSequence) -> list[float]:
    rng = np.random.default_rng(seed)
    nodes, data = sobol_nodes(problem, FIRST_LOG2, rng), sobol_data(problem, 0, rng)
    flow = characteristics(problem, nodes, data, times, RTOL)
    return [float(flow.evaluate(f)[-1]) for f in functionals]


def page(found: pd.DataFrame) -> str:
    """The table in Markdown, below what it says."""
    levels = [f"{100 * level:g}" for level in LEVELS]
    together = ", ".join(f"{100 * found[level].mean():.1f} % at {level} %" for level in levels)
    rows = [
        [row["problem"], row["intervals"], *(f"{100 * row[level]:.1f}" for level in levels)]
        for row in found.to_dict("records")
    ]
    table = markdown(["problem", "intervals", *(f"covers at {level} %" for level in levels)], rows)
    return PAGE.format(replicates=REPLICATES, nodes=2**FIRST_LOG2, together=together, table=table)
