"""The terminal while a run goes on: what it reckons, what it says where, and that it cannot break the run."""

import io
import logging
import math
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from mfnn.pipeline.costs import plan_of
from mfnn.pipeline.progress import Progress, Task
from mfnn.pipeline.terminal import Terminal, follow, opening, status
from mfnn.pipeline.typical import LEAST_MB, LEAST_SECONDS, SNAKEMAKE_MB, typical_costs
from mfnn.storage import read_yaml

ROOT = Path(__file__).parents[2]
TYPICAL = typical_costs(plan_of(ROOT / "config/paper.yaml", ROOT / "config/scenarios"), ROOT / "config/costs.yaml")


class Screen(io.StringIO):
    def __init__(self, live=False):
        super().__init__()
        self.live = live

    def isatty(self):
        return self.live


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def graph(count, rule="train_particles", benchmark="results/benchmarks/plot_rates.tsv"):
    """What the terminal asks of Snakemake's graph: jobs in levels, each with its rule and benchmark."""
    made = SimpleNamespace(name=rule, snakefile="workflow/rules/some_stage.smk")
    jobs = [SimpleNamespace(id=number, rule=made, benchmark=benchmark) for number in range(count)]
    jobs.append(SimpleNamespace(id=count, rule=made, benchmark=None))  # a target without work
    return SimpleNamespace(needrun_jobs=lambda: [], toposorted=lambda _: [jobs], jobid=lambda job: job.id)


def record(event, message="", **fields):
    return logging.makeLogRecord({"msg": message, "event": event, "levelno": logging.INFO, **fields})


@pytest.fixture
def told():
    """told(live): a terminal at the beginning of a run of 40 jobs, its screen and its clock."""

    def begin(live=False):
        screen, clock = Screen(live), Clock()
        terminal = Terminal(screen, clock)
        terminal.begin(graph(40), TYPICAL, "results", 2)
        return terminal, screen, clock

    return begin


def ran(terminal, clock, job, seconds=3.0):
    terminal.emit(record("job_info", jobid=job, rule_msg=f"Train replica {job}", rule_name="train_particles"))
    clock.now += seconds
    terminal.emit(record("job_finished", job_id=job))


@pytest.mark.parametrize("live", [False, True])
def test_a_long_training_says_how_far_it_is(told, live, tmp_path):
    """Its last line about a saved state, once; not what else is in its log, and nothing once it is done."""
    terminal, screen, _ = told(live)
    log, line = tmp_path / "batch0.log", "mnist N=100000: 20%, 40960 of 200000 steps of replica 0, about 16 min left"
    terminal.emit(record("job_info", jobid=3, rule_msg="Train", rule_name="train_particles", log=[str(log)]))
    terminal.look()
    log.write_text(f"other\n{line}, state saved\nmnist N=100000: replica 0, t = 1 of 2\n", encoding="utf-8")
    terminal.look()
    terminal.look()
    assert screen.getvalue().count(f"  {line}, state saved\n") == 1
    assert "t = 1 of 2" not in screen.getvalue()
    terminal.emit(record("job_finished", job_id=3))
    log.write_text(f"{line}, and state saved\n", encoding="utf-8")
    terminal.look()
    assert "and state saved" not in screen.getvalue()
    assert not terminal.broken


def simulated(seconds, slowness, cores):
    """The time left as it is told every minute of a run of tasks of that work, and the truth, at a machine's slowness."""
    progress = Progress({job: Task("a", each) for job, each in enumerate(seconds)}, cores, began=0.0)
    waiting, ends, now, told = list(progress.tasks), {}, 0.0, []
    while waiting or ends:
        while waiting and len(ends) < cores:
            job = waiting.pop(0)
            progress.start(job, now)
            ends[job] = now + seconds[job] * slowness(now)
        next_end = min(ends.values())
        told += [
            (minute, progress.left(minute)) for minute in range(60 * math.ceil(now / 60), math.ceil(next_end), 60)
        ]
        now = next_end
        for job in [job for job, end in ends.items() if end == now]:
            progress.finish(job, now)
            del ends[job]
    return [(left, now - minute) for minute, left in told]


