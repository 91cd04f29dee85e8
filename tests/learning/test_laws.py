"""The parameter laws and the data laws: quadrature, samples, quantiles, densities, streams."""

from functools import cache

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from mfnn import Problem
from mfnn.learning.data import FiniteData, RegressionData, Streams
from mfnn.learning.laws import InitialLaw, Normal, Uniform
from mfnn.limit.nodes import product_nodes, sobol_data, sobol_nodes
from mfnn.limit.series import Series

# |z| beyond which a statistic that is standard normal under correct code is refused: 1e-5 two-sided.
Z_BOUND = 4.42

LAWS = {
    "uniform": (Uniform(low=-1.0, high=2.5), stats.uniform(-1, 3.5)),
    "normal": (Normal(mean=0.7, std=1.3), stats.norm(0.7, 1.3)),
    "standard": (Normal(), stats.norm()),
}


@pytest.fixture(params=LAWS)
def pair(request):
    return LAWS[request.param]


@cache
def moment(law: Uniform | Normal, k: int) -> float:
    """E v^k in closed form."""
    if isinstance(law, Uniform):
        return (law.high ** (k + 1) - law.low ** (k + 1)) / ((k + 1) * (law.high - law.low))
    return 1.0 if k == 0 else law.mean * moment(law, k - 1) + (k > 1 and (k - 1) * law.std**2 * moment(law, k - 2))


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_quadrature_integrates_polynomials_up_to_its_degree(pair, count: int) -> None:
    law, _ = pair
    nodes, weights = law.quadrature(count)
    assert len(nodes) == len(weights) == count
    assert (weights > 0).all()
    for degree in range(2 * count):
        tolerance = 1e-12 * np.sqrt(moment(law, 2 * degree))
        assert weights @ nodes**degree == pytest.approx(moment(law, degree), abs=tolerance)
    beyond = weights @ nodes ** (2 * count)
    assert abs(beyond - moment(law, 2 * count)) > 1e-9  # and no further: it is the Gauss rule


@pytest.mark.parametrize("count", [64, 200, 400])
def test_large_rules_stay_accurate(pair, count: int) -> None:
    law, truth = pair
    nodes, weights = law.quadrature(count)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert weights @ np.cos(nodes) == pytest.approx(quad_mean(truth, np.cos), abs=1e-12)


def quad_mean(truth, function) -> float:
    low, high = max(truth.ppf(1e-300), truth.mean() - 30), min(truth.isf(1e-300), truth.mean() + 30)
    return quad(lambda v: function(v) * truth.pdf(v), low, high, epsabs=1e-14, limit=400, points=[truth.mean()])[0]


def test_quantile_and_density_are_those_of_the_law(pair) -> None:
    law, truth = pair
    level = np.concatenate([np.linspace(0.01, 0.99, 33), [2.0**-53, 1 - 2.0**-53]])
    np.testing.assert_allclose(law.quantile(level), truth.ppf(level), rtol=1e-12, atol=1e-12)
    value = np.linspace(-4, 6, 41)  # includes the uniform law's edges
    np.testing.assert_allclose(law.density(value), truth.pdf(value), rtol=1e-12, atol=1e-300)


def test_samples_follow_the_law(pair) -> None:
    law, truth = pair
    draws = law.sample(np.random.default_rng(3), (400, 50))
    assert draws.shape == (400, 50)
    for power in (1, 2, 3):
        spread = np.sqrt(moment(law, 2 * power) - moment(law, power) ** 2)
        error = (draws**power).mean() - moment(law, power)
        assert abs(error) < Z_BOUND * spread / np.sqrt(draws.size)
    assert stats.kstest(draws.ravel(), truth.cdf).pvalue > 1e-5


