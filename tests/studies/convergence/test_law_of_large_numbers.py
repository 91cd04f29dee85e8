"""Trained networks against the certified limit and the predicted constants of the fluctuations, with fixed seeds.

Every comparison refuses correct code with probability about 1e-5 (a normal statistic beyond 4.42, a chi-square outside its
1e-5 interval); there are about 60 of them, and the seeds are fixed, so a failure means a change of the code.
"""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from mfnn import Limit, solve_limit, train

Z_BOUND, LEVEL = 4.42, 1e-5
REPLICAS = {200: 2000, 1000: 600}
BIAS = 2.0  # N times the bias of each mean below, an O(1/N) effect: runs at N = 100 put all of them below 1

# The limit of N·Var⟨f, μ^N_t⟩ at t = 2, and at t = 0 the variance of f(θ_0).
VARIANCE = {"c^2": 1.089953, "w0^2": 6.739458, "c*w0": 1.415892, "cos(w0)": 0.370584, "g(0.5)": 0.149113}
_W = np.linspace(-3, 3, 20001)
VARIANCE_0 = {
    "c^2": 1 / 5 - 1 / 9,
    "w0^2": 81 / 5 - 9,
    "c*w0": 1.0,
    "cos(w0)": (1 + np.sin(6) / 6) / 2 - (np.sin(3) / 3) ** 2,
    "g(0.5)": np.trapezoid(np.tanh(_W / 2) ** 2, _W) / 18,
}


@pytest.fixture(scope="module")
def runs(sine1d) -> dict[int, xr.Dataset]:
    return {
        width: train(sine1d, width, range(count), [0.0, 1.0, 2.0], [*VARIANCE, "c*w0^3"], keep=2, root_seed=2024)
        for width, count in REPLICAS.items()
    }


@pytest.mark.parametrize("width", REPLICAS)
@pytest.mark.parametrize("name", VARIANCE)
def test_means_are_those_of_the_limit(runs, sine1d_limit: Limit, name: str, width: int) -> None:
    values = runs[width][name].values
    error = values.mean(axis=0) - sine1d_limit.mean(name)
    allowed = Z_BOUND * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    assert abs(error[0]) < allowed[0]  # i.i.d. at t = 0: no bias
    assert (np.abs(error[1:]) < allowed[1:] + BIAS / width).all()


@pytest.mark.parametrize("name", VARIANCE)
def test_the_bias_is_of_order_one_over_n(runs, sine1d_limit: Limit, name: str) -> None:
    """(1000 m_1000 − 200 m_200)/800 has lost the 1/N term: no allowance for a bias is needed."""
    means = {width: runs[width][name][:, 2].mean().item() for width in REPLICAS}
    squares = {width: runs[width][name][:, 2].var(ddof=1).item() / REPLICAS[width] for width in REPLICAS}
    extrapolated = (1000 * means[1000] - 200 * means[200]) / 800
    spread = np.hypot(1000 * np.sqrt(squares[1000]), 200 * np.sqrt(squares[200])) / 800
    assert abs(extrapolated - sine1d_limit.mean(name)[2]) < Z_BOUND * spread


@pytest.mark.parametrize("width", REPLICAS)
@pytest.mark.parametrize("name", VARIANCE)
def test_variances_are_the_predicted_ones(runs, name: str, width: int) -> None:
    """(R − 1) s² N / V is chi-square with R − 1 degrees; at t > 0 N·Var differs from V by O(1/N), here up to 6/N."""
    values = runs[width][name].values
    degrees = len(values) - 1
    low, high = stats.chi2.ppf([LEVEL / 2, 1 - LEVEL / 2], degrees) / degrees
    start, end = width * values[:, 0].var(ddof=1), width * values[:, 2].var(ddof=1)
    assert low < start / VARIANCE_0[name] < high
    assert low * (1 - 6 / width) < end / VARIANCE[name] < high * (1 + 6 / width)


