"""What one sees of the theorem in one problem: networks of growing width beside the limit over time, on one grid.

For m = d = 1. The networks are the first replicas of their widths, here with all their particles at every time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from mfnn.learning.assumptions import require
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import carry
from mfnn.limit.density import density
from mfnn.limit.limit import Limit
from mfnn.limit.nodes import sobol_nodes
from mfnn.limit.solve import solve_limit
from mfnn.limit.transport import transported
from mfnn.particles.train import train
from mfnn.spec import Floats

TOLERANCE = 1e-2  # of the limit solve: a picture shows two digits, and its field is good to four
BINS = 40  # of the histograms, the networks' and the limit's
SOBOL_LOG2 = 15
CURVE_POINTS = 101  # of an output over the inputs


def film(problem: Problem, widths: Sequence[int], times: Sequence[float], points: int, root_seed: int) -> xr.Dataset:
    """Clouds, laws and outputs of one network a width and of the limit at the times.

    Of width N "theta_N" (time, particle_N, component) and "output_N" (time, x), g^N_t; of the limit "output" (time,
    x), G_t, and its law on a grid of `points` a direction (see `_law`); "target" (x) is E(y | x). Raises as `train`
    and `solve_limit` do.
    """
    require(problem, "film")
    limit = solve_limit(problem, times, TOLERANCE)
    nodes = problem.data.quadrature((24,) * problem.data.directions)[0]
    x = np.linspace(nodes.min(), nodes.max(), CURVE_POINTS)[:, None]
    target = np.interp(x[:, 0], *_sorted_labels(problem))
    frames = xr.Dataset({"target": ("x", target)}, {"x": x[:, 0], "time": list(times), "width": sorted(widths)})
    for width in frames["width"].values.tolist():
        run = train(problem, width, [0], times, ["c^2"], width, root_seed, evaluate=x)
        frames[f"theta_{width}"] = ("time", f"particle_{width}", "component"), run["theta"].values[0]
        frames[f"output_{width}"] = ("time", "x"), run["output"].values[0, :, :, 0]
    frames["output"] = ("time", "x"), np.array([limit.output(x, time) for time in times])
    law = _law(limit, frames[f"theta_{max(widths)}"].values, points)
    return frames.merge(law).assign_coords(component=problem.coordinate_names)


def _sorted_labels(problem: Problem) -> tuple[Floats, Floats]:
    """Inputs and noiseless labels on a fine quadrature, by increasing input."""
    x, y, _ = problem.data.quadrature((4 * CURVE_POINTS,) * problem.data.directions)
    order = np.argsort(x[:, 0])
    return x[order, 0], y[order, 0]


def _law(limit: Limit, cloud: Floats, points: int) -> xr.Dataset:
    """The limit's law on the box that a cloud (time, particle, 2) spans.

    "joint" (time, c_point, w_point), p(t, ·) at "position" (component, point), and "density" (time, component, bin),
    the marginals' mean densities between "edges" (component, edge), from Sobol' points of μ̄_0 carried by the flow. For a
    picture, the finest solve's alone.
    """
    low, high = cloud.min(axis=(0, 1)), cloud.max(axis=(0, 1))
    margin = 0.05 * (high - low)
    position = np.linspace(low - margin, high + margin, points, axis=1)
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*position, indexing="ij")])
    solved = transported(limit, "film")
    field, rtol = solved.representative, solved.rtol
    joint = np.array([density(field, grid, time, rtol).reshape(points, points) for time in limit.times])
    edges = np.linspace(low - margin, high + margin, BINS + 1, axis=1)
    carried = carry(field, sobol_nodes(limit.problem, SOBOL_LOG2, np.random.default_rng(0)).theta, limit.times, rtol)
    densities = [[np.histogram(now[row], edges[row], density=True)[0] for row in range(2)] for now in carried]
    return xr.Dataset(
        {
            "joint": (("time", "c_point", "w_point"), joint),
            "position": (("component", "point"), position),
            "density": (("time", "component", "bin"), np.array(densities)),
            "edges": (("component", "edge"), edges),
        }
    )
