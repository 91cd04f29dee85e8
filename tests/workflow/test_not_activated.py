"""Snakemake's jobs run with its own interpreter, whatever PATH and the user's variables say."""

import os
import subprocess
from pathlib import Path

import pytest

DATA = "results/small/data/sine1d.nc"


@pytest.fixture(scope="module")
def project(copied):
    return copied("unactivated")


@pytest.fixture
def another_shell(tmp_path):
    """Variables of a shell in which nothing is activated and every Python of PATH is one that fails."""
    for name in ("python", "python3", "snakemake"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'another python' >&2\nexit 77\n")
        (tmp_path / name).chmod(0o755)
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    return {**kept, "PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONWARNINGS": "default"}


def run(project: Path, shell: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        project / ".venv/bin/snakemake",
        "--cores",
        "1",
        "--configfile",
        "tests/cluster/small.yaml",
        *arguments,
    ]
    return subprocess.run(command, cwd=project, env=shell, capture_output=True, text=True, check=False)


def test_a_run_is_planned(project, another_shell):
    done = run(project, another_shell, "--dry-run", "--quiet", "host")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "train_particles" in done.stdout + done.stderr


def test_a_job_is_run(project, another_shell):
    done = run(project, another_shell, "--", DATA)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert (project / DATA).stat().st_size > 1000
    assert "another python" not in done.stdout + done.stderr
