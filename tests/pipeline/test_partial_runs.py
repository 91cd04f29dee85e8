"""A run of some of the scenarios knows what it cannot show; numbers without an interval are refused beforehand."""

import copy
from pathlib import Path

import numpy as np
import pytest
import yaml

from mfnn.errors import MfnnError, SpecError
from mfnn.pipeline.plan import read_plan
from mfnn.storage import write_json
from mfnn.verdicts.claims import read_claims
from mfnn.verdicts.families import Asked

CONFIG = Path(__file__).parents[2] / "config"
SMOKE = yaml.safe_load((CONFIG / "smoke.yaml").read_text(encoding="utf-8"))


def of(*names: str) -> dict:
    """The smoke run of these scenarios, with the studies that can be made of them."""
    config = copy.deepcopy(SMOKE)
    config["scenarios"] = {name: config["scenarios"][name] for name in names}
    for study, plan in list(config["studies"].items()):
        if isinstance(plan.get("scenarios"), dict):
            plan["scenarios"] = {name: each for name, each in plan["scenarios"].items() if name in names}
        elif "scenarios" in plan:
            plan["scenarios"] = [name for name in plan["scenarios"] if name in names]
        if plan.get("scenario", names[0]) not in names or plan.get("scenarios") in ([], {}) or "cases" in plan:
            del config["studies"][study]
        for key in ("paths", "histograms"):
            if str(plan.get(key)).find("sine1d") >= 0 and "sine1d" not in names:
                del plan[key]
    return config


@pytest.mark.parametrize(
    "names", [("sine1d",), ("teacher2d",), ("mnist",), ("sine1d", "mnist"), ("sine1d", "teacher2d")]
)
def test_a_run_of_some_scenarios_shows_and_claims_what_it_asks_for(names: tuple[str, ...]) -> None:
    plan = read_plan(of(*names), CONFIG / "scenarios")
    assert {token.partition("/")[2] for token in plan.asked if "/" in token} <= {*names, "sine1d_normal"}
    claims = read_claims(CONFIG / "claims", plan.claimed).claims
    assert {claim.scenario for claim in claims} - {"controls", "consequences"} == set(names)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"distances": {"scenarios": ["mnist"]}}, "studies.distances.scenarios: got 'mnist'.*certified limit"),
        ({"constants": {"scenarios": ["mnist"]}}, "scenarios.mnist.fluctuations"),
        ({"settling": {"scenario": "sine1d", "weight": "w0"}}, "studies.settling.scenario: got 'sine1d'.*images"),
        ({"convergence": {"scenarios": ["three_points"]}}, "scenarios.three_points.*a plan of what is trained"),
        ({"film": {"scenario": "teacher2d", "widths": [9], "frames": 2, "points": 9}}, "got 'teacher2d'.*one input"),
        ({"explorer": {"scenario": "teacher2d"}}, "studies.explorer: got 'teacher2d'.*the study film"),
        (
            {"convergence": {"scenarios": ["mnist"], "paths": {"scenario": "sine1d", "observable": "c^2"}}},
            "paths.scen",
        ),
    ],
)
def test_a_study_that_cannot_be_made_of_a_scenario_says_why(change: dict, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        read_plan({**SMOKE, "studies": {**SMOKE["studies"], **change}}, CONFIG / "scenarios")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"activation": "relu"}, "activation: got 'relu'.*fluctuations.*two continuous derivatives"),
        ({"initial": {"c": {"law": "student", "dof": 3.0}, "w": {"law": "normal"}}}, "initial.law: got 'student'"),
    ],
)
def test_what_the_problem_rules_out_is_refused_before_anything_runs(tmp_path: Path, change: dict, said: str) -> None:
    for path in (CONFIG / "scenarios").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    scenario = yaml.safe_load((tmp_path / "sine1d.yaml").read_text(encoding="utf-8"))
    (tmp_path / "sine1d.yaml").write_text(yaml.safe_dump(scenario | change), encoding="utf-8")
    with pytest.raises(SpecError, match=said):
        read_plan(of("sine1d") | {"studies": {"constants": {"scenarios": ["sine1d"]}}}, tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "said"), [("replicas", 3, "at least 4 replicas"), ("width", 1, "2 neurons")]
)
def test_an_estimator_has_the_least_it_needs(key: str, value: int, said: str) -> None:
    config = of("sine1d")
    config["scenarios"]["sine1d"]["widths"][0][key] = value
    with pytest.raises(SpecError, match=f"studies.chaos.scenarios: got 'sine1d'.*{said}"):
        read_plan(config, CONFIG / "scenarios")


