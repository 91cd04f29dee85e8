"""Bad input gets one line that names the key, the value and what is allowed."""

import copy
import math
from typing import Any

import numpy as np
import pytest

from mfnn import DivergedError, MfnnError, Problem, SpecError, solve_limit, train

NAN, INF = math.nan, math.inf
TIMES = [0.0, 1.0]


def refusal(call) -> str:
    """The text of the `SpecError` that `call` raises, checked to be one line of the common form."""
    with pytest.raises(SpecError) as caught:
        call()
    text = str(caught.value)
    assert isinstance(caught.value, MfnnError | ValueError)
    assert "\n" not in text
    assert ": got " in text
    assert "; allowed: " in text
    assert len(text) < 250
    return text


def parts(text: str) -> tuple[str, str, str]:
    key, rest = text.split(": got ", 1)
    value, allowed = rest.split("; allowed: ", 1)
    return key, value, allowed


# ---- problems ----

REMOVED = object()
UNIFORM = {"law": "uniform", "low": 0.0, "high": 1.0}

# Path changed in three_points, its new value; then what key, shown value and allowed values must contain.
PROBLEMS: list[tuple[str, Any, str, str, str]] = [
    ("learning_rat", 1.0, "learning_rat", "1.0", "no such key"),
    ("data.noise", 0.1, "data", "0.1", "no such key"),
    ("data.noise", 0.1, "noise", "0.1", "no such key"),
    ("initial.c.mean", 0.0, "mean", "0.0", "no such key"),
    ("horizon", REMOVED, "horizon", "None", "required"),
    ("data.y", REMOVED, "data", "", "required"),
    ("activation", "swish", "activation", "'swish'", "tanh, sigmoid, erf, sin, cos, gaussian, relu, linear"),
    ("activation", 3, "activation", "3", "string"),
    ("learning_rate", 0.0, "learning_rate", "0.0", "greater than 0"),
    ("learning_rate", -1.0, "learning_rate", "-1.0", "greater than 0"),
    ("learning_rate", NAN, "learning_rate", "nan", "finite"),
    ("learning_rate", INF, "learning_rate", "inf", "finite"),
    ("learning_rate", "fast", "learning_rate", "'fast'", "number"),
    ("horizon", 0, "horizon", "0", "greater than 0"),
    ("horizon", -2.0, "horizon", "-2.0", "greater than 0"),
    ("horizon", NAN, "horizon", "nan", "finite"),
    ("horizon", None, "horizon", "None", "number"),
    ("name", "", "name", "''", "1 character"),
    ("name", "a b", "name", "'a b'", "pattern"),
    ("name", "a\n", "name", "'a\\n'", "pattern"),
    ("name", "../a", "name", "'../a'", "pattern"),
    ("data.x", [[1.0], [2.0]], "data", "", "x, y and weights of one length, here [2, 3]"),
    ("data.y", [1.0, 2.0, 3.0, 4.0], "data", "", "x, y and weights of one length, here [3, 4]"),
    ("data.weights", [0.5, 0.5], "data", "", "x, y and weights of one length, here [2, 3]"),
    ("data.x", [[1.0], [NAN], [2.0]], "data.finite.x", "nan", "finite"),
    ("data.x", [[1.0], [-INF], [2.0]], "data.finite.x", "-inf", "finite"),
    ("data.y", [1.0, NAN, 0.0], "data.finite.y", "nan", "finite"),
    ("data.x", [[[1.0]], [[2.0]], [[3.0]]], "data.finite.x", "[[[1.0]]", "dimensions"),
    ("data.x", [], "data.finite.x", "[]", "non-empty"),
    ("data.x", 1.0, "data.finite.x", "1.0", "dimensions"),
    ("data.x", [[1.0], [2.0, 3.0], [4.0]], "data.finite.x", "[[1.0], [2.0, 3.0]", "rectangular"),
    ("data.x", "abc", "data.finite.x", "'abc'", "numbers"),
    ("data.x", None, "data.finite.x", "None", ""),
    ("data.y", None, "data.finite.y", "None", ""),
    (
        "data.weights",
        [-0.5, 0.5, 1.0],
        "data.finite.weights",
        "[-0.5, 0.5, 1.0]",
        "non-negative weights that sum to 1",
    ),
    ("data.weights", [0.5, 0.5, 0.1], "data.finite.weights", "[0.5, 0.5, 0.1]", "sum to 1"),
    ("data.weights", [0.0, 0.0, 0.0], "data.finite.weights", "[0.0, 0.0, 0.0]", "sum to 1"),
    ("data.weights", [0.5, NAN, 0.5], "data.finite.weights", "nan", "finite"),
    ("data.weights", [[0.5, 0.25, 0.25]], "data.finite.weights", "[[0.5", "1 dimensions"),
    ("data.noise_std", -0.1, "noise_std", "-0.1", "greater than or equal to 0"),
    ("data.noise_std", NAN, "noise_std", "nan", "finite"),
    ("data.law", "infinite", "data", "infinite", "finite"),
    ("data", 3, "data", "3", ""),
    ("initial", [1], "initial", "[1]", ""),
    ("initial.c", {"law": "uniform", "low": 1.0, "high": 1.0}, "initial.c", "1.0", "low < high"),
    ("initial.w", {"law": "normal", "std": 0.0}, "std", "0.0", "greater than 0"),
    ("initial.w", {"law": "cauchy"}, "initial.w", "cauchy", "uniform"),
    ("initial.w", [UNIFORM, UNIFORM], "", "", "initial.w one law or a list of 1, here 2"),
    ("initial.c", [], "", "", "initial.c one law or a list of 1, here 0"),
]
REGRESSION = {
    "law": "regression",
    "inputs": {"law": "uniform", "low": -1, "high": 1, "dim": 1},
    "target": {"law": "teacher", "c": [1.0], "w": [[1.0]]},
}
PROBLEMS += [
    ("data", {**REGRESSION, "target": "cosine"}, "target", "'cosine'", "'sine'"),
    ("data", {**REGRESSION, "intercept": True}, "data", "", "a teacher with 2 weights a unit, here 1"),
    ("data", {**REGRESSION, "inputs": {**REGRESSION["inputs"], "dim": 0}}, "dim", "0", "greater than 0"),
    ("data", {**REGRESSION, "inputs": {**REGRESSION["inputs"], "dim": 1.5}}, "dim", "1.5", "integer"),
]


