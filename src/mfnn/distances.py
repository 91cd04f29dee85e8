"""Distances between an empirical measure of parameters and a reference sample that stands for the limit law.

W1 of a marginal, sliced W2, energy distance and MMD. Clouds are arrays (n, k), one row a neuron. The energy distance
is computed through its projections, E-distance(μ, ν) ∝ ∫ E-distance(⟨u, μ⟩, ⟨u, ν⟩) du, on a fixed set of directions;
the MMD has a kernel of finite spectral measure, k(θ, θ') = Σ_l a_l cos(ω_l·(θ − θ')), so that
MMD² = Σ_l a_l |μ^(ω_l) − ν^(ω_l)|² costs n evaluations a frequency and no pairs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import ot
from scipy.special import ndtri
from scipy.stats import energy_distance, qmc, wasserstein_distance

from mfnn.spec import Floats

DIRECTIONS = 16
FREQUENCIES = 256
BLOCK = 1 << 12  # neurons whose characteristic functions are evaluated at a time

Distance = Callable[[Floats], float]  # from a cloud (n, k) to the reference it was made for


def marginal_w1(reference: Floats, coordinate: int) -> Distance:
    """W1 between the laws of one coordinate: ∫ |F − F'|."""
    other = np.sort(reference[:, coordinate])
    return lambda cloud: float(wasserstein_distance(cloud[:, coordinate], other))


def sliced_w2(reference: Floats) -> Distance:
    """The root mean square over directions u of W2(⟨u, μ⟩, ⟨u, ν⟩)."""
    projections = directions(reference.shape[1]).T
    return lambda cloud: float(ot.sliced_wasserstein_distance(cloud, reference, projections=projections, p=2))


def energy(reference: Floats) -> Distance:
    """The energy distance (Székely & Rizzo) through its projections: the root of the mean squared 1-d distance."""
    axes = directions(reference.shape[1])
    shadows = [np.sort(reference @ axis) for axis in axes]

    def distance(cloud: Floats) -> float:
        squares = [energy_distance(cloud @ axis, shadow) ** 2 for axis, shadow in zip(axes, shadows, strict=True)]
        return float(np.sqrt(np.mean(squares)))

    return distance


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


def characteristic_function(cloud: Floats, frequencies: Floats) -> Floats:
    """μ^(ω_l) = (1/n) Σ_i exp(i ω_l·θ^i) of a cloud (n, k) at frequencies (L, k): shape (L,), complex."""
    total = np.zeros(len(frequencies), dtype=complex)
    for start in range(0, len(cloud), BLOCK):
        phase = cloud[start : start + BLOCK] @ frequencies.T
        total += np.cos(phase).sum(axis=0) + 1j * np.sin(phase).sum(axis=0)
    return total / len(cloud)


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
