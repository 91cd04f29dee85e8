"""The small DAG on a real Slurm, whose one node is this machine: the same bytes as without a cluster."""

import re

import pytest

pytestmark = pytest.mark.full

GREEDY = """import sys, time
kept = bytearray(2_800_000_000)  # less than two thirds of it at first
time.sleep(5)
"""


def submitted(done):
    """The jobs, or groups of jobs, that were given to Slurm."""
    return re.findall(r"SLURM jobid (\d+)", done.stdout + done.stderr)


@pytest.fixture(scope="module")
def on_slurm(slurm, copied, run_small):
    """The copy in which Slurm ran the small DAG, its data made by a job that outgrows its memory at first, and the log."""
    folder = copied("slurm")
    script = folder / "scripts/generate_data.py"
    script.write_text(
        GREEDY + script.read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    done = run_small(folder, *slurm)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-8000:]
    return folder, done


def test_results_are_bitwise_those_of_a_local_run(on_slurm, local, contents):
    there = contents(on_slurm[0])
    assert there.keys() == local.keys()
    assert [name for name in local if local[name] != there[name]] == []


def test_jobs_went_through_slurm_and_those_of_seconds_together(on_slurm):
    _, done = on_slurm
    assert len(set(submitted(done))) == 7 + 1 + 1  # single jobs, one of them again, and the group of two


def test_a_job_that_outgrew_its_memory_was_given_more(on_slurm):
    _, done = on_slurm
    assert "Trying to restart job" in done.stdout + done.stderr
