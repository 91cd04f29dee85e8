"""Quadrature nodes (θ_j, p_j) of the initial law μ̄_0: product Gauss rules, or scrambled Sobol' points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from mfnn.learning.assumptions import require
from mfnn.learning.data import FiniteData
from mfnn.learning.masks import all_masks, draw_masks, mask_count
from mfnn.learning.problem import Problem
from mfnn.spec import Floats

MOST_MASKS = 64  # of a sparse network, for each of which there are nodes of its own


class Nodes(NamedTuple):
    """A weighted cloud in parameter space: theta (m + d, J), one row a coordinate, and probabilities weights (J,).

    Where neurons see some of the inputs, `mask` (m + d, J) has 1 for the coordinates that move and 0 for those that stay 0.
    """

    theta: Floats
    weights: Floats
    mask: Floats | None = None


class DataNodes(NamedTuple):
    """A quadrature of the data law π: features x (Q, d), noiseless labels y (Q, m), weights (Q,)."""

    x: Floats
    y: Floats
    weights: Floats


def product_nodes(problem: Problem, counts: Sequence[int]) -> Nodes:
    """The product Gauss rule with counts[a] nodes in coordinate a, each rule matched to that coordinate's law.

    One rule for each mask of a sparse network, with a single node, 0, in the coordinates that it hides.
    """
    require(problem, "solve_limit")
    rules = [law.quadrature(count) for law, count in zip(problem.coordinate_laws, counts, strict=True)]
    if problem.connectivity is None:
        return product(rules)
    hidden, parts = (np.zeros(1), np.ones(1)), []
    for mask in _moving(problem, all_masks(problem).T).T:
        part = product([rule if moves else hidden for rule, moves in zip(rules, mask, strict=True)])
        parts.append(Nodes(part.theta, part.weights, np.repeat(mask[:, None], part.weights.size, axis=1)))
    return _mixture(parts)


def product_count(problem: Problem, counts: Sequence[float]) -> float:
    """How many nodes `product_nodes` has."""
    moving = _moving(problem, all_masks(problem).T) > 0
    return float(np.where(moving, np.array(counts, dtype=float)[:, None], 1.0).prod(axis=0).sum())


def sobol_nodes(problem: Problem, log2_count: int, rng: np.random.Generator) -> Nodes:
    """2^log2_count scrambled Sobol' points carried to μ̄_0, equal weights; in sparse networks so many for every mask.

    Where there are more than MOST_MASKS masks, one is drawn for every point.
    """
    require(problem, "solve_limit")
    levels = sobol_levels(problem.outputs + problem.dim, log2_count, rng)
    theta = problem.initial.transport(levels, problem.outputs, problem.dim).T
    nodes = Nodes(np.ascontiguousarray(theta), np.full(theta.shape[1], 1 / theta.shape[1]))
    if problem.connectivity is None:
        return nodes
    if mask_count(problem) > MOST_MASKS:
        return _masked(nodes, _moving(problem, draw_masks(problem, nodes.weights.size, rng)))
    return _mixture([_masked(nodes, mask[:, None]) for mask in _moving(problem, all_masks(problem).T).T])


def product(rules: Sequence[tuple[Floats, Floats]]) -> Nodes:
    """The product of one-dimensional rules, each nodes and weights."""
    theta = np.meshgrid(*(nodes for nodes, _ in rules), indexing="ij")
    weights = np.meshgrid(*(weights for _, weights in rules), indexing="ij")
    return Nodes(np.stack([axis.ravel() for axis in theta]), np.prod([axis.ravel() for axis in weights], axis=0))


def _moving(problem: Problem, masks: Floats) -> Floats:
    """Masks over all coordinates (m + d, n) from those over the features (d, n): c always moves."""
    return np.concatenate([np.ones((problem.outputs, masks.shape[1])), masks])


def _masked(nodes: Nodes, mask: Floats) -> Nodes:
    """The nodes with 0 for what is not seen."""
    mask = np.broadcast_to(mask, nodes.theta.shape)
    return Nodes(nodes.theta * mask, nodes.weights, mask)


def _mixture(parts: Sequence[Nodes]) -> Nodes:
    """Clouds together, each as likely."""
    theta, weights, masks = zip(*parts, strict=True)
    return Nodes(np.hstack(theta), np.concatenate(weights) / len(parts), np.hstack(masks))


def sobol_data(problem: Problem, log2_count: int, rng: np.random.Generator) -> DataNodes:
    """The data law on 2^log2_count scrambled Sobol' inputs; a finite data set is its own exact quadrature."""
    if isinstance(problem.data, FiniteData):
        return DataNodes(*problem.data.quadrature())
    return DataNodes(*problem.data.transport(sobol_levels(problem.data.directions, log2_count, rng)))


def sobol_levels(dimension: int, log2_count: int, rng: np.random.Generator) -> Floats:
    """Scrambled Sobol' points of the open unit cube, shape (2^log2_count, dimension)."""
    points = qmc.Sobol(dimension, rng=rng).random_base2(log2_count)
    return np.clip(points, 2.0**-53, 1 - 2.0**-53)
