"""Configurations and scenario files: what stands in the repository is valid, and mistakes are one line."""

import shutil
from pathlib import Path

import pytest
import yaml

from mfnn.errors import SpecError
from mfnn.pipeline.plan import read_plan

CONFIG = Path(__file__).parents[2] / "config"
SMOOTH = ["studies", "finite_volumes", "variants", "sine1d_normal"]


def read(name="smoke"):
    return yaml.safe_load((CONFIG / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["paper", "smoke", "full"])
def test_the_configurations_in_the_repository_are_valid(name):
    plan = read_plan(read(name), CONFIG / "scenarios")
    assert plan.trained == ["sine1d", "teacher2d", "mnist"]
    for scenario in plan.trained:
        for width in plan.run.scenarios[scenario].widths:
            members = [replica for batch in width.batches for replica in range(*width.members(batch))]
            assert members == list(range(width.replicas))


def test_clouds_are_kept_by_the_jobs_that_hold_them():
    plan = read_plan(read("paper"), CONFIG / "scenarios")
    width = plan.width("sine1d", 100_000)
    assert [width.keep(batch) for batch in width.batches] == [100_000] * 3
    assert plan.width("sine1d", 1000).keep(1) == 2
    assert [job for job in plan.experiments["sine1d"].cloud_batches() if job[0] == 1000] == [(1000, 0)]


def test_a_misspelt_key_is_named_before_the_one_it_should_be():
    config = read()
    plan = config["scenarios"]["sine1d"]
    plan["intervalls"] = plan.pop("intervals")
    with pytest.raises(SpecError, match=r"sine1d\.intervalls: .* no such key exists; did you mean intervals\?"):
        read_plan(config, CONFIG / "scenarios")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("cos(w0)", "cosh(w0)", r"observable: got 'cosh\(w0\)'"),  # in pairs as well, of which nothing is said first
        ("[c^2, c^2]", "[c^2, c^3]", r"pairs: got 'c\^3'; allowed: observables of the scenario"),
        ("group: ", "group: c^4 #", r"group: got 'c\^4'; allowed: observables of the scenario"),
    ],
)
def test_mistakes_among_observables_are_named(tmp_path, old, new, said):
    shutil.copytree(CONFIG / "scenarios", tmp_path / "scenarios")
    shutil.copy2(CONFIG / "controls.yaml", tmp_path)
    path = tmp_path / "scenarios/sine1d.yaml"
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SpecError, match=said):
        read_plan(read(), tmp_path / "scenarios")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["turbo"], True, ["turbo", "no such key"]),
        (["two\nlines"], True, [r"'two\nlines'", "no such key"]),
        (["run" * 100], True, ["runrun", "no such key"]),
        ([*SMOOTH, "c"], {"law": {"x" * 500: 1}}, ["law", "'uniform', 'normal', 'student'"]),
        (["root_seed"], -1, ["root_seed", "-1"]),
        (["root_seed"], 2**63, ["root_seed", "9223372036854775808"]),
        (["scenarios"], {}, ["scenarios.sine1d", "a plan of what is trained of it"]),
        (["studies"], {}, ["studies"]),
        (["studies", "astrology"], {}, ["studies.astrology", "chaos", "sources"]),
        (["studies", "chaos"], 3, ["studies.chaos: got 3"]),
        (["scenarios", "sine1d", "intervals"], 0, ["intervals", "0"]),
        (["scenarios", "sine1d", "snapshots"], [0.0, 0.3], ["snapshots", "time grid"]),
        (["scenarios", "sine1d", "coordinates"], ["c", "w1"], ["scenarios.sine1d.coordinates", "w1", "c ... w0"]),
        (["scenarios", "sine1d", "limit", "tolerance"], -1e-8, ["tolerance"]),
        (["scenarios", "sine1d", "limit", "method"], "guess", ["limit"]),
        (["scenarios", "sine1d", "widths", 0, "replicas"], 0, ["replicas", "0"]),
        (["scenarios", "sine1d", "widths", 0, "replicas"], 10**400, ["replicas", "less than or equal to 1000000000"]),
        (["scenarios", "sine1d", "widths", 0, "width"], 10**6, ["increasing widths"]),
        (["studies", "finite_volumes", "cells"], 4, ["studies.finite_volumes.cells", "4"]),
        ([*SMOOTH, "c", "std"], 0.0, ["studies.finite_volumes.variants.sine1d_normal.c", "0.0"]),
        (["scenarios", "nowhere"], read()["scenarios"]["sine1d"], ["nowhere", "sine1d"]),
    ],
)
def test_mistakes_in_a_run_are_one_line(path, value, said):
    config = read()
    place = config
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    with pytest.raises(SpecError) as refusal:
        read_plan(config, CONFIG / "scenarios")
    assert "\n" not in str(refusal.value)
    for part in said:
        assert part in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("activation: tanh", "activation: swish", ["sine1d.yaml", "activation", "'swish'", "tanh"]),
        ("learning_rate: 4.0", "learning_rate: 0", ["learning_rate", "0"]),
        ("horizon: 2.0", "horizon: .nan", ["horizon", "nan"]),
        ("cos(w0)", "cos(w7)", ["observable", "cos(w7)", "w0"]),
        ("cos(w0)", "__import__('os')", ["observable", "__import__"]),
        ("target: sine", "target: square", ["target", "square"]),
        ("noise_std: 0.1", "noise_std: -0.1", ["noise_std"]),
        ("title:", "titel:", ["title"]),
        ("data:", "data: [", ["sine1d"]),
    ],
)
def test_mistakes_in_a_scenario_are_one_line(tmp_path, old, new, said):
    folder = shutil.copytree(CONFIG / "scenarios", tmp_path / "scenarios")
    text = (folder / "sine1d.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "sine1d.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SpecError) as refusal:
        read_plan(read(), folder)
    assert "\n" not in str(refusal.value)
    for part in said:
        assert part in str(refusal.value)


@pytest.mark.parametrize("written", ["out/", "./out", "out//", "out/."])
def test_a_folder_has_one_spelling(written):
    """`--config results=out/`, as a shell completes it: Snakemake would take it for another folder than out."""
    plan = read_plan(read() | {"results": written}, CONFIG / "scenarios")
    assert plan.run.results == "out"
