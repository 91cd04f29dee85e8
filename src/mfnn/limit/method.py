"""Product rule or Sobol' points: which of the two a limit solve will cost less with, foreseen before it begins.

Costs are pre-activations σ(w·x) a velocity evaluation, over all solves that an error is certified by: nodes times data
nodes times solves. tanh(w x) with |w| ≤ L and |x| ≤ X has its poles in w/L at ±i π/(2 L X), so that n Gauss nodes err like
exp(−2 n asinh(π/(2 L X))) at the start, and the flow brings them nearer: 3 decimals / asinh(π/(2 L X)) nodes are counted
on a coordinate. The spread of scrambles falls like n^{-3/4} where σ is steep in few coordinates, faster elsewhere.
Neither is a bound; what is reached is certified afterwards.
"""

from __future__ import annotations

from math import asinh, ceil, inf, log2, log10, pi, prod

import numpy as np

from mfnn.errors import SpecError, ToleranceError
from mfnn.learning.assumptions import require
from mfnn.learning.masks import mask_count
from mfnn.learning.problem import Problem
from mfnn.limit.nodes import MOST_MASKS, product_count
from mfnn.limit.replicated import FIRST_LOG2, REPLICATES

METHODS = ("product", "sobol")
AFFORDABLE = 30_000_000  # pre-activations: a minute or two
_TAIL = 1e-3  # of an initial law, beyond what counts as its reach


def chosen(problem: Problem, tolerance: float, method: str | None, insisted: bool = False) -> str:
    """The named method, or without a name the one that costs less.

    Raises `SpecError` for an unknown name and `ToleranceError` where no name is given and neither can be afforded,
    unless one is insisted on.
    """
    if method is not None:
        if method not in METHODS:
            raise SpecError("method", method, f"{' or '.join(METHODS)}, or None for the one that costs less")
        if method == "product" and mask_count(problem) > MOST_MASKS:
            raise SpecError("method", method, f"sobol: there are {mask_count(problem)} masks, more than {MOST_MASKS}")
        return method
    costs = foreseen(problem, tolerance)
    cheaper = min(costs, key=lambda name: costs[name])
    if costs[cheaper] > AFFORDABLE and not insisted:
        raise ToleranceError(
            f"tolerance {tolerance:.1e} is out of reach for {problem.name}: pre-activations at a time would be about "
            f"{costs['product']:.0e} on a product rule, {costs['sobol']:.0e} on Sobol' points, and {AFFORDABLE:.0e} are "
            f'affordable; a larger tolerance, or method="{cheaper}" to insist'
        )
    return cheaper


def foreseen(problem: Problem, tolerance: float) -> dict[str, float]:
    """The cost of a solve to a tolerance by each method."""
    require(problem, "solve_limit")
    decimals = -log10(tolerance)
    points = problem.data.quadrature((5,) * problem.data.directions)[0]
    inputs, reach = np.abs(points).max(axis=0), _reach(problem)
    along = [2 + 3 * decimals / asinh(pi / max(2 * size * x, 1e-9)) for size, x in zip(reach, inputs, strict=True)]
    data = along[: problem.data.directions] if problem.data.directions else [len(points)]
    all_of_them = mask_count(problem) <= MOST_MASKS
    product = (
        product_count(problem, [6 + decimals / 2] * problem.outputs + along) * prod(data) if all_of_them else inf
    )
    solves = 2 + problem.outputs + problem.dim + problem.data.directions
    nodes = 2.0 ** min(max(FIRST_LOG2, ceil(4 / 3 * (1 + decimals * log2(10)))), 500)  # beyond, all is out of reach
    nodes *= mask_count(problem) if all_of_them else 1
    replicated = REPLICATES * nodes * (nodes if problem.data.directions else len(points))
    return {"product": product * solves, "sobol": replicated}


def _reach(problem: Problem) -> list[float]:
    """L of each coordinate of w: how far from 0 its initial law goes."""
    ends = np.array([_TAIL, 1 - _TAIL])
    return [float(np.abs(law.quantile(ends)).max()) for law in problem.coordinate_laws[problem.outputs :]]
