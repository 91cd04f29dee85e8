"""The Fokker–Planck equation of noisy SGD for one input and one output (m = d = 1), by a spectral method in space.

    ∂_t p = −∇·(p V) + ατ Δp,   V(θ; p) = α E_π[(y − G(x)) ∇φ(θ, x)] − α λ θ,   G(x) = ⟨φ(·, x), p⟩,   φ = c σ(w x)

(Mei, Montanari & Nguyen, arXiv:1804.06561). p lives on a torus, as a Fourier series in c and w, products are formed on
its grid; V, φ and every functional are multiplied by a window χ(c) χ(w) that is 1 on the `reach` of p and falls to 0 in a
margin where p is 0. Hence all that meets p is smooth and periodic: means converge spectrally even from a uniform law, whose
jumps the Fourier series of p_0, here exact, does not resolve. Diffusion is integrated exactly, the rest by RK4
(Lawson's method), so that a step is bound by the drift alone.

Shapes: p (n_c, n_w), its transform (n_c, n_w // 2 + 1), data x (Q, 1), y (Q, 1), π (Q,), residual (Q, 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from scipy import fft
from scipy.special import erfc

from mfnn.learning.laws import Normal, Uniform
from mfnn.learning.problem import Problem
from mfnn.limit.field import VelocityField
from mfnn.limit.nodes import DataNodes
from mfnn.spec import Floats
from mfnn.spec.arrays import Compared

LEAST_MARGIN = 24  # points at either end of a coordinate that p does not reach,
MARGIN = 0.4  # of the others: what meets a p_0 that jumps, and test functions that grow, have to fall smoothly
STEEP = 6.0  # the margin over the width of the window's fall in its middle

Interval = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Axis(Compared):
    """One coordinate of the torus: points (n,), the window there, and i k of its Fourier modes."""

    points: Floats
    window: Floats
    derivative: Floats  # imaginary
    length: float

    @classmethod
    def over(cls, reach: Interval, count: int, margin: int, real: bool) -> Axis:
        """About `count` points over a reach, a margin on both sides; the modes of a `real` transform are a half."""
        size = fft.next_fast_len(count + 2 * margin, real=True)
        step = (reach[1] - reach[0]) / (size - 2 * margin)
        length, start = size * step, reach[0] - margin * step
        points = start + step * np.arange(size)
        beyond = np.abs(points - sum(reach) / 2) - (reach[1] - reach[0] + margin * step) / 2
        window = erfc(STEEP / (margin * step) * beyond) / 2
        waves = 2j * np.pi / length * (fft.rfftfreq if real else fft.fftfreq)(size, 1 / size)
        if size % 2 == 0:
            waves[size // 2] = 0.0  # the sawtooth mode has no derivative on the grid
        return cls(points, window, waves, length)

    def transform(self, law: Uniform | Normal) -> Floats:
        """The Fourier coefficients of a law's density, exact, scaled as those of its values on the points."""
        k, centre = self.derivative.imag, law.quantile(np.array([0.5]))[0]
        if isinstance(law, Uniform):
            size = np.sinc(k * (law.high - law.low) / (2 * np.pi))
        else:
            size = np.exp(-((k * law.std) ** 2) / 2)
        kept = (k != 0) | (np.arange(k.size) == 0)
        return kept * size * np.exp(-1j * k * (centre - self.points[0])) * self.points.size / self.length


