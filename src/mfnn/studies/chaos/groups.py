"""Groups of k neurons of one network: products of k of them, and the mean over k of them as k grows with N.

With f̃ = f − ⟨f, μ̄_t⟩, power sums P_r = Σ_i f̃(θ^i)^r and elementary symmetric polynomials e_k of the f̃(θ^i),

    U_k = e_k / C(N, k),        k e_k = Σ_{i≤k} (−1)^{i−1} e_{k−i} P_i        (Newton)

is the mean of Π f̃ over all groups of k neurons of a run, and its mean over the runs is E Π_{j≤k} f̃(θ^j), since the
neurons are exchangeable. Its limit: Σ_k e_k z^k = exp(z P_1 − z² P_2/2 + …) with z = u/√N, P_1 = √N η and P_2 ≈ N s²,
s² = Var_μ̄(f), is exp(u η − u² s²/2) up to O(N^{-1/2}), the generating function of the Hermite polynomials of variance
s². As η → N(0, V) (Sirignano & Spiliopoulos, arXiv:1808.09372) and κ = V − s² is the limit of N Cov(f(θ^1), f(θ^2)),

    N^{k/2} U_k → s^k He_k(η/s),        N^{k/2} E Π_{j≤k} f̃(θ^j) → (k − 1)!! κ^{k/2} (k even), 0 (k odd),

for odd k with a rest of order N^{-1/2}. For the mean over a group, k E(k^{-1} Σ_{j≤k} f̃(θ^j))² = E f̃² + (k − 1) E U_2
→ s² + λ κ for k = λN: the group is as good as independent while k/N → 0, and not when k is a share of N.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import comb, isqrt
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.polynomial.hermite_e import hermegauss, hermeval

from mfnn.learning.scenario import powers
from mfnn.spec import Floats
from mfnn.verdicts.least import at_least
from mfnn.verdicts.rates import Estimate, combined, entry, mean

SIZES: dict[str, Callable[[int], int]] = {  # of groups whose mean is measured
    "one": lambda _: 1,
    "root": isqrt,
    "quarter": lambda width: width // 4,
    "all": lambda width: width,
}
LEAST_WIDTHS = 2  # of an order in N
_NODES = 16  # of a Gauss rule, exact for squares of He_k, k < 16


def constants_at_end(predicted: xr.Dataset, f: str) -> tuple[float, float]:
    """V and κ of f at the last predicted time."""
    time = predicted["time"].values[-1]
    at = {"observable": f, "other": f, "time": time, "other_time": time}
    return float(predicted["covariance"].sel(at)), float(predicted["pair_covariance"].sel(at))


def sums_at_end(
    particles: Mapping[int, xr.Dataset], limit: xr.Dataset, predicted: xr.Dataset, f: str
) -> dict[int, Floats]:
    """The power sums of f − ⟨f, μ̄_t⟩ at the last predicted time, (K, R) by width, of widths that have groups of K."""
    time, names = predicted["time"].values[-1], powers(f)
    centre = float(limit["mean"].sel(observable=f, time=time))
    wide = {width: runs.sel(time=time) for width, runs in particles.items() if width >= len(names)}
    return {
        width: power_sums(np.array([runs[name].values for name in names]), centre, width)
        for width, runs in wide.items()
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


def sizes_table(sums: Mapping[int, Floats], variance: float, pair: float) -> pd.DataFrame:
    """k E(mean of f̃ over k neurons)² over s² by width and group size k, with its error, beside 1 + (k − 1) κ / (N s²)."""
    rows, independent = [], variance - pair
    for width, found in sums.items():
        two = group_products(found[:2], width)[1]
        for name, size in SIZES.items():
            neurons = size(width)
            value = mean((found[1] / width + (neurons - 1) * two) / independent)
            predicted = 1 + (neurons - 1) * pair / (width * independent)
            row = {"width": width, "group": name, "neurons": neurons, "replicas": two.size, "predicted": predicted}
            rows.append({**row, "measured": value.value, "error": value.error})
    return pd.DataFrame(rows)


def summary(
    scenario: str,
    products: pd.DataFrame,
    sizes: pd.DataFrame,
    pair: float,
    rates_from: int,
    judged_from: int,
) -> dict[str, Any]:
    """Products of three over |κ|^{3/2} and of four over 3 κ², variances of group means, and orders in N.

    The orders: of the product of three from all widths (N² E Π f̃ has a limit, best seen where N is small), of that of four
    and of what the mean over √N neurons lacks of independence from `rates_from`. All else from `judged_from`.
    """
    units = {3: abs(pair) ** 1.5, 4: 3 * pair**2}
    numbers: dict[str, Any] = {}
    for k, least in ((3, 1), (4, rates_from)):
        rows = products[products["neurons"] == k]
        numbers[f"{scenario}.groups.product_{k}"] = entry(_pooled(rows[rows["width"] >= judged_from], units[k]))
        rows = rows[rows["width"] >= least]
        scale = rows["width"] ** (-k / 2)
        numbers[f"{scenario}.groups.order_{k}"] = entry(
            _order(rows["width"], scale * rows["measured"], scale * rows["error"], -2.0)
        )
    for name in SIZES:
        rows = sizes[(sizes["group"] == name) & (sizes["width"] >= judged_from)]
        numbers[f"{scenario}.groups.{name}"] = entry(_pooled(rows, 1.0))
        numbers[f"{scenario}.groups.ratio_{name}"] = entry(_pooled(rows, rows["predicted"]))
    rows = sizes[(sizes["group"] == "root") & (sizes["width"] >= rates_from)]
    numbers[f"{scenario}.groups.order_root"] = entry(_order(rows["width"], 1 - rows["measured"], rows["error"], -0.5))
    return numbers


def _pooled(rows: pd.DataFrame, unit: float | pd.Series) -> Estimate:
    """The measured values over `unit`, weighted by replicas."""
    at_least(1, len(rows), "widths", "a mean over those from `from_width` up")
    weights = (rows["replicas"] / rows["replicas"].sum() / unit).to_numpy()
    columns = (rows[name].to_numpy(dtype=float) for name in ("measured", "error", "replicas"))
    return combined(weights, [Estimate(m, e, count - 1) for m, e, count in zip(*columns, strict=True)])


def _order(widths: pd.Series, values: pd.Series, errors: pd.Series, near: float) -> Estimate:
    """The exponent in N of values near N^near: N^{-near} value = A (1 + δ log N) by weighted least squares.

    Linear in what is measured, since a value from few replicas may have either sign, where a logarithm would not do.
    """
    at_least(LEAST_WIDTHS, len(widths), "widths", "an order in the width")
    scale, logs = widths.to_numpy() ** -near, np.log(widths.to_numpy())
    scaled, precision = scale * values.to_numpy(), (scale * errors.to_numpy()) ** -2
    weights = precision / precision.sum()
    size, centred = weights @ scaled, logs - weights @ logs
    spread = weights @ centred**2
    slope, error = weights @ (centred * scaled) / spread, (precision.sum() * spread) ** -0.5
    return Estimate(float(slope / size) + near, float(error / abs(size)))