MIXED = InitialLaw.model_validate(
    {
        "c": [{"law": "uniform", "low": -1, "high": 0}, {"law": "normal", "mean": 5, "std": 0.1}],
        "w": {"law": "normal", "mean": -2, "std": 2},
    }
)
MIXED_TRUTH = [stats.uniform(-1, 1), stats.norm(5, 0.1), *[stats.norm(-2, 2)] * 3]


def test_initial_law_is_the_product_of_its_coordinates() -> None:
    """Each coordinate has its own law, c first; coordinates and neurons are independent."""
    theta = MIXED.sample(np.random.default_rng(0), 4000, outputs=2, dim=3)
    assert theta.shape == (5, 4000)
    for row, truth in zip(theta, MIXED_TRUTH, strict=True):
        assert stats.kstest(row, truth.cdf).pvalue > 1e-5
    correlation = np.corrcoef(theta)[np.triu_indices(5, 1)]
    assert np.abs(correlation).max() < Z_BOUND / np.sqrt(4000)
    lagged = [np.corrcoef(row[1:], row[:-1])[0, 1] for row in theta]
    assert np.abs(lagged).max() < Z_BOUND / np.sqrt(4000)


def test_initial_density_and_transport() -> None:
    rng = np.random.default_rng(1)
    theta = MIXED.sample(rng, 50, outputs=2, dim=3).T.reshape(10, 5, 5)
    truth = np.prod([law.pdf(theta[..., a]) for a, law in enumerate(MIXED_TRUTH)], axis=0)
    np.testing.assert_allclose(MIXED.density(theta, 2, 3), truth, rtol=1e-12)
    levels = rng.random((7, 5))
    carried = np.stack([law.ppf(levels[:, a]) for a, law in enumerate(MIXED_TRUTH)], axis=1)
    np.testing.assert_allclose(MIXED.transport(levels, 2, 3), carried, rtol=1e-12, atol=1e-14)


# ---- data laws ----

REGRESSION = {
    "uniform": {"inputs": {"law": "uniform", "low": -1, "high": 1, "dim": 2}, "target": "sine", "noise_std": 0.3},
    "normal": {
        "inputs": {"law": "normal", "mean": 0.5, "std": 0.7, "dim": 2},
        "target": {"law": "teacher", "c": [1.0, -2.0], "w": [[1.0, 2.0, 0.3], [-1.0, 0.5, -0.2]]},
        "noise_std": 0.1,
        "intercept": True,
    },
}
WEIGHTS = np.array([0.1, 0.0, 0.35, 0.05, 0.5])
FINITE = {
    "equal": {"x": np.arange(10.0).reshape(5, 2), "y": np.arange(5.0), "noise_std": 0.0},
    "weighted": {"x": np.arange(5.0), "y": np.arange(10.0).reshape(5, 2), "weights": WEIGHTS, "noise_std": 0.2},
}
DATA = {name: RegressionData.model_validate(spec) for name, spec in REGRESSION.items()}
DATA |= {name: FiniteData.model_validate(spec) for name, spec in FINITE.items()}


def streams(seed: int = 0) -> Streams:
    return Streams(np.random.SeedSequence(seed))


def target(name: str, inputs: np.ndarray) -> np.ndarray:
    u, v = inputs.T
    if name == "uniform":
        return np.sin(np.pi * u) * np.sin(np.pi * v)
    return np.tanh(u + 2 * v + 0.3) - 2 * np.tanh(-u + 0.5 * v - 0.2)


@pytest.mark.parametrize("name", DATA)
def test_samples_do_not_depend_on_how_they_are_cut(name: str) -> None:
    data, parts, whole = DATA[name], streams(), streams()
    cut = [data.sample(parts, count) for count in (10, 20, 1, 33)]
    x, y = data.sample(whole, 64)
    np.testing.assert_array_equal(np.concatenate([part for part, _ in cut]), x)
    np.testing.assert_array_equal(np.concatenate([part for _, part in cut]), y)
    assert x.shape == (64, data.dim)
    assert y.shape == (64, data.outputs)


