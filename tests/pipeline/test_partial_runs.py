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
SMOKE = yaml.safe_load((CONFIG / "smoke.yaml").read_text())


def of(*names: str) -> dict:
    return {**SMOKE, "scenarios": {name: copy.deepcopy(SMOKE["scenarios"][name]) for name in names}}


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (("sine1d", "teacher2d", "mnist"), []),
        (("sine1d", "mnist"), ["scenarios.teacher2d.constants"]),
        (("sine1d", "teacher2d"), ["scenarios.mnist", "crossings.mnist"]),
    ],
)
def test_a_run_knows_what_the_paper_lacks(names: tuple[str, ...], missing: list[str]) -> None:
    assert read_plan(of(*names), CONFIG / "scenarios").missing_from_paper == missing


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
    with pytest.raises(SpecError, match="replicas and . clouds at"):
        read_plan(config, CONFIG / "scenarios")


def test_observables_whose_numbers_would_share_a_key_are_refused(tmp_path: Path) -> None:
    for path in (CONFIG / "scenarios").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text().replace("g(0.5)]", "g(0.5), g(-0.5)]"))
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
