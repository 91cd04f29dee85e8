"""Two hidden layers: the kernel against the plain loop, the limit and its three parts, networks of unequal widths."""

import numpy as np
import pytest

from mfnn import Problem, SpecError, finite_width, fluctuations, largest_error, solve_limit, train
from mfnn.learning.data import Streams
from mfnn.particles.run import replica_seed

NAMES = ["c^2", "w0^2", "v", "v*c", "v^2", "g(0.5)"]
DEEP1D = {
    "name": "deep1d",
    "activation": "tanh",
    "learning_rate": 4.0,
    "horizon": 2.0,
    "hidden_layers": 2,
    "data": {
        "law": "regression",
        "inputs": {"law": "uniform", "low": -1, "high": 1, "dim": 1},
        "target": "sine",
        "noise_std": 0.1,
    },
    "initial": {
        "c": {"law": "uniform", "low": -1, "high": 2},
        "w": {"law": "uniform", "low": -3, "high": 3},
        "v": {"law": "uniform", "low": -0.5, "high": 1.5},
    },
}
POINTS = DEEP1D | {
    "name": "deep_points",
    "horizon": 3.0,
    "activation": "erf",
    "learning_rate": 1.5,
    "data": {"law": "finite", "x": [[-1.0, 1.0], [0.5, 1.0], [1.5, 1.0]], "y": [0.8, -0.6, 0.9], "noise_std": 0.3},
    "initial": {
        "c": {"law": "normal", "mean": 0.5, "std": 0.7},
        "w": [{"law": "uniform", "low": -1, "high": 2}, {"law": "normal", "std": 0.5}],
        "v": {"law": "normal", "mean": 0.5, "std": 0.5},
    },
}
OF_POINTS = ["c*v", "v^2", "cos(w0)*c", "w1^2", "g(0.5, 1)"]


@pytest.fixture(scope="module")
def limit():
    return solve_limit(Problem.model_validate(DEEP1D), [0.0, 2.0], 1e-6, NAMES)


@pytest.fixture(scope="module")
def points() -> Problem:
    return Problem.model_validate(POINTS)


def test_reference_means(limit) -> None:
    means = [1.893106, 3.61545, 0.5131217, 0.383824, 1.078096 + 1 / 3, 0.6845585]
    assert [limit.mean(name)[-1] for name in NAMES] == pytest.approx(means, abs=5e-6)
    assert limit.output([[0.5]], 2.0) == pytest.approx([0.6845585], abs=1e-7)
    assert max(limit.error(name)[-1] for name in NAMES) <= 1e-6


def test_reference_constants(limit) -> None:
    found = fluctuations(limit, NAMES, 2.0)
    sums = [1.27428, 6.5035, 0.19972, 2.30834, 0.49585, 0.13755]
    assert np.diag(found.covariance) == pytest.approx(sums, rel=3e-5)
    for name, parts in (
        ("c^2", [0.04041, 0.35320, 0.88067]),
        ("v*c", [1.99116, 0.30340, 0.01378]),
        ("g(0.5)", [0.00188, 0.00309, 0.13259]),
    ):
        measured = [float(part.sel(observable=name, other=name)) for part in (found.w, found.c, found.sgd)]
        assert measured == pytest.approx(parts, abs=6e-6)


def test_at_time_zero_only_the_draws_fluctuate(points: Problem) -> None:
    start = solve_limit(points, [0.0, 1.0], 1e-6, ["v*c", "w1^2"])
    found = fluctuations(start, ["v*c", "w1^2"], 0.0)
    np.testing.assert_allclose(np.diag(found.c), [0.25 * 0.49, 0.0], atol=1e-12)
    np.testing.assert_allclose(np.diag(found.w), [0.0, 2 * 0.5**4], atol=1e-12)
    np.testing.assert_array_equal(found.sgd, 0.0)