@pytest.mark.parametrize("name", REGRESSION)
def test_regression_samples_and_quadrature(name: str) -> None:
    data, count = DATA[name], 20000
    x, y = data.sample(streams(), count)
    inputs = x[:, :2]
    truth = stats.uniform(-1, 2) if name == "uniform" else stats.norm(0.5, 0.7)
    assert all(stats.kstest(column, truth.cdf).pvalue > 1e-5 for column in inputs.T)
    assert abs(np.corrcoef(inputs.T)[0, 1]) < Z_BOUND / np.sqrt(count)
    noise = y[:, 0] - target(name, inputs)
    assert stats.kstest(noise / data.noise_std, "norm").pvalue > 1e-5
    assert abs(np.corrcoef(noise, inputs[:, 0])[0, 1]) < Z_BOUND / np.sqrt(count)

    nodes, labels, weights = data.quadrature((30, 40))
    assert weights.shape == (1200,)
    assert weights.sum() == pytest.approx(1, abs=1e-13)
    np.testing.assert_allclose(labels[:, 0], target(name, nodes[:, :2]), atol=1e-14)
    assert len(np.unique(nodes[:, 0])) == 30  # counts[a] belongs to coordinate a
    assert len(np.unique(nodes[:, 1])) == 40
    products = x[:, 0] * target(name, inputs)
    error = products.mean() - weights @ (nodes[:, 0] * labels[:, 0])
    assert abs(error) < Z_BOUND * products.std() / np.sqrt(count)
    if data.intercept:
        assert data.dim == 3
        assert (x[:, 2] == 1).all()
        assert (nodes[:, 2] == 1).all()


def test_weighted_data_are_drawn_with_their_weights() -> None:
    x, y = DATA["weighted"].sample(streams(), 50000)
    counts = np.bincount(x[:, 0].astype(int), minlength=5)
    assert counts[1] == 0
    drawn = WEIGHTS > 0
    assert stats.chisquare(counts[drawn], 50000 * WEIGHTS[drawn]).pvalue > 1e-5
    noise = y - np.arange(10.0).reshape(5, 2)[x[:, 0].astype(int)]  # labels belong to their points
    assert stats.kstest(noise.ravel() / 0.2, "norm").pvalue > 1e-5
    assert abs(np.corrcoef(noise.T)[0, 1]) < Z_BOUND / np.sqrt(50000)
    x, y, weights = DATA["weighted"].quadrature()
    np.testing.assert_array_equal(weights, WEIGHTS)
    np.testing.assert_array_equal(y, np.arange(10.0).reshape(5, 2))


def test_equally_weighted_data_are_drawn_equally_often() -> None:
    x, y = DATA["equal"].sample(streams(), 50000)
    np.testing.assert_array_equal(x[:, 0], 2 * y[:, 0])
    assert stats.chisquare(np.bincount(y[:, 0].astype(int))).pvalue > 1e-5
    assert abs(np.corrcoef(y[1:, 0], y[:-1, 0])[0, 1]) < Z_BOUND / np.sqrt(50000)
    np.testing.assert_allclose(DATA["equal"].quadrature()[2], 0.2)


@pytest.mark.parametrize(("first", "second"), [("initial", "inputs"), ("inputs", "labels"), ("initial", "labels")])
def test_streams_of_different_purpose_are_independent(first: str, second: str) -> None:
    a, b = (getattr(streams(), name).standard_normal(10000) for name in (first, second))
    assert abs(np.corrcoef(a, b)[0, 1]) < Z_BOUND / np.sqrt(10000)


def test_single_precision_data_are_the_same_data(vary) -> None:
    """float32 arrays are kept as they are (MNIST) and mean the same numbers; the caller's array is left alone."""
    x = np.array([[-1.0], [0.5], [1.5]], dtype=np.float32)
    problem = vary("three_points", {"data.x": x})
    assert x.flags.writeable
    np.testing.assert_array_equal(problem.data.x, x)


