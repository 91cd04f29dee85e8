"""How much each job of a run does, of what its cost grows with: steps, updates of a neuron, particles, cells of a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from pathlib import Path

from mfnn.learning.scenario import evaluation_set
from mfnn.pipeline.config import CertifiedLimit
from mfnn.pipeline.plan import NULLS, Plan

MNIST_OUTPUTS = 10_000 * 10  # held-out images and classes
TRAINING = "train_particles"


@dataclass(frozen=True)
class Job:
    """One job: its rule, what its costs are fitted together with, its benchmark, and how much it does of what."""

    rule: str
    part: str
    benchmark: str
    time: tuple[float, ...]
    memory: tuple[float, ...]
    stored: float = 0.0  # numbers in a training job's record

    @property
    def record(self) -> str:
        """The file that a training job writes, under the run's results."""
        return str(Path("particles", self.benchmark).with_suffix(".nc")) if self.rule == TRAINING else ""

    @property
    def benchmark_file(self) -> Path:
        """The job's benchmark, under the run's benchmarks."""
        return Path(self.rule, self.benchmark) if self.benchmark else Path(f"{self.rule}.tsv")


def growing_jobs(plan: Plan) -> list[Job]:
    """The jobs of a run whose cost depends on widths, replicas or grids."""
    return [
        *(job for name in plan.names for job in _training(plan, name)),
        *(job for name in plan.names for job in _measurements(plan, name)),
        *_proof_terms(plan),
        _controls(plan),
        *_crossed(plan),
        *_finite_volumes(plan),
    ]


def _steps(plan: Plan, name: str, width: int) -> int:
    """⌊NT⌋."""
    return floor(round(width * plan.scenarios[name].horizon, 9))


def _outputs(plan: Plan, name: str) -> int:
    """Numbers recorded of a network's output at one time."""
    if plan.needs_mnist(name):
        return MNIST_OUTPUTS
    return evaluation_set(plan.scenarios[name].problem(name))[1].size


def _training(plan: Plan, name: str) -> Iterable[Job]:
    scenario, run = plan.scenarios[name], plan.of(name)
    at_a_time = len(scenario.recorded) + plan.followed(name) * plan.parameters(name) + _outputs(plan, name)
    kept = len(run.snapshots) * len(plan.coordinates(name))
    for width in run.widths:
        for batch in width.batches:
            first, end = width.members(batch)
            steps = (end - first) * _steps(plan, name, width.width)
            stored = (end - first) * (len(plan.times(name)) * at_a_time + kept * min(width.keep(batch), width.width))
            yield Job(
                *(TRAINING, f"{name}, {width.precision}", f"{name}/N{width.width}/batch{batch}.tsv"),
                time=(steps, steps * width.width),
                memory=(stored, width.width * plan.parameters(name)),
                stored=stored,
            )


def _measurements(plan: Plan, name: str) -> Iterable[Job]:
    """What reads the training records: by networks, or by particles of the clouds beside draws from the limit law."""
    run = plan.of(name)
    networks = sum(width.replicas for width in run.widths)
    clouds = {width.width: width.width * width.clouds for width in run.widths if width.width >= run.rates_from}
    draws = max(width.width * min(width.clouds, NULLS) for width in run.widths)
    rules = ["measure_errors"]
    rules += ["measure_constants"] if name in plan.predicted else []
    rules += ["measure_chaos"] if name in plan.coupled else []
    yield from (Job(rule, name, f"{name}.tsv", (networks,), (networks,)) for rule in rules)
    if isinstance(run.limit, CertifiedLimit):
        particles = sum(clouds.values())
        yield Job("measure_distances", name, f"{name}.tsv", (particles,), (draws + particles,))
        yield Job("solve_limit", name, f"{name}.tsv", (draws,), (draws,))
    else:
        particles = sum(clouds.values())
        stored = sum(job.stored for job in _training(plan, name))
        yield Job("measure_settling", name, f"{name}.tsv", (particles,), (stored,))
        nodes, solves = 2**run.limit.log2_nodes, run.limit.replicates * run.limit.steps * run.limit.batch
        yield Job("approximate_limit", name, f"{name}.tsv", (nodes * solves,), (nodes,))


def _proof_terms(plan: Plan) -> Iterable[Job]:
    for name in plan.dissected:
        widths = plan.proof_terms(name).widths
        work = sum(replicas * width * _steps(plan, name, width) for width, replicas in widths.items())
        yield Job("measure_proof_terms", name, f"{name}.tsv", (work * len(plan.proof_terms(name).observables),), ())


def _controls(plan: Plan) -> Job:
    work = sum(
        job.replicas * width * job.protocol.steps(width, job.times[-1]) * job.protocol.batch
        for job in plan.controls
        for width in job.widths
    )
    return Job("train_controls", "", "", (float(work),), ())


def _crossed(plan: Plan) -> Iterable[Job]:
    for name, crossing in plan.run.crossings.items():
        for width, members in crossing.widths.items():
            work = members**2 * width * _steps(plan, name, width)
            yield Job("train_crossed", name, f"{name}/N{width}.tsv", (float(work),), (float(width),))


def _finite_volumes(plan: Plan) -> Iterable[Job]:
    """Cells of a two-dimensional grid times steps as short as a cell is wide."""
    cells = plan.run.finite_volumes.cells
    for variant in ("sine1d", "sine1d_normal"):
        yield Job("solve_finite_volumes", variant, f"{variant}.tsv", (cells**3,), (cells**2,))