@pytest.mark.parametrize("slowness", [0.5, 1.0, 4.0])
def test_the_time_left_is_true_at_any_load_after_a_fifth_of_the_run(slowness):
    told = simulated([60.0] * 40, lambda _: slowness, cores=2)
    for left, truth in told[len(told) // 5 : -2]:
        assert left == pytest.approx(truth, rel=0.3)


def test_the_time_left_does_not_stand_still_under_load():
    """A run that others slow down fourfold half-way, as they come: from the next jobs on every five minutes count."""
    told = [left for left, _ in simulated([60.0] * 60, lambda now: 1.0 if now < 900 else 4.0, cores=2)]
    settled = told[15 + 24 :]
    assert len(settled) > 20
    assert all(later < earlier - 150 for earlier, later in zip(settled, settled[5:], strict=False))


def test_the_last_long_job_has_one_core():
    progress = Progress({0: Task("a", 600.0)}, cores=2, began=0.0)
    progress.start(0, 0.0)
    assert progress.left(100.0) == pytest.approx(500.0)


def test_running_jobs_count_by_their_time_and_never_as_done():
    progress = Progress({0: Task("a", 100.0), 1: Task("a", 100.0)}, cores=2, began=0.0)
    progress.start(0, 0.0)
    assert progress.share(40.0) == pytest.approx(0.2)
    assert progress.share(1e6) < 0.5 and progress.left(1e6) > 100.0
    progress.fail(0)
    assert progress.share(1e6) == 0.0 and progress.failed == {0}
    progress.start(0, 50.0)  # tried once more
    assert not progress.failed


def test_every_rule_has_a_typical_cost():
    rules = re.findall(
        r"^rule (\w+):\n    message",
        "".join(p.read_text(encoding="utf-8") for p in ROOT.glob("workflow/rules/*.smk")),
        re.M,
    )
    beside = {"pack_arxiv"}  # on request only
    assert set(rules) - beside == set(read_yaml(ROOT / "config/costs.yaml"))


def test_typical_costs_grow_with_the_job():
    narrow, wide = (Path(f"train_particles/sine1d/N{width}/batch0.tsv") for width in (100, 100_000))
    seconds = [TYPICAL.seconds("train_particles", job) for job in (narrow, wide)]
    assert LEAST_SECONDS <= seconds[0] < seconds[1] < 1000
    assert TYPICAL.seconds("unheard_of", Path("unheard_of.tsv")) == LEAST_SECONDS


def test_a_job_asks_for_at_most_twice_what_it_typically_takes():
    for rule in ("approximate_limit", "measure_settling", "measure_errors", "solve_limit"):
        job = Path(rule, "mnist.tsv" if rule in ("approximate_limit", "measure_settling") else "sine1d.tsv")
        megabytes, seconds = TYPICAL.megabytes(rule, job), TYPICAL.seconds(rule, job)
        assert megabytes < TYPICAL.asked_mb(rule, job) <= max(LEAST_MB, 2 * megabytes + SNAKEMAKE_MB + 1)
        assert seconds < 60 * TYPICAL.asked_minutes(rule, job) <= max(120, 2 * seconds + 60)


def test_the_first_screen_counts_jobs_by_stage(told):
    _, screen, _ = told()
    assert re.search(r"some stage +40 jobs", screen.getvalue())
    assert re.search(r"To do: 40 jobs, about \d+ (s|min) on 2 cores", screen.getvalue())
    assert len(screen.getvalue().splitlines()) < 24
    many = Progress({job: Task(f"stage {job % 17}", 100.0) for job in range(500)}, 2, 0.0)
    assert len(opening(many).splitlines()) <= 24


def test_a_pipe_gets_a_line_every_few_percent_and_no_control_characters(told):
    terminal, screen, clock = told()
    terminal.emit(record("job_info", jobid=39, rule_msg="Train replica 39", rule_name="train_particles"))
    for job in range(39):
        ran(terminal, clock, job)
    lines = [line for line in screen.getvalue().splitlines() if "gone" in line]
    assert 10 <= len(lines) <= 20
    assert "Train replica 39" in lines[0] and "left, until" in lines[0]
    assert not {"\r", "\x1b"} & set(screen.getvalue())


def test_a_terminal_gets_one_line_that_is_rewritten(told, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    terminal, screen, clock = told(live=True)
    before = screen.getvalue().count("\n")
    for job in range(10):
        ran(terminal, clock, job)
    assert screen.getvalue().count("\n") == before
    assert all(len(line) < 60 for line in screen.getvalue().split("\r\x1b[K")[2:])
    assert "10 of 40 jobs" in status(terminal.progress, clock.now)


def test_a_failure_is_told_at_once_and_warnings_pass(told):
    terminal, screen, _ = told()
    terminal.emit(record("job_info", jobid=3, rule_msg=None, rule_name="plot_rates"))
    terminal.emit(record("job_error", jobid=3, rule_name="plot_rates"))
    assert "plot_rates failed" in screen.getvalue()
    assert terminal.passes(record(None, "The disk is nearly full"))
    assert not terminal.passes(record("job_error", "Error in rule plot_rates"))
    for last in (
        "At least one job did not complete successfully.",
        "WorkflowError:\nAt least one job did not complete",
    ):
        assert not terminal.passes(record("error", last))


def test_what_a_user_stops_has_not_failed(told):
    terminal, screen, _ = told()
    terminal.emit(record("job_info", jobid=3, rule_msg=None, rule_name="plot_rates"))
    terminal.emit(record(None, "Terminating processes on user request, this might take some time."))
    terminal.emit(record("job_error", jobid=3, rule_name="plot_rates"))
    assert "failed" not in screen.getvalue()


def test_what_it_does_not_understand_is_left_to_snakemake():
    terminal = Terminal(Screen())
    terminal.begin(SimpleNamespace(), TYPICAL, "results", 2)  # a graph unlike Snakemake's
    assert terminal.passes(record("job_info", "Rule: all"))
    terminal.emit(record("job_info"))


@pytest.mark.parametrize("asked", [{"dryrun": True}, {"verbose": True}, {"printshellcmds": True}, {"quiet": {"all"}}])
def test_who_asks_for_more_or_fewer_words_gets_snakemakes_own(asked):
    logger, own = logging.Logger("snakemake"), logging.StreamHandler(Screen())
    own.name = "DefaultStreamHandler"
    logger.addHandler(own)
    usual = {"dryrun": False, "verbose": False, "printshellcmds": False, "quiet": {"reason", "host"}}
    assert follow(logger, SimpleNamespace(**(usual | asked))) is None
    assert follow(logger, SimpleNamespace(**usual)) in logger.handlers
