"""The last words at a terminal: what was made, or what stopped it."""

import os

import pytest

from mfnn.pipeline.screens import done, stopped


def test_the_closing_screen_names_what_was_made(tmp_path):
    (tmp_path / "verdicts.txt").write_text(
        "violated: a.b: x\n1 holds, 1 violated, 0 inconclusive of 2 claims\n", encoding="utf-8"
    )
    places = {"paper": tmp_path / "verdicts.txt", "tour": tmp_path / "nowhere.html"}
    screen = done(tmp_path / "verdicts.txt", places, 125.2)
    assert "1 holds, 1 violated, 0 inconclusive of 2 claims" in screen
    assert "2 min 5 s" in screen
    assert "nowhere" not in screen
    os.utime(tmp_path / "verdicts.txt", (0, 0))
    assert "verdicts" not in done(tmp_path / "verdicts.txt", places, 125.2)  # of an earlier run


def test_the_error_screen_names_rule_cause_and_log(tmp_path):
    own = tmp_path / "train.log"
    own.write_text("N=10: replica 0\nerror: sine1d N=10: replica 3 diverged at step 7\n\n", encoding="utf-8")
    block = f"Error in rule train_particles:\n    message: None\n    jobid: 5\n    log: {own} (check log file(s))\n"
    (tmp_path / "snakemake.log").write_text(f"Building DAG\n{block}\n{block}Exiting\n", encoding="utf-8")
    screen = stopped(tmp_path / "snakemake.log")
    assert screen.count("train_particles failed: error: sine1d N=10: replica 3 diverged at step 7") == 1
    assert f"log: {own}" in screen
    many = "".join(block.replace("train_particles", f"rule_{number}") for number in range(50))
    (tmp_path / "snakemake.log").write_text(many, encoding="utf-8")
    assert len(stopped(tmp_path / "snakemake.log").splitlines()) < 24 and "45 more" in stopped(
        tmp_path / "snakemake.log"
    )
    (tmp_path / "snakemake.log").write_text("Exiting\n", encoding="utf-8")
    assert (
        stopped(tmp_path / "snakemake.log")
        == f"\n  Stopped; the cause stands at the end of {tmp_path}/snakemake.log\n"
    )


SKEW = """Select jobs to execute...
WorkflowError in rule train_particles in file "/x/workflow/rules/particles.smk", line 11:
Output a/b.nc has older modification time (2026-11-26 02:18:52.813851) than input a/data.nc (2030-01-01 00:00:00). This
Removing output files of failed job train_particles since they might be corrupted:
"""
MISSING = """MissingOutputException in rule plot_rates in file "/x/workflow/rules/convergence.smk", line 3:
Job 3 completed successfully, but some output files are missing. a/rates.pdf
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SKEW, "train_particles failed: a/data.nc is dated in the future: touch it, or set the clock"),
        (MISSING, "plot_rates failed: Job 3 completed successfully, but some output files are missing. a/rates.pdf"),
    ],
)
def test_the_last_line_is_true_of_a_rule_that_snakemake_finds_amiss(tmp_path, text, said):
    (tmp_path / "snakemake.log").write_text(text, encoding="utf-8")
    screen = stopped(tmp_path / "snakemake.log")
    assert said in screen and "the same command goes on from here" in screen


@pytest.mark.parametrize("failed_before", [True, False])
def test_the_last_line_is_true_of_a_run_that_a_user_stops(tmp_path, failed_before):
    own = tmp_path / "solve.log"
    own.write_text("error: interrupted\n", encoding="utf-8")
    killed = f"Error in rule solve_limit:\n    log: {own} (check log file(s))\n"
    earlier = "Error in rule plot_rates:\n    message: None\n" * failed_before
    stop = "Terminating processes on user request, this might take some time.\n"
    (tmp_path / "snakemake.log").write_text(f"{earlier}{stop}{killed}Exiting\n", encoding="utf-8")
    screen = stopped(tmp_path / "snakemake.log")
    assert "Interrupted. What is done is kept: " in screen and "solve_limit" not in screen
    assert ("plot_rates failed" in screen, "once this is mended" in screen) == (failed_before, failed_before)
