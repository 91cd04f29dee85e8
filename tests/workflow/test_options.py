"""What the rules name is what their scripts understand: every job's command line is read by its script's own parser."""

import importlib.util
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from mfnn.pipeline.command import parser
from mfnn.pipeline.options import expanded, ranged

ROOT = Path(__file__).parents[2]


@cache
def understood(script):
    """The parser of a script."""
    spec = importlib.util.spec_from_file_location(script, ROOT / f"scripts/{script}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return parser(module.main)


def test_every_script_understands_the_command_line_of_its_rule(copied, snakemake):
    planned = snakemake(
        copied("options"),
        "all",
        "arxiv",
        "--dry-run",
        "--printshellcmds",
        "--cores",
        "2",
        "--configfile=config/smoke.yaml",
    )
    assert planned.returncode == 0, planned.stderr[-2000:]
    commands = re.findall(r"scripts/(\w+)\.py (.*?) &> \S+$", planned.stdout + planned.stderr, re.MULTILINE)
    assert {script for script, _ in commands} > {"train_particles", "verify_claims", "build_paper", "pack_arxiv"}
    for script, options in commands:
        understood(script).parse_args(shlex.split(options), exit_on_error=False, print_error=False)


@pytest.mark.parametrize(
    ("names", "short"),
    [
        ([], []),
        (["a/batch0.nc", "a/batch1.nc", "a/batch2.nc", "b/batch0.nc"], ["a/batch{0..2}.nc", "b/batch0.nc"]),
        (["N10/x", "N11/x", "N13/x"], ["N{10..11}/x", "N13/x"]),
        (["x007", "x008", "y"], ["x007", "x008", "y"]),
        (["2", "1", "1", "2"], ["2", "1", "{1..2}"]),
    ],
)
def test_names_that_count_on_are_written_as_one(names, short):
    assert ranged(names) == short
    assert list(map(str, expanded(short))) == names


def test_five_thousand_batches_fit_a_command_line():
    names = [f"results/particles/a/N{width}/batch{batch}.nc" for width in (10, 100) for batch in range(5000)]
    assert len(" ".join(ranged(names))) < 100
    assert [*map(str, expanded(ranged(names)))] == names
