"""A velocity of the limit's nodes as users of numpy, torch and jax would write it.

    V_j = Σ_q force_q (y_q − G(x_q))·∇φ(θ_j, x_q)

Shapes as in `mfnn.limit.sums`; σ = tanh.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch

from mfnn.spec import Floats

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)


def _velocity(module: Any, x: Any, y: Any, w: Any, c: Any, p: Any, force: Any) -> Any:
    """In the words that the three modules share."""
    s = module.tanh(x @ w)
    push = force[:, None] * (y - s @ (c * p).T)
    return module.concatenate([push.T @ s, x.T @ ((1 - s * s) * (push @ c))])


def numpy_velocity(*given: Floats) -> Callable[[], Floats]:
    """Whole arrays."""
    return lambda: _velocity(np, *given)


def torch_velocity(*given: Floats) -> Callable[[], Any]:
    """The same on tensors, without autograd."""
    tensors = [torch.from_numpy(part) for part in given]
    return lambda: _velocity(torch, *tensors)


def jax_velocity(*given: Floats) -> Callable[[], Any]:
    """The same, compiled as a whole."""
    step = jax.jit(lambda *parts: _velocity(jnp, *parts))
    arrays = [jnp.asarray(part) for part in given]
    return lambda: step(*arrays).block_until_ready()
