"""The vector code's elementary functions against 60-digit arithmetic."""

import math
import subprocess
import sys
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from mfnn.learning.activations import ACTIVATIONS, compiled
from mfnn.numerics import elementary
from mfnn.numerics.kernel_activations import KERNEL_ACTIVATIONS

TINY = [sign * 10.0**k for k in range(-300, 0, 11) for sign in (1, -1)] + [5e-324]
RNG = np.random.default_rng(1)
# Rows of erf's table, half-way between rows, and the neighbours of both; the last row and beyond.
GRID = [k / 512 for k in [*range(20), *range(20, 4093, 59), 4093, 4094, 4095, 4096]]
AROUND = [float(np.nextafter(r, side)) for r in GRID for side in (0, r, 9)]


def uniform(bound: float) -> list[float]:
    return [*RNG.uniform(-bound, bound, 250), -bound, bound]


def sigmoid(z: mpmath.mpf) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-z))


def bell(z: mpmath.mpf) -> mpmath.mpf:
    return mpmath.exp(-z * z)


# Arguments, exact value, and the relative error allowed in units of 2^-52 (exp(−z²) inherits z² roundings of z·z).
ACCURACY = {
    "exp": (mpmath.exp, [*TINY, *uniform(1), *uniform(20), *uniform(700), -708.0, 709.0], 3),
    "tanh": (mpmath.tanh, [*TINY, *uniform(0.5), *uniform(20), 1e5, -1e300, math.inf, -math.inf], 6),
    "sigmoid": (sigmoid, [*TINY, *uniform(1), *uniform(20), *uniform(700), math.inf], 4),
    "erf": (mpmath.erf, [*TINY, *uniform(1), *uniform(3), *uniform(7), *AROUND, 1e5, math.inf, -math.inf], 4),
    "gaussian": (bell, [*TINY, *uniform(1), *uniform(3)], 6),
    "sin": (mpmath.sin, [*TINY, *uniform(1), *uniform(20), *uniform(1e5)], 3),
    "cos": (mpmath.cos, [*TINY, *uniform(1), *uniform(20), *uniform(1e5)], 3),
}


@pytest.mark.parametrize("name", ACCURACY)
def test_relative_error_is_a_few_ulp(name: str) -> None:
    exact, arguments, ulps = ACCURACY[name]
    computed: Callable[[float], float] = getattr(elementary, name)
    with mpmath.workdps(60):
        for z in map(float, arguments):
            truth = exact(mpmath.mpf(z))
            error = abs(mpmath.mpf(computed(z)) - truth)
            assert error <= ulps * 2.0**-52 * abs(truth) + 5e-324, (z, computed(z), float(truth))


@pytest.mark.parametrize("shift", [0.0, 0.5], ids=["sin", "cos"])
def test_zeros_of_sin_and_cos_keep_their_relative_accuracy(shift: float) -> None:
    computed, exact = (elementary.cos, mpmath.cos) if shift else (elementary.sin, mpmath.sin)
    with mpmath.workdps(60):
        for k in range(-31000, 31000, 397):
            z = (k + shift) * math.pi
            truth = exact(mpmath.mpf(z))
            assert abs(mpmath.mpf(computed(z)) - truth) <= 3 * 2.0**-52 * abs(truth)


@pytest.mark.parametrize("sign", [1, -1])
def test_erf_is_bounded_and_its_slope_a_bell_around_every_row_of_its_table(sign: int) -> None:
    for z in [sign * k / 512 for k in range(4200)] + [sign * r for r in AROUND]:
        value, slope = elementary.erf_and_slope(z)
        assert abs(value) <= 1
        assert math.isclose(slope, 2 / math.sqrt(math.pi) * math.exp(-z * z), rel_tol=1e-14, abs_tol=1e-15)


@pytest.mark.parametrize("name", ACCURACY)
def test_nan_stays_nan(name: str) -> None:
    assert math.isnan(getattr(elementary, name)(math.nan))


@pytest.mark.parametrize("z", [27.0, 1e3, 1e200, math.inf])
def test_far_tails_vanish(z: float) -> None:
    assert 0 <= elementary.gaussian(z) < 1e-300
    assert 0 <= elementary.gaussian(-z) < 1e-300
    assert 0 <= elementary.sigmoid(-1e3 * z) < 1e-300
    assert 0 <= elementary.erf_and_slope(z)[1] < 1e-27


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_infinite_angles_do_not_pass_for_numbers(name: str) -> None:
    assert not math.isfinite(getattr(elementary, name)(math.inf))


@pytest.mark.parametrize("name", KERNEL_ACTIVATIONS)
def test_kernel_activations_agree_with_the_numpy_ones(name: str) -> None:
    from mfnn.learning.activations import ACTIVATIONS

    sigma, kernel = ACTIVATIONS[name], KERNEL_ACTIVATIONS[name]
    z = np.concatenate([np.linspace(-6, 6, 98), [1e-9, -1e-9]])
    values = sigma.value(z)
    computed = np.array([kernel.value(v) for v in z])
    slopes = np.array([kernel.slope(v, s) for v, s in zip(z, computed, strict=True)])
    np.testing.assert_array_equal([kernel.both(v) for v in z], np.stack([computed, slopes], axis=1))
    np.testing.assert_allclose(computed, values, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(slopes, sigma.slope(z, values), rtol=1e-14, atol=1e-15)


def test_the_two_registries_hold_the_same_activations() -> None:
    from mfnn.learning.activations import ACTIVATIONS

    assert set(ACTIVATIONS) == set(KERNEL_ACTIVATIONS)
    assert set(ACTIVATIONS) == {"tanh", "sigmoid", "erf", "sin", "cos", "gaussian", "relu", "linear"}


@pytest.mark.parametrize("name", KERNEL_ACTIVATIONS)
def test_values_on_arrays_are_the_kernels_own_in_any_shape(name: str) -> None:
    numbers = np.array([*TINY, *uniform(5), *uniform(400)])[:480].reshape(8, 6, 10).transpose(1, 0, 2)
    values = compiled(name).value(numbers)
    one_by_one = np.vectorize(KERNEL_ACTIVATIONS[name].value)(numbers)
    # exp(−z²) inherits z² times its rounding, and wherever numpy's own is 0 it may be any number below the least
    within = 2e-15 * (1 + (name == "gaussian") * numbers**2) * np.abs(one_by_one) + 1e-300
    assert (np.abs(values - one_by_one) <= within).all()
    assert (np.abs(values - ACTIVATIONS[name].value(numbers)) <= within).all()
    z = numbers[np.abs(numbers) < 20]
    s = np.vectorize(KERNEL_ACTIVATIONS[name].value)(z)
    np.testing.assert_allclose(compiled(name).slope(z, s), ACTIVATIONS[name].slope(z, s), rtol=1e-13, atol=1e-15)
    assert float(compiled(name).value(np.float64(0.5))) == float(compiled(name).value(np.array([0.5]))[0])


def test_nothing_has_to_be_kept(tmp_path) -> None:
    """Where numba can write nowhere, what the limit needs is compiled anew."""
    code = "import numpy, numba.core.caching as c; c.CacheImpl._locator_classes = []\n"
    code += "from mfnn.learning.activations import compiled; print(compiled('tanh').value(numpy.zeros(3)).sum())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, check=True)
    assert done.stdout == "0.0\n"
