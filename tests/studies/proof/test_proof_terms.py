"""The terms of the proof: each against an independent computation, their sum against the path, constants in closed form."""

import copy
from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.polynomial.legendre import leggauss

from mfnn import train
from mfnn.errors import DivergedError, SpecError
from mfnn.learning.observables import parse_all
from mfnn.limit.field import VelocityField
from mfnn.limit.nodes import Nodes
from mfnn.pipeline.plan import read_plan
from mfnn.studies.proof import terms as proof_terms
from mfnn.studies.proof.constants import Constants, constants
from mfnn.studies.proof.orders import Measured, largest_increments, order_table, summary
from mfnn.studies.proof.terms import Paths, follow, kick_moments, terms

CONFIG = Path(__file__).parents[3] / "config"
OBSERVABLES = ["c^2", "c*w0", "cos(w0)", "g(0.5)"]
WIDTH, SEED = 24, 5
REPLICAS = [3, 0, 4]


@pytest.fixture(scope="module")
def paths(sine1d) -> Paths:
    return follow(sine1d, WIDTH, REPLICAS, OBSERVABLES, SEED)


@pytest.fixture(scope="module")
def clouds(sine1d):
    """All particles at every step as `train` leaves them, (K + 1, 2, R, N)."""
    times = np.arange(2 * WIDTH + 1) / WIDTH
    return train(sine1d, WIDTH, REPLICAS, times, OBSERVABLES, keep=WIDTH, root_seed=SEED)


def theta(clouds, k, r):
    return clouds["theta"].values[r, k].T


def test_paths_are_those_of_training(paths, clouds):
    for number, name in enumerate(OBSERVABLES):
        np.testing.assert_allclose(paths.value[:, number], clouds[name].values.T, rtol=0, atol=1e-13)
    squares = clouds["theta"].values ** 2
    np.testing.assert_allclose(paths.moment, (squares**2).sum(axis=3).mean(axis=2).T, rtol=1e-12)


def test_a_kick_is_the_first_order_of_a_step(paths, clouds, sine1d):
    for number, f in enumerate(parse_all(OBSERVABLES, sine1d).values()):
        for r in range(len(REPLICAS)):
            for k in (0, 1, 2 * WIDTH - 1):
                moved = theta(clouds, k + 1, r) - theta(clouds, k, r)
                first = (f.gradient(theta(clouds, k, r)) * moved).sum(axis=0).mean()
                assert paths.kick[k, number, r] / WIDTH == pytest.approx(first, abs=1e-14)


def test_the_drift_is_that_of_the_velocity_field(paths, clouds, sine1d):
    field = VelocityField(sine1d, proof_terms.data_nodes(sine1d))
    for number, f in enumerate(parse_all(OBSERVABLES, sine1d).values()):
        for r in range(len(REPLICAS)):
            for k in (0, WIDTH, 2 * WIDTH - 1):
                here = theta(clouds, k, r)
                velocity = field.self_consistent(Nodes(here, np.full(WIDTH, 1 / WIDTH)))
                drift = (f.gradient(here) * velocity).sum(axis=0).mean()
                assert paths.drift[k, number, r] == pytest.approx(drift, abs=1e-12)


@pytest.mark.parametrize("steps", [0, 0.5, 1, WIDTH + 0.25, 2 * WIDTH - 0.5, 2 * WIDTH])
def test_the_terms_add_up_to_the_path(paths, steps):
    at = terms(paths, WIDTH, steps)
    whole = int(steps)
    drift = np.concatenate([paths.drift, paths.drift[-1:]])  # μ^N is constant between steps
    edges = np.minimum(np.arange(len(drift) + 1), steps)
    integral = np.tensordot(np.diff(edges) / WIDTH, drift, axes=1)
    np.testing.assert_allclose(at.integral, integral, rtol=0, atol=1e-13)
    total = at.integral + at.martingale + at.remainder + at.last
    np.testing.assert_allclose(total, paths.value[whole] - paths.value[0], rtol=0, atol=1e-13)
    assert (at.last == 0).all() == (steps == whole)


