"""Quadrature nodes (θ_j, p_j) of the initial law μ̄_0: product Gauss rules, or scrambled Sobol' points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from mfnn.learning.assumptions import require
from mfnn.learning.data import FiniteData
from mfnn.learning.problem import Problem
from mfnn.spec import Floats


class Nodes(NamedTuple):
    """A weighted cloud in parameter space: theta (m + d, J), one row a coordinate, and probabilities weights (J,)."""

    theta: Floats
    weights: Floats


class DataNodes(NamedTuple):
    """A quadrature of the data law π: features x (Q, d), noiseless labels y (Q, m), weights (Q,)."""

    x: Floats
    y: Floats
    weights: Floats


def product_nodes(problem: Problem, counts: Sequence[int]) -> Nodes:
    """The product Gauss rule with counts[a] nodes in coordinate a, each rule matched to that coordinate's law."""
    require(problem, "solve_limit")
    rules = [law.quadrature(count) for law, count in zip(problem.coordinate_laws, counts, strict=True)]
    theta = np.meshgrid(*(nodes for nodes, _ in rules), indexing="ij")
    weights = np.meshgrid(*(weights for _, weights in rules), indexing="ij")
    return Nodes(np.stack([axis.ravel() for axis in theta]), np.prod([axis.ravel() for axis in weights], axis=0))


def sobol_nodes(problem: Problem, log2_count: int, rng: np.random.Generator) -> Nodes:
    """2^log2_count scrambled Sobol' points carried to μ̄_0, equal weights."""
    require(problem, "solve_limit")
    levels = sobol_levels(problem.outputs + problem.dim, log2_count, rng)
    theta = problem.initial.transport(levels, problem.outputs, problem.dim).T
    return Nodes(np.ascontiguousarray(theta), np.full(theta.shape[1], 1 / theta.shape[1]))


def sobol_data(problem: Problem, log2_count: int, rng: np.random.Generator) -> DataNodes:
    """The data law on 2^log2_count scrambled Sobol' inputs; a finite data set is its own exact quadrature."""
    if isinstance(problem.data, FiniteData):
        return DataNodes(*problem.data.quadrature())
    return DataNodes(*problem.data.transport(sobol_levels(problem.data.directions, log2_count, rng)))


def sobol_levels(dimension: int, log2_count: int, rng: np.random.Generator) -> Floats:
    """Scrambled Sobol' points of the open unit cube, shape (2^log2_count, dimension)."""
    points = qmc.Sobol(dimension, rng=rng).random_base2(log2_count)
    return np.clip(points, 2.0**-53, 1 - 2.0**-53)