def test_a_problem_survives_json(sine1d: Problem, three_points: Problem) -> None:
    for problem in (sine1d, three_points):
        again = Problem.model_validate(problem.model_dump(mode="json"))
        assert again.model_dump(mode="json") == problem.model_dump(mode="json")


def test_a_problem_is_immutable(three_points: Problem) -> None:
    with pytest.raises(ValueError, match="frozen"):
        three_points.learning_rate = 2.0
    with pytest.raises(ValueError, match="read-only"):
        three_points.data.x[0] = 7.0


# ---- nodes of the limit ----


def test_product_nodes_integrate_products(vary) -> None:
    problem = vary("three_points", {"initial.w": {"law": "normal", "mean": 0.3, "std": 0.5}})
    (c, w), weights, _ = product_nodes(problem, (3, 5))
    assert weights.sum() == pytest.approx(1, abs=1e-14)
    c2, w4 = 0.25 + 1 / 3, 0.3**4 + 6 * 0.3**2 * 0.25 + 3 * 0.0625
    assert weights @ c == pytest.approx(0.5, abs=1e-14)
    assert weights @ (c**2 * w**4) == pytest.approx(c2 * w4, abs=1e-13)


def test_sobol_nodes_are_better_than_random_ones(vary) -> None:
    """Scrambled Sobol' points of a smooth integrand: root-mean-square error over scrambles below a tenth of i.i.d.'s."""
    problem = vary("three_points", {"initial.w": {"law": "normal", "mean": 0.3, "std": 0.5}})
    errors = []
    for seed in range(16):
        (c, w), weights, _ = sobol_nodes(problem, 9, np.random.default_rng(seed))
        assert weights.shape == (512,)
        errors.append(weights @ (c**2 * np.cos(w)) - (0.25 + 1 / 3) * np.cos(0.3) * np.exp(-0.125))
    iid = 0.6 / np.sqrt(512)  # about: the integrand's standard deviation is 0.6
    assert 0 < np.sqrt(np.mean(np.square(errors))) < 0.1 * iid
    assert len(set(errors)) == 16


def test_sobol_data_follow_the_data_law(sine1d: Problem, three_points: Problem) -> None:
    x, y, weights = sobol_data(sine1d, 10, np.random.default_rng(0))
    assert x.shape == y.shape == (1024, 1)
    np.testing.assert_allclose(y, np.sin(np.pi * x))
    assert weights @ (x * y)[:, 0] == pytest.approx(1 / np.pi, abs=1e-4)
    np.testing.assert_array_equal(sobol_data(three_points, 4, np.random.default_rng(0)).x, three_points.data.x)


def test_residual_path_interpolates_to_rounding() -> None:
    times = Series.abscissae(3.0, 30)
    assert (np.diff(times) > 0).all()
    assert 0 < times[0] < times[-1] < 3

    def curve(t: float) -> np.ndarray:
        return np.array([[np.cos(2 * t), np.exp(-t)], [t**3, 1.0]])

    path = Series.through(3.0, np.array([curve(t) for t in times]))
    for t in (0.0, 0.1, 1.7, 3.0):
        np.testing.assert_allclose(path(t), curve(t), atol=1e-12)
    assert path.tail < 1e-13
    coarse = Series.through(3.0, np.array([curve(t) for t in Series.abscissae(3.0, 6)]))
    assert coarse.tail > 1e-4


def test_a_series_is_integrated_from_time_zero() -> None:
    series = Series.through(3.0, np.cos(Series.abscissae(3.0, 30))[:, None] * [1.0, 2.0])
    np.testing.assert_allclose(series.integral()(1.3), np.sin(1.3) * np.array([1.0, 2.0]), atol=1e-14)
    np.testing.assert_allclose(series.integral()(0.0), [0.0, 0.0], atol=1e-15)