def changed(path: str, value: Any, spec: dict[str, Any]) -> dict[str, Any]:
    spec = copy.deepcopy(spec)
    *folders, last = path.split(".")
    place = spec
    for folder in folders:
        place = place[folder]
    place[last] = value
    if value is REMOVED:
        del place[last]
    return spec


@pytest.mark.parametrize(("path", "new", "key", "value", "allowed"), PROBLEMS)
def test_bad_problems(three_points: Problem, path: str, new: Any, key: str, value: str, allowed: str) -> None:
    spec = changed(path, new, three_points.model_dump(mode="json"))
    found = parts(refusal(lambda: Problem.model_validate(spec)))
    assert key in found[0]
    assert value in found[1]
    assert allowed in found[2]


@pytest.mark.parametrize(
    ("path", "new", "allowed"),
    [
        ("data.x", np.array([[1.0], [NAN], [2.0]]), "finite"),
        ("data.x", np.ones((4, 2)), "one length"),
        ("data.weights", np.full((3, 1), 0.4), "1 dimensions"),
    ],
)
def test_bad_arrays_are_told_in_one_line_too(three_points: Problem, path: str, new: np.ndarray, allowed: str) -> None:
    spec = changed(path, new, three_points.model_dump())
    assert allowed in refusal(lambda: Problem.model_validate(spec))


@pytest.mark.parametrize("spec", [None, 3, "three_points", [1, 2], {}])
def test_problems_that_are_no_mapping(spec: Any) -> None:
    refusal(lambda: Problem.model_validate(spec))


# ---- arguments of train and solve_limit ----

TRAIN: list[tuple[str, Any]] = [
    *(("width", value) for value in (0, -3, 10.5, True, "10", "wide", None, NAN, INF, [10])),
    *(("replicas", value) for value in ([], [-1], [1, 1], range(0), "abc", "12", None, 3, [0.5], [None], ["a"])),
    *(("keep", value) for value in (-1, 1.5, "2", None)),
    *(("keep_times", value) for value in ([0.5], [NAN], "x")),
    *(("keep_coordinates", value) for value in (["w1"], ["theta"], [3], 3)),
    *(("evaluate", value) for value in ([[1.0, 2.0]], [1.0, 2.0], [[NAN]], "x", np.empty((0, 1)))),
    *(("root_seed", value) for value in (-1, 1.5, "seed")),
]
GRIDS = [[], [1.0, 0.0], [1.0, 1.0], [0.0, 2.5], [-0.5, 1.0], [0.0, NAN], [NAN], [0.0, INF], "x", None, {"a": 1}]
GRIDS += [[[0.0, 1.0]], [[0.0], [1.0, 2.0]], np.array([[0.0, 0.5], [1.0, 1.5]]), ["a"]]
NAMES = [
    "__import__('os')",
    "__import__('os').system('true')",
    "c.__class__",
    "exp(c)",
    "c^0",
    "c^-1",
    "c^1.5",
    "c^100",
    "c**2",
    "c+w0",
    "2*c",
    "w1",
    "c0",
    "w",
    "",
    "*",
    "c*",
    "cos(c*w0)",
    "cos(w0)^2",
    "g()",
    "g(x)",
    "g(1,2)",
    "g1(0.5)",
    "g(nan)",
    "g(inf)",
    "g(1e999)",
    "g(0.5)*c",
    "g(g(1))",
    "c\nw0",
    "c;w0",
    "lambda: 0",
    "c^²",
]
TOLERANCES = [0, -1e-8, 1, 2.0, NAN, INF, "1e-8", None, True, [1e-8]]