@pytest.mark.parametrize("between", [2, 1])
def test_training_is_the_plain_loop(points: Problem, between: int) -> None:
    first, second, steps = 7, 5, 21
    streams = Streams(replica_seed(points, (first, second), 0, 0))
    laws = points.coordinate_laws
    w = np.array([law.sample(streams.initial, first) for law in laws[1:]])
    c = laws[0].sample(streams.initial, second)
    v = points.initial.v.sample(streams.initial, (second, first))
    x, y = points.data.sample(streams, steps)
    for features, (label,) in zip(x, y, strict=True):
        s = points.sigma.value(features @ w)
        h = v @ s / first
        t = points.sigma.value(h)
        push = 1.5 / first * (label - c @ t / second)
        felt = c * points.sigma.slope(h, t)
        back = felt @ v / second
        c, v = c + push * t, v + first ** (between - 2.0) * push * np.outer(felt, s)
        w = w + push * back * points.sigma.slope(features @ w, s) * features[:, None]
    protocol = {"between_exponent": between}
    runs = train(points, (first, second), [0], [steps / first], OF_POINTS, protocol=protocol)
    a = np.cos(w[0])
    exact = {
        "c*v": (c[:, None] * v).mean(),
        "v^2": (v**2).mean(),
        "cos(w0)*c": a.mean() * c.mean(),
        "w1^2": (w[1] ** 2).mean(),
        "g(0.5, 1)": points.sigma.value(v @ points.sigma.value([0.5, 1.0] @ w) / first) @ c / second,
    }
    for name, value in exact.items():
        assert float(runs[name][0, 0]) == pytest.approx(value, abs=1e-12), name


def test_weights_that_stay_are_followed_by_the_other_layers(points: Problem) -> None:
    """Gradients between the layers times N: v stays in the limit, w and c move, and networks fluctuate as predicted."""
    names, staying = ["v*c", "cos(w0)*c", "w1^2", "g(0.5, 1)"], {"between_exponent": 1}
    limit = solve_limit(points, [0.0, 1.0], 1e-5, ["v", *names], protocol=staying)
    np.testing.assert_allclose(limit.mean("v"), 0.5, atol=1e-5)
    assert (
        limit.mean("w1^2")[-1] - limit.mean("w1^2")[0] > 0.02 and limit.mean("v*c")[0] - limit.mean("v*c")[-1] > 0.01
    )
    width, replicas = 100, 1500
    predicted = fluctuations(limit, names, 1.0).variance(width)
    runs = train(points, width, range(replicas), [1.0], names, protocol=staying)
    for name in names:
        values, variance = runs[name].values[:, 0], float(predicted.sel(observable=name))
        assert values.var(ddof=1) == pytest.approx(variance, rel=5 * np.sqrt(2 / replicas) + 5 / width), name
        error = 4 * np.sqrt(variance / replicas) + 3 / width
        assert values.mean() == pytest.approx(limit.mean(name)[-1], abs=error), name


@pytest.mark.parametrize("width", [(40, 9), 33])
def test_threads_and_company_do_not_matter(points: Problem, width) -> None:
    alone = train(points, width, [1], [1.0], OF_POINTS, evaluate=np.array([[0.5, 1.0]]))
    others = train(points, width, [0, 1], [0.5, 1.0], OF_POINTS, threads=2)
    for name in OF_POINTS:
        assert alone[name].values[0, 0] == others[name].values[1, 1]
    assert alone["output"].values[0, 0, 0, 0] == pytest.approx(alone["g(0.5, 1)"].values[0, 0], rel=1e-14)


def test_one_width_or_the_same_twice(points: Problem) -> None:
    one, two = (train(points, width, [0], [1.0], ["v^2"]) for width in (12, (12, 12)))
    np.testing.assert_array_equal(one["v^2"], two["v^2"])


def test_kept_neurons_of_both_layers_have_the_limits_laws(points: Problem) -> None:
    """Distribution functions of 2000 neurons against the nodes', to what samples and nodes differ by."""
    limit, run = solve_limit(points, [0.0, 1.0], 1e-4), train(points, (400, 400), range(5), [0.0, 1.0], keep=400)
    for time in (0.0, 1.0):
        first, second = run["theta_w"].sel(time=time), run["theta_c"].sel(time=time)
        (w, p), (c, rho) = limit.law_of_w(time), limit.law_of_c(time)
        for cloud, nodes, weights in ((first.sel(component="w0"), w[:, 0], p), (second, c, rho)):
            values = cloud.values.ravel()
            assert values.mean() == pytest.approx(nodes @ weights, abs=4 * values.std() / len(values) ** 0.5 + 0.01)
            assert values.var() == pytest.approx(((nodes - nodes @ weights) ** 2) @ weights, rel=0.15)
    assert train(points, (3, 5), [0], [1.0], keep=4)["theta_w"].shape == (1, 1, 3, 2)


