"""Matrix products that add to an array in place."""

from __future__ import annotations

from scipy.linalg.blas import get_blas_funcs

from mfnn.spec import Floats


def add_product(w: Floats, x: Floats, u: Floats) -> None:
    """W += Xᵀ U for C-ordered W (d, N), X (B, d), U (B, N) of one precision, without a second array of W's size.

    Half the time of a product that is then added: W is read and written once.
    """
    gemm = get_blas_funcs("gemm", dtype=w.dtype)
    gemm(1.0, u.T, x.T, beta=1.0, c=w.T, trans_b=True, overwrite_c=True)
