"""jax: `lax.scan` over the samples, `vmap` over the replicas, compiled, float64."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mfnn.spec import Floats

jax.config.update("jax_enable_x64", True)


@jax.jit
def _train(c: jax.Array, w: jax.Array, x: jax.Array, y: jax.Array, rate: float) -> tuple[jax.Array, jax.Array]:
    def one_replica(c: jax.Array, w: jax.Array, x: jax.Array, y: jax.Array) -> tuple[jax.Array, jax.Array]:
        def one_step(theta: Any, sample: Any) -> tuple[Any, None]:
            (c, w), (x, y) = theta, sample
            s = jnp.tanh(w[0] * x[0] if len(x) == 1 else x @ w)
            step = rate * (y - jnp.mean(c * s))
            return (c + step * s, w + x[:, None] * (step * c * (1.0 - s * s))), None

        return jax.lax.scan(one_step, (c, w), (x, y))[0]

    return jax.vmap(one_replica)(c, w, x, y)


class JaxSGD:
    """All replicas at once; the first `advance` compiles."""

    def __init__(self, c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> None:
        self._theta = jnp.asarray(c), jnp.asarray(w)
        self._samples, self._rate = (jnp.asarray(x), jnp.asarray(y)), rate

    def advance(self) -> None:
        self._theta = jax.block_until_ready(_train(*self._theta, *self._samples, self._rate))

    def state(self) -> tuple[Floats, Floats]:
        c, w = self._theta
        return np.asarray(c), np.asarray(w)
