"""How far a run is and about how long it still takes, reckoned from what its jobs typically cost.

The work of a job is the seconds it took in a finished default run, config/costs.yaml, scaled to its size. After t
seconds in which work D of the total W was done, what is left takes about s (W − D) / cores seconds, where the machine's
slowness s = (t + t_0) cores / (D + t_0 cores) is taken as 1 before anything was measured; t_0 is how long that counts for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PRIOR = 30.0  # seconds, t_0
CREDIT = 0.95  # the share of a running job's work that can count as done


@dataclass(frozen=True)
class Task:
    """A job to come: the stage of the workflow it belongs to, and the seconds it typically takes."""

    stage: str
    seconds: float


@dataclass
class Progress:
    """The tasks of a run by their number, when each that runs was started, and those that are done or failed."""

    tasks: Mapping[int, Task]
    cores: int
    began: float
    running: dict[int, float] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)

    def start(self, task: int, now: float) -> None:
        """A task begins, perhaps once more; what is no task, a target without work of its own, is passed over."""
        if task in self.tasks:
            self.running[task] = now
            self.failed.discard(task)

    def finish(self, task: int) -> None:
        """A task is done."""
        if self.running.pop(task, None) is not None:
            self.done.add(task)

    def fail(self, task: int) -> None:
        """A task failed."""
        if self.running.pop(task, None) is not None:
            self.failed.add(task)

    @property
    def unfinished(self) -> bool:
        """Whether any task is neither done nor failed."""
        return len(self.done | self.failed) < len(self.tasks)

    @property
    def total(self) -> float:
        """W, the work of all tasks in seconds."""
        return sum(task.seconds for task in self.tasks.values())

    def work_done(self, now: float) -> float:
        """D, what is done of it, running tasks counted by the time they have had."""
        credit = [min(now - since, CREDIT * self.tasks[task].seconds) for task, since in self.running.items()]
        return sum(self.tasks[task].seconds for task in self.done) + sum(credit)

    def share(self, now: float) -> float:
        """D / W, at most 1."""
        return min(1.0, self.work_done(now) / self.total) if self.total else 1.0

    def left(self, now: float) -> float:
        """s (W − D) / cores: about how many seconds are left."""
        done = self.work_done(now)
        slowness = (now - self.began + PRIOR) * self.cores / (done + PRIOR * self.cores)
        return slowness * max(0.0, self.total - done) / self.cores
