"""numpy by hand: replicas and particles vectorised, buffers allocated once; and one matrix-vector step at a time."""

from __future__ import annotations

import numpy as np

from mfnn.spec import Floats


class NumpySGD:
    """All replicas at once."""

    def __init__(self, c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> None:
        self.c, self.w, self.x, self.y, self.rate = c.copy(), w.copy(), x, y, rate
        self._s, self._slope, self._outer = np.zeros_like(c), np.zeros_like(c), np.zeros_like(w)

    def advance(self) -> None:
        c, w, s, slope = self.c, self.w, self._s, self._slope
        for k in range(self.x.shape[1]):
            x = self.x[:, k, :, None]
            if w.shape[1] == 1:
                np.multiply(w[:, 0], x[:, 0], out=s)
            else:
                np.matmul(x.mT, w, out=s[:, None])
            np.tanh(s, out=s)
            residual = self.y[:, k] - np.einsum("rn,rn->r", c, s) / c.shape[1]
            step = self.rate * residual[:, None]
            np.multiply(s, s, out=slope)
            np.subtract(1.0, slope, out=slope)
            slope *= c
            slope *= step
            np.multiply(slope[:, None], x, out=self._outer)
            w += self._outer
            s *= step
            c += s

    def state(self) -> tuple[Floats, Floats]:
        return self.c, self.w


class NumpyMatvec:
    """One replica, any d: c (m, N), w (N, d), x (K, d), y (K, m)."""

    def __init__(self, c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> None:
        self.c, self.w, self.x, self.y, self.rate = c.copy(), w.copy(), x, y, rate
        self._outer = np.zeros_like(w)

    def advance(self) -> None:
        c, w = self.c, self.w
        for x, y in zip(self.x, self.y, strict=True):
            s = np.tanh(w @ x)
            step = self.rate * (y - c @ s / len(w))
            push = (step @ c) * (1.0 - s * s)
            c += np.outer(step, s)
            np.multiply(push[:, None], x, out=self._outer)
            w += self._outer

    def state(self) -> tuple[Floats, Floats]:
        return self.c, self.w
