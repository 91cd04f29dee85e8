"""Decay and noise in training: the plain loop written out, independence of how training is cut, exact laws."""

from pathlib import Path

import numpy as np
import pytest

from mfnn import Problem, Protocol, SpecError, train
from mfnn.learning.data import Streams
from mfnn.learning.scenario import Scenario, pack, unpack
from mfnn.particles.run import replica_seed

NOISY = {"decay": {"c": 0.3, "w": 0.7}, "temperature": 0.2}


def plain_noisy_sgd(problem: Problem, theta, x, y, normal) -> np.ndarray:
    """θ (m + d, N) after one step a batch x (K, B, d), y (K, B, m) of tanh networks, normal (K, m + d, N)."""
    m, width = y.shape[2], theta.shape[1]
    rate, tau = problem.learning_rate / width, problem.temperature
    decay = np.array([problem.decay.c] * m + [problem.decay.w] * x.shape[2])[:, None]
    for x_k, y_k, xi in zip(x, y, normal, strict=True):
        c, w = theta[:m], theta[m:]
        s = np.tanh(x_k @ w)  # (B, N)
        r = (y_k - s @ c.T / width) / len(x_k)  # (B, m)
        drift = np.concatenate([r.T @ s, x_k.T @ ((r @ c) * (1 - s**2))])
        theta = theta + rate * (drift - decay * theta) + np.sqrt(2 * rate * tau) * xi
    return theta


# m, d, width, steps, batch: one loop, tiled, the shapes of the blocked kernel, batches.
@pytest.mark.parametrize(
    ("m", "d", "width", "steps", "batch"),
    [(1, 1, 130, 90, 1), (2, 5, 600, 40, 1), (1, 30, 70, 50, 1), (2, 3, 40, 60, 4)],
)
def test_training_is_the_plain_loop(vary, m: int, d: int, width: int, steps: int, batch: int) -> None:
    rng = np.random.default_rng(m + 10 * d)
    data = {"data.x": rng.normal(size=(9, d)) / np.sqrt(d), "data.y": rng.normal(size=(9, m)), "data.noise_std": 0.3}
    problem = vary("three_points", {**data, **NOISY, "horizon": 100.0})
    end = (steps + 0.5) / width
    runs = train(problem, width, [3, 0], [end], keep=width, root_seed=11, protocol=Protocol(batch=batch))
    for row, replica in enumerate([3, 0]):
        streams = Streams(replica_seed(problem, width, replica, 11))
        start = problem.initial.sample(streams.initial, width, m, d)
        x, y = (part.reshape(steps, batch, -1) for part in problem.data.sample(streams, steps * batch))
        normal = streams.steps.standard_normal((steps, m + d, width))
        expected = plain_noisy_sgd(problem, start, x, y, normal)
        np.testing.assert_allclose(runs.theta[row, 0].values.T, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("width", [700, 40_000])  # one part and two, several segments of kicks and one each
def test_the_bits_do_not_depend_on_how_training_is_cut(vary, width: int) -> None:
    problem, end = vary("sine1d", NOISY), 40 / width
    together = train(problem, width, range(3), [0.0, end / 3, end], keep=9)
    for replica in range(3):
        alone = train(problem, width, [replica], [end], keep=9, threads=2)
        np.testing.assert_array_equal(alone.theta[0, 0], together.theta[replica, -1])


def test_noise_leaves_start_and_samples_as_they_were(vary) -> None:
    """The noise has a stream of its own: with it all but switched off the trajectory is the noiseless one."""
    quiet, plain = vary("sine1d", {"temperature": 1e-30}), vary("sine1d")
    runs = [train(problem, 60, range(2), [0.0, 1.0], keep=60).theta.values for problem in (quiet, plain)]
    np.testing.assert_array_equal(runs[0][:, 0], runs[1][:, 0])
    np.testing.assert_allclose(runs[0], runs[1], atol=1e-12)


def test_without_data_parameters_are_ornstein_uhlenbeck_chains(vary) -> None:
    """x = 0 and y = 0 with σ(0) = 0: no force, so θ is an autoregression whose moments are known exactly."""
    silent = {"data.x": [[0.0]], "data.y": [0.0], "data.noise_std": 0.0}
    problem = vary("three_points", {**silent, **NOISY, "learning_rate": 2.0, "horizon": 3.0})
    width, replicas, steps = 50, 400, 150
    found = train(problem, width, range(replicas), [0.0, steps / width], ["c^2", "w0^2"])
    for name, decay, law in (("c^2", 0.3, problem.initial.c), ("w0^2", 0.7, problem.initial.w)):
        keep, kick = 1 - 2 * decay / width, 2 * 2 * 0.2 / width
        start = (law.low + law.high) ** 2 / 4 + (law.high - law.low) ** 2 / 12
        exact = keep ** (2 * steps) * start + kick * (1 - keep ** (2 * steps)) / (1 - keep**2)
        values = found[name].values[:, 1]
        assert abs(values.mean() - exact) < 4 * values.std() / np.sqrt(replicas), name


def test_specifications_of_the_theorem_do_not_mention_them(three_points: Problem) -> None:
    assert not {"decay", "temperature"} & set(three_points.model_dump())
    assert Problem.model_validate(three_points.model_dump() | {"decay": 0.0, "temperature": 0}) == three_points
    assert "decay" not in train(three_points, 3, [0], [0.0]).attrs


def test_specifications_keep_them(vary, tmp_path: Path) -> None:
    problem = vary("three_points", NOISY)
    assert Problem.model_validate_json(problem.model_dump_json()) == problem
    assert unpack(pack(problem, (np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1)))) == problem
    spec = problem.model_dump() | {"title": "noisy", "observables": ["c^2"]}
    del spec["name"]
    assert Scenario.model_validate(spec).problem(problem.name) == problem
    assert vary("three_points", {"decay": 0.3}).damping.tolist() == [0.3, 0.3]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decay": -0.1}, "decay.c: got -0.1; allowed: greater than or equal to 0"),
        ({"decay": {"w": -1.0}}, "decay.w: got -1.0; allowed: greater than or equal to 0"),
        ({"decay": "much"}, "decay: got 'much'; allowed: a number of at least 0, or {c: …, w: …} with one for each"),
        ({"decay": {"v": 1.0}}, "decay.v: got 1.0; allowed: no such key exists"),
        ({"temperature": -0.05}, "temperature: got -0.05; allowed: greater than or equal to 0"),
        ({"temperature": float("nan")}, "temperature: got nan; allowed: a finite number"),
    ],
)
def test_what_is_no_decay_or_temperature_is_refused(vary, changes, said: str) -> None:
    with pytest.raises(SpecError) as refusal:
        vary("three_points", changes)
    assert str(refusal.value) == said


def test_single_precision_has_neither(vary) -> None:
    wide = {"data.x": np.ones((3, 30)), **NOISY}
    with pytest.raises(SpecError, match="precision.*double for .* with decay, noise"):
        train(vary("three_points", wide), 8, [0], [1.0], protocol=Protocol(precision="single"))
