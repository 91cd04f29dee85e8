"""The workflow runs from anywhere: from another folder, for another folder, and as a module of somebody else's workflow."""

import re
import shutil
import subprocess

import pytest
import yaml

SMALL = "tests/cluster/small.yaml"
TARGETS = [
    "results/small/summary/errors_sine1d.json",
    "results/small/figures/rates.png",
    "results/small/verdicts.csv",
]
MODULE = """
module verified:
    snakefile: "{home}/Snakefile"
    config: config["verified"]
    prefix: "inside"


use rule * from verified as verified_*


rule mine:
    default_target: True
    input: {targets}
"""


def from_there(home, folder):
    return folder, ["--snakefile", home / "Snakefile", f"--configfile={home / SMALL}", "--", *TARGETS]


def for_there(home, folder):
    return home, ["--directory", folder, f"--configfile={home / SMALL}", "--", *TARGETS]


def as_a_module(home, folder):
    targets = ", ".join(repr(f"inside/{target}") for target in TARGETS)
    (folder / "Snakefile").write_text(MODULE.format(home=home, targets=targets), encoding="utf-8")
    config = {"verified": yaml.safe_load((home / SMALL).read_text(encoding="utf-8"))}
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder, ["--configfile=config.yaml"]


@pytest.fixture(scope="session")
def home(copied):
    return copied("elsewhere")


@pytest.fixture(params=[from_there, for_there, as_a_module])
def run(request, home, tmp_path):
    """run(*options): Snakemake in this way, its results below a folder with a space and an umlaut in its name."""
    folder = tmp_path / "els where ü"
    folder.mkdir()

    def start(*options):
        place, arguments = request.param(home, folder)
        command = [home / ".venv/bin/snakemake", "--cores", "2", *options, *arguments]
        return subprocess.run(command, cwd=place, capture_output=True, text=True, encoding="utf-8", check=False)

    start.folder, start.way = folder, request.param
    return start


def test_it_is_planned_from_anywhere(run):
    planned = run("--dry-run")
    assert planned.returncode == 0, planned.stderr[-2000:]
    assert re.search(r"^(verified_)?train_particles +\d", planned.stdout + planned.stderr, re.MULTILINE)
    assert not [path for path in run.folder.rglob("*") if path.suffix in (".nc", ".csv", ".json")]


@pytest.mark.full
def test_it_runs_from_anywhere_and_leaves_nothing_at_home(run, home):
    shutil.rmtree(home / "results", ignore_errors=True)
    done = run()
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert not (home / "results").exists()
    for target in TARGETS:
        assert len([*run.folder.rglob(target)]) == 1
    if run.way is as_a_module:
        assert run("--report", "report.html").returncode == 0
        assert "rates.png" in (run.folder / "report.html").read_text(encoding="utf-8")