@pytest.mark.parametrize("name", VARIANCE)
def test_fluctuations_are_gaussian(runs, name: str) -> None:
    values = runs[1000][name][:, 2].values
    assert stats.normaltest(values).pvalue > LEVEL
    assert stats.kstest((values - values.mean()) / values.std(), "norm").pvalue > LEVEL


def test_neurons_start_as_independent_draws_of_the_initial_law(runs) -> None:
    """The first two neurons of all replicas: each coordinate its law, no correlation within or between neurons."""
    theta = runs[200].theta[:, 0].values  # (replica, particle, component)
    for component, bound in ((0, 1.0), (1, 3.0)):
        law = stats.uniform(-bound, 2 * bound)
        assert stats.kstest(theta[..., component].ravel(), law.cdf).pvalue > LEVEL
    columns = theta.reshape(len(theta), 4)
    correlation = np.corrcoef(columns.T)[np.triu_indices(4, 1)]
    assert np.abs(correlation).max() < Z_BOUND / np.sqrt(len(theta))
    successive = [np.corrcoef(column[1:], column[:-1])[0, 1] for column in columns.T]
    assert np.abs(successive).max() < Z_BOUND / np.sqrt(len(theta))


def test_neurons_are_exchangeable(runs) -> None:
    """After training the first neuron has the law of any other, across replicas and within the network."""
    theta, width = runs[200].theta[:, 2].values, 200
    assert stats.ks_2samp(theta[:, 0, 0], theta[:, 1, 0]).pvalue > LEVEL
    excess = theta[:, 0, 0] ** 2 - runs[width]["c^2"][:, 2].values
    assert abs(excess.mean()) < Z_BOUND * excess.std() / np.sqrt(len(excess))


def test_two_neurons_have_the_predicted_covariance(runs, sine1d_limit: Limit) -> None:
    """N·Cov(c w(θ^1), w²(θ^2)) → −3.534522, the pairs averaged within each replica."""
    n, run = 200, runs[200].isel(time=2)
    f, g = sine1d_limit.mean("c*w0")[2], sine1d_limit.mean("w0^2")[2]
    mean_f, mean_g, mean_fg = (run[name].values for name in ("c*w0", "w0^2", "c*w0^3"))
    same = mean_fg - f * mean_g - g * mean_f + f * g
    pairs = (n**2 * (mean_f - f) * (mean_g - g) - n * same) / (n * (n - 1))
    spread = n * pairs.std(ddof=1) / np.sqrt(len(pairs))
    assert abs(n * pairs.mean() + 3.534522) < Z_BOUND * spread + 20 / n
    assert abs(n * pairs.mean()) > 10 * spread  # and it is not the zero of independent neurons


def test_the_blocked_kernel_and_sobol_nodes_meet(vary) -> None:
    """d = 30, m = 2: the exact blocked kernel against the limit on Sobol' nodes, two codes without a line in common."""
    rng = np.random.default_rng(7)
    problem = vary(
        "three_points",
        {
            "name": "tall",
            "learning_rate": 2.0,
            "data.x": rng.normal(size=(4, 30)) / np.sqrt(15),
            "data.y": rng.normal(size=(4, 2)),
            "initial.c": {"law": "uniform", "low": -1.0, "high": 1.0},
            "initial.w": {"law": "normal"},
        },
    )
    names = ["c0^2", "c1^2", "c1*w3", f"g1({','.join(map(str, problem.data.x[2]))})"]
    limit = solve_limit(problem, [0.0, 2.0], 0.1, names)
    runs = train(problem, 300, range(40), [0.0, 2.0], names)
    for name in names:
        values = runs[name][:, 1].values
        spread = values.std(ddof=1) / np.sqrt(40)
        error = values.mean() - limit.mean(name)[1]
        assert abs(error) < Z_BOUND * spread + limit.error(name)[1] + BIAS / 300
    moved = limit.mean(names[-1])[1] - limit.mean(names[-1])[0]
    assert abs(moved) > 0.1
