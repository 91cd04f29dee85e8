"""A run killed anywhere is taken up again by the same command and ends with the same bytes."""

import os
import re
import signal
import subprocess
import time
from collections import Counter

import numpy as np
import pytest

CORES, KILLS = 2, 20
SEED = 18050105

pytestmark = pytest.mark.full


def begun(project) -> int:
    """How many jobs were begun in a folder since it was cleared, by the logs of its runs."""
    logs = (project.folder / ".snakemake/log").glob("*.log")
    return sum(len(re.findall(r"^Job \d+: ", log.read_text(encoding="utf-8"), re.MULTILINE)) for log in logs)


def was_killed_after(project, seconds: float) -> bool:
    """Start a run and kill its whole process group, so that nothing can tidy up; False if it ended before."""
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(**project.command(cores=CORES), **silent)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def test_a_killed_run_is_taken_up_again(project, capsys):
    started = time.monotonic()
    whole = project.run(cores=CORES)
    length, undisturbed, jobs = time.monotonic() - started, project.contents(), begun(project)
    assert whole.returncode == 0
    assert jobs >= 7
    moments, lost = np.random.default_rng(SEED), []
    while len(lost) < KILLS:
        project.clear()
        moment = moments.uniform(0.1, 0.95) * length
        if not was_killed_after(project, moment):
            continue
        there = {name: path.stat().st_mtime_ns for name, path in project.outputs().items()}
        resumed = project.run(cores=CORES)
        assert resumed.returncode == 0, f"killed after {moment:.2f} s: {resumed.stderr[-3000:]}"
        assert project.contents() == undisturbed
        outputs = project.outputs()
        again = [name for name, made in there.items() if outputs[name].stat().st_mtime_ns != made]
        batches = {name.split(".")[0].removesuffix("_law") for name in again if ".sha256" not in name}
        lost.append(begun(project) - jobs)
        assert max(len(batches), lost[-1]) <= CORES, f"killed after {moment:.2f} s, made again: {again}"
    with capsys.disabled():
        times = ", ".join(f"{count} in {kills} of them" for count, kills in sorted(Counter(lost).items()))
        print(f"\nkilled {KILLS} times over {length:.0f} s of a run: {KILLS} resumed to the same bytes")
        print(f"of {jobs} jobs lost by a kill, {CORES} running at a time: {times}")
