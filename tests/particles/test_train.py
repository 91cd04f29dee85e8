"""`train`: streams, grids, snapshots, and what must not change a single bit."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from mfnn import Problem, train
from mfnn.learning.observables import parse
from mfnn.particles import blocked, clouds, fused
from mfnn.particles import train as training

ROOT = Path(__file__).parents[2]
OBSERVABLES = ["c^2", "c*w0", "cos(w0)", "g(0.5)"]


@pytest.fixture(scope="module")
def noisy(vary) -> Problem:
    """The fused kernel's problem: label noise, weights, d = 1."""
    return vary("three_points", {"data.noise_std": 0.3, "data.weights": [0.2, 0.5, 0.3]})


@pytest.fixture(scope="module")
def tall(vary) -> Problem:
    """The blocked kernel's problem: d = 40, m = 2 (both compiled for test_kernels too)."""
    rng = np.random.default_rng(2)
    return vary(
        "three_points",
        {"data.x": rng.normal(size=(8, 40)) / 6, "data.y": rng.normal(size=(8, 2)), "data.noise_std": 0.1},
    )


@pytest.fixture(params=["noisy", "tall"])
def either(request: pytest.FixtureRequest) -> Problem:
    return request.getfixturevalue(request.param)


def observed(problem: Problem) -> list[str]:
    return OBSERVABLES if problem.outputs == 1 else ["c0^2", "c1*w39", "cos(w0)"]


def run(problem: Problem, replicas, times=(0.0, 0.7, 2.0), width: int = 150, **options) -> xr.Dataset:
    points = np.linspace(-1, 1, 3 * problem.dim).reshape(3, problem.dim)
    return train(problem, width, replicas, times, observed(problem), keep=width, evaluate=points, **options)


# ---- bits ----


def test_company_and_order_of_replicas_do_not_matter(either: Problem) -> None:
    together = run(either, range(7))
    for replicas in ([4], [6, 0], [5, 3, 2, 1]):
        xr.testing.assert_identical(run(either, replicas), together.sel(replica=replicas))


@pytest.mark.parametrize(("module", "name"), [(clouds, "GROUP"), (training, "LEAST_CHUNK")])
def test_lockstep_and_chunks_do_not_matter(noisy: Problem, monkeypatch, module, name: str) -> None:
    """Replicas go in groups and samples are drawn in pieces; the fused kernel's results are the same bits."""
    usual = run(noisy, range(5))
    monkeypatch.setattr(training, "CHUNK", 1)
    monkeypatch.setattr(module, name, 7)
    xr.testing.assert_identical(run(noisy, range(5)), usual)


IN_TWO_THREADS = """
import sys
from pathlib import Path
from mfnn import Problem, train
from mfnn.particles import blocked, fused
fused.PART, blocked.PART = 48, 64
for spec in sys.stdin:
    problem = Problem.model_validate_json(spec)
    print(train(problem, 333, [4], [0.0, 1.0], keep=333, threads=2).theta.values.tobytes().hex())
"""