def test_single_precision_is_the_same_network_to_its_precision(points: Problem) -> None:
    double, single = (
        train(points, (60, 40), [0], [3.0], OF_POINTS, protocol={"precision": p}) for p in ("double", "single")
    )
    for name in OF_POINTS:
        assert 0 < abs(float(single[name][0, 0]) - float(double[name][0, 0])) < 1e-5, name


@pytest.mark.parametrize("width", [(60, 60), (120, 30), (30, 120)])
def test_networks_of_any_two_widths_fluctuate_as_predicted(points: Problem, width: tuple[int, int]) -> None:
    names = [name for name in OF_POINTS if name != "v^2"]  # to which the draw of v(0) adds as much at these widths
    replicas, limit = 1500, solve_limit(points, [0.0, 1.0], 1e-4, names)
    predicted = fluctuations(limit, names, 1.0).variance(width)
    runs = train(points, width, range(replicas), [1.0], names)
    for name in names:
        values, variance = runs[name].values[:, 0], float(predicted.sel(observable=name))
        assert values.var(ddof=1) == pytest.approx(variance, rel=5 * np.sqrt(2 / replicas) + 3 / min(width)), name
        error = 4 * np.sqrt(variance / replicas) + 2 / min(width)
        assert values.mean() == pytest.approx(limit.mean(name)[-1], abs=error), name


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"hidden_layers": 3}, "hidden_layers"),
        ({"hidden_layers": 1}, "initial.v"),
        ({"initial": {key: DEEP1D["initial"][key] for key in "cw"}}, "initial.v"),
        ({"temperature": 0.1}, "temperature"),
        ({"decay": 0.1}, "decay"),
        ({"connectivity": 1}, "connectivity"),
    ],
)
def test_bad_problems_are_refused_in_one_line(changes, named: str) -> None:
    with pytest.raises(SpecError) as refusal:
        Problem.model_validate(DEEP1D | changes)
    assert named in str(refusal.value) and "\n" not in str(refusal.value)


def test_what_has_no_meaning_is_refused_in_one_line(limit, sine1d: Problem) -> None:
    deep = limit.problem
    for asked in (
        lambda: limit.density([[0.5, 1.0]], 1.0),
        lambda: limit.flow([[0.5, 1.0]], [1.0]),
        lambda: finite_width(limit, ["c^2"], 2.0),
        lambda: largest_error(limit, ["c^2"]),
        lambda: fluctuations(limit, ["c^2"], [1.0, 2.0]),
        lambda: train(deep, 5, [0], [1.0], keep=2, keep_times=[1.0]),
        lambda: train(deep, 5, [0], [1.0], follow=1),
        lambda: train(deep, (5, 5, 5), [0], [1.0]),
        lambda: train(deep, "five", [0], [1.0]),
        lambda: train(deep, 5, [0], [1.0], protocol={"batch": 2}),
        lambda: train(sine1d, (5, 5), [0], [1.0]),
        lambda: train(sine1d, 5, [0], [1.0], ["v"]),
        lambda: solve_limit(deep, [1.0], 1e-3, method="sobol"),
        lambda: solve_limit(deep, [1.0], 1e-3, protocol={"output_exponent": 0.75}),
        lambda: solve_limit(deep, [1.0], 1e-3, protocol={"between_exponent": 0}),
        lambda: solve_limit(sine1d, [1.0], 1e-3, protocol={"between_exponent": 1}),
        lambda: train(sine1d, 5, [0], [1.0], protocol={"between_exponent": 1}),
    ):
        with pytest.raises(SpecError) as refusal:
            asked()
        assert "\n" not in str(refusal.value)
