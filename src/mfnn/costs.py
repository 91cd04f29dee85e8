"""What a run would cost: processor hours, memory and storage of every rule, from the benchmarks of a finished run.

A job's seconds and megabytes are taken as c_0 + Σ_a c_a z_a with c ≥ 0, where the z_a count its work: a training job of R
replicas of width N makes R ⌊NT⌋ steps and R N ⌊NT⌋ updates of one neuron. The c are fitted by least squares of relative
errors, apart for every rule and scenario, to the finished run's jobs. With a single job to go by, its cost grows in
proportion to the work; where nothing is known to grow it is taken as measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy.optimize import nnls

from mfnn.config import CertifiedLimit
from mfnn.errors import SpecError
from mfnn.plan import NULLS, Plan, read_plan
from mfnn.scenario import evaluation_set
from mfnn.spec import Floats
from mfnn.storage import UnreadableError

MNIST_OUTPUTS = 10_000 * 10  # held-out images and classes
LEAST_MB = 20.0  # of a Python process
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


def plan_of(path: Path, scenarios: Path) -> Plan:
    """The plan of a run's configuration file; raises `SpecError` in one line."""
    try:
        config = yaml.safe_load(path.read_text())
    except yaml.YAMLError as reason:
        raise SpecError(str(path), str(reason).splitlines()[0], "a readable YAML file") from None
    if not isinstance(config, dict):
        raise SpecError(str(path), config, "the configuration of a run")
    return read_plan(config, scenarios)


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


def predict(finished: Plan, results: Path, wanted: Plan) -> pd.DataFrame:
    """The cost of a wanted run, one row a rule, from the finished run whose results are in a folder.

    Columns: jobs; core_hours; longest_minutes, of one job on one core; memory_mb, of the largest job; storage_gb,
    of the training records; spread, the root mean square of log(measured/fitted) over the jobs of the fit; basis.
    Raises `SpecError` for a scenario that the finished run does not have, `UnreadableError` where a benchmark is
    missing.
    """
    unknown = [name for name in wanted.names if name not in finished.names]
    if unknown:
        raise SpecError("scenarios", unknown[0], f"scenarios of the finished run: {', '.join(finished.names)}")
    known, asked = growing_jobs(finished), growing_jobs(wanted)
    parts = dict.fromkeys((job.rule, job.part) for job in asked)
    grown = [_part(results, _of(known, *part), _of(asked, *part)) for part in parts]
    fixed = _as_measured(results, {job.rule for job in asked}, set(finished.names) - set(wanted.names))
    return _by_rule(pd.concat([*grown, fixed], ignore_index=True))


def shown(table: pd.DataFrame) -> str:
    """The table for a reader, with the totals below."""
    columns = {
        "rule": table["rule"],
        "jobs": table["jobs"],
        "core hours": table["core_hours"].map("{:.2f}".format),
        "longest [core min]": table["longest_minutes"].map("{:.1f}".format),
        "memory [MB]": table["memory_mb"].map("{:.0f}".format),
        "storage [GB]": table["storage_gb"].map(lambda size: f"{size:.2f}" if size else ""),
        "basis": [
            f"{basis}, to {spread:.0%}" if basis == "fitted" else basis
            for basis, spread in zip(table["basis"], table["spread"], strict=True)
        ],
    }
    total = (
        f"total: {table['jobs'].sum()} jobs, {table['core_hours'].sum():.1f} core hours, at most "
        f"{table['memory_mb'].max():.0f} MB in a job, {table['storage_gb'].sum():.1f} GB of training records"
    )
    return f"{pd.DataFrame(columns).to_string(index=False)}\n{total}"


def fit(work: Floats, cost: Floats) -> Floats:
    """Coefficients c ≥ 0, (1 + A,), of cost (J,) ≈ c_0 + work (J, A) · c by least squares of relative errors.

    A single job fixes one coefficient, that of its last kind of work; without any, c_0.
    """
    if len(cost) == 1 and work.shape[1]:
        return np.concatenate([np.zeros(work.shape[1]), cost / work[:, -1]])
    design = np.column_stack([np.ones(len(cost)), work]) / cost[:, None]
    scale = np.linalg.norm(design, axis=0)
    scale[scale == 0] = 1.0
    coefficients, _ = nnls(design / scale, np.ones(len(cost)))
    return coefficients / scale


