"""Covariances between different neurons of one network, averaged over replicas.

U = (Σ_i f̃_i Σ_i g̃_i − Σ_i f̃_i g̃_i) / (N(N − 1)), f̃ = f − ⟨f, μ̄_t⟩, has the mean E f̃(θ^1) g̃(θ^2): all pairs of a run
at the price of its means. Pairs of one run are not independent draws; the replicas are the sample.
"""

from __future__ import annotations

from mfnn.spec import Floats
from mfnn.verdicts.least import at_least

LEAST_WIDTH = 2  # neurons of a network that has pairs


def pair_statistic(f: Floats, g: Floats, fg: Floats, f_limit: float, g_limit: float, width: int) -> Floats:
    """N·U of each replica from its means ⟨f, μ^N⟩, ⟨g, μ^N⟩, ⟨fg, μ^N⟩, each shape (R,)."""
    at_least(LEAST_WIDTH, width, "width", "pairs of neurons")
    product = fg - f_limit * g - g_limit * f + f_limit * g_limit
    return width / (width - 1) * (width * (f - f_limit) * (g - g_limit) - product)
