"""The terminal while the workflow runs: one screen of what will run, then one line of how far it is.

Snakemake logs through Python's `logging`; the records carry an `event`. What they say job by job is left to the log file,
which stays complete; the terminal gets a line that is rewritten in place, a pipe a line every few percent. Warnings and
everything unknown pass. Should anything here fail, it falls silent and Snakemake speaks for itself.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from mfnn.pipeline.progress import Progress, Task
from mfnn.pipeline.screens import INTERRUPTED, duration
from mfnn.pipeline.streams import encode_streams
from mfnn.pipeline.typical import Typical
from mfnn.storage import STATE_SAVED

STEP = 0.05  # of the work, between two lines in a pipe
TICK = 20.0  # seconds between two looks at what long trainings say of themselves
TAIL = 4096  # bytes of a log that its last line is looked for in
TOLD_HERE = {"workflow_started", "run_info", "resources_info", "job_info", "shellcmd", "job_started", "job_finished"}
TOLD_HERE |= {"job_error", "progress"}
CHATTER = ("Assuming unrestricted", "Select jobs to execute", "Using shell", "Complete log(s)", "Elapsed time")
TOLD_IN_THE_END = (  # by the error screen
    *(
        "RuleException:\nCalledProcessError",
        "Exiting because a job execution failed",
        "At least one job did not complete",
        "WorkflowError:\nAt least one job did not complete",
    ),
)
ERASE = "\r\x1b[K"


class Terminal(logging.Handler):
    """Follows a run's records and tells a stream about it; a filter for Snakemake's own handler of the same stream."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.stream, self.clock = stream, clock
        self.live = stream.isatty()
        self.progress: Progress | None = None
        self.said: dict[int, str] = {}
        self.logs: dict[int, Path] = {}
        self.far: dict[int, str] = {}  # how far a long training is, by its last line
        self.told = 0.0
        self.broken = self.interrupted = False

    def begin(self, dag: Any, typical: Typical, results: str, cores: int) -> None:
        """The first screen; from here on records are followed."""
        try:
            self.progress = Progress(tasks(dag, typical, Path(results, "benchmarks")), cores, self.clock())
            self._line(opening(self.progress))
            threading.Thread(target=self._watch, daemon=True).start()
        except Exception:
            self.broken = True

    def end(self) -> None:
        """The last line that was rewritten is cleared, for the closing screen."""
        self.progress = None
        if self.live:
            self._line("")

    def emit(self, record: logging.LogRecord) -> None:
        """Take in a record, and say how far the run is if it has changed."""
        try:
            if self.progress and self._follow(self.progress, record) and self.progress.unfinished:
                self._tell(self.progress)
        except Exception:
            self.broken = True

    def look(self) -> None:
        """Tell what long trainings have written since the last look: steps, time left, and that their state is saved."""
        self.acquire()
        try:
            for job in self.progress.running if self.progress else ():
                line = last_state(self.logs[job]) if job in self.logs else ""
                if line and line != self.far.get(job):
                    self.far[job] = line
                    self._line(f"  {line}")
        except Exception:
            self.broken = True
        finally:
            self.release()

    def _watch(self) -> None:
        while self.progress:
            time.sleep(TICK)
            self.look()

    def passes(self, record: logging.LogRecord) -> bool:
        """Whether Snakemake's own handler shows a record: what is told here is left out."""
        if self.broken:
            return True
        message = str(record.msg)
        ours = str(getattr(record, "event", "")) in TOLD_HERE or message.startswith(CHATTER + TOLD_IN_THE_END)
        if not ours and self.live:
            self.stream.write(ERASE)
        return not ours

    def _follow(self, progress: Progress, record: logging.LogRecord) -> bool:
        """Whether a record changes how far the run is."""
        event = str(getattr(record, "event", ""))
        told: Any = record  # with Snakemake's own attributes, which the type of a log record does not declare
        self.interrupted |= str(record.msg).startswith(INTERRUPTED)
        if event == "job_info":
            self.said[told.jobid] = told.rule_msg or told.rule_name
            if log := getattr(told, "log", None):
                self.logs[told.jobid] = Path(log[0])
            progress.start(told.jobid, self.clock())
        elif event == "job_finished":
            progress.finish(told.job_id, self.clock())
        elif event == "job_error":
            progress.fail(told.jobid)
            if not self.interrupted:
                self._line(f"  {told.rule_name} failed; what does not need it goes on")
        return event in ("job_info", "job_finished", "job_error") and not self.interrupted

    def _tell(self, progress: Progress) -> None:
        now = self.clock()
        running = "; ".join(self.said[job] for job in progress.running)
        line = f"{status(progress, now)} · {running}" if running else status(progress, now)
        if self.live:
            self.stream.write(ERASE + line[: shutil.get_terminal_size().columns - 1])
            self.stream.flush()
        elif progress.share(now) >= self.told + STEP:
            self.told = progress.share(now)
            self._line(line)

    def _line(self, text: str) -> None:
        self.stream.write(f"{ERASE if self.live else ''}{text}\n")
        self.stream.flush()