def test_grids_are_of_two_dimensions() -> None:
    studies = {**SMOKE["studies"], "finite_volumes": {"scenario": "teacher2d", "cells": 8, "tolerance": 1e-2}}
    with pytest.raises(SpecError, match=r"studies.finite_volumes.scenario: got 'teacher2d'; .*a grid over \(c, w\)"):
        read_plan({**SMOKE, "studies": studies}, CONFIG / "scenarios")


def test_the_coupling_has_nodes_for_every_coordinate() -> None:
    studies = copy.deepcopy(SMOKE["studies"])
    studies["chaos"]["scenarios"]["sine1d"]["coupling_nodes"] = [4]
    with pytest.raises(SpecError, match="coupling_nodes.*one number for each of c, w0"):
        read_plan({**SMOKE, "studies": studies}, CONFIG / "scenarios")


def test_claims_about_absent_scenarios_are_left_out_and_the_others_stay() -> None:
    asked = {name: Asked(observables=("c^2",), method="certified") for name in ("sine1d", "teacher2d")}
    claims, kept = (
        read_claims(CONFIG / "claims", dict.fromkeys(("convergence", "constants"), each)).claims
        for each in (asked, {"teacher2d": asked["teacher2d"]})
    )
    assert kept == tuple(claim for claim in claims if claim.scenario != "sine1d")
    assert len(kept) < len(claims)


@pytest.mark.parametrize(("name", "clouds"), [("mnist", 2), ("mnist", 0), ("sine1d", 1), ("sine1d", 0)])
def test_too_few_clouds_for_an_interval_are_refused(name: str, clouds: int) -> None:
    config = of(name)
    config["scenarios"][name]["widths"][-1]["clouds"] = clouds
    with pytest.raises(SpecError, match="replicas and . clouds at( width| two)"):
        read_plan(config, CONFIG / "scenarios")


def test_observables_whose_numbers_would_share_a_key_are_refused(tmp_path: Path) -> None:
    for path in (CONFIG / "scenarios").glob("*.yaml"):
        (tmp_path / path.name).write_text(
            path.read_text(encoding="utf-8").replace("g(0.5)]", "g(0.5), g(-0.5)]"), encoding="utf-8"
        )
    with pytest.raises(SpecError, match=r"observables: got 'g\(-0.5\)'"):
        read_plan(SMOKE, tmp_path)


@pytest.mark.parametrize("key", ["results", "figures", "paper"])
@pytest.mark.parametrize("folder", ["a b", "a;id", "$(id)", "{scenario}", "", "-rf", "a\nb", "`id`"])
def test_a_folder_that_a_shell_would_read_otherwise_is_refused(key: str, folder: str) -> None:
    with pytest.raises(SpecError, match=key):
        read_plan({**SMOKE, key: folder}, CONFIG / "scenarios")


@pytest.mark.parametrize("name", ["../sine1d", "sine1d|.*", "a b", "a;id", ""])
def test_a_scenario_is_a_plain_name(name: str) -> None:
    with pytest.raises(SpecError, match="scenarios"):
        read_plan({**SMOKE, "scenarios": {name: SMOKE["scenarios"]["sine1d"]}}, CONFIG / "scenarios")


def test_a_number_that_is_not_finite_is_named(tmp_path: Path) -> None:
    with pytest.raises(MfnnError, match="a.b is not finite"):
        write_json({"a.b": {"value": np.nan}}, tmp_path / "a.json")
