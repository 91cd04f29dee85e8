"""docs/extending.md, "A study": its files, written as they stand there, run through Snakemake to figure and verdict."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

SECTION = (Path(__file__).parents[2] / "docs/extending.md").read_text().partition("\n## A study\n")[2]
FILES = (
    *("src/mfnn/studies/toy/plan.py", "scripts/measure_toy.py", "workflow/rules/toy.smk"),
    *("config/claims/toy.yaml", "config/toy.yaml"),
)


@pytest.fixture(scope="module")
def project(copied):
    """A copy with the section's blocks in the files that the text names before each, and nothing else changed."""
    folder = copied("toy")
    pieces = re.split(r"^```\w+\n(.*?)^```$", SECTION, flags=re.MULTILINE | re.DOTALL)
    for before, block in zip(pieces[::2], pieces[1::2], strict=False):
        (name,) = (file for file in FILES if f"`{file}`" in before)
        assert not (folder / name).exists()
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(block)
    assert all((folder / name).exists() for name in FILES)
    return folder


def test_it_runs_to_its_figure_and_its_verdict(project, snakemake):
    (command,) = re.findall(r"`(snakemake [^`]+)`", SECTION)
    done = snakemake(project, *shlex.split(command)[1:])
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert (project / "results/toy/figures/toy.png").read_bytes().startswith(b"\x89PNG")
    verdicts = pd.read_csv(project / "results/toy/verdicts.csv")
    assert verdicts["id"].tolist() == ["three_points.toy.gap"]
    assert verdicts["verdict"].isin(["holds", "violated", "inconclusive"]).all()


def test_what_it_cannot_be_made_of_is_one_line(project, snakemake):
    wrong = (project / "config/toy.yaml").read_text().replace("observable: c^2", "observable: c^3")
    (project / "config/wrong.yaml").write_text(wrong)
    done = snakemake(project, "toy", "--cores", "1", "--quiet", "host", "--configfile", "config/wrong.yaml")
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].startswith("error: studies.toy.observable: got 'c^3'")