@dataclass(frozen=True, eq=False)
class Torus(Compared):
    """The equation of one problem on one grid, with one quadrature of the data."""

    field: VelocityField
    c: Axis
    w: Axis

    @classmethod
    def over(
        cls, problem: Problem, data: DataNodes, reach: tuple[Interval, Interval], counts: tuple[int, int]
    ) -> Torus:
        """About counts points over the reach of p in c and in w."""
        margins = [max(LEAST_MARGIN, round(MARGIN * count)) for count in counts]
        c, w = (Axis.over(reach[k], counts[k], margins[k], real=k == 1) for k in range(2))
        return cls(VelocityField(problem, data), c, w)

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """Of c and of w."""
        return self.c, self.w

    @property
    def shape(self) -> tuple[int, int]:
        """(n_c, n_w)."""
        return self.c.points.size, self.w.points.size

    @property
    def cell(self) -> float:
        """Δc Δw."""
        return self.c.length * self.w.length / (self.shape[0] * self.shape[1])

    @cached_property
    def theta(self) -> Floats:
        """All points, (2, n_c n_w)."""
        return np.stack([axis.ravel() for axis in np.meshgrid(self.c.points, self.w.points, indexing="ij")])

    @cached_property
    def window(self) -> Floats:
        """χ(c) χ(w), (n_c, n_w)."""
        return np.outer(self.c.window, self.w.window)

    def weights(self, density: Floats) -> Floats:
        """The weights (n_c n_w,) of `theta` that stand for a density."""
        return (self.window * density).ravel() * self.cell

    @cached_property
    def features(self) -> tuple[Floats, Floats]:
        """σ(w x_q) and x_q σ'(w x_q), (Q, n_w)."""
        sigma, z = self.field.sigma, self.field.data.x * self.w.points
        units = sigma.value(z)
        return units, self.field.data.x * sigma.slope(z, units)

    @cached_property
    def diffusivity(self) -> Floats:
        """ατ k² of every mode."""
        rate = self.field.problem.learning_rate * self.field.problem.temperature
        return rate * ((self.c.derivative.imag**2)[:, None] + self.w.derivative.imag**2)

    def initial(self) -> Floats:
        """The transform of p_0."""
        law_c, law_w = cast("tuple[Uniform | Normal, ...]", self.field.problem.coordinate_laws)
        return np.outer(self.c.transform(law_c), self.w.transform(law_w))

    def density(self, modes: Floats) -> Floats:
        """p on the grid from its transform."""
        return fft.irfft2(modes, self.shape)

    def gradient(self, modes: Floats) -> tuple[Floats, Floats]:
        """∂_c and ∂_w on the grid of what has these modes, (…, n_c, n_w) each."""
        along_c, along_w = self.c.derivative[:, None] * modes, self.w.derivative * modes
        return fft.irfft2(along_c, self.shape), fft.irfft2(along_w, self.shape)

    def at_points(self, density: Floats, points: Floats) -> Floats:
        """The density between the points of the grid, at points (n, 2), by its Fourier series; 0 off the torus."""
        modes = fft.rfft2(density) / density.size
        modes[:, 1:] *= 2  # for the half of them that a real transform leaves out
        c, w = (
            np.exp(np.outer(row - axis.points[0], axis.derivative))
            for row, axis in zip(points.T, self.axes, strict=True)
        )
        middles, lengths = np.array([(axis.points.mean(), axis.length) for axis in self.axes]).T
        inside = (np.abs(points - middles) < lengths / 2).all(axis=1)
        return inside * ((c @ modes) * w).sum(axis=1).real

    def output(self, density: Floats) -> Floats:
        """G(x_q), shape (Q, 1)."""
        return (self.features[0] @ (self.w.window * (self.c.window * self.c.points @ density)) * self.cell)[:, None]

    def drift(self, residual: Floats) -> tuple[Floats, Floats]:
        """V on the grid for the residual y − G: along c (n_c, n_w), along w (n_c, n_w)."""
        (units, bends), c, chi = self.features, self.c.points[:, None], self.window
        push, (damp_c, damp_w) = self.field.push(residual)[:, 0], self.field.problem.damping
        return chi * (push @ units - damp_c * c), chi * (c * (push @ bends) - damp_w * self.w.points)

    def rate(self, modes: Floats) -> Floats:
        """The transform of −∇·(p V), given that of p."""
        density = self.density(modes)
        along_c, along_w = self.drift(self.field.data.y - self.output(density))
        flux_c, flux_w = fft.rfft2(along_c * density), fft.rfft2(along_w * density)
        return -self.c.derivative[:, None] * flux_c - self.w.derivative * flux_w

    def courant(self) -> float:
        """The largest rate, wave number times velocity, at which the drift moves a mode at the start."""
        along_c, along_w = self.drift(self.field.data.y - self.output(self.density(self.initial())))
        waves = np.abs(self.c.derivative).max(), np.abs(self.w.derivative).max()
        return float(np.abs(along_c).max() * waves[0] + np.abs(along_w).max() * waves[1])


def evolved(torus: Torus, times: Floats, longest_step: float) -> Iterator[Floats]:
    """The transform of p at increasing times, one after another, from p_0 at time 0."""
    modes, now = torus.initial(), 0.0
    for time in times:
        count = int(np.ceil((time - now) / longest_step))
        step = (time - now) / max(count, 1)
        half = np.exp(-step / 2 * torus.diffusivity)
        for _ in range(count):
            modes = _step(torus, modes, step, half)
        now = float(time)
        yield modes


def _step(torus: Torus, modes: Floats, step: float, half: Floats) -> Floats:
    """One step of RK4 in the frame of the diffusion, of which `half` is what half a step does (Lawson)."""
    first, moved = torus.rate(modes), half * modes
    second = torus.rate(moved + step / 2 * half * first)
    third = torus.rate(moved + step / 2 * second)
    fourth = torus.rate(half * (moved + step * third))
    return half * (moved + step / 6 * (half * first + 2 * (second + third))) + step / 6 * fourth
