"""Two hidden layers, one network, d = 1 and tanh, as users of numpy, torch and jax would write a step."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch

from mfnn.particles.deep_kernel import deep_kernel
from mfnn.spec import Floats

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)

Start = tuple[Floats, Floats, Floats]  # w (N,), v (N, N), c (N,)


class OursDeep:
    """This project's kernel."""

    def __init__(self, start: Start, x: Floats, y: Floats, rate: float) -> None:
        w, self.v, self.c = (part.copy() for part in start)
        self.w, self._samples, self._rate = w[None], (x[:, None], y), rate
        self._advance = deep_kernel("tanh")

    def advance(self) -> None:
        self._advance(self.w, self.v, self.c, *self._samples, self._rate, 1.0)

    def state(self) -> Start:
        return self.w[0], self.v, self.c


class NumpyDeep:
    """Matrix products and an outer product a step."""

    def __init__(self, start: Start, x: Floats, y: Floats, rate: float) -> None:
        self.w, self.v, self.c = (part.copy() for part in start)
        self._x, self._y, self._rate = x, y, rate

    def advance(self) -> None:
        for x, y in zip(self._x, self._y, strict=True):
            s = np.tanh(self.w * x)
            t = np.tanh(self.v @ s / s.size)
            step = self._rate * (y - self.c @ t / t.size)
            felt = self.c * (1 - t * t)
            back = felt @ self.v / t.size
            self.c += step * t
            self.v += np.outer(step * felt, s)
            self.w += step * back * (1 - s * s) * x

    def state(self) -> Start:
        return self.w, self.v, self.c


class TorchDeep:
    """The same by hand, without autograd."""

    def __init__(self, start: Start, x: Floats, y: Floats, rate: float) -> None:
        self.w, self.v, self.c = (torch.tensor(part) for part in start)
        self._x, self._y, self._rate = x.tolist(), y.tolist(), rate

    @torch.inference_mode()
    def advance(self) -> None:
        for x, y in zip(self._x, self._y, strict=True):
            s = torch.tanh(self.w * x)
            t = torch.tanh(self.v @ s / len(s))
            step = self._rate * (y - self.c @ t / len(t))
            felt = self.c * (1 - t * t)
            back = felt @ self.v / len(t)
            self.c += step * t
            self.v.addr_(step * felt, s)
            self.w += step * back * (1 - s * s) * x

    def state(self) -> Start:
        return self.w.numpy(), self.v.numpy(), self.c.numpy()


@jax.jit
def _train(w: jax.Array, v: jax.Array, c: jax.Array, x: jax.Array, y: jax.Array, rate: float) -> Any:
    def one_step(theta: Any, sample: Any) -> tuple[Any, None]:
        (w, v, c), (x, y) = theta, sample
        s = jnp.tanh(w * x)
        t = jnp.tanh(v @ s / s.size)
        step = rate * (y - c @ t / t.size)
        felt = c * (1 - t * t)
        back = felt @ v / t.size
        return (w + step * back * (1 - s * s) * x, v + jnp.outer(step * felt, s), c + step * t), None

    return jax.lax.scan(one_step, (w, v, c), (x, y))[0]


class JaxDeep:
    """`lax.scan` over the samples, compiled; the first `advance` compiles."""

    def __init__(self, start: Start, x: Floats, y: Floats, rate: float) -> None:
        self._theta = tuple(map(jnp.asarray, start))
        self._samples, self._rate = (jnp.asarray(x), jnp.asarray(y)), rate

    def advance(self) -> None:
        self._theta = jax.block_until_ready(_train(*self._theta, *self._samples, self._rate))

    def state(self) -> Start:
        w, v, c = map(np.asarray, self._theta)
        return w, v, c
