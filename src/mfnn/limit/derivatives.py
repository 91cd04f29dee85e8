"""φ_k(θ, x) = c_k σ(w·x) and its derivatives in θ up to the third, contracted, at every node and data node.

Shapes: vectors at nodes (J, m + d), matrices at nodes (J, m + d, m + d), a push β (Q, m), data x (Q, d); σ and its
derivatives at z = w_j·x_q are (Q, J). A third derivative is never formed: it is the gradient of tr(∇²φ C) at fixed C.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mfnn.learning.activations import Activation
from mfnn.limit.field import VelocityField
from mfnn.spec import Floats


@dataclass(frozen=True)
class Derivatives:
    """φ and its derivatives at nodes (m + d, J) and data nodes x (Q, d)."""

    sigma: Activation
    damping: Floats  # (m + d,)
    x: Floats
    c: Floats  # (m, J)
    w: Floats  # (d, J)
    z: Floats
    s: Floats
    slope: Floats
    bend: Floats

    @classmethod
    def at(cls, field: VelocityField, theta: Floats) -> Derivatives:
        """The derivatives at theta (m + d, J) and the field's data nodes."""
        sigma, x, m = field.sigma, field.data.x, field.problem.outputs
        z = x @ theta[m:]
        s = sigma.value(z)
        slope, bend = sigma.slope(z, s), sigma.curvature(z, s)
        return cls(sigma, field.problem.damping, x, theta[:m], theta[m:], z, s, slope, bend)

    def value(self) -> Floats:
        """φ_k(θ_j, x_q), shape (J, Q, m)."""
        return self.s.T[:, :, None] * self.c.T[:, None, :]

    def gradient(self) -> Floats:
        """∇φ_k(θ_j, x_q), shape (J, m + d, Q, m)."""
        m, d = len(self.c), self.x.shape[1]
        gradient = np.zeros((self.c.shape[1], m + d, len(self.x), m))
        for k in range(m):
            gradient[:, k, :, k] = self.s.T
            gradient[:, m:, :, k] = (self.slope * self.c[k]).T[:, None] * self.x.T
        return gradient

    def pull(self, push: Floats) -> Floats:
        """Σ_qk β_qk ∇φ_k(θ_j, x_q), shape (J, m + d): the velocity V without decay, for β = α π r."""
        steered = self.slope * (push @ self.c)
        return np.concatenate([self.s.T @ push, steered.T @ self.x], axis=1)

    def velocity(self, push: Floats) -> tuple[Floats, Floats]:
        """V, shape (J, m + d), and its Jacobian at a fixed output (J, m + d, m + d), for the push β = α π r."""
        pulled, hessian = self.pull(push), self.hessian(push)
        if self.damping.any():
            pulled -= self.damping * np.concatenate([self.c, self.w]).T
            hessian -= np.diag(self.damping)
        return pulled, hessian

    def felt(self, vectors: Floats) -> Floats:
        """Σ_j ∇φ_k(θ_j, x_q)·v_j, shape (Q, m): what the outputs feel of moved nodes."""
        m, (nodes, size) = len(self.c), vectors.shape
        turned = (self.c.T[:, :, None] * vectors[:, None, m:]).reshape(nodes, -1)
        along = (self.slope @ turned).reshape(len(self.x), m, size - m)
        return self.s @ vectors[:, :m] + (along * self.x[:, None]).sum(axis=2)

    def hessian(self, push: Floats) -> Floats:
        """Σ_qk β_qk ∇²φ_k(θ_j, x_q), shape (J, m + d, m + d): the Jacobian of `pull` at a fixed β."""
        m, d, nodes = len(self.c), self.x.shape[1], self.c.shape[1]
        steered = (push[:, :, None] * self.x[:, None]).reshape(len(self.x), m * d)
        mixed = (self.slope.T @ steered).reshape(nodes, m, d)
        bent = (self.bend * (push @ self.c)).T @ self._squares()
        hessian = np.zeros((nodes, m + d, m + d))
        hessian[:, :m, m:], hessian[:, m:, :m] = mixed, mixed.transpose(0, 2, 1)
        hessian[:, m:, m:] = bent.reshape(nodes, d, d)
        return hessian

    def bent_by(self, vectors: Floats, weights: Floats) -> Floats:
        """Σ_qk β_q ∇²φ_k(θ_j, x_q) v_jqk for v (J, m + d, Q, m) and β (Q,), shape (J, m + d)."""
        m = len(self.c)
        along = (vectors[:, m:] * self.x.T[:, :, None]).sum(axis=1)  # (J, Q, m)
        outer = np.einsum("qj,jqk->jk", self.slope * weights[:, None], along)
        own = np.einsum("jkqk->jq", vectors[:, :m])
        steered = self.slope.T * own + self.bend.T * np.einsum("jqk,kj->jq", along, self.c)
        return np.concatenate([outer, (steered * weights) @ self.x], axis=1)

    def traces(self, matrices: Floats) -> Floats:
        """Σ_j tr(∇²φ_k(θ_j, x_q) C_j), shape (Q, m), for symmetric C (J, m + d, m + d)."""
        crossed, square = self._along(matrices)
        return 2 * np.einsum("qj,jkq->qk", self.slope, crossed) + (self.bend * square) @ self.c.T

    def third(self, push: Floats, matrices: Floats) -> Floats:
        """Σ_qk β_qk ∇³φ_k(θ_j, x_q)[C_j], shape (J, m + d), for symmetric C (J, m + d, m + d)."""
        crossed, square = self._along(matrices)
        outer = (self.bend * square).T @ push
        steered = 2 * self.bend * np.einsum("qk,jkq->qj", push, crossed)
        steered += self.sigma.third(self.z, self.s) * square * (push @ self.c)
        return np.concatenate([outer, steered.T @ self.x], axis=1)

    def _along(self, matrices: Floats) -> tuple[Floats, Floats]:
        """C_cw x_q (J, m, Q) and x_q·C_ww x_q (Q, J)."""
        m = len(self.c)
        flat = matrices[:, m:, m:].reshape(len(matrices), -1)
        return matrices[:, :m, m:] @ self.x.T, self._squares() @ flat.T

    def _squares(self) -> Floats:
        """x_q x_qᵀ as rows, shape (Q, d²)."""
        return (self.x[:, :, None] * self.x[:, None]).reshape(len(self.x), -1)
