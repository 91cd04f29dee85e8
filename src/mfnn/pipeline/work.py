"""How much each job of a run does, of what its cost grows with: steps, updates of a neuron, particles, nodes."""

from __future__ import annotations

from collections.abc import Iterable

from mfnn.learning.design import RandomBatchLimit
from mfnn.pipeline.plan import Plan
from mfnn.studies.study import ANY, Job

TRAINING = "train_particles"


def growing_jobs(plan: Plan) -> list[Job]:
    """The jobs of a run whose cost depends on widths, replicas or grids."""
    return [
        *(job for name in plan.trained for job in _training(plan, name)),
        *(_limit(plan, name) for name in plan.trained),
        *(job for study in plan.studies.values() for job in study.jobs(plan.experiments)),
        *_variants(plan),
    ]


def _training(plan: Plan, name: str) -> Iterable[Job]:
    experiment = plan.experiments[name]
    run, parameters = experiment.trained, experiment.parameters
    at_a_time = len(experiment.scenario.recorded) + plan.followed(name) * parameters + experiment.outputs
    kept = len(run.snapshots) * len(experiment.coordinates)
    for width in run.widths:
        for batch in width.batches:
            first, end = width.members(batch)
            steps = (end - first) * experiment.steps(width.width)
            particles = kept * min(width.keep(batch), width.width)
            stored = (end - first) * (len(experiment.times) * at_a_time + particles)
            place = f"{name}/N{width.width}/batch{batch}"
            yield Job(
                *(TRAINING, f"{name}, {width.precision}", f"{place}.tsv"),
                time=(steps, steps * width.width),
                memory=(stored, width.width * parameters),
                stored=stored,
                record=f"particles/{place}.nc",
            )


def _limit(plan: Plan, name: str) -> Job:
    limit, draws = plan.experiments[name].trained.limit, plan.experiments[name].draws
    if isinstance(limit, RandomBatchLimit):
        nodes, solves = 2**limit.log2_nodes, limit.replicates * limit.steps * limit.batch
        return Job("approximate_limit", name, f"{name}.tsv", (nodes * solves,), (nodes,))
    return Job("solve_limit", name, f"{name}.tsv", (draws,), (draws,))


def _variants(plan: Plan) -> Iterable[Job]:
    work = sum(
        job.replicas * width * job.protocol.steps(width, job.times[-1]) * job.protocol.batch
        for job in plan.variants
        for width in job.widths
    )
    if plan.variants:
        yield Job("train_controls", ANY, "", (float(work),), ())
