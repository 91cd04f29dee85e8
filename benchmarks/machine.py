"""The bounds of this machine on one training step, as programs that do nothing but what no step can do without."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import numpy as np
from peers.c_sgd import compiled, pointer

TANH_STEP = 21  # multiply-adds, or operations as long, of a particle's step besides two for each feature
CHAINS = 12  # multiply-adds in one block of machine.c


def arithmetic(dim: int, particle_steps: int) -> Callable[[], object]:
    """21 + 2 d multiply-adds and a division for each particle and step, all independent, nothing read or written."""
    library = compiled("machine.c")
    sizes = ctypes.c_long(particle_steps), ctypes.c_long(round((TANH_STEP + 2 * dim) / CHAINS))
    return lambda: library.arithmetic(*sizes, ctypes.c_double(0.999))


def traffic(dim: int, width: int, passes: int) -> Callable[[], object]:
    """c, w and σ of one replica read and written once a step."""
    library, numbers = compiled("machine.c"), np.ones((2 + dim) * width)
    sizes = ctypes.c_long(numbers.size), ctypes.c_long(passes)
    return lambda: library.traffic(*sizes, pointer(numbers), ctypes.c_double(1.0))
