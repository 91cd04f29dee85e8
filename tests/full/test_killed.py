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


def begun(said: str) -> int:
    """How many jobs a run began."""
    return len(re.findall(r"^Job \d+: ", said, re.MULTILINE))


def killed_after(project, seconds: float) -> str | None:
    """What a run said whose whole process group was killed, so that nothing could tidy up; None if it ended before."""
    with (project.folder / "killed.log").open("w+") as log:
        process = subprocess.Popen(**project.command(cores=CORES), stdout=log, stderr=subprocess.STDOUT)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        log.seek(0)
        return log.read() if process.wait() == -signal.SIGKILL else None


def test_a_killed_run_is_taken_up_again(project, capsys):
    started = time.monotonic()
    whole = project.run(cores=CORES)
    length, undisturbed = time.monotonic() - started, project.contents()
    assert whole.returncode == 0
    moments, lost = np.random.default_rng(SEED), []
    while len(lost) < KILLS:
        project.clear()
        moment = moments.uniform(0.1, 0.95) * length
        said = killed_after(project, moment)
        if said is None:
            continue
        there = {name: path.stat().st_mtime_ns for name, path in project.outputs().items()}
        resumed = project.run(cores=CORES)
        assert resumed.returncode == 0, f"killed after {moment:.2f} s: {resumed.stderr[-3000:]}"
        assert project.contents() == undisturbed
        outputs = project.outputs()
        again = [name for name, made in there.items() if outputs[name].stat().st_mtime_ns != made]
        batches = {name.split(".")[0].removesuffix("_law") for name in again}
        lost.append(begun(said) + begun(resumed.stderr) - begun(whole.stderr))
        assert max(len(batches), lost[-1]) <= CORES, f"killed after {moment:.2f} s, made again: {again}"
    with capsys.disabled():
        times = ", ".join(f"{jobs} in {kills} of them" for jobs, kills in sorted(Counter(lost).items()))
        print(f"\nkilled {KILLS} times over {length:.0f} s of a run: {KILLS} resumed to the same bytes")
        print(f"jobs lost by a kill, of {CORES} at a time: {times}")
