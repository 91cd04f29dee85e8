"""Pairs, independence, followed neurons, cells and their null."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import chi2

from mfnn import fluctuations, solve_limit, train
from mfnn.learning.observables import parse
from mfnn.studies.chaos.independence import PERMUTATIONS, distance_correlations
from mfnn.studies.constants.cells import as_predicted, cells, gaussianity, null_pulls, summary
from mfnn.verdicts.pairs import pair_statistic

NAMES, PAIRS, TIMES = ["c^2", "c*w0"], [("c^2", "c*w0")], [1.0, 2.0]


def test_the_pair_statistic_is_the_mean_over_pairs_of_different_neurons():
    rng = np.random.default_rng(1)
    f, g = rng.normal(size=(2, 3, 7))
    centred_f, centred_g = f - 0.2, g + 0.1
    pairs = [(i, j) for i in range(7) for j in range(7) if i != j]
    expected = [7 * np.mean([centred_f[r, i] * centred_g[r, j] for i, j in pairs]) for r in range(3)]
    means = (values.mean(axis=1) for values in (f, g, f * g))
    np.testing.assert_allclose(pair_statistic(*means, 0.2, -0.1, 7), expected)


def test_followed_neurons_are_the_first_ones_at_every_time(three_points):
    runs = train(three_points, 20, range(3), [0.0, 0.5, 2.0], [], keep=20, follow=2)
    np.testing.assert_array_equal(runs["path"].values, runs["theta"].values[:, :, :2])
    assert runs["path"].dims == ("replica", "time", "followed", "coordinate")


@pytest.mark.parametrize("dependent", [True, False])
def test_dependence_is_seen_where_it_is(sine1d, dependent):
    rng = np.random.default_rng(3)
    neurons = rng.uniform(-1, 1, size=(400, 1, 2, 2))
    if dependent:
        neurons[:, 0, 1, 1] = neurons[:, 0, 0, 1] ** 2 + 0.3 * neurons[:, 0, 1, 1]
    pairs = xr.DataArray(neurons, dims=("replica", "time", "followed", "coordinate"), coords={"time": [2.0]})
    row = distance_correlations(pairs, parse("w0", sine1d), parse("w0", sine1d), 10, rng).iloc[0]
    standing = (row["value"] - row["null_mean"]) / row["null_error"]
    assert (standing > 5 and row["p"] < 0.01) if dependent else abs(standing) < 3.5


def test_the_smallest_p_value_is_that_of_the_pairs_among_their_permutations(sine1d):
    """The pairs themselves are one of the permutations, so that p is never less than 1 / (1 + permutations)."""
    neurons = np.repeat(np.random.default_rng(4).uniform(-1, 1, size=(200, 1, 1, 2)), 2, axis=2)
    pairs = xr.DataArray(neurons, dims=("replica", "time", "followed", "coordinate"), coords={"time": [2.0]})
    row = distance_correlations(pairs, parse("w0", sine1d), parse("w0", sine1d), 10, np.random.default_rng(5)).iloc[0]
    assert row["p"] == pytest.approx(1 / (1 + PERMUTATIONS))


# ---- covariances between times ----


def test_one_time_of_several_is_that_time_alone(three_points):
    limit = solve_limit(three_points, TIMES, 1e-5)
    both, alone = fluctuations(limit, NAMES, TIMES), fluctuations(limit, NAMES, 1.0)
    for part in ("initial", "sgd", "covariance", "pair_covariance"):
        there = getattr(both, part).sel(time=1.0, other_time=1.0)
        np.testing.assert_allclose(there.values, getattr(alone, part).values, atol=1e-6)
    stacked = both.covariance.stack(row=("observable", "time"), column=("other", "other_time")).values
    np.testing.assert_allclose(stacked, stacked.T, atol=1e-9)
    assert np.linalg.eigvalsh(stacked).min() > -1e-9


def test_time_zero_and_a_later_one(three_points):
    """Between t = 0 and t only the initial parameters are shared: no noise of the steps."""
    found = fluctuations(solve_limit(three_points, [0.0, 1.0], 1e-5), ["c^2"], [0.0, 1.0])
    assert float(found.sgd.sel(time=0.0, other_time=1.0).item()) == 0
    assert float(found.sgd.sel(time=1.0, other_time=1.0).item()) > 0
    assert float(found.initial.sel(time=0.0, other_time=1.0).item()) > 0


# ---- cells ----


@pytest.fixture(scope="module")
def predicted(three_points):
    found = fluctuations(solve_limit(three_points, TIMES, 1e-4), NAMES, TIMES)
    parts = ("initial", "sgd", "covariance", "pair_covariance", "error")
    return xr.Dataset({name: getattr(found, name) for name in parts})


def gaussian_runs(predicted: xr.Dataset, width: int, count: int, seed: int, scale: float = 1.0):
    """Replicas whose fluctuations are exactly Gaussian with `scale` times the predicted covariance, and their limit."""
    stacked = predicted.stack(row=("observable", "time"), column=("other", "other_time"))
    covariance, shared = stacked["covariance"].values, (stacked["covariance"] - stacked["pair_covariance"]).values
    rng = np.random.default_rng(seed)
    eta = rng.multivariate_normal(np.zeros(4), scale * covariance, count) / np.sqrt(width)
    coords = {"replica": range(count), "time": TIMES}
    runs = xr.Dataset(
        {name: (("replica", "time"), eta[:, 2 * k : 2 * k + 2]) for k, name in enumerate(NAMES)}, coords
    )
    runs["c^2*c*w0"] = ("time",), np.array([shared[0, 2], shared[1, 3]])
    runs["c^2*c*w0"] = runs["c^2*c*w0"].broadcast_like(runs["c^2"])
    limit = xr.Dataset({"mean": (("observable", "time"), np.zeros((2, 2)))}, {"observable": NAMES, "time": TIMES})
    return runs, limit


@pytest.mark.parametrize(("scale", "right"), [(1.0, True), (1.3, False)])
def test_the_pulls_tell_a_right_prediction_from_one_that_is_off_by_a_third(predicted, scale, right):
    # Fixed seeds. The mean square of the pulls lies within 3.5 standard deviations of its null but for 5e-4.
    particles = {}
    for width, seed in ((100, 1), (1000, 2)):
        particles[width], limit = gaussian_runs(predicted, width, 800, seed, scale)
    table = cells(particles, limit, predicted, PAIRS)
    null = null_pulls(predicted, dict.fromkeys(particles, 800), PAIRS, np.random.default_rng(4))
    normal = gaussianity(particles[1000], limit, predicted, 1000, np.random.default_rng(5))
    numbers = summary("x", table, null, normal)
    assert len(table) == 2 * 2 * 3
    assert (abs(numbers["x.pulls_variance.standing"]["value"]) < 3.5) == right
    assert (normal["p"] > 1e-3) == right
    assert (as_predicted(table).mean() > 0.7) == right
    assert (numbers["x.pulls.as_predicted_p"] > 0.01) == right
    assert numbers["x.ratio_variance.c_2"]["value"] == pytest.approx(scale, abs=0.12)


@pytest.mark.parametrize("count", [16, 100])
def test_errors_are_those_that_the_prediction_implies(predicted, count):
    """95 % of Gaussian cells within two standard errors, with few replicas too: for variances by the law of χ².

    The share of `NULL_DRAWS` draws of at least four independent cells has an error of 0.35 %: 1.5 % is four of them.
    """
    null = null_pulls(predicted, {1000: count}, PAIRS, np.random.default_rng(6))
    inside = null["pull"].abs() <= 2
    edges = (count - 1) * (1 + 2 * np.array([-1, 1]) * np.sqrt(2 / (count - 1)))
    exact = np.diff(chi2(count - 1).cdf(edges)).item()
    assert exact == pytest.approx(0.955, abs=0.005)
    assert inside[null["kind"] == "variance"].mean() == pytest.approx(exact, abs=0.015)
    assert inside[null["kind"] == "pair"].mean() == pytest.approx(0.955, abs=0.015)
    spread = null.groupby("kind")["pull"].std()
    np.testing.assert_allclose(spread, 1, atol=0.06)


def test_cells_have_these_errors_whatever_their_replicas_say(predicted):
    particles = {}
    particles[1000], limit = gaussian_runs(predicted, 1000, 16, 7)
    rows = cells(particles, limit, predicted, PAIRS).set_index(["kind", "observable", "time"])
    at = {"time": 2.0, "other_time": 2.0}
    matrix = predicted["covariance"].sel(**at).sel(observable=list(PAIRS[0]), other=list(PAIRS[0])).values
    assert rows.loc[("variance", "c^2", 2.0), "error"] == pytest.approx(matrix[0, 0] * np.sqrt(2 / 15))
    pair = np.sqrt((matrix[0, 0] * matrix[1, 1] + matrix[0, 1] ** 2) / 16)
    assert rows.loc[("pair", "c^2", 2.0), "error"] == pytest.approx(pair)
    off = rows["measured"] - rows["predicted"]
    np.testing.assert_allclose(rows["pull"], off / np.hypot(rows["error"], rows["prediction_error"] / 2.576))