def test_the_remainder_of_a_square_is_the_sum_of_squared_steps(paths, clouds):
    moved = np.diff(clouds["theta"].sel(component="c").values, axis=1)  # (R, K, N)
    squares = (moved**2).mean(axis=2).sum(axis=1)
    np.testing.assert_allclose(terms(paths, WIDTH, 2 * WIDTH).remainder[0], squares, rtol=1e-11)


def test_the_last_interval_takes_back_the_drift_since_the_last_step(paths):
    np.testing.assert_allclose(terms(paths, WIDTH, 7.25).last, -0.25 / WIDTH * paths.drift[7])


def test_groups_of_replicas_do_not_matter(paths, sine1d, monkeypatch):
    monkeypatch.setattr(proof_terms, "GROUP", 32)
    for one, other in zip(paths, follow(sine1d, WIDTH, REPLICAS, OBSERVABLES, SEED), strict=True):
        np.testing.assert_array_equal(one, other)


def test_moments_of_a_kick_are_those_of_all_its_values(vary):
    """Noise of two values ±s has the mean and variance of any noise of that deviation, and they can be listed."""
    problem = vary("three_points", {"data.weights": [0.2, 0.5, 0.3], "data.noise_std": 0.4, "learning_rate": 3.0})
    rng = np.random.default_rng(1)
    output, response = rng.normal(size=3), rng.normal(size=(2, 3))
    data = proof_terms.data_nodes(problem)
    residual = data.y[:, 0] - output + np.array([[0.4], [-0.4]])
    kicks = 3.0 * residual[:, None] * response
    chance = data.weights / 2
    mean = (kicks * chance).sum(axis=(0, 2))
    variance = (kicks**2 * chance).sum(axis=(0, 2)) - mean**2
    for found, expected in zip(kick_moments(problem, data, output, response), (mean, variance), strict=True):
        np.testing.assert_allclose(found, expected)


def test_nodes_resolve_drift_and_variance(paths, sine1d, monkeypatch):
    monkeypatch.setattr(proof_terms, "NODES", 2 * proof_terms.NODES)
    finer = follow(sine1d, WIDTH, REPLICAS, OBSERVABLES, SEED)
    np.testing.assert_allclose(finer.drift, paths.drift, rtol=0, atol=1e-6)
    np.testing.assert_allclose(finer.variance, paths.variance, rtol=1e-5, atol=1e-8)


def test_the_martingale_has_mean_zero_and_the_variance_of_its_bracket(sine1d):
    """Eight pulls beyond 4.5 standard errors: once in 20 000 seeds."""
    end = terms(follow(sine1d, 16, range(1500), OBSERVABLES, 11), 16, 32)
    for sample in (end.martingale, end.martingale**2 - end.bracket):
        pulls = sample.mean(axis=1) / (sample.std(axis=1, ddof=1) / np.sqrt(sample.shape[1]))
        assert np.abs(pulls).max() < 4.5


def test_constants_over_a_short_time_are_the_initial_rates(vary):
    """Under μ̄_0 = U(−1, 1) × U(−3, 3): G = 0, h = E[w tanh wx] + x E[1 − tanh² wx] / 3 for c w, 0 for c²."""
    horizon, alpha = 1e-7, 4.0
    (u, weights) = leggauss(60)
    pi, w = weights / 2, 3 * u[:, None]
    s = np.tanh(w * u)
    h = pi @ (w * s) + u / 3 * (pi @ (1 - s**2))
    r = np.sin(np.pi * u)
    drift, second = alpha * pi @ (r * h), alpha**2 * pi @ ((r**2 + 0.01) * h**2)
    found = constants(vary("sine1d", {"horizon": horizon}), ["c*w0", "c^2"])
    assert found.martingale[0] == pytest.approx(horizon * (second - drift**2), rel=1e-5)
    assert found.last[0] == pytest.approx(abs(drift), rel=1e-5)
    assert found.increment[0] == pytest.approx(np.sqrt(second), rel=1e-5)
    bend = alpha**2 * pi @ ((r**2 + 0.01) * (pi @ s**2))
    assert found.remainder[1] == pytest.approx(horizon * bend, rel=1e-5)


