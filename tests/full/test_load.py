"""Two thousand jobs: what the scheduler costs a job and how much memory its process takes, without the science."""

import os
import subprocess
import time

import pytest

pytestmark = pytest.mark.full
JOBS, CORES = 2000, 2
SECONDS_A_JOB, MEGABYTES = 1.0, 1000  # what would be felt; several times what is measured on a quiet machine
STUB = """
import sys
from pathlib import Path
Path(sys.argv[sys.argv.index("--output") + 1]).touch()
"""


@pytest.fixture
def many(project):
    """The run with its training cut into 2000 jobs that do nothing but leave a file."""
    config = project.config
    for width in config["scenarios"]["three_points"]["widths"]:
        width.update(replicas=JOBS // 2, batch=1)
    project.configure(config)
    for name in ("train_particles", "generate_data"):
        (project.folder / f"scripts/{name}.py").write_text(STUB, encoding="utf-8")
    return project


def measured(project, *more: str) -> tuple[float, float]:
    """Seconds and the main process' largest memory in MB."""
    settings = project.command()
    settings["args"] += ["--until", "train_particles", "--quiet", "all", *more]
    started = time.monotonic()
    process = subprocess.Popen(**settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.monotonic() - started, usage.ru_maxrss / 1000


def test_two_thousand_jobs(many, capsys):
    planned, planning_memory = measured(many, "--dry-run")
    taken, memory = measured(many)
    assert len(list(many.folder.glob("results/tiny/particles/**/*.nc"))) == JOBS
    with capsys.disabled():
        print(
            f"\n{JOBS} jobs: planned in {planned:.0f} s ({planning_memory:.0f} MB), run in {taken:.0f} s on {CORES} cores"
        )
        print(f"({1000 * taken / JOBS:.0f} ms a job, {memory:.0f} MB)")
    assert taken / JOBS < SECONDS_A_JOB
    assert memory < MEGABYTES
