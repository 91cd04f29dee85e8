"""Protocols: batches, order of samples, scales of step and output, against training written out."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from mfnn import Problem, Protocol, SpecError, fluctuations, solve_limit, train
from mfnn.learning.data import Streams
from mfnn.particles import train as training
from mfnn.particles.run import replica_seed
from mfnn.particles.sampling import sampler

WIDTH = 37
STUDENT = {"law": "student", "dof": 1.5}


@pytest.fixture(scope="module")
def noisy(vary) -> Problem:
    return vary("three_points", {"data.noise_std": 0.3, "horizon": 4.0})


@pytest.fixture(scope="module")
def tall(vary) -> Problem:
    """Two outputs and enough features for the blocked kernel, which only batches of one may use."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(8, 30)) / 5, rng.normal(size=(8, 2))
    return vary("three_points", {"data.x": x, "data.y": y, "data.noise_std": 0.1})


def written_out(problem: Problem, protocol: Protocol, width: int, steps: int) -> np.ndarray:
    """θ (m + d, N) after plain steps on the samples of replica 0."""
    n, b, beta, batch = float(width), protocol.step_exponent, protocol.output_exponent, protocol.batch
    streams = Streams(replica_seed(problem, width, 0, 0))
    theta = problem.initial.sample(streams.initial, width, problem.outputs, problem.dim)
    x, y = sampler(problem, protocol, width, streams)(steps * batch)
    m = problem.outputs
    for k in range(steps):
        c, w = theta[:m], theta[m:]
        change = np.zeros_like(theta)
        for x_k, y_k in zip(x[k * batch : (k + 1) * batch], y[k * batch : (k + 1) * batch], strict=True):
            s = np.tanh(x_k @ w)
            r = y_k - n**-beta * (c @ s)
            change += np.concatenate([r[:, None] * s, (r @ c) * (1 - s**2) * x_k[:, None]]) / batch
        theta = theta + problem.learning_rate * n**-b * n ** (beta - 1) * change
    return theta


@pytest.mark.parametrize("name", ["noisy", "tall"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch": 4},
        {"batch": 3, "sampling": "shuffled"},
        {"sampling": "markov"},
        {"step_exponent": 1.5},
        {"step_exponent": 0.5},
        {"step_exponent": 0.0},
        {"output_exponent": 0.5},
        {"output_exponent": 0.5, "batch": 2, "step_exponent": 0.75},
    ],
)
def test_training_is_what_the_protocol_says(request, name: str, changes: dict) -> None:
    problem, protocol = request.getfixturevalue(name), Protocol(**changes)
    steps = int(np.floor(round(WIDTH**protocol.step_exponent * 2.0, 9)))
    points = np.linspace(-1, 1, 2 * problem.dim).reshape(2, problem.dim)
    runs = train(problem, WIDTH, [3, 0], [0.0, 0.6, 2.0], keep=WIDTH, evaluate=points, protocol=protocol)
    theta = written_out(problem, protocol, WIDTH, steps)
    last = runs.sel(replica=0).isel(time=2)
    np.testing.assert_allclose(last.theta.values.T, theta, rtol=1e-10, atol=1e-12)
    c, w = theta[: problem.outputs], theta[problem.outputs :]
    output = np.tanh(points @ w) @ c.T / float(WIDTH) ** protocol.output_exponent
    np.testing.assert_allclose(last.output.values, output, rtol=1e-10, atol=1e-12)


def test_the_default_is_the_theorem_bit_for_bit(noisy: Problem) -> None:
    spelled = Protocol(batch=1, sampling="iid", step_exponent=1.0, output_exponent=1.0)
    usual = train(noisy, 90, [0, 1], [0.0, 2.0], ["c^2"], keep=90)
    xr.testing.assert_identical(train(noisy, 90, [0, 1], [0.0, 2.0], ["c^2"], keep=90, protocol=spelled), usual)


