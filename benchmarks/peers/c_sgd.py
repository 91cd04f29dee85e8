"""C with -O3 -ffast-math for this processor, as plain as the formula: what a compiler makes of it without our help."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from mfnn.spec import Floats

COMPILER = shutil.which("gcc") or shutil.which("cc")
FLAGS = ["-O3", f"-march={os.environ.get('NUMBA_CPU_NAME', 'native')}", "-ffast-math", "-shared", "-fPIC"]


@cache
def compiled(name: str, *definitions: str) -> ctypes.CDLL:
    """The functions of a C file beside this one; only where `COMPILER` is not None."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library.so"
        source = Path(__file__).with_name(name)
        subprocess.run([str(COMPILER), *FLAGS, *definitions, str(source), "-o", str(library), "-lm"], check=True)
        return ctypes.CDLL(str(library))


def pointer(array: Floats) -> ctypes.c_void_p:
    """The address of a C-ordered array."""
    return array.ctypes.data_as(ctypes.c_void_p)


class CSGD:
    """R replicas one after another, any d, one output."""

    def __init__(self, c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> None:
        self.c, self.w, self.x, self.y, self._rate = c.copy(), w.copy(), x.copy(), y.copy(), rate
        self._s = np.zeros(c.shape[1])
        self._train = compiled("sgd.c", f"-DDIM={w.shape[1]}").train

    def advance(self) -> None:
        sizes = map(ctypes.c_long, (*self.y.shape, self._s.size))
        arrays = map(pointer, (self.c, self.w, self.x, self.y))
        self._train(*sizes, *arrays, ctypes.c_double(self._rate), pointer(self._s))

    def state(self) -> tuple[Floats, Floats]:
        return self.c, self.w
