"""A long training job that Slurm ends on its way goes on from its saved state, to the bits of an undisturbed one."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.full

PLACE = "sine1d/N10000/batch0"
RESULTS = Path("results/long")
RECORD, STATE = RESULTS / f"particles/{PLACE}.nc", RESULTS / f"states/{PLACE}.npz"
LOG = RESULTS / f"logs/train_particles/{PLACE}.log"
WAITS = 120  # seconds until a state must be there


class Training:
    """The job in a copy of the project whose trainings save their state every second."""

    def __init__(self, folder: Path, command: Callable[..., dict[str, Any]], *arguments: str) -> None:
        states = folder / "src/mfnn/particles/states.py"
        text, found = re.subn(
            r"^INTERVAL = \S+", "INTERVAL = 1.0", states.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        assert found == 1
        states.write_text(text, encoding="utf-8")
        asked = (*arguments, "--configfile", "tests/cluster/long.yaml", "--", str(RECORD))
        self.folder, self.said, self._arguments = folder, "", command(folder, *asked)

    def begin(self) -> subprocess.Popen:
        return subprocess.Popen(**self._arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def wait_for_a_state(self, process: subprocess.Popen) -> None:
        end = time.monotonic() + WAITS
        while not (self.folder / STATE).exists():
            assert process.poll() is None, process.communicate()[0][-4000:]
            assert time.monotonic() < end, f"no state within {WAITS} s"
            time.sleep(0.05)

    def finish(self, process: subprocess.Popen) -> bytes:
        """The record that it leaves."""
        self.said += process.communicate()[0]
        assert process.returncode == 0, self.said[-4000:]
        assert not (self.folder / STATE).exists()
        return (self.folder / RECORD).read_bytes()

    @property
    def submitted(self) -> list[str]:
        """The numbers of the jobs that were given to Slurm for it, as far as was said."""
        return re.findall(r"SLURM jobid (\d+)", self.said)

    @property
    def went_on(self) -> bool:
        return "goes on after" in (self.folder / LOG).read_text(encoding="utf-8")


def slurm_says(*asked: str) -> str:
    done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True, timeout=WAITS)
    return done.stdout


def running_job() -> str:
    """The number of the one job there is."""
    (job,) = slurm_says("squeue", "--noheader", "--format=%i").split()
    return job


@pytest.fixture(scope="module")
def undisturbed(copied, command):
    training = Training(copied("undisturbed"), command, "--cores", "1")
    record = training.finish(training.begin())
    assert not training.went_on
    return record


@pytest.fixture
def training(slurm, copied, command):
    return Training(copied("disturbed"), command, *slurm)


def test_a_cancelled_job_is_submitted_again_and_goes_on(training, undisturbed):
    process = training.begin()
    training.wait_for_a_state(process)
    slurm_says("scancel", running_job())
    assert training.finish(process) == undisturbed
    assert training.went_on
    assert len(training.submitted) == 2 + 1  # of data, too


def test_a_preempted_job_is_queued_again_by_slurm_and_goes_on(training, undisturbed):
    process = training.begin()
    training.wait_for_a_state(process)
    job = running_job()
    slurm_says(
        "sbatch", "--wait", "--partition=urgent", "--exclusive", "--mem=100", "--output=/dev/null", "--wrap=true"
    )
    assert "Restarts=1" in slurm_says("scontrol", "show", "job", job)
    assert training.finish(process) == undisturbed
    assert training.went_on
    assert len(training.submitted) == 1 + 1  # of data, too: Snakemake waits for the same job