@pytest.mark.parametrize(("key", "value"), TRAIN)
def test_bad_arguments_of_train(three_points: Problem, key: str, value: Any) -> None:
    arguments = {"width": 10, "replicas": [0], "times": TIMES, "keep": 2} | {key: value}
    found = parts(refusal(lambda: train(three_points, **arguments)))
    assert key in found[0]


@pytest.mark.parametrize("times", GRIDS)
@pytest.mark.parametrize("function", ["train", "solve_limit"])
def test_bad_times(three_points: Problem, times: Any, function: str) -> None:
    call = {
        "train": lambda: train(three_points, 10, [0], times),
        "solve_limit": lambda: solve_limit(three_points, times),
    }
    key, _, allowed = parts(refusal(call[function]))
    assert key == "times"
    assert "between 0 and the horizon 2" in allowed


@pytest.mark.parametrize("name", NAMES)
def test_observables_outside_the_grammar(three_points: Problem, name: str) -> None:
    key, value, _ = parts(refusal(lambda: train(three_points, 10, [0], TIMES, ["c", name])))
    assert key.startswith("observable")
    assert value == repr(name)
    refusal(lambda: solve_limit(three_points, TIMES, 1e-3, [name]))


@pytest.mark.parametrize("names", ["c^2", ["c", "c"], [3], [None], [["c"]], None, 3, ["g" + "9" * 5000 + "(1)"]])
def test_observables_that_are_no_list_of_distinct_names(three_points: Problem, names: Any) -> None:
    assert parts(refusal(lambda: train(three_points, 10, [0], TIMES, names)))[0].startswith("observable")


@pytest.mark.parametrize("tolerance", TOLERANCES)
def test_bad_tolerances(three_points: Problem, tolerance: Any) -> None:
    key, value, _ = parts(refusal(lambda: solve_limit(three_points, TIMES, tolerance)))
    assert key == "tolerance"
    assert value == repr(tolerance)


@pytest.mark.parametrize(
    ("method", "arguments", "key"),
    [
        ("mean", ["w7"], "observable"),
        ("error", ["__import__('os')"], "observable"),
        ("output", [[[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], 1.0], "x"),
        ("output", [["a"], 1.0], "x"),
        ("output", [[0.5], 5.0], "time"),
        ("output", [[0.5], "x"], "time"),
        ("density", [[[1.0]], 1.0], "theta"),
        ("density", [[[1.0, NAN]], 1.0], "theta"),
        ("density", [[[1.0, 0.0]], -1.0], "time"),
        ("flow", [[[1.0, 2.0, 3.0]], [1.0]], "theta"),
        ("flow", [[[[1.0, 2.0]]], [1.0]], "theta"),
        ("flow", [[["a", "b"]], [1.0]], "theta"),
        ("flow", [[[1.0, 2.0]], [1.0, 0.5]], "time"),
    ],
)
def test_bad_arguments_of_a_limit(three_points_limit, method: str, arguments: list[Any], key: str) -> None:
    assert key in parts(refusal(lambda: getattr(three_points_limit, method)(*arguments)))[0]


# ---- diverging runs ----


@pytest.mark.parametrize(("d", "m"), [(1, 1), (40, 2)], ids=["fused", "blocked"])
def test_a_diverging_run_stops_and_says_where(vary, d: int, m: int) -> None:
    """The step named is the first whose residual is not finite: after it nothing is computed."""
    rng = np.random.default_rng(0)
    problem = vary(
        "three_points",
        {
            "name": "too-fast",
            "learning_rate": 5e4,
            "horizon": 400.0,
            "data.x": rng.normal(size=(6, d)),
            "data.y": rng.normal(size=(6, m)),
        },
    )

    def said(times: list[float]) -> str:
        with pytest.raises(DivergedError) as caught:
            train(problem, 10, [7], times, names)
        assert isinstance(caught.value, MfnnError)
        return str(caught.value)

    names = ["c", "w0"] if m == 1 else ["c0", "w0"]
    text = said([0.0, 400.0])
    assert "\n" not in text
    assert "scenario too-fast, width 10, replica 7, step " in text
    step = int(text.split("step ")[1].split(";")[0])
    assert 0 < step < 4000
    assert said([0.0, (step // 2) / 10, 400.0]) == text  # steps are counted from the start of training
    halfway = train(problem, 10, [7], [0.0, (step // 2) / 10], names)
    assert np.isfinite(halfway[names[0]]).all()
