"""A run killed anywhere is taken up again by the same command and ends with the same bytes."""

import os
import signal
import subprocess
import time

import numpy as np
import pytest

CORES, KILLS = 2, 20
SEED = 18050105

pytestmark = pytest.mark.full


def killed_after(project, seconds: float) -> None:
    """Start a run and kill its whole process group at once, so that nothing can tidy up."""
    process = subprocess.Popen(**project.command(cores=CORES), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_killed_run_is_taken_up_again(project):
    started = time.monotonic()
    assert project.run(cores=CORES).returncode == 0
    length, undisturbed = time.monotonic() - started, project.contents()
    for moment in np.random.default_rng(SEED).uniform(0.1, 0.95, KILLS):
        project.clear()
        killed_after(project, moment * length)
        there = {name: path.stat().st_mtime_ns for name, path in project.outputs().items()}
        resumed = project.run(cores=CORES)
        assert resumed.returncode == 0, f"killed after {moment * length:.2f} s: {resumed.stderr[-3000:]}"
        assert project.contents() == undisturbed
        outputs = project.outputs()
        again = [name for name, made in there.items() if outputs[name].stat().st_mtime_ns != made]
        batches = {name.split(".")[0].removesuffix("_law") for name in again}
        assert len(batches) <= CORES, f"killed after {moment * length:.2f} s, made again: {again}"
        assert not list(project.folder.glob("results/**/*.part"))


def test_two_runs_at_once_are_refused_in_one_line(project):
    first = subprocess.Popen(**project.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lock = project.folder / "results/tiny/.run-lock"
    while not (lock.exists() and lock.read_text()):
        assert first.poll() is None
        time.sleep(0.02)
    second = project.run()
    refusals = [line for line in second.stderr.splitlines() if line.startswith("error: ")]
    assert refusals == [
        f"error: another run is writing results/tiny (process {first.pid}); wait for it or stop it"
    ], second.stderr
    assert second.returncode != 0
    assert first.wait() == 0


def test_a_dry_run_beside_a_run_is_allowed(finished):
    assert finished.run("--dry-run").returncode == 0
