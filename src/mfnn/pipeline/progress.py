"""How far a run is and about how long it still takes, reckoned from what its jobs typically cost.

The work of a job is the seconds it took in a finished default run, config/costs.yaml, scaled to its size. Here it takes s
times as long, where the slowness s of the machine and its load is what the last jobs took that are done or overdue, over
their work; before anything was measured it is taken as 1, as if work t_0 had been done in that time. A job that has run
for t seconds has done t / s of its work. What is left takes the time of all that remains on all cores, and no less than
that of the longest job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PRIOR = 30.0  # seconds, t_0
RECENT = 10  # tasks done, by which s is reckoned: a machine's load comes and goes
CREDIT = 0.95  # the share of a running job's work that can count as done


@dataclass(frozen=True)
class Task:
    """A job to come: the stage of the workflow it belongs to, and the seconds it typically takes."""

    stage: str
    seconds: float


@dataclass
class Progress:
    """The tasks of a run by their number, since when each runs, how long those took that are done, which failed."""

    tasks: Mapping[int, Task]
    cores: int
    began: float
    running: dict[int, float] = field(default_factory=dict)
    done: dict[int, float] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)

    def start(self, task: int, now: float) -> None:
        """A task begins, perhaps once more; what is no task, a target without work of its own, is passed over."""
        if task in self.tasks:
            self.running[task] = now
            self.failed.discard(task)

    def finish(self, task: int, now: float) -> None:
        """A task is done."""
        if (since := self.running.pop(task, None)) is not None:
            self.done[task] = now - since

    def fail(self, task: int) -> None:
        """A task failed."""
        if self.running.pop(task, None) is not None:
            self.failed.add(task)

    @property
    def unfinished(self) -> bool:
        """Whether any task is neither done nor failed."""
        return len(self.done.keys() | self.failed) < len(self.tasks)

    @property
    def total(self) -> float:
        """W, the work of all tasks in seconds."""
        return sum(task.seconds for task in self.tasks.values())

    def slowness(self, now: float) -> float:
        """s: what the last tasks took that are done, and those overdue by what they typically take, over their work."""
        overdue = {
            task: now - since for task, since in self.running.items() if now - since > self.tasks[task].seconds
        }
        measured = dict(list(self.done.items())[-RECENT:]) | overdue
        return (sum(measured.values()) + PRIOR) / (sum(self.tasks[task].seconds for task in measured) + PRIOR)

    def remaining(self, now: float) -> dict[int, float]:
        """What is left of the work of every task that is not done; some of each that runs, however long it has."""
        slowness, left = self.slowness(now), {}
        for task, each in self.tasks.items():
            if task not in self.done and task not in self.failed:
                had = (now - self.running.get(task, now)) / slowness
                left[task] = max(each.seconds - had, (1 - CREDIT) * each.seconds)
        return left

    def share(self, now: float) -> float:
        """The share of the work that is done, between 0 and 1."""
        lost = sum(self.tasks[task].seconds for task in self.failed)
        return 1 - (sum(self.remaining(now).values()) + lost) / self.total if self.total else 1.0

    def left(self, now: float) -> float:
        """About how many seconds are left."""
        work = self.remaining(now).values()
        return self.slowness(now) * max(sum(work) / self.cores, max(work, default=0.0))
