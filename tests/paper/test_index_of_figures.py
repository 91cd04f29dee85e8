"""figures/README.md, the index: every figure of the workflow, its rule, its claims and its inputs, as they are."""

import os
import re
import subprocess
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import pytest
import yaml

from mfnn.pipeline.plan import read_plan
from mfnn.verdicts.claims import read_claims

ROOT = Path(__file__).parents[2]
DRAWING = {path.stem for path in ROOT.glob("scripts/plot_*.py")}
PLAN = read_plan(yaml.safe_load((ROOT / "config/paper.yaml").read_text()), ROOT / "config/scenarios")
CLAIMS = [claim.id for claim in read_claims(ROOT / "config/claims", PLAN.claimed).claims]
TEXT = (ROOT / "figures/README.md").read_text()
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in TEXT.splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6 and cells[0].startswith("`")
}


def spread(pattern):
    """A name with alternatives in braces, one by one."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if not found:
        return [pattern]
    parts = (pattern[: found.start()] + part + pattern[found.end() :] for part in found[1].split(","))
    return list(chain.from_iterable(map(spread, parts)))


def quoted(cell):
    return list(chain.from_iterable(map(spread, re.findall(r"`([^`]+)`", cell))))


def matches(pattern, name):
    return re.fullmatch(re.escape(pattern).replace(r"\*", r".*"), name)


@pytest.fixture(scope="module")
def inputs(copied):
    """The results that each figure of the default run is made of, as Snakemake plans it: {"rates.pdf": {...}}."""
    command = [".venv/bin/snakemake", "figures", "pages", "--dry-run"]
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    asked = subprocess.run(command, cwd=copied("index"), env=environment, capture_output=True, text=True, check=True)
    reasons = r"Missing output files: ([^;\n]*)(?:; Input files updated by another job: (.*))?"
    jobs = [(made.split(", "), taken.split(", ")) for made, taken in re.findall(reasons, asked.stdout + asked.stderr)]
    return {Path(file).name: set(taken) for made, taken in jobs for file in made if file.startswith("figures/")}


def test_every_figure_is_listed_once_with_its_rule_and_script(inputs):
    assert {cells[2].strip("`") for cells in ROWS.values()} == DRAWING
    assert {name if "." in name else f"{name}.{kind}" for name in ROWS for kind in ("pdf", "png")} == inputs.keys()
    for name, cells in ROWS.items():
        rule = cells[2].strip("`")
        assert rule == f"plot_{Path(name).stem}" or (name == "explore.html" and rule == "plot_explorer")


def test_every_claim_that_a_figure_illustrates_is_judged():
    for name, (_, claims, *_) in ROWS.items():
        assert quoted(claims) or claims == "none", name
        for pattern in quoted(claims):
            assert any(matches(pattern, claim) for claim in CLAIMS), f"{name}: {pattern}"


def test_the_inputs_are_those_of_the_rule(inputs):
    """Each that the index names is a file of the rule, or a folder of some, and each file of the rule is named."""
    for name, cells in ROWS.items():
        told = [f"results/{path}" for path in quoted(cells[3])]
        taken = inputs[name if "." in name else f"{name}.pdf"]
        named = {path: {file for file in taken if fnmatch(file, path) or fnmatch(file, f"{path}/*")} for path in told}
        assert all(named.values()), name
        assert set().union(*named.values()) == taken, name


def test_run_times_are_numbers():
    assert all(0 < int(cells[4]) < 600 for cells in ROWS.values())
