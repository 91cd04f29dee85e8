"""Vector code for the activations: branch-free double-precision functions a compiler turns into SIMD loops.

No fast-math flag that reassociates may reach these functions: rounding to the nearest integer by adding and
subtracting 1.5·2^52 would be optimised away.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

# LLVM halves the vector width on many AVX-512 machines by default; these loops gain from the full one. Whoever names a
# processor or its features through numba's own variables, NUMBA_CPU_NAME and NUMBA_CPU_FEATURES, is obeyed.
if numba.config.CPU_NAME is None and numba.config.CPU_FEATURES is None:
    numba.config.CPU_FEATURES = llvm.get_host_cpu_features().flatten() + (
        ",-prefer-256-bit" if llvm.get_host_cpu_features().get("avx512f") else ""
    )

EXACT: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz"}}
_LOG2_E = 1 / math.log(2.0)
_LN2_HIGH = 6.93147180369123816490e-01  # the upper 32 bits of ln 2: n times it is exact
_LN2_LOW = 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 · 2^52
_PI_HALVES = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)  # π/2 in three parts


@intrinsic
def _bits(typing_context, number):  # numba's own calling convention
    """The 64 bits of a double as an integer."""
    return types.int64(types.float64), lambda _, builder, __, args: builder.bitcast(args[0], ir.IntType(64))


@intrinsic
def _double(typing_context, bits):
    """The double with the given 64 bits."""
    return types.float64(types.int64), lambda _, builder, __, args: builder.bitcast(args[0], ir.DoubleType())


def _llvm(name: str):
    """Calls LLVM's own operation of that name, which vectorises where Python's spelling of it does not."""

    def build(_, builder, __, args):
        double = ir.DoubleType()
        kind = ir.FunctionType(double, [double] * len(args))
        return builder.call(builder.module.declare_intrinsic(name, [double], kind), args)

    return build


@intrinsic
def _absolute(typing_context, x):
    """|x|."""
    return types.float64(types.float64), _llvm("llvm.fabs")


@intrinsic
def _minimum(typing_context, x, y):
    """The smaller one; nan when either is nan, and one machine instruction when y is a constant."""
    return types.float64(types.float64, types.float64), _llvm("llvm.minimum")


@intrinsic
def _with_sign(typing_context, x, y):
    """|x| with the sign of y."""
    return types.float64(types.float64, types.float64), _llvm("llvm.copysign")


@intrinsic
def _fma(typing_context, x, y, z):
    """x y + z, rounded once."""
    return types.float64(types.float64, types.float64, types.float64), _llvm("llvm.fma")


# (e^r − 1 − r) / r² on |r| ≤ ln 2 / 2: minimax of degree 9, relative error of e^r − 1 2e-17.
_E2, _E3, _E4, _E5 = 0.5000000000000006, 0.16666666666666677, 0.04166666666657306, 0.008333333333321421
_E6, _E7, _E8 = 0.0013888888932517304, 0.00019841269886591435, 2.4801504310983356e-05
_E9, _E10, _E11 = 2.755724378779126e-06, 2.762637210237089e-07, 2.5109171314008863e-08


@njit(**EXACT)
def exp(v: float) -> float:
    """exp(v) for −708 ≤ v ≤ 709, relative error a few ulp.

    With v = n ln 2 + r and |r| ≤ ln 2 / 2, exp(v) = 2^n + 2^n (e^r − 1), 2^n written straight into the exponent bits.
    """
    shifted = v * _LOG2_E + _ROUND
    n = shifted - _ROUND
    r = (v - n * _LN2_HIGH) - n * _LN2_LOW
    tail = _E6 + r * (_E7 + r * (_E8 + r * (_E9 + r * (_E10 + r * _E11))))
    rest = r + r * r * (_E2 + r * (_E3 + r * (_E4 + r * (_E5 + r * tail))))
    power = _double((_bits(shifted) + 1023) << 52)
    return power * rest + power


# tanh(f ln 2 / 2) = P/Q on |f| ≤ 1/2, P odd and Q even in f: minimax of type [5/4], relative error 4.8e-18.
_P0, _P1, _P2 = 0.34657359027997265305, 0.0046248416001399847912, 5.2870874190824688238e-06
_Q1, _Q2 = 0.053382223242687025760, 2.2893365865606464480e-04


@njit(**EXACT)
def tanh(z: float) -> float:
    """tanh(z), odd and never beyond ±1, which it reaches before |z| = 20; nan stays nan.

    With 2|z| = (n + f) ln 2 and tanh(f ln 2 / 2) = P/Q, exp(2|z|) = 2^n (Q + P)/(Q − P), so for t = (2^n − 1)/2
    tanh|z| = (t (Q + P) + P) / (t (Q + P) + Q): no cancellation at t = 0, and P ≤ Q keeps it within 1.
    """
    size = _minimum(_absolute(z), 20.0)
    shifted = _fma(size, 2 * _LOG2_E, _ROUND + 1022)  # the biased exponent of 2^n / 2 in its lowest bits
    f = _fma(size, 2 * _LOG2_E, (_ROUND + 1022) - shifted)
    u = f * f
    p = f * (_P0 + u * (_P1 + u * _P2))
    q = 1.0 + u * (_Q1 + u * _Q2)
    t = _double(_bits(shifted) << 52) - 0.5
    both = p + q
    return _with_sign(_fma(t, both, p), z) / _fma(t, both, q)


@njit(**EXACT)
def sigmoid(z: float) -> float:
    """1 / (1 + exp(−z)); beyond |z| = 700 the exponential is held at its largest."""
    z = 700.0 if z > 700.0 else z
    z = -700.0 if z < -700.0 else z
    return 1.0 / (exp(-z) + 1.0)


@njit(**EXACT)
def gaussian(z: float) -> float:
    """exp(−z²), held at exp(−700) for |z| > √700."""
    u = z * z
    u = 700.0 if u > 700.0 else u
    return exp(-u)


# (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴ as polynomials in r² on |r| ≤ π/4: minimax, errors 1e-17 and 4e-19.
_S3, _S5, _S7 = -0.1666666666666663, 0.008333333333322207, -0.00019841269829672963
_S9, _S11, _S13 = 2.755731365199531e-06, -2.5050752620575e-08, 1.5896509862299053e-10
_C4, _C6, _C8 = 0.041666666666666595, -0.0013888888888873604, 2.4801587289196677e-05
_C10, _C12, _C14 = -2.755731427820758e-07, 2.0875714077411227e-09, -1.135920817617049e-11


@njit(**EXACT)
def sin_and_cos(z: float) -> tuple[float, float]:
    """sin(z) and cos(z) for |z| up to about 1e5, by reduction to |r| ≤ π/4 and a polynomial of each there."""
    shifted = z * (2 / math.pi) + _ROUND
    n = shifted - _ROUND
    r = ((z - n * _PI_HALVES[0]) - n * _PI_HALVES[1]) - n * _PI_HALVES[2]
    u = r * r
    sine = r + r * u * (_S3 + u * (_S5 + u * (_S7 + u * (_S9 + u * (_S11 + u * _S13)))))
    cosine = 1.0 + u * (-0.5 + u * (_C4 + u * (_C6 + u * (_C8 + u * (_C10 + u * (_C12 + u * _C14))))))
    quadrant = _bits(shifted)
    turned = quadrant & 1
    first, second = cosine if turned else sine, sine if turned else cosine
    return -first if quadrant & 2 else first, -second if (quadrant + 1) & 2 else second


@njit(**EXACT)
def sin(z: float) -> float:
    """sin(z) for |z| up to about 1e5."""
    return sin_and_cos(z)[0]


@njit(**EXACT)
def cos(z: float) -> float:
    """cos(z) for |z| up to about 1e5."""
    return sin_and_cos(z)[1]


# erf and its slope at r = 0, 1/256, …, 8 − 1/256; adding 1.5·2^44 rounds to a multiple of 1/256.
_GRID = np.arange(2048) / 256
_ERF_AT = np.array([math.erf(r) for r in _GRID])
_ERF_SLOPE_AT = np.array([2 / math.sqrt(math.pi) * math.exp(-r * r) for r in _GRID])
_GRID_ROUND = 1.5 * 2.0**44


@njit(**EXACT)
def erf_and_slope(z: float) -> tuple[float, float]:
    """erf(z) and its derivative 2/√π exp(−z²), held at that of 8 beyond; nan stays nan.

    With r the grid point nearest to |z|, d = |z| − r, v = z² − r² and t = r + x d, r² − t² = x (1 − x) d² − x v, so
    erf|z| = erf(r) + erf'(r) d ∫₀¹ exp(x (1 − x) d² − x v) dx, and erf'(z) = erf'(r) e^−v. The integral is
    (1 − e^−v)/v (1 + d²/6 + d⁴/60 − …): as |d| ≤ 1/512, the next term, −d² v²/360, is less than 2^-52 of erf.
    """
    size = _minimum(_absolute(z), _GRID[-1])
    shifted = size + _GRID_ROUND
    r = shifted - _GRID_ROUND
    k = _bits(shifted) & 2047  # a row of the tables even for nan
    d = size - r
    u, v = d * d, d * (size + r)
    fall = 1.0 + v * (-1 / 2 + v * (1 / 6 + v * (-1 / 24 + v * (1 / 120))))  # (1 − e^−v) / v
    bend = 1.0 + u * (1 / 6 + u * (1 / 60))
    slope = _ERF_SLOPE_AT[k]
    value = _ERF_AT[k] + slope * d * fall * bend
    return _with_sign(value, z), slope - slope * v * fall


@njit(**EXACT)
def erf(z: float) -> float:
    """erf(z), odd and 1 to the last bit beyond |z| = 6."""
    return erf_and_slope(z)[0]


# σ and σ' of a flat array, σ in its place: explicit loops over one array, since numba keeps no function that a factory made
# and a compiler vectorises no loop between two arrays that may be one.


def _tanh(z, slope):
    for i in range(z.size):
        s = tanh(z[i])
        z[i], slope[i] = s, 1.0 - s * s


def _sigmoid(z, slope):
    for i in range(z.size):
        s = sigmoid(z[i])
        z[i], slope[i] = s, s * (1.0 - s)


def _erf(z, slope):
    for i in range(z.size):
        z[i], slope[i] = erf_and_slope(z[i])


def _sin(z, slope):
    for i in range(z.size):
        z[i], slope[i] = sin_and_cos(z[i])


def _cos(z, slope):
    for i in range(z.size):
        s, c = sin_and_cos(z[i])
        z[i], slope[i] = c, -s


def _gaussian(z, slope):
    for i in range(z.size):
        s = gaussian(z[i])
        z[i], slope[i] = s, -2.0 * z[i] * s


FILLS = {
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "erf": _erf,
    "sin": _sin,
    "cos": _cos,
    "gaussian": _gaussian,
}
_ROW = types.Array(types.float64, 1, "C")
FILL = types.void(_ROW, _ROW)


def kept(signature: Any, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compiled for one signature, and kept beside the sources or in the user's cache for the next process, where it can be.

    What is kept is found again by the file it stands in: it may call no compiled function of another file but through a
    pointer.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        try:
            return njit(signature, cache=True, nogil=True, **options)(function)
        except RuntimeError:
            return njit(signature, nogil=True, **options)(function)  # numba has found no folder that it can write to

    return compiled
