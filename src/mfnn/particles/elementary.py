"""Vector code for the activations: branch-free double-precision functions a compiler turns into SIMD loops.

The exponentials rest on one primitive, exp(v) − 1 = 2^n (e^r − 1) + (2^n − 1) with v = n ln 2 + r and |r| ≤ ln 2 / 2,
the power of two written straight into the exponent bits, which keeps its relative accuracy near 0. No fast-math flag
that reassociates may reach these functions: rounding to the nearest integer by adding and subtracting 1.5·2^52 would
be optimised away.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import llvmlite.binding as llvm
import numba
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

# LLVM halves the vector width on many AVX-512 machines by default; these loops gain from the full one. Whoever names a
# processor or its features through numba's own variables, NUMBA_CPU_NAME and NUMBA_CPU_FEATURES, is obeyed.
if numba.config.CPU_NAME is None and numba.config.CPU_FEATURES is None:
    numba.config.CPU_FEATURES = llvm.get_host_cpu_features().flatten() + (
        ",-prefer-256-bit" if llvm.get_host_cpu_features().get("avx512f") else ""
    )

_EXACT: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz"}}
_LOG2_E = 1 / math.log(2.0)
_LN2_HIGH = 6.93147180369123816490e-01  # the upper 32 bits of ln 2: n times it is exact
_LN2_LOW = 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 · 2^52
_PI_HALVES = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)  # π/2 in three parts
_ERF_SLOPE = 2 / math.sqrt(math.pi)


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


_F = [1.0 / math.factorial(k) for k in range(13)]
_F2, _F3, _F4, _F5, _F6, _F7, _F8, _F9, _F10, _F11, _F12 = _F[2:]


@njit(**_EXACT)
def _power_and_rest(v: float) -> tuple[float, float]:
    """2^n and e^r − 1 with v = n ln 2 + r, |r| ≤ ln 2 / 2, for −708 ≤ v ≤ 709."""
    shifted = v * _LOG2_E + _ROUND
    n = shifted - _ROUND
    r = (v - n * _LN2_HIGH) - n * _LN2_LOW
    tail = _F7 + r * (_F8 + r * (_F9 + r * (_F10 + r * (_F11 + r * _F12))))
    rest = r + r * r * (_F2 + r * (_F3 + r * (_F4 + r * (_F5 + r * (_F6 + r * tail)))))
    return _double((_bits(shifted) + 1023) << 52), rest


@njit(**_EXACT)
def exp(v: float) -> float:
    """exp(v) for −708 ≤ v ≤ 709, relative error a few ulp."""
    power, rest = _power_and_rest(v)
    return power * rest + power


@njit(**_EXACT)
def expm1(v: float) -> float:
    """exp(v) − 1 for −708 ≤ v ≤ 709, relative error a few ulp."""
    power, rest = _power_and_rest(v)
    return power * rest + (power - 1.0)


# tanh(f ln 2 / 2) = P/Q on |f| ≤ 1/2, P odd and Q even in f: minimax of type [5/4], relative error 4.8e-18.
_P0, _P1, _P2 = 0.34657359027997265305, 0.0046248416001399847912, 5.2870874190824688238e-06
_Q1, _Q2 = 0.053382223242687025760, 2.2893365865606464480e-04


@njit(**_EXACT)
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


@njit(**_EXACT)
def sigmoid(z: float) -> float:
    """1 / (1 + exp(−z)); beyond |z| = 700 the exponential is held at its largest."""
    z = 700.0 if z > 700.0 else z
    z = -700.0 if z < -700.0 else z
    return 1.0 / (exp(-z) + 1.0)


@njit(**_EXACT)
def gaussian(z: float) -> float:
    """exp(−z²), held at exp(−700) for |z| > √700."""
    u = z * z
    u = 700.0 if u > 700.0 else u
    return exp(-u)


@njit(**_EXACT)
def _quarter_turn(z: float, turn: float) -> float:
    """sin(z + turn · π/2), by reduction to |r| ≤ π/4 and the Taylor series of sin and cos there."""
    shifted = z * (2 / math.pi) + _ROUND
    n = shifted - _ROUND
    r = ((z - n * _PI_HALVES[0]) - n * _PI_HALVES[1]) - n * _PI_HALVES[2]
    u = r * r
    sine = r * (1 + u * (-1 / 6 + u * (1 / 120 + u * (-1 / 5040 + u * (1 / 362880 + u * (
        -1 / 39916800 + u * (1 / 6227020800 - u / 1307674368000)))))))  # fmt: skip
    cosine = 1 + u * (-0.5 + u * (1 / 24 + u * (-1 / 720 + u * (1 / 40320 + u * (
        -1 / 3628800 + u * (1 / 479001600 + u * (-1 / 87178291200 + u / 20922789888000)))))))  # fmt: skip
    quadrant = _bits(shifted) + int(turn)
    value = cosine if quadrant & 1 else sine
    return -value if quadrant & 2 else value


@njit(**_EXACT)
def sin(z: float) -> float:
    """sin(z) for |z| up to about 1e5."""
    return _quarter_turn(z, 0.0)


@njit(**_EXACT)
def cos(z: float) -> float:
    """cos(z) for |z| up to about 1e5."""
    return _quarter_turn(z, 1.0)


Scalar = Callable[..., float]


@dataclass(frozen=True)
class KernelActivation:
    """σ(z) and σ'(z, s), s = σ(z), as compiled functions that inline into the particle loops."""

    value: Scalar
    slope: Scalar


def _kernel(value: Scalar, slope: Scalar) -> KernelActivation:
    return KernelActivation(value, njit(**_EXACT)(slope))


KERNEL_ACTIVATIONS: dict[str, KernelActivation] = {
    "tanh": _kernel(tanh, lambda z, s: 1.0 - s * s),
    "sigmoid": _kernel(sigmoid, lambda z, s: s * (1.0 - s)),
    "erf": _kernel(njit(lambda z: math.erf(z)), lambda z, s: _ERF_SLOPE * gaussian(z)),
    "sin": _kernel(sin, lambda z, s: cos(z)),
    "cos": _kernel(cos, lambda z, s: -sin(z)),
    "gaussian": _kernel(gaussian, lambda z, s: -2.0 * z * s),
    "relu": _kernel(njit(lambda z: 0.0 if z < 0.0 else z), lambda z, s: 1.0 if z > 0.0 else 0.0),
    "linear": _kernel(njit(lambda z: z), lambda z, s: 1.0),
}