def follow(logger: logging.Logger, settings: Any) -> Terminal | None:
    """Speak in place of Snakemake's own handler; None where it plans only, or was asked for less or for more words."""
    encode_streams()
    own = next((handler for handler in logger.handlers if handler.name == "DefaultStreamHandler"), None)
    quiet = {str(kind).rpartition(".")[2].lower() for kind in settings.quiet or ()}
    asked = settings.dryrun or settings.verbose or settings.printshellcmds or quiet & {"all", "progress", "rules"}
    if asked or not isinstance(own, logging.StreamHandler):
        return None
    terminal = Terminal(own.stream)
    own.addFilter(terminal.passes)
    logger.addHandler(terminal)
    return terminal


def last_state(log: Path) -> str:
    """The last line of a training's log that tells of a saved state, empty where none does."""
    if not log.exists():
        return ""
    with log.open("rb") as content:
        content.seek(max(0, log.stat().st_size - TAIL))
        lines = content.read().decode("utf-8", errors="replace").splitlines()
    return next((line for line in reversed(lines) if line.endswith(STATE_SAVED)), "")


def tasks(dag: Any, typical: Typical, folder: Path) -> dict[int, Task]:
    """The jobs of Snakemake's graph that are to run, in the order of their dependence; `folder` has the benchmarks."""
    return {
        dag.jobid(job): Task(
            Path(job.rule.snakefile).stem.replace("_", " "),
            typical.seconds(job.rule.name, Path(job.benchmark).relative_to(folder)),
        )
        for level in dag.toposorted(set(dag.needrun_jobs()))
        for job in level
        if job.benchmark
    }


def opening(progress: Progress) -> str:
    """What will run: jobs and work by stage, in the order in which they are first needed, and about how long it takes."""
    stages: dict[str, list[float]] = {}
    for task in progress.tasks.values():
        stages.setdefault(task.stage, []).append(task.seconds)
    rows = [
        f"  {stage:<16}{len(each):>5} job{'s' if len(each) > 1 else ' '}{_about(sum(each) / progress.cores):>14}"
        for stage, each in stages.items()
    ]
    total = f"{len(progress.tasks)} jobs, about {_about(progress.total / progress.cores)} on {progress.cores} cores"
    note = "  reckoned from a default run on two slow cores, and again from this one as it goes on"
    return "\n".join(["", f"  To do: {total};", note, "", *rows, ""])


def status(progress: Progress, now: float) -> str:
    """How far, in jobs and work, since when, and about how long still."""
    jobs = f"{len(progress.done)} of {len(progress.tasks)} jobs"
    failed = f", {len(progress.failed)} failed" if progress.failed else ""
    until = time.strftime("%H:%M", time.localtime(now + progress.left(now)))
    times = f"{duration(now - progress.began)} gone, about {_about(progress.left(now))} left, until {until}"
    return f"  {progress.share(now):4.0%}  {jobs}{failed} · {times}"


def _about(seconds: float) -> str:
    """A duration as roughly as it is known."""
    if seconds >= 7200:
        return f"{seconds / 3600:.1f} h"
    return f"{max(1, round(seconds / 60))} min" if seconds >= 90 else f"{max(10, round(seconds, -1)):.0f} s"
