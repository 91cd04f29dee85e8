"""Distances between an empirical measure of parameters and a reference sample that stands for the limit law.

W1 of a marginal, sliced W2, energy distance and MMD. Clouds are arrays (n, k), one row a neuron. The energy distance
is computed through its projections, E-distance(μ, ν) ∝ ∫ E-distance(⟨u, μ⟩, ⟨u, ν⟩) du, on a fixed set of directions;
the MMD has a kernel of finite spectral measure, k(θ, θ') = Σ_l a_l cos(ω_l·(θ − θ')), so that
MMD² = Σ_l a_l |μ^(ω_l) − ν^(ω_l)|² costs n evaluations a frequency and no pairs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit
from scipy.special import ndtri
from scipy.stats import qmc

from mfnn.numerics.elementary import cos, sin
from mfnn.spec import Floats

DIRECTIONS = 16
FREQUENCIES = 256

Distance = Callable[[Floats], float]  # from a cloud (n, k) to the reference it was made for


def marginal_w1(reference: Floats, coordinate: int) -> Distance:
    """W1 between the laws of one coordinate: ∫ |F⁻¹ − G⁻¹| du."""
    other = np.sort(reference[:, coordinate])
    return lambda cloud: w1(np.sort(cloud[:, coordinate]), other)


def sliced_w2(reference: Floats) -> Distance:
    """The root mean square over directions u of W2(⟨u, μ⟩, ⟨u, ν⟩)."""
    return _sliced(reference, lambda x, y: quantile_gap(x, y, 2))


def energy(reference: Floats) -> Distance:
    """The energy distance (Székely & Rizzo) through its projections: the root mean of 2 ∫ (F − G)² dx."""
    return _sliced(reference, lambda x, y: 2 * cdf_gap(x, y))


def w1(x: Floats, y: Floats) -> float:
    """W1 between two sorted samples."""
    return float(quantile_gap(x, y, 1))


def _sliced(reference: Floats, square: Callable[[Floats, Floats], float]) -> Distance:
    """The root mean over directions of a squared distance between sorted projections."""
    axes = directions(reference.shape[1])
    shadows = [np.sort(reference @ axis) for axis in axes]

    def distance(cloud: Floats) -> float:
        squares = [square(np.sort(cloud @ axis), shadow) for axis, shadow in zip(axes, shadows, strict=True)]
        return float(np.sqrt(np.mean(squares)))

    return distance


@njit
def quantile_gap(x, y, power):
    """∫_0^1 |F⁻¹ − G⁻¹|^p du of two sorted samples: the mass of each pair that the monotone coupling matches."""
    n, m = x.size, y.size
    i, j, done, total = 0, 0, 0, 0.0  # masses in units of 1/(n m)
    while i < n and j < m:
        reached = min((i + 1) * m, (j + 1) * n)
        total += (reached - done) * abs(x[i] - y[j]) ** power
        done = reached
        i, j = i + (reached == (i + 1) * m), j + (reached == (j + 1) * n)
    return total / (n * m)


@njit
def cdf_gap(x, y):
    """∫ (F − G)² dx of two sorted samples: their merged points cut the line into intervals of constant F − G."""
    n, m = x.size, y.size
    i, j, total, last = 0, 0, 0.0, min(x[0], y[0])
    while i < n or j < m:
        here = x[i] if j == m or (i < n and x[i] <= y[j]) else y[j]
        total += (i / n - j / m) ** 2 * (here - last)
        while i < n and x[i] == here:
            i += 1
        while j < m and y[j] == here:
            j += 1
        last = here
    return total


def mmd(reference: Floats) -> Distance:
    """Maximum mean discrepancy with the kernel k(θ, θ') = (1/L) Σ_l cos(ω_l·(θ − θ'))."""
    frequencies = mmd_frequencies(reference)
    embedding = characteristic_function(reference, frequencies)

    def distance(cloud: Floats) -> float:
        gap = characteristic_function(cloud, frequencies) - embedding
        return float(np.sqrt(np.mean(np.abs(gap) ** 2)))

    return distance


def mmd_frequencies(reference: Floats) -> Floats:
    """The spectral measure's points ω_l, shape (L, k): normal, scaled by the inverse of the reference's spread."""
    return ndtri(_sobol_points(reference.shape[1], FREQUENCIES)) / reference.std(axis=0)


@njit(error_model="numpy", fastmath={"reassoc", "contract"})
def characteristic_function(cloud, frequencies):
    """μ^(ω_l) = (1/n) Σ_i exp(i ω_l·θ^i) of a cloud (n, k) at frequencies (L, k): shape (L,), complex."""
    value = np.empty(frequencies.shape[0], dtype=np.complex128)
    phase = np.empty(cloud.shape[0])
    for mode in range(frequencies.shape[0]):
        for i in range(phase.size):
            phase[i] = 0.0
        for a in range(cloud.shape[1]):
            for i in range(phase.size):
                phase[i] += cloud[i, a] * frequencies[mode, a]
        real, imaginary = 0.0, 0.0
        for i in range(phase.size):
            real += cos(phase[i])
            imaginary += sin(phase[i])
        value[mode] = complex(real, imaginary) / phase.size
    return value


def directions(dimension: int) -> Floats:
    """Fixed unit vectors (DIRECTIONS, k): evenly spaced on the half circle, beyond it normalised Sobol' points."""
    if dimension == 2:
        angle = np.pi * (np.arange(DIRECTIONS) + 0.5) / DIRECTIONS
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    normal = ndtri(_sobol_points(dimension, DIRECTIONS))
    return normal / np.linalg.norm(normal, axis=1, keepdims=True)


def standard_distances(names: list[str], reference: Floats) -> dict[str, Distance]:
    """Every distance to a reference sample (n, k) by key, for coordinates with the given names."""
    marginals = {f"w1_{name}": marginal_w1(reference, a) for a, name in enumerate(names)}
    return {**marginals, "sliced_w2": sliced_w2(reference), "energy": energy(reference), "mmd": mmd(reference)}


def _sobol_points(dimension: int, count: int) -> Floats:
    """The first `count` points of a once and for all scrambled Sobol' sequence."""
    return qmc.Sobol(dimension, rng=np.random.default_rng(0)).random(count)
