"""docs/assumptions.md: every function of its table refuses, in one line, what it does not assume."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from mfnn import (
    Problem,
    Protocol,
    SpecError,
    ToleranceError,
    finite_width,
    fluctuations,
    largest_error,
    solve_limit,
    train,
)
from mfnn.learning.activations import ACTIVATIONS
from mfnn.learning.variants import VariantRuns, read_controls
from mfnn.limit.finite_volume import Grid, finite_volumes
from mfnn.limit.random_batch import random_batch_limit
from mfnn.limit.record import marginal_densities
from mfnn.limit.stationary import stationary
from mfnn.studies.chaos.coupling import coupling_constants
from mfnn.studies.film.film import film
from mfnn.studies.proof.constants import constants
from mfnn.studies.proof.terms import follow
from mfnn.studies.sources.crossing import predicted_sources

ROOT = Path(__file__).parents[2]
TIMES = np.array([0.0, 0.1])
GRID = Grid.uniform(((-3.0, 3.0), (-4.0, 4.0)), 8)

KINK = {"activation": "relu", "horizon": 0.1}
HEAVY = {"initial.c": {"law": "student", "dof": 1.5}}
HEAVY_W = {"initial.w": {"law": "student", "dof": 9.0}}
SHIFT = {"initial.common_shift_std": 0.5}
NOISY = {"data.noise_std": 0.1, "data.noise_law": {"law": "student", "dof": 1.5}, "horizon": 0.1}
TALL = {"data.x": [[1.0, 0.3], [0.2, -1.0], [0.5, 0.5]], "horizon": 0.1}
TWO = {"data.y": [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], "horizon": 0.1}

SIGMA = "a σ with two continuous derivatives; training and the limit's means, outputs and flow hold without"
LAW, RANDOM, VARIANCE = "uniform or normal, which have", "the limit is random", "above 2: the variance of label noise"
ONE_INPUT, ONE_OUTPUT = "one input without intercept and one output", "one output, as in the theorem"


def limit_of(problem: Problem):
    return solve_limit(problem, TIMES, 1e-2)


# What is called on which problem, and what is said.
Case = tuple[dict[str, Any], Callable[[Problem], Any], str]
CASES: dict[str, list[Case]] = {
    "Problem": [
        (
            {},
            lambda p: Problem(**{**dict(p), "data": {**p.data.model_dump(), "x": [["1"], [2], [3]]}}),
            "row 0, column 0",
        ),
        ({}, lambda p: Problem(**dict(p), extra=1), "no such key"),
    ],
    "Protocol": [({}, lambda p: Protocol(batch=0), "greater than 0")],
    "train": [
        (
            {"data.weights": [0.2, 0.5, 0.3]},
            lambda p: train(p, 5, [0], [0.1], protocol=Protocol(sampling="shuffled")),
            "epochs",
        ),
        (
            TALL,
            lambda p: train(p, 5, [0], [0.1], protocol=Protocol(precision="single")),
            "double for batches, or below 24",
        ),
    ],
    "solve_limit": [
        (HEAVY, limit_of, LAW),
        (HEAVY_W, limit_of, LAW),
        (HEAVY, lambda p: solve_limit(p, TIMES, 0.3, method="sobol"), LAW),
        (SHIFT, limit_of, RANDOM),
        (SHIFT, lambda p: solve_limit(p, TIMES, 0.3, method="sobol"), RANDOM),
        ({"data.x": np.eye(3, 6)}, lambda p: solve_limit(p, TIMES, 1e-9), "are affordable"),
    ],
    "stationary": [
        ({}, stationary, "temperature: got 0.0; allowed: above 0"),
        ({"temperature": 0.1, "decay": {"c": 0.1}}, stationary, "above 0 for c and w"),
        ({"temperature": 0.1, "decay": 0.1, "activation": "linear"}, stationary, "a bounded σ"),
        ({**TALL, "temperature": 0.1, "decay": 0.1}, stationary, ONE_INPUT),
    ],
    "Limit.mean": [({}, lambda p: limit_of(p).mean("g(500)"), "name it in solve_limit")],
    "Limit.output": [
        ({}, lambda p: limit_of(p).output([500.0], 0.1), "outputs as g"),
        ({}, lambda p: limit_of(p).output([0.5], 0.2), "times up to the last solved one"),
    ],
    "Limit.flow": [
        ({}, lambda p: limit_of(p).flow([[0.1, 0.1]], [0.2]), "times up to the last solved one"),
        (
            {"initial.w": {"law": "uniform", "low": -9, "high": 9}},
            lambda p: limit_of(p).flow([[1e9, 0.0]], [0.1]),
            "out of reach",
        ),
    ],
    "Limit.density": [
        (KINK, lambda p: limit_of(p).density([[0.1, 0.1]], 0.1), SIGMA),
        (
            {},
            lambda p: limit_of(p).density(limit_of(p).flow([[1.5, 2.0], [1.5, -2.0], [-0.5, 2.0]], [0.1])[0], 0.1),
            "density:",
        ),
    ],
    "fluctuations": [
        (KINK, lambda p: fluctuations(limit_of(p), ["c*w0"], 0.1), SIGMA),
        (KINK, lambda p: fluctuations(limit_of(p), ["g(1)"], 0.0), SIGMA),
        (NOISY, lambda p: fluctuations(limit_of(p), ["c"], 0.1), VARIANCE),
    ],
    "finite_width": [
        (KINK, lambda p: finite_width(limit_of(p), ["c*w0"], 0.1), "σ'''"),
        (NOISY, lambda p: finite_width(limit_of(p), ["c"], 0.1), VARIANCE),
    ],
    "largest_error": [
        (KINK, lambda p: largest_error(limit_of(p), ["c*w0"]), SIGMA),
        (NOISY, lambda p: largest_error(limit_of(p), ["c"]), VARIANCE),
    ],
    "finite_volumes": [
        (KINK, lambda p: finite_volumes(p, GRID, TIMES), SIGMA),
        (TALL, lambda p: finite_volumes(p, GRID, TIMES), ONE_INPUT),
        (TWO, lambda p: finite_volumes(p, GRID, TIMES), ONE_INPUT),
        (SHIFT, lambda p: finite_volumes(p, GRID, TIMES), RANDOM),
        (HEAVY, lambda p: finite_volumes(p, GRID, TIMES), LAW),
    ],
    "random_batch_limit": [
        (HEAVY, lambda p: random_batch_limit(p, TIMES, 3, 2, 4, 2, 0), LAW),
        (SHIFT, lambda p: random_batch_limit(p, TIMES, 3, 2, 4, 2, 0), RANDOM),
        ({}, lambda p: random_batch_limit(p, TIMES, 3, 1, 4, 2, 0), "at least 2"),
    ],
    "marginal_densities": [
        (KINK, lambda p: marginal_densities(limit_of(p), TIMES, None, 5), SIGMA),
        (TALL, lambda p: marginal_densities(limit_of(p), TIMES, None, 5), ONE_INPUT),
    ],
    "coupling_constants": [
        (KINK, lambda p: coupling_constants(limit_of(p), TIMES, [2, 2]), SIGMA),
        (NOISY, lambda p: coupling_constants(limit_of(p), TIMES, [2, 2]), VARIANCE),
    ],
    "predicted_sources": [
        (KINK, lambda p: predicted_sources(p, [[0.5]], 1e-2), SIGMA),
        (TWO, lambda p: predicted_sources(p, [[0.5]], 1e-2), ONE_OUTPUT),
        (NOISY, lambda p: predicted_sources(p, [[0.5]], 1e-2), VARIANCE),
    ],
    "film": [
        (KINK, lambda p: film(p, [5], TIMES, 5, 0), SIGMA),
        (TALL, lambda p: film(p, [5], TIMES, 5, 0), ONE_INPUT),
    ],
    "follow": [
        (TWO, lambda p: follow(p, 5, [0], ["c0"], 0), ONE_OUTPUT),
        (NOISY, lambda p: follow(p, 5, [0], ["c"], 0), VARIANCE),
    ],
    "constants": [
        (KINK, lambda p: constants(p, ["g(0.5)"]), SIGMA),
        (TWO, lambda p: constants(p, ["c0"]), ONE_OUTPUT),
        (NOISY, lambda p: constants(p, ["c"]), VARIANCE),
    ],
}


def test_every_row_of_the_table_is_tried() -> None:
    text = (ROOT / "docs/assumptions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?) \|", text, flags=re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(.+?)`", row)} == {*CASES, "read_controls"}
    assert "docs/assumptions.md" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "call", "said"),
    [pytest.param(*case, id=f"{name}-{k}") for name, cases in CASES.items() for k, case in enumerate(cases)],
)
def test_what_is_not_assumed_is_refused_in_one_line(vary, changes: dict[str, Any], call, said: str) -> None:
    problem = vary("three_points", changes)
    with pytest.raises((SpecError, ToleranceError)) as refusal:
        call(problem)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"changes": {"activation": "relu"}}, SIGMA),
        (
            {"changes": {"data.noise_std": 0.1}, "protocol": {"sampling": "shuffled"}},
            "fresh label noise do not cancel",
        ),
        ({"protocol": {"sampling": "markov"}}, "no variance of correlated samples"),
        ({"protocol": {"output_exponent": 0.5}}, "outputs on another scale"),
        ({"protocol": {"step_exponent": 0.0}}, "steps that do not shrink"),
    ],
)
def test_a_variance_without_a_formula_is_refused_before_training(tmp_path: Path, changes: dict, said: str) -> None:
    probe = {"observable": "c", "time": 2.0, "size": "variance"}
    variant = {"title": "a", "base": "three_points", "probes": {"end": probe}} | changes
    other = {"title": "b", "base": "three_points", "probes": {"end": probe}}
    file = tmp_path / "controls.yaml"
    file.write_text(yaml.safe_dump({"consequences": {"a": variant}, "controls": {"b": other}}), encoding="utf-8")
    runs = VariantRuns(widths=[10, 20], replicas=4)
    with pytest.raises(SpecError) as refusal:
        read_controls(file, {"a": runs, "b": runs}, ROOT / "config/scenarios")
    assert said in str(refusal.value)


# ---- what holds without ----


def test_the_limit_of_a_kink_is_that_of_its_networks(vary) -> None:
    """relu: outside the theorem's hypotheses; the equation has a certified solution, and networks are near it."""
    changes = {
        "activation": "relu",
        "horizon": 0.4,
        "data": {"law": "finite", "x": [[1.0], [-1.0]], "y": [4.0, -1.0]},
        "initial.c": {"law": "uniform", "low": 0.5, "high": 1.5},
        "initial.w": {"law": "uniform", "low": -0.6, "high": 0.2},
    }
    problem = vary("three_points", changes)
    limit = solve_limit(problem, [0.4], 1e-2)
    runs = train(problem, 500, range(100), [0.4], ["c*w0", "g(1)"])
    for name in ("c*w0", "g(1)"):
        spread = runs[name].values.std() / 10
        assert abs(runs[name].values.mean() - limit.mean(name)[0]) < 4 * spread + limit.error(name)[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"data.noise_std": 1.0}, []),
        ({"activation": "relu"}, ["continuous derivatives", "not bounded"]),
        ({"activation": "linear"}, ["not bounded"]),
        ({"data.noise_std": 0.1, "data.noise_law": {"law": "student", "dof": 4.0}}, ["no fourth moment"]),
        ({"data.noise_std": 0.1, "data.noise_law": {"law": "student", "dof": 4.5}}, []),
        ({"data.y": [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]}, ["2 outputs"]),
    ],
)
def test_a_limit_says_which_hypotheses_of_the_theorem_are_missing(vary, changes: dict, said: list[str]) -> None:
    found = solve_limit(vary("three_points", changes), [0.0], 1e-2).departures
    assert len(found) == len(said)
    assert all(word in words for words, word in zip(found, said, strict=True))


def test_noise_without_the_scale_of_its_law_has_its_variance_in_the_proof_s_terms(vary) -> None:
    """Student noise with 3 degrees of freedom has the variance of √3 times a standard normal."""
    student = {"data.noise_std": 0.5, "data.noise_law": {"law": "student", "dof": 3.0}, "horizon": 0.5}
    normal = {"data.noise_std": 0.5 * np.sqrt(3), "horizon": 0.5}
    found, expected = (constants(vary("three_points", changes), ["c"]) for changes in (student, normal))
    np.testing.assert_allclose(np.ravel(found), np.ravel(expected), rtol=1e-12)


def test_activations_of_the_table_are_all_there_are() -> None:
    table = re.search(r"\| σ \|.*?\n\n", (ROOT / "docs/assumptions.md").read_text(encoding="utf-8"), re.DOTALL)
    assert table is not None
    named = {name for row in table.group().strip().splitlines()[2:] for name in re.findall(r"\w+", row.split("|")[1])}
    assert named == set(ACTIVATIONS)
