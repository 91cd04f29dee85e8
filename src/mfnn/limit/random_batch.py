"""The limit equation for large data sets in high dimension: Sobol' nodes, Euler steps, a random batch of data a step.

    θ_j ← θ_j + Δt · α (1/B) Σ_{b ≤ B} (y_b − G(x_b)) ∇_θ φ(θ_j, x_b),   Δt = T / steps

Each step estimates V(θ; μ̄_t) without bias from B fresh samples of π, so its noise vanishes with Δt / B and the
particles' own with the nodes; both show in the spread of replicates, and the bias of the Euler step in a comparison
with doubled steps. This is no certificate like the quadrature's: the error reported is an estimate, and is carried
wherever the limit is used.
"""

from __future__ import annotations

import numpy as np

from mfnn.learning.assumptions import require
from mfnn.learning.data import Streams
from mfnn.learning.problem import Problem
from mfnn.limit.characteristics import Trajectory
from mfnn.limit.nodes import sobol_nodes
from mfnn.limit.replicated import Replication
from mfnn.numerics.gemm import add_product
from mfnn.spec import Floats
from mfnn.verdicts.least import at_least

LEAST_REPLICATES = 2  # of a spread
LEAST_STEPS = 2  # which are halved once


def random_batch_limit(
    problem: Problem, times: Floats, log2_nodes: int, replicates: int, steps: int, batch: int, seed: int
) -> Replication:
    """μ̄_t on `replicates` scrambles of 2^log2_nodes nodes, each solved with `steps` and with steps/2 steps.

    Raises `SpecError` for fewer than two replicates or steps, and with decay or noise.
    """
    require(problem, "random_batch_limit")
    at_least(LEAST_REPLICATES, replicates, "replicates", "their spread, which is the error")
    at_least(LEAST_STEPS, steps, "steps", "a comparison with half as many")
    seeds = np.random.SeedSequence(seed, spawn_key=(log2_nodes,)).spawn(replicates)
    fine, coarse = (
        tuple(_euler(problem, times, log2_nodes, count, batch, child) for child in seeds)
        for count in (steps, steps // 2)
    )
    described = f"{replicates} scrambles of {2**log2_nodes} Sobol' nodes, {steps} steps with batches of {batch}"
    return Replication(described, fine, coarse)


def _euler(
    problem: Problem, times: Floats, log2_nodes: int, steps: int, batch: int, seed: np.random.SeedSequence
) -> Trajectory:
    """One replicate in single precision: rounding is far below its sampling error."""
    nodes = sobol_nodes(problem, log2_nodes, np.random.default_rng(seed))
    c, w = (np.ascontiguousarray(part, dtype=np.float32) for part in np.split(nodes.theta, [problem.outputs]))
    streams = Streams(np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, steps)))
    step = np.float32(problem.learning_rate * problem.horizon / (steps * batch))
    due = np.round(np.asarray(times) / problem.horizon * steps).astype(int)
    theta = []
    for k in range(steps + 1):
        theta += [np.concatenate([c, w]).astype(float)] * int((due == k).sum())
        if k == due[-1]:
            break
        x, y = (part.astype(np.float32, copy=False) for part in problem.data.sample(streams, batch))
        z = x @ w
        s = problem.sigma.value(z)
        push = step * (y - s @ c.T / np.float32(c.shape[1]))
        slope = problem.sigma.slope(z, s) * (push @ c)
        c += push.T @ s
        add_product(w, x, slope)
    return Trajectory(np.array(theta), nodes.weights)
