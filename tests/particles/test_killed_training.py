"""A training job of the workflow, killed by SIGKILL at random moments, ends with the bytes of an undisturbed one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mfnn.learning.scenario import evaluation_set, pack
from mfnn.storage import is_temporary, write_dataset

SCRIPT = Path(__file__).parents[2] / "scripts/train_particles.py"
SEED = 18050105
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


class Job:
    """A job on 64 features, so of the blocked kernel, in single precision; its state is saved whenever it may be."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.output, self.state = folder, folder / "out.nc", folder / "states/state.npz"

    def begin(self) -> subprocess.Popen:
        arguments = ["--data", "data.nc", "--width", "3000", "--replicas", "0", "2", "--times", "0", "1", "2"]
        arguments += ["--observables", "c0^2", "w5^2", "--keep", "3000", "--keep-times", "2", "--follow", "0"]
        arguments += ["--keep-coordinates", "c0", "w5", "--precision", "single", "--threads", "1", "--root-seed", "0"]
        arguments += ["--state", "states/state.npz", "--state-seconds", "0", "--code", "code", "--output", "out.nc"]
        return subprocess.Popen(
            [sys.executable, SCRIPT, *arguments],
            cwd=self.folder,
            env={**os.environ, **THREADS},
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def finish(self) -> tuple[bytes, str]:
        """What the job leaves, and what it says."""
        process = self.begin()
        told = process.communicate()[1].decode("utf-8")
        assert process.returncode == 0, told
        content = self.output.read_bytes()
        self.output.unlink()
        return content, told

    def was_killed(self, seconds: float) -> bool:
        """Begin, wait for a state to be saved, and kill after so many seconds more; False if its output came first."""
        process, before = self.begin(), self.saved()
        while process.poll() is None and self.saved() == before:
            time.sleep(0.005)
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL and not self.output.exists()

    def saved(self) -> int:
        """When the state was saved."""
        return self.state.stat().st_mtime_ns if self.state.exists() else 0


@pytest.fixture
def job(vary: Callable, tmp_path: Path) -> Job:
    rng = np.random.default_rng(3)
    data = {"data.x": rng.normal(size=(16, 64)) / 8, "data.y": rng.normal(size=(16, 2)), "data.noise_std": 0.1}
    problem = vary("three_points", data)
    write_dataset(pack(problem, evaluation_set(problem)), tmp_path / "data.nc")
    return Job(tmp_path)


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.full)])
def test_a_killed_job_goes_on_to_the_same_bytes(job: Job, kills: int) -> None:
    undisturbed, _ = job.finish()
    assert not job.state.exists()
    moments, done = np.random.default_rng(SEED), 0
    while done < kills:
        if not job.was_killed(moments.uniform(0, 0.4)):
            job.output.unlink()
            continue
        done += 1
        if done % 2 == 0:  # every other kill hits a job that goes on after a kill already
            content, told = job.finish()
            assert "goes on after" in told
            assert content == undisturbed
            left = [path for path in (job.folder / "states").iterdir() if not is_temporary(path.name)]
            assert left == []