def test_increments_of_a_straight_path():
    value = np.tile(3.0 * np.arange(9)[:, None, None] / 4, (1, 1, 5))  # slope 3 in t = k / 4
    empty = np.empty((8, 1, 5))
    (found,) = largest_increments(Paths(value, np.empty((9, 5)), empty, empty, empty), 4)
    assert found.value == pytest.approx(3.0 * 8 / 9) and found.error < 1e-12


def test_a_summary_finds_orders_and_constants_put_in():
    rng = np.random.default_rng(3)
    limit = Constants(*(np.array([size]) for size in (4.0, -2.0, 3.0, 10.0)))
    measured = {}
    for width in (100, 200, 400):
        noise = rng.standard_normal((1, 4000))
        fixed, ones = 1 + 0.01 * noise, np.ones((1, 4000))
        increments = largest_increments(Paths(np.arange(3.0)[:, None, None] * ones, *[ones[None]] * 4), 1)
        measured[width] = Measured(
            2 * noise / width**0.5,
            -2 * fixed / width,
            3 * fixed / width,
            (4 * fixed + 40 / width) / width,
            5 + noise[0],
            increments,
        )
    numbers = summary("s", measured, ["c*w0"], limit, 200, rng)
    expected = {"slope_martingale": -0.5, "slope_remainder": -1.0, "slope_last": -1.0, "martingale_square": 1.0}
    expected |= {f"constant_{term}": 1.0 for term in ("martingale", "remainder", "last")} | {"increment": 2 / 30}
    for kind, value in expected.items():
        found = numbers[f"s.{kind}.c_w0"]
        assert abs(found["value"] - value) <= 4.5 * found["error"] + 1e-12 and found["error"] < 0.05
    assert abs(numbers["s.slope_moment.fourth"]["value"]) < 4.5 * numbers["s.slope_moment.fourth"]["error"]
    table = order_table(measured, ["c*w0"], limit)
    np.testing.assert_allclose(table["rms"], table["predicted"], rtol=0.06)


def test_several_outputs_and_unknown_functions_are_refused(vary, sine1d):
    with pytest.raises(SpecError, match="one output"):
        follow(vary("three_points", {"data.y": [[1, 2], [3, 4], [5, 6]]}), 8, [0], ["c0^2"], 0)
    with pytest.raises(SpecError, match="w7"):
        follow(sine1d, 8, [0], ["w7^2"], 0)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_a_diverging_replica_is_named(vary):
    with pytest.raises(DivergedError, match="width 8, replica 2"):
        follow(vary("sine1d", {"learning_rate": 1e100}), 8, [2], ["c^2"], 0)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("observables", ["w9"], ["observable", "w9"]),
        ("observables", ["c^2", "c^2"], ["observables", "distinct"]),
        ("widths", {32: 1, 64: 10}, ["studies.proof", "32", "greater than or equal to 2"]),
        ("widths", {64: 10}, ["studies.proof.scenarios.sine1d.widths"]),
        ("steps", 3, ["studies.proof.scenarios.sine1d.steps", "no such key"]),
    ],
)
def test_mistakes_in_the_plan_are_one_line(key, value, said):
    config = copy.deepcopy(yaml.safe_load((CONFIG / "smoke.yaml").read_text(encoding="utf-8")))
    config["studies"]["proof"]["scenarios"]["sine1d"][key] = value
    with pytest.raises(SpecError) as refusal:
        read_plan(config, CONFIG / "scenarios")
    assert "\n" not in str(refusal.value)
    for part in said:
        assert part in str(refusal.value)
