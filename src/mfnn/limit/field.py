"""The velocity field V of the limit equation.

    V(θ; μ) = α E_π[(y − G(x)) ∇_θ φ(θ, x)] − α λ θ,   G(x) = ⟨φ(·, x), μ⟩,   φ(θ, x) = c σ(w·x)

(Sirignano & Spiliopoulos, arXiv:1805.01053, eq. 1.5; with a decay λ: Mei, Montanari & Nguyen, arXiv:1804.06561).
Shapes: θ (m + d, J), node weights p (J,), data x (Q, d), y (Q, m), π (Q,), outputs G (Q, m).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mfnn.learning.activations import Activation, compiled
from mfnn.learning.problem import Problem
from mfnn.limit import sums
from mfnn.limit.nodes import DataNodes, Nodes
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared

TILE = 1 << 14  # pre-activations computed at a time: they stay in the second-level cache


@dataclass(frozen=True, eq=False)
class VelocityField(Compared):
    """V(θ; μ) of one problem on fixed data nodes."""

    problem: Problem
    data: DataNodes
    mask: Floats | None = None  # (m + d, J) of the nodes of a sparse network: what does not move has velocity 0

    @property
    def sigma(self) -> Activation:
        """σ with its derivatives."""
        return compiled(self.problem.activation)

    def output(self, nodes: Nodes) -> Floats:
        """G(x_q) = Σ_j p_j c_j σ(w_j·x_q), shape (Q, m)."""
        c, w = self._split(nodes.theta)
        return sums.output(self.problem.activation, self.data.x, w, c * nodes.weights)

    def push(self, residual: Floats) -> Floats:
        """α π_q r_q, shape (Q, m): the force with which each data node drives the parameters."""
        return self.problem.learning_rate * self.data.weights[:, None] * residual

    def velocity(self, theta: Floats, residual: Floats) -> Floats:
        """V at θ given the residual y − G on the data nodes, shape (m + d, J)."""
        c, w = self._split(theta)
        return self.damped(sums.pull(self.problem.activation, self.data.x, w, c, self.push(residual)), theta)

    def self_consistent(self, nodes: Nodes) -> Floats:
        """V(θ; μ) with μ = Σ_j p_j δ_{θ_j} itself, shape (m + d, J)."""
        c, w = self._split(nodes.theta)
        force = self.problem.learning_rate * self.data.weights
        pulled = sums.self_consistent(self.problem.activation, self.data.x, self.data.y, w, c, nodes.weights, force)
        return self.damped(pulled, nodes.theta)

    def divergence(self, theta: Floats, residual: Floats) -> Floats:
        """∇_θ·V = Σ_q (α π_q r_q·c) σ''(w·x_q) |x_q|² − α Σ_a λ_a, shape (J,); c contributes by its decay alone."""
        push, divergence = self.push(residual), np.empty(theta.shape[1])
        squares = (self.data.x**2).sum(axis=1)
        for c, w, part in self._tiles(theta):
            z = self.data.x @ w
            bend = self.sigma.curvature(z, self.sigma.value(z))
            divergence[part] = squares @ (bend * (push @ c))
        return divergence - self.problem.damping.sum()

    def damped(self, velocity: Floats, theta: Floats) -> Floats:
        """`velocity` less α λ θ, both (m + d, J), in place; 0 where a mask hides the coordinate."""
        if self.problem.damping.any():
            velocity -= self.problem.damping[:, None] * theta
        return self.seen(velocity)

    def seen(self, values: Floats) -> Floats:
        """`values` (…, m + d, J) at the nodes with 0 for the coordinates that a mask hides, in place."""
        if self.mask is not None:
            values *= self.mask
        return values

    def _split(self, theta: Floats) -> tuple[Floats, Floats]:
        """c (m, J) and w (d, J)."""
        return theta[: self.problem.outputs], theta[self.problem.outputs :]

    def _tiles(self, theta: Floats) -> Iterator[tuple[Floats, Floats, slice]]:
        columns = max(1, TILE // len(self.data.x))
        for start in range(0, theta.shape[1], columns):
            part = slice(start, start + columns)
            yield *self._split(theta[:, part]), part
