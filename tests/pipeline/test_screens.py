"""The last words at a terminal: what was made, or what stopped it."""

import os

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
    assert "before any rule" in stopped(tmp_path / "snakemake.log")
