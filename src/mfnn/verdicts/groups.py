"""Products over groups of k neurons of one network, their limits, and the orders in N at which they vanish.

With f̃ = f − ⟨f, μ̄_t⟩, power sums P_r = Σ_i f̃(θ^i)^r and elementary symmetric polynomials e_k of the f̃(θ^i),

    U_k = e_k / C(N, k),        k e_k = Σ_{i≤k} (−1)^{i−1} e_{k−i} P_i        (Newton)

is the mean of Π f̃ over all groups of k neurons of a run, and its mean over the runs is E Π_{j≤k} f̃(θ^j), since the
neurons are exchangeable. Its limit: Σ_k e_k z^k = exp(z P_1 − z² P_2/2 + …) with z = u/√N, P_1 = √N η and P_2 ≈ N s²,
s² = Var_μ̄(f), is exp(u η − u² s²/2) up to O(N^{-1/2}), the generating function of the Hermite polynomials of variance
s². As η → N(0, V) (Sirignano & Spiliopoulos, arXiv:1808.09372) and κ = V − s² is the limit of N Cov(f(θ^1), f(θ^2)),

    N^{k/2} U_k → s^k He_k(η/s),        N^{k/2} E Π_{j≤k} f̃(θ^j) → (k − 1)!! κ^{k/2} (k even), 0 (k odd),

for odd k with a rest of order N^{-1/2}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb

import numpy as np
import pandas as pd
import xarray as xr
from numpy.polynomial.hermite_e import hermegauss, hermeval

from mfnn.spec import Floats
from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import Estimate, combined, mean

LEAST_WIDTHS = 2  # of an order in N
_NODES = 16  # of a Gauss rule, exact for squares of He_k, k < 16


def sums_by_width(records: Mapping[int, xr.Dataset], powers: Sequence[str], centre: float) -> dict[int, Floats]:
    """Power sums of f − centre, (K, R) by width, from records at one time of f, f², …, f^K; of K neurons or more."""
    return {
        width: power_sums(np.array([record[name].values for name in powers]), centre, width)
        for width, record in records.items()
        if width >= len(powers)
    }


def power_sums(moments: Floats, centre: float, width: int) -> Floats:
    """P_1 … P_K of f − centre, shape (K, R), from the means of f, f², …, f^K over a run's neurons, shape (K, R)."""
    raw = np.concatenate([np.ones((1, moments.shape[1])), moments])
    order = range(1, len(raw))
    return np.array([width * sum(comb(r, j) * (-centre) ** (r - j) * raw[j] for j in range(r + 1)) for r in order])


def group_products(sums: Floats, width: int) -> Floats:
    """U_1 … U_K, shape (K, R), from the power sums P_1 … P_K (K, R) of at least K neurons."""
    symmetric = [np.ones(sums.shape[1])]
    for k in range(1, len(sums) + 1):
        symmetric.append(sum((-1) ** (i - 1) * symmetric[k - i] * sums[i - 1] for i in range(1, k + 1)) / k)
    return np.array([symmetric[k] / comb(width, k) for k in range(1, len(symmetric))])


def product_limit(k: int, variance: float, pair: float) -> tuple[float, float]:
    """Mean and standard deviation of s^k He_k(η/s) for η ~ N(0, V), where s² = V − κ: V the variance, κ the pair's."""
    nodes, weights = hermegauss(_NODES)
    scale = np.sqrt(variance - pair)
    values = scale**k * hermeval(np.sqrt(variance) * nodes / scale, [0] * k + [1])
    first, second = (weights @ values**power / weights.sum() for power in (1, 2))
    return float(first), float(np.sqrt(second - first**2))


def products_table(sums: Mapping[int, Floats], variance: float, pair: float) -> pd.DataFrame:
    """N^{k/2} E Π f̃ by width and k = 2, …, K, from power sums (K, R) by width.

    Its error is the standard error under the prediction, or the replicas' own where that is larger: the first holds
    where these are few, the second where N is small and the limit far.
    """
    rows = []
    for width, found in sums.items():
        for k, products in enumerate(group_products(found, width)[1:], 2):
            predicted, deviation = product_limit(k, variance, pair)
            value = mean(width ** (k / 2) * products)
            error = max(value.error, deviation / float(np.sqrt(products.size)))
            row = {"width": width, "neurons": k, "replicas": products.size, "predicted": predicted}
            rows.append({**row, "measured": value.value, "error": error})
    return pd.DataFrame(rows)


def pooled(rows: pd.DataFrame, unit: float | pd.Series) -> Estimate:
    """The measured values over `unit`, weighted by replicas; raises `SpecError` where there are none."""
    at_least(1, len(rows), "widths", "a mean over those from `from_width` up")
    weights = (rows["replicas"] / rows["replicas"].sum() / unit).to_numpy()
    columns = (rows[name].to_numpy(dtype=float) for name in ("measured", "error", "replicas"))
    return combined(weights, [Estimate(m, e, count - 1) for m, e, count in zip(*columns, strict=True)])


def order(widths: pd.Series, values: pd.Series, errors: pd.Series, near: float) -> Estimate:
    """The exponent in N of values near N^near: N^{-near} value = A (1 + δ log N) by weighted least squares.

    Linear in what is measured, since a value from few replicas may have either sign, where a logarithm would not do.
    Raises `SpecError` with fewer than two widths.
    """
    at_least(LEAST_WIDTHS, len(widths), "widths", "an order in the width")
    scale, logs = widths.to_numpy() ** -near, np.log(widths.to_numpy())
    scaled, precision = scale * values.to_numpy(), (scale * errors.to_numpy()) ** -2
    weights = precision / precision.sum()
    size, centred = weights @ scaled, logs - weights @ logs
    spread = weights @ centred**2
    slope, error = weights @ (centred * scaled) / spread, (precision.sum() * spread) ** -0.5
    return Estimate(float(slope / size) + near, float(error / abs(size)))
