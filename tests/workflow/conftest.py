"""A copy of the project in which the smoke run is made once, for all tests of the workflow."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONWARNINGS": "default"}


@pytest.fixture(scope="session")
def snakemake():
    """snakemake(folder, *arguments): Snakemake of the copy's own environment, not activated; its completed process."""

    def run(folder, *arguments):
        command = [folder / ".venv/bin/snakemake", *arguments]
        return subprocess.run(
            command, cwd=folder, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False
        )

    return run


@pytest.fixture(scope="session")
def make():
    """make(folder, *arguments): make run there on the copy's environment, whose installation is left alone."""

    def run(folder, *arguments):
        installed = (".venv/bin/pip", ".venv/.lock-stamp", ".venv-bench/.lock-stamp", "latex", "browser", "slurm")
        command = ["make", *(f"--old-file={name}" for name in installed), *arguments]
        return subprocess.run(
            command, cwd=folder, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False
        )

    return run


@pytest.fixture(scope="session")
def smoke(copied, snakemake):
    """The copy after a complete smoke run."""
    folder = copied("clone")
    done = snakemake(folder, "--cores", "2", "--configfile", "config/smoke.yaml")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return folder


@pytest.fixture(scope="session")
def reported(smoke, make):
    """What `make smoke` says where nothing is left to do."""
    return make(smoke, "smoke", "CORES=2")


@pytest.fixture(scope="session")
def finished(smoke, copied):
    """A copy whose default run is the smoke run, finished: the same results where config/paper.yaml has them."""
    folder, results = copied("finished"), smoke / "results/smoke"
    config = (folder / "config/smoke.yaml").read_text(encoding="utf-8")
    for place in ("results: results", "figures: figures", "paper: paper"):
        key = place.split(":")[0]
        config = config.replace(f"{key}: results/smoke{'' if key == 'results' else '/' + key}", place, 1)
    (folder / "config/paper.yaml").write_text(config, encoding="utf-8")
    for place in ("figures", "paper"):
        shutil.copytree(results / place, folder / place, copy_function=os.link, dirs_exist_ok=True)
    left_out = shutil.ignore_patterns("figures", "paper", ".run-lock")
    shutil.copytree(results, folder / "results", copy_function=os.link, ignore=left_out)
    return folder