@pytest.mark.parametrize("changes", [{"batch": 3}, {"sampling": "shuffled"}, {"sampling": "markov"}])
def test_chunks_company_and_times_do_not_matter(noisy: Problem, monkeypatch, changes: dict) -> None:
    """Not by a single bit."""
    protocol = Protocol(**changes)
    usual = train(noisy, 50, range(4), [0.0, 4.0], ["c^2", "g(0.5)"], keep=2, protocol=protocol)
    monkeypatch.setattr(training, "CHUNK", 1)
    often = train(noisy, 50, [2, 0], [0.0, 0.3, 1.7, 4.0], ["c^2", "g(0.5)"], keep=2, protocol=protocol)
    xr.testing.assert_identical(often.sel(time=[0.0, 4.0]), usual.sel(replica=[2, 0]))


def drawn(problem: Problem, protocol: Protocol, width: int, counts: list[int]) -> tuple[np.ndarray, np.ndarray]:
    draw = sampler(problem, protocol, width, Streams(np.random.SeedSequence(5)))
    x, y = (np.concatenate(part) for part in zip(*(draw(count) for count in counts), strict=True))
    return x, y


def test_an_epoch_visits_each_point_once(noisy: Problem) -> None:
    protocol = Protocol(sampling="shuffled")
    x, y = drawn(noisy, protocol, WIDTH, [1, 7, 2, 50, 240])
    whole, whole_y = drawn(noisy, protocol, WIDTH, [300])
    np.testing.assert_array_equal(x, whole)
    np.testing.assert_array_equal(y, whole_y)
    epochs = x[:, 0].reshape(100, 3)
    np.testing.assert_array_equal(np.sort(epochs, axis=1), np.tile([-1.0, 0.5, 1.5], (100, 1)))
    assert len({tuple(epoch) for epoch in epochs}) == 6  # all orders occur


@pytest.mark.parametrize("name", ["three_points", "sine1d"])
def test_a_markov_chain_keeps_its_law_and_its_correlation_time(vary, name: str) -> None:
    """Correlation 1 − 1/(τN) between steps; thinned to 5 correlation times, i.i.d. draws of π (level 1e-5)."""
    problem = vary(name, {"data.noise_std": 0.0})
    protocol, width = Protocol(sampling="markov", correlation_time=0.2), 50
    x, y = drawn(problem, protocol, width, [1, 13, 199_986])
    whole, whole_y = drawn(problem, protocol, width, [200_000])
    np.testing.assert_array_equal(x, whole)
    np.testing.assert_array_equal(y, whole_y)
    kept = float(np.mean(x[1:] == x[:-1]))
    renewed = 0.1 if name == "sine1d" else 0.1 * 2 / 3  # of three points the same one comes back at a third
    assert abs(1 - kept - renewed) < 4.42 * np.sqrt(0.1 * 0.9 / 200_000)
    thinned = x[::50, 0]
    if name == "sine1d":
        assert stats.kstest(thinned, stats.uniform(-1, 2).cdf).pvalue > 1e-5
    else:
        assert stats.chisquare(np.unique(thinned, return_counts=True)[1]).pvalue > 1e-5


def test_samples_without_correlation_where_it_is_shorter_than_a_step(sine1d: Problem) -> None:
    x, _ = drawn(sine1d, Protocol(sampling="markov", correlation_time=0.01), 10, [1000])
    assert len(np.unique(x)) == 1000


# ---- laws ----


def test_student_parameters_are_sampled_transported_and_weighed(vary) -> None:
    law = {"law": "student", "dof": 1.5, "scale": 2.0}
    (c, _) = vary("three_points", {"initial.c": law}).coordinate_laws
    truth = stats.t(1.5, scale=2.0)
    assert stats.kstest(c.sample(np.random.default_rng(1), 20_000), truth.cdf).pvalue > 1e-5
    level = np.array([0.01, 0.3, 0.5, 0.9])
    np.testing.assert_allclose(c.quantile(level), truth.ppf(level), rtol=1e-9)
    np.testing.assert_allclose(c.density(np.array([-7.0, 0.0, 1.0])), truth.pdf([-7.0, 0.0, 1.0]), rtol=1e-12)


def test_a_common_shift_moves_all_neurons_of_a_network_alike(vary) -> None:
    still, shifted = vary("three_points"), vary("three_points", {"initial.common_shift_std": 0.7})
    start = train(still, 60, range(300), [0.0], keep=60).theta
    difference = (train(shifted, 60, range(300), [0.0], keep=60).theta - start).values[:, 0]
    np.testing.assert_allclose(difference, difference[:, :1] + 0 * difference, atol=1e-14)
    shifts = difference[:, 0]  # (replica, component)
    assert stats.kstest(shifts.ravel() / 0.7, "norm").pvalue > 1e-5
    assert abs(np.corrcoef(shifts.T)[0, 1]) < 4.42 / np.sqrt(300)


