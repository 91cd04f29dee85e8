"""Steps on mini-batches: all samples of a batch see the parameters before the step. Matrix products do it well.

With step α/N and batch x_1 … x_B: c += (α/N) (1/B) Σ_b r_b σ(w·x_b), w += (α/N) (1/B) Σ_b (c·r_b) σ'(w·x_b) x_b,
r_b = y_b − (1/N) Σ_i c^i σ(w^i·x_b). Shapes: c (R, m, N), w (R, d, N), x (R, K, B, d), y (R, K, B, m).
"""

from __future__ import annotations

import numpy as np

from mfnn.learning.activations import Activation
from mfnn.particles.kicks import Kicks
from mfnn.spec import Floats


def advance_batches(
    sigma: Activation, c: Floats, w: Floats, x: Floats, y: Floats, rate: float, kicks: Kicks
) -> tuple[int, int]:
    """K steps of R replicas in place with rate = α/N; (replica, k) of the first non-finite residual, or (−1, −1)."""
    keep_c, keep_w = kicks.keep
    width, batch = c.shape[2], x.shape[2]
    for k in range(x.shape[1]):
        z = x[:, k] @ w  # (R, B, N)
        s = sigma.value(z)
        residual = y[:, k] - s @ c.transpose(0, 2, 1) / width  # (R, B, m)
        finite = np.isfinite(residual).all(axis=(1, 2))
        if not finite.all():
            return int(np.argmin(finite)), k
        step = rate / batch * residual
        push = (step @ c) * sigma.slope(z, s)
        if kicks.decays:
            c *= keep_c
            w *= keep_w
        c += step.transpose(0, 2, 1) @ s
        w += x[:, k].transpose(0, 2, 1) @ push
        if kicks.noisy:
            for r, kick in enumerate(kicks.draw(1)):
                c[r] += kick[0, : c.shape[1]]
                w[r] += kick[0, c.shape[1] :]
    return -1, -1