def cost_of(coefficients: Floats, work: Floats) -> Floats:
    """c_0 + work · c, (J,)."""
    return coefficients[0] + work @ coefficients[1:]


def read_benchmark(path: Path) -> tuple[float, float]:
    """Wall seconds and largest resident megabytes of a job; raises `UnreadableError` where there is no such file.

    The column of processor time is of no use: it is sampled every 30 s, and what comes after the last sample is lost.
    """
    try:
        row = pd.read_csv(path, sep="\t").iloc[-1]
        memory = pd.to_numeric(row["max_rss"], errors="coerce")  # no number where a job was too short to be watched
        return float(row["s"]), float(memory) if memory >= LEAST_MB else LEAST_MB
    except (OSError, ValueError, KeyError, IndexError):
        raise UnreadableError(f"{path}: not a benchmark file of a finished run") from None


def _of(jobs: Iterable[Job], rule: str, part: str) -> list[Job]:
    return [job for job in jobs if (job.rule, job.part) == (rule, part)]


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


def _part(results: Path, known: Sequence[Job], asked: Sequence[Job]) -> pd.DataFrame:
    """The predicted cost of each asked job, from those known of the same rule and scenario."""
    measured = np.array([read_benchmark(_benchmark(results, job)) for job in known])
    seconds, spread = _fitted(known, asked, "time", measured[:, 0])
    memory, _ = _fitted(known, asked, "memory", measured[:, 1])
    return pd.DataFrame(
        {
            "rule": [job.rule for job in asked],
            "seconds": np.maximum(seconds, measured[:, 0].min()),
            "memory_mb": np.maximum(memory, measured[:, 1].min()),
            "stored": _bytes_a_number(results, known) * np.array([job.stored for job in asked]),
            "spread": spread,
            "basis": "fitted" if len(known) > 1 else "scaled",
        }
    )


def _fitted(known: Sequence[Job], asked: Sequence[Job], kind: str, cost: Floats) -> tuple[Floats, float]:
    """The cost of the asked jobs, and how far the fit leaves the known ones, as a root mean square of logarithms."""
    there, here = (np.array([getattr(job, kind) for job in jobs], dtype=float) for jobs in (known, asked))
    coefficients = fit(there, cost)
    misses = np.log(cost / cost_of(coefficients, there))
    return cost_of(coefficients, here), float(np.sqrt(np.mean(misses**2)))


def _bytes_a_number(results: Path, known: Sequence[Job]) -> float:
    """How much of the disk a stored number takes, over all training records of the finished run."""
    sizes = [(results / job.record).stat().st_size for job in known if job.record and (results / job.record).exists()]
    return sum(sizes) / sum(job.stored for job in known) if sizes and len(sizes) == len(known) else 8.0


def _benchmark(results: Path, job: Job) -> Path:
    folder = results / "benchmarks"
    return folder / job.rule / job.benchmark if job.benchmark else folder / f"{job.rule}.tsv"


def _as_measured(results: Path, grown: set[str], absent: set[str]) -> pd.DataFrame:
    """The jobs of all other rules, at what they took; without those of scenarios that are absent from the wanted run."""
    folder = results / "benchmarks"
    rows = []
    for path in sorted(folder.rglob("*.tsv")):
        rule, scenario = path.relative_to(folder).with_suffix("").parts[0], path.stem
        if rule not in grown and scenario not in absent:
            seconds, memory = read_benchmark(path)
            rows.append(
                {"rule": rule, "seconds": seconds, "memory_mb": memory, "stored": 0.0, "basis": "as measured"}
            )
    return pd.DataFrame(rows)


def _by_rule(jobs: pd.DataFrame) -> pd.DataFrame:
    """One row a rule, the costliest first."""
    table = jobs.groupby("rule").agg(
        jobs=("rule", "size"),
        core_hours=("seconds", lambda s: s.sum() / 3600),
        longest_minutes=("seconds", lambda s: s.max() / 60),
        memory_mb=("memory_mb", "max"),
        storage_gb=("stored", lambda s: s.sum() / 1e9),
        spread=("spread", "max"),
        basis=("basis", "first"),
    )
    return table.sort_values("core_hours", ascending=False).reset_index()