def test_label_noise_has_the_law_asked_for(vary) -> None:
    problem = vary("three_points", {"data.noise_std": 0.5, "data.noise_law": STUDENT})
    x, y = problem.data.sample(Streams(np.random.SeedSequence(1)), 20_000)
    noiseless = np.select([x == -1.0, x == 0.5, x == 1.5], [0.8, -0.6, 0.9])
    assert stats.kstest((y - noiseless).ravel() / 0.5, stats.t(1.5).cdf).pvalue > 1e-5


def test_constants_use_the_variance_of_the_noise(vary) -> None:
    """Student noise with 3 degrees of freedom has the variance of √3 times a standard normal."""
    student = {"data.noise_std": 0.2, "data.noise_law": {"law": "student", "dof": 3.0}}
    normal = {"data.noise_std": 0.2 * np.sqrt(3)}
    found = [
        fluctuations(solve_limit(vary("three_points", changes), [1.0], 1e-3), ["g(0.5)"], 1.0).sgd.item()
        for changes in (student, normal)
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-12)


# ---- refusals ----


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"batch": 0}, ["batch", "0", "greater than 0"]),
        ({"batch": 1.5}, ["batch", "1.5", "integer"]),
        ({"sampling": "sorted"}, ["sampling", "sorted", "shuffled"]),
        ({"step_exponent": -0.5}, ["step_exponent", "-0.5"]),
        ({"output_exponent": 0}, ["output_exponent", "0"]),
        ({"correlation_time": float("inf")}, ["correlation_time", "inf", "finite"]),
        ({"momentum": 0.9}, ["momentum", "no such key"]),
    ],
)
def test_bad_protocols_are_one_line(changes: dict, said: list[str]) -> None:
    with pytest.raises(SpecError) as refusal:
        Protocol.model_validate(changes)
    assert "\n" not in str(refusal.value)
    assert all(part in str(refusal.value) for part in said)


@pytest.mark.parametrize(
    ("name", "changes", "call", "said"),
    [
        ("sine1d", {}, "shuffle", ["sampling", "'shuffled'", "finite data set"]),
        ("three_points", {"data.weights": [0.2, 0.5, 0.3]}, "shuffle", ["sampling", "without weights"]),
        ("three_points", {"initial.c": STUDENT}, "solve", ["initial.law", "'student'", "Gauss rules"]),
        ("three_points", {"initial.common_shift_std": 0.5}, "solve", ["common_shift_std", "0.5", "random"]),
        (
            "three_points",
            {"data.noise_std": 0.1, "data.noise_law": STUDENT},
            "constants",
            ["noise_law.dof", "1.5", "above 2"],
        ),
    ],
)
def test_what_cannot_be_is_one_line(vary, name: str, changes: dict, call: str, said: list[str]) -> None:
    problem = vary(name, changes)
    with pytest.raises(SpecError) as refusal:
        if call == "shuffle":
            train(problem, 10, [0], [0.0, 1.0], protocol=Protocol(sampling="shuffled"))
        else:
            limit = solve_limit(problem, [1.0], 1e-2)
            fluctuations(limit, ["c^2"], 1.0)
    assert "\n" not in str(refusal.value)
    assert all(part in str(refusal.value) for part in said)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("initial.c", {"law": "student", "dof": 0}, ["dof", "0"]),
        ("initial.common_shift_std", -1.0, ["common_shift_std", "-1.0"]),
        ("data.noise_law", {"law": "student", "dof": 1.0}, ["dof", "1.0", "greater than 1"]),
        ("data.noise_law", {"law": "laplace"}, ["noise_law", "laplace", "student"]),
    ],
)
def test_bad_laws_are_one_line(vary, path: str, value, said: list[str]) -> None:
    with pytest.raises(SpecError) as refusal:
        vary("three_points", {path: value})
    assert "\n" not in str(refusal.value)
    assert all(part in str(refusal.value) for part in said)
