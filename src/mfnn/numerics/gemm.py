"""Matrix products that add to an array, or to some columns of it, in place.

The BLAS routine is called by its address, with rows of any distance: wrappers of it copy what is not contiguous, and
hold the interpreter's lock meanwhile.
"""

from __future__ import annotations

from ctypes import CFUNCTYPE, POINTER, byref, c_char, c_double, c_float, c_int, c_void_p
from functools import cache
from typing import Any

import numpy as np
from numba.extending import get_cython_function_address

from mfnn.spec import Floats

_ROUTINES = {np.dtype(np.float64): ("dgemm", c_double), np.dtype(np.float32): ("sgemm", c_float)}


def add_product(w: Floats, x: Floats, u: Floats) -> None:
    """W += Xᵀ U for W (d, n), X (B, d), U (B, n) of one precision and C order, each perhaps some columns of a wider one.

    Half the time of a product that is then added: W is read and written once. Raises `ValueError` for other arrays,
    before anything is written.
    """
    (batch, dim), size, kind = x.shape, w.shape[1], w.dtype
    shapes = w.shape == (dim, size) and u.shape == (batch, size)
    if not shapes or any(part.dtype != kind or part.strides[1] != kind.itemsize for part in (w, x, u)):
        raise ValueError("W (d, n), X (B, d) and U (B, n) of one precision, their rows contiguous")
    gemm, real = _gemm(kind)
    (n, d, b), one = map(c_int, (size, dim, batch)), real(1.0)
    # Column by column, as the routine reads memory, the arrays are Wᵀ, Xᵀ and Uᵀ: Wᵀ += Uᵀ (Xᵀ)ᵀ.
    gemm(b"N", b"T", byref(n), byref(d), byref(b), byref(one), *_columns(u), *_columns(x), byref(one), *_columns(w))


def _columns(rows: Floats) -> tuple[Any, Any]:
    """The address of an array and the distance of its rows in numbers."""
    return rows.ctypes.data, byref(c_int(max(rows.strides[0] // rows.itemsize, rows.shape[1])))


@cache
def _gemm(kind: np.dtype[Any]) -> tuple[Any, Any]:
    """scipy's routine C ← α A B + β C of a precision, (transA, transB, m, n, k, α, A, lda, B, ldb, β, C, ldc)."""
    name, real = _ROUTINES[kind]
    size, number, flag = POINTER(c_int), POINTER(real), POINTER(c_char)
    matrix = (c_void_p, size)
    signature = CFUNCTYPE(None, flag, flag, size, size, size, number, *matrix, *matrix, number, *matrix)
    return signature(get_cython_function_address("scipy.linalg.cython_blas", name)), real