def test_threads_do_not_matter(noisy: Problem, tall: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replicas of several parts; numba reads from the environment how many threads there may be, so in a process."""
    monkeypatch.setattr(fused, "PART", 48)
    monkeypatch.setattr(blocked, "PART", 64)
    alone = [train(problem, 333, [4], [0.0, 1.0], keep=333).theta.values for problem in (noisy, tall)]
    threads = {"NUMBA_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", IN_TWO_THREADS],
        input="\n".join(problem.model_dump_json() for problem in (noisy, tall)),
        env={**os.environ, **threads},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert (done.stdout.split(), done.stderr) == ([theta.tobytes().hex() for theta in alone], "")


@pytest.mark.parametrize("name", ["noisy", "tall"])
def test_parts_do_not_matter(name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to rounding: sums over the particles are split where the parts are."""
    problem = request.getfixturevalue(name)
    whole = run(problem, [3, 1], width=333)
    monkeypatch.setattr(fused, "PART", 48)
    monkeypatch.setattr(blocked, "PART", 64)
    xr.testing.assert_allclose(run(problem, [3, 1], width=333), whole, rtol=1e-11)


def test_observing_in_between_does_not_matter(either: Problem) -> None:
    """Bitwise with the fused kernel; the blocked kernel's blocks start anew at each time, so up to rounding."""
    seldom, often = run(either, [1], [0.0, 2.0]), run(either, [1], np.linspace(0, 2, 24))
    if either.dim == 1:
        xr.testing.assert_identical(often.sel(time=[0.0, 2.0]), seldom)
    else:
        xr.testing.assert_allclose(often.sel(time=[0.0, 2.0]), seldom, rtol=1e-12)


def test_what_is_observed_does_not_matter(noisy: Problem) -> None:
    theta = train(noisy, 90, [0], [2.0], keep=90).theta
    np.testing.assert_array_equal(train(noisy, 90, [0], [2.0], OBSERVABLES, keep=90).theta, theta)


def test_global_random_state_is_neither_used_nor_touched(noisy: Problem) -> None:
    first = run(noisy, [0])
    # The legacy generator is what is watched here, so it has to be called.
    np.random.seed(1)  # noqa: NPY002
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    xr.testing.assert_identical(run(noisy, [0]), first)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


def test_every_part_of_the_seed_matters(noisy: Problem, vary) -> None:
    """Root seed, scenario, width and replica each give other neurons and other samples; the learning rate does not."""

    def start(problem: Problem, width: int = 40, replica: int = 0, seed: int = 0) -> np.ndarray:
        runs = train(problem, width, [replica], [0.0, 1.0], keep=40, root_seed=seed)
        return runs.theta[0].values

    base = start(noisy)
    renamed = noisy.model_copy(update={"name": "another"})
    others = [start(noisy, replica=1), start(noisy, seed=1), start(renamed), start(noisy, width=41)]
    others += [start(noisy, replica=1, seed=1), start(noisy, width=41, replica=1)]
    starts = [base, *others]
    drawn = {theta[0, particle, a] for theta in starts for particle in range(40) for a in range(2)}
    assert len(drawn) == 7 * 80
    faster = noisy.model_copy(update={"learning_rate": 2.0})
    np.testing.assert_array_equal(start(faster)[0], base[0])
    assert (start(faster)[1] != base[1]).all()


def test_replicas_see_different_samples(vary) -> None:
    """Two replicas of a noisy problem frozen in w (x = 0) differ by their label noise, not only by their start."""
    problem = vary("three_points", {"activation": "cos", "data.x": [[0.0]], "data.y": [0.0], "data.noise_std": 1.0})
    runs = train(problem, 50, range(40), [0.0, 1.0], ["c"])
    expected = runs.c[:, 0] * (1 - problem.learning_rate / 50) ** 50
    noise = (runs.c[:, 1] - expected).values  # α/N times a sum of N terms: standard deviation below α/√N
    assert len(set(noise)) == 40
    assert 0.2 < noise.std() * np.sqrt(50) < 2


# ---- what is recorded ----


def test_shapes_and_names(noisy: Problem, tall: Problem) -> None:
    runs = run(noisy, [4, 2], width=30)
    assert dict(runs.sizes) == {
        "replica": 2,
        "time": 3,
        "particle": 30,
        "component": 2,
        "point": 3,
        "output_index": 1,
    }
    assert runs.theta.dims == ("replica", "time", "particle", "component")
    assert runs.output.dims == ("replica", "time", "point", "output_index")
    assert runs["c^2"].dims == ("replica", "time")
    assert list(runs.replica) == [4, 2]
    assert list(runs.time) == [0.0, 0.7, 2.0]
    assert list(runs.component.values) == ["c", "w0"]
    names = run(tall, [0], [0.0], width=30).component.values
    assert list(names) == ["c0", "c1", *(f"w{a}" for a in range(40))]
    assert not any(np.isnan(variable).any() for variable in runs.data_vars.values())


def test_observables_and_outputs_are_means_over_the_particles(either: Problem) -> None:
    runs = run(either, [0, 1])
    points = np.linspace(-1, 1, 3 * either.dim).reshape(3, either.dim)
    for replica in range(2):
        for time in range(3):
            theta = runs.theta[replica, time].values.T
            for name in observed(either):
                mean = parse(name, either)(theta).sum() / 150
                assert float(runs[name][replica, time]) == pytest.approx(mean, abs=1e-13)
            c, w = theta[: either.outputs], theta[either.outputs :]
            output = np.tanh(points @ w) @ c.T / 150
            np.testing.assert_allclose(runs.output[replica, time], output, rtol=1e-12, atol=1e-14)


def test_keeping_some_particles_times_and_coordinates(noisy: Problem) -> None:
    full = train(noisy, 50, [0, 1], [0.0, 0.5, 2.0], keep=99).theta  # no more than there are
    assert full.sizes["particle"] == 50
    some = train(noisy, 50, [0, 1], [0.0, 0.5, 2.0], ["c"], keep=3, keep_times=[0.5, 2.0], keep_coordinates=["w0"])
    assert some.theta.dims == ("replica", "keep_time", "particle", "component")
    assert list(some.keep_time) == [0.5, 2.0]
    assert list(some.component.values) == ["w0"]
    np.testing.assert_array_equal(some.theta.values, full.values[:, 1:, :3, 1:])
    assert some.c.dims == ("replica", "time")
    assert some.sizes["time"] == 3
    assert "theta" not in train(noisy, 50, [0], [0.0])


def test_replicas_may_be_any_iterable_of_integers(noisy: Problem) -> None:
    expected = train(noisy, 20, [1, 2], [1.0], ["c"])
    for replicas in ((1, 2), range(1, 3), np.array([1, 2]), iter([1, 2])):
        xr.testing.assert_identical(train(noisy, 20, replicas, [1.0], ["c"]), expected)


def test_single_precision_data_train_as_the_numbers_they_hold(vary) -> None:
    x, y = np.array([[-1.1], [0.3]], dtype=np.float32), np.array([0.7, -0.2], dtype=np.float32)
    single = vary("three_points", {"data.x": x, "data.y": y})
    double = vary("three_points", {"data.x": x.astype(float), "data.y": y.astype(float)})
    xr.testing.assert_identical(train(single, 30, [0], [2.0], ["c"]), train(double, 30, [0], [2.0], ["c"]))


def test_progress_goes_to_stderr_only_when_asked(noisy: Problem, capsys) -> None:
    train(noisy, 20, [0], [0.0, 1.0])
    assert capsys.readouterr() == ("", "")
    train(noisy, 20, [0, 7], [0.0, 1.0], log=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "three_points N=20" in err
    assert "t = 1 of 1" in err


# ---- time ----


@pytest.mark.parametrize(
    ("width", "time", "steps"),
    [
        (100, 0.29, 29),  # 100 · 0.29 = 28.999999999999996 in binary
        (100, 0.295, 29),
        (100, 0.2999, 29),
        (100, 0.57, 57),
        (1000, 1.001, 1001),
        (7, 1.0, 7),
        (7, 1.1, 7),
        (3, 0.3, 0),
        (3, 0.34, 1),
    ],
)
def test_a_time_is_floor_nt_steps(vary, width: int, time: float, steps: int) -> None:
    """At x = 0 and σ = cos every step multiplies ⟨c⟩ − y by 1 − α/N, and w stands still: the steps can be counted."""
    problem = vary("three_points", {"activation": "cos", "data.x": [[0.0]], "data.y": [3.0]})
    runs = train(problem, width, [0], [0.0, time], ["c", "w0"])
    factor = (1 - problem.learning_rate / width) ** steps
    assert float(runs.c[0, 1] - 3) == pytest.approx(float(runs.c[0, 0] - 3) * factor, rel=1e-12)
    assert float(runs.w0[0, 1]) == float(runs.w0[0, 0])
