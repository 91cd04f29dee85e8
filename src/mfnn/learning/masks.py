"""Sparse connectivity: every neuron sees k of the inputs that vary, drawn at the start, and all that are constant.

(Hirsch, Neumann & Schmidt, mean-field limits of sparsely connected networks.) A mask is a row of zeros and ones over the
d features; the weight of a feature that is not seen is 0 and stays so.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from mfnn.learning.problem import Problem
from mfnn.spec import Floats


def mask_count(problem: Problem) -> int:
    """How many masks there are, all equally likely; one without `connectivity`."""
    return 1 if problem.connectivity is None else comb(len(_drawn(problem)), problem.connectivity)


def all_masks(problem: Problem) -> Floats:
    """Every mask, shape (masks, d)."""
    masks = np.ones((mask_count(problem), problem.dim))
    if problem.connectivity is not None:
        drawn = _drawn(problem)
        masks[:, drawn] = 0.0
        for mask, seen in zip(masks, combinations(drawn, problem.connectivity), strict=True):
            mask[list(seen)] = 1.0
    return masks


def draw_masks(problem: Problem, count: int, rng: np.random.Generator) -> Floats:
    """Independent masks, one a neuron, shape (d, count); nothing is drawn without `connectivity`."""
    masks = np.ones((problem.dim, count))
    if problem.connectivity is not None:
        drawn = _drawn(problem)
        ranks = rng.random((len(drawn), count)).argsort(axis=0).argsort(axis=0)
        masks[drawn] = ranks < problem.connectivity
    return masks


def _drawn(problem: Problem) -> list[int]:
    """The features among which a neuron's are drawn: those that vary."""
    return [a for a in range(problem.dim) if a not in problem.data.constant]
