"""What the pipeline keeps of a limit solve: means with errors, outputs on the evaluation set, samples of the law."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from mfnn.learning.assumptions import require
from mfnn.learning.masks import draw_masks, mask_count
from mfnn.learning.observables import RISK, network_output, parse_all, risk
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Functional, carry
from mfnn.limit.density import density
from mfnn.limit.diffusion import DiffusedLimit
from mfnn.limit.limit import Certificate, Limit, mean_of
from mfnn.limit.nodes import MOST_MASKS, sobol_levels, sobol_nodes
from mfnn.limit.transport import transported
from mfnn.spec import Floats

REFERENCE_LOG2 = 15  # Sobol' points that stand for μ̄_t where a distance needs a sample of it
SAMPLING_RTOL = 1e-6  # of the points' own positions; far below any distance between samples


def limit_record(
    problem: Problem, times: Floats, certificate: Certificate, names: Sequence[str], data: xr.Dataset
) -> xr.Dataset:
    """Means and errors (observable, time) of the named observables and the risk; outputs on the evaluation set."""
    x, y, weights = (data[f"evaluation_{part}"].values for part in ("x", "y", "weight"))

    def output(theta: Floats, p: Floats) -> Floats:
        return network_output(problem, theta, p, x)

    functionals: dict[str, Functional] = {name: mean_of(f) for name, f in parse_all(names, problem).items()}
    functionals[RISK] = lambda theta, p: risk(output(theta, p), y, weights, problem.data.noise_deviation)
    estimates = [certificate.estimate(functional) for functional in functionals.values()]
    outputs, output_errors = certificate.estimate(output)
    return xr.Dataset(
        {
            "mean": (("observable", "time"), np.array([value for value, _ in estimates])),
            "error": (("observable", "time"), np.array([error for _, error in estimates])),
            "output": (("time", "point", "output_index"), outputs),
            "output_error": ("time", output_errors.max(axis=(1, 2))),
        },
        coords={"observable": list(functionals), "time": times},
        attrs={"resolution": str(certificate.resolution)},
    )


def law_sample(limit: Limit, times: Sequence[float], draws: int, rng: np.random.Generator) -> xr.Dataset:
    """Two samples of μ̄_t at the times: "reference", Sobol' points, and "iid", `draws` independent ones.

    Both are initial points carried by the solved flow, so the independent ones at different times are the same
    neurons; without a flow, where steps are noisy, they are levels of the unit square carried to each density. A sample's
    own error is far above that of the solve, which is the finest one alone.
    """
    grid = limit.within(times)
    if isinstance(limit, DiffusedLimit):
        reference, iid = _of_densities(limit, grid, draws, rng)
    else:
        reference, iid = _carried(limit, grid, draws, rng)
    return xr.Dataset(
        {
            "reference": (("keep_time", "particle", "component"), reference),
            "iid": (("keep_time", "draw", "component"), iid),
        },
        coords={"component": limit.problem.coordinate_names, "keep_time": list(times)},
    )


def _carried(limit: Limit, times: Floats, draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Initial points with their masks, where networks are sparse, carried by the flow: (times, n, m + d) each."""
    problem, flow = limit.problem, transported(limit, "law_sample").representative
    per_mask = (mask_count(problem) - 1).bit_length() if mask_count(problem) <= MOST_MASKS else 0
    reference = sobol_nodes(problem, REFERENCE_LOG2 - per_mask, rng)
    iid, mask = problem.initial.sample(rng, draws, problem.outputs, problem.dim), None
    if problem.connectivity is not None:
        mask = np.concatenate([np.ones((problem.outputs, draws)), draw_masks(problem, draws, rng)])
        iid *= mask
    samples = ((reference.theta, reference.mask), (iid, mask))
    first, second = (carry(flow, theta, times, SAMPLING_RTOL, seen).transpose(0, 2, 1) for theta, seen in samples)
    return first, second


def _of_densities(limit: DiffusedLimit, times: Floats, draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Levels carried to the density at each time: (times, n, 2) each."""
    solve, levels = limit.solves[0], (sobol_levels(2, REFERENCE_LOG2, rng), rng.random((draws, 2)))
    first, second = (np.array([solve.transport(float(t), level) for t in times]) for level in levels)
    return first, second


def marginal_densities(limit: Limit, times: Sequence[float], law: xr.Dataset, points: int) -> xr.Dataset:
    """The marginal densities of c and w at the times for m = d = 1: p(t, ·) integrated over the other coordinate.

    "density" (keep_time, component, point) at "position" (component, point), by the trapezoidal rule on the box that
    the reference sample spans, from p itself there, "joint" (keep_time, c_point, w_point).
    """
    require(limit.problem, "marginal_densities")
    cloud = law["reference"].values
    low, high = cloud.min(axis=(0, 1)), cloud.max(axis=(0, 1))
    margin = 0.02 * (high - low)
    position = np.linspace(low - margin, high + margin, points, axis=1)
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*position, indexing="ij")])
    step = position[:, 1] - position[:, 0]
    joint = np.array([_joint(limit, grid, float(time)).reshape(points, points) for time in limit.within(times)])
    marginal = np.array([[p.sum(axis=1) * step[1], p.sum(axis=0) * step[0]] for p in joint])
    return xr.Dataset(
        {
            "density": (("keep_time", "component", "point"), marginal),
            "position": (("component", "point"), position),
            "joint": (("keep_time", "c_point", "w_point"), joint),
        }
    )


def _joint(limit: Limit, theta: Floats, time: float) -> Floats:
    """p(t, θ) on the finest solve at theta (2, n): shape (n,)."""
    if isinstance(limit, DiffusedLimit):
        return limit.solves[0].density(time, theta.T)
    return density(transported(limit, "marginal_densities").representative, theta, time, SAMPLING_RTOL)
