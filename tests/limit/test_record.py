"""Samples of a limit law: drawn neurons have its means, whichever way it is solved; sparse ones see what they may."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from mfnn import Problem, solve_limit
from mfnn.learning.observables import parse_all
from mfnn.learning.scenario import load_scenario
from mfnn.limit.record import law_sample, marginal_densities

ROOT = Path(__file__).parents[2]
NOISY = {"temperature": 0.05, "decay": 0.1}
CHANGES = {
    "dense": {},
    "decay": {"decay": 0.1},
    "noise from a uniform law": NOISY,
    "noise from a normal law": {**NOISY, "initial.c": {"law": "normal", "std": 0.5}},
}
TIMES, NAMES, DRAWS = [0.0, 0.5, 2.0], ["c", "c^2", "w0^2", "c*w0", "cos(w0)"], 20_000


def agree(problem: Problem, tolerance: float, names: list[str]) -> None:
    """Averages over both samples are the certified means, to their own errors."""
    limit = solve_limit(problem, TIMES, tolerance, names)
    law = law_sample(limit, TIMES, DRAWS, np.random.default_rng(7))
    for name, f in parse_all(names, problem).items():
        truth = limit.mean(name)
        reference = [f(cloud.values.T).mean() for cloud in law["reference"]]
        np.testing.assert_allclose(reference, truth, atol=2e-3, err_msg=name)
        for at, cloud in enumerate(law["iid"]):
            values = f(cloud.values.T)
            assert abs(values.mean() - truth[at]) < 4.5 * values.std() / np.sqrt(DRAWS), name


@pytest.mark.parametrize("name", CHANGES)
def test_samples_have_the_means_of_the_law(vary, name: str) -> None:
    agree(vary("sine1d", CHANGES[name]), 1e-3, NAMES)


def test_sparse_samples_have_the_means_of_the_law_and_see_one_input() -> None:
    problem = load_scenario(ROOT / "config/scenarios/sparse2d.yaml").problem("sparse2d")
    agree(problem, 1e-3, ["c^2", "w0^2", "c*w1", "cos(w0)"])
    law = law_sample(solve_limit(problem, TIMES, 1e-2), TIMES, 1000, np.random.default_rng(0))
    for sample in (law["reference"].values, law["iid"].values):
        assert ((sample[:, :, 1:] == 0).sum(axis=2) == 1).all()  # of two weights one is hidden,
        assert ((sample[:, :, 1:] == 0) == (sample[:1, :, 1:] == 0)).all()  # the same at all times


def test_independent_draws_of_a_law_that_diffuses_are_independent_and_gaussian_where_it_is(vary) -> None:
    """x = 0 and y = 0: parameters are Ornstein–Uhlenbeck, from a normal law N(m e^−αλt, …)."""
    law = {"law": "normal", "mean": 0.3, "std": 0.5}
    changes = {"data.x": [[0.0]], "data.y": [0.0], "initial.c": law, "initial.w": law}
    problem = vary("three_points", {**changes, "temperature": 0.2, "decay": 0.4, "learning_rate": 1.0})
    limit = solve_limit(problem, [0.0, 2.0], 1e-4)
    draws = law_sample(limit, [2.0], 4000, np.random.default_rng(1))["iid"].values[0]
    centre, spread = 0.3 * np.exp(-0.8), np.sqrt(0.5 + (0.25 - 0.5) * np.exp(-1.6))
    levels = np.sort(norm.cdf((draws - centre) / spread), axis=0)
    gaps = np.abs(levels - (np.arange(4000) + 0.5)[:, None] / 4000).max(axis=0)
    assert (gaps < 1.95 / np.sqrt(4000)).all()  # Kolmogorov's bound at one in a thousand
    assert abs(np.corrcoef(draws.T)[0, 1]) < 4.5 / np.sqrt(4000)


def test_marginals_of_a_law_that_diffuses_integrate_to_one(vary) -> None:
    limit = solve_limit(vary("sine1d", NOISY), TIMES, 1e-3)
    law = law_sample(limit, [2.0], 100, np.random.default_rng(2))
    marginal = marginal_densities(limit, [2.0], law, 121)
    steps = np.diff(marginal["position"].values, axis=1)[:, 0]
    np.testing.assert_allclose((marginal["density"].values[0] * steps[:, None]).sum(axis=1), 1.0, atol=2e-3)
