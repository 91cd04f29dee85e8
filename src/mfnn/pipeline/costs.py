"""What a run would cost: processor hours, memory and storage of every rule, from the benchmarks of a finished run.

A job's seconds and megabytes are taken as c_0 + Σ_a c_a z_a with c ≥ 0, where the z_a count its work: a training job of R
replicas of width N makes R ⌊NT⌋ steps and R N ⌊NT⌋ updates of one neuron. The c are fitted by least squares of relative
errors, apart for every rule and scenario, to the finished run's jobs. With a single job to go by, its cost grows in
proportion to the work; where nothing is known to grow it is taken as measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from mfnn.errors import SpecError
from mfnn.pipeline.plan import Plan, read_plan
from mfnn.pipeline.work import TRAINING, growing_jobs
from mfnn.spec import Floats
from mfnn.storage import UnreadableError, read_yaml
from mfnn.studies.study import ANY, Job

LEAST_MB = 20.0  # of a Python process
LIBRARIES_MB = 250.0  # of one that has imported what a job needs


def plan_of(path: Path, scenarios: Path) -> Plan:
    """The plan of a run's configuration file; raises `SpecError` in one line, `UnreadableError` for what is no YAML."""
    config = read_yaml(path)
    if not isinstance(config, dict):
        raise SpecError(str(path), config, "the configuration of a run")
    return read_plan(config, scenarios)


def predict(finished: Plan, results: Path, wanted: Plan) -> pd.DataFrame:
    """The cost of a wanted run, one row a rule, from the finished run whose results are in a folder.

    Columns: jobs; core_hours; longest_minutes, of one job on one core; memory_mb, of the largest job; storage_gb,
    of the training records; spread, the root mean square of log(measured/fitted) over the jobs of the fit; basis.
    Raises `SpecError` for a scenario that the finished run does not have, `UnreadableError` where a benchmark is
    missing.
    """
    unknown = [name for name in wanted.trained if name not in finished.trained]
    if unknown:
        raise SpecError("scenarios", unknown[0], f"scenarios of the finished run: {', '.join(finished.trained)}")
    known, asked = growing_jobs(finished), growing_jobs(wanted)
    parts = dict.fromkeys((job.rule, job.part) for job in asked)
    grown = [_part(results, _alike(known, *part), _of(asked, *part)) for part in parts]
    fixed = _as_measured(results, {job.rule for job in asked}, set(finished.trained) - set(wanted.trained))
    return _by_rule(pd.concat([*grown, fixed], ignore_index=True))


def typical(finished: Plan, results: Path) -> dict[str, dict[str, dict[str, list[float]]]]:
    """By rule and part, the coefficients c by which a finished run's seconds and megabytes grow with work.

    c_0 alone of the rules whose work is not known to grow: the largest of their jobs.
    """
    known = growing_jobs(finished)
    parts = {part: _of(known, *part) for part in dict.fromkeys((job.rule, job.part) for job in known)}
    table: dict[str, dict[str, dict[str, list[float]]]] = {}
    for (rule, part), jobs in parts.items():
        measured = np.array([read_benchmark(results / "benchmarks" / job.benchmark_file) for job in jobs])
        table.setdefault(rule, {})[part] = {
            "seconds": _rounded(fit(np.array([job.time for job in jobs], dtype=float), measured[:, 0])),
            "megabytes": _rounded(_memory(np.array([job.memory for job in jobs], dtype=float), measured[:, 1])),
        }
    others = _as_measured(results, {rule for rule, _ in parts}, set()).groupby("rule")[["seconds", "memory_mb"]].max()
    for rule, (seconds, megabytes) in zip(others.index, others.to_numpy(), strict=True):
        table[str(rule)] = {ANY: {"seconds": _rounded([seconds]), "megabytes": _rounded([megabytes])}}
    return dict(sorted(table.items()))


def state_gb(plan: Plan) -> float:
    """Gigabytes of the largest state that a training job may save: θ of what it trains at a time, and its record."""
    from mfnn.particles.clouds import GROUP  # with compiled loops, for which no plan should wait

    sizes = [0.0]
    for name in plan.trained:
        experiment = plan.experiments[name]
        for width in experiment.trained.widths:
            number = 4 if width.precision == "single" else 8
            sizes.append(number * max(width.width, GROUP) * experiment.parameters)
    records = [8.0 * job.stored for job in growing_jobs(plan) if job.rule == TRAINING]
    return (max(sizes) + max(records, default=0.0)) / 1e9


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
    if not path.exists():
        raise UnreadableError(f"{path}: not there; a finished run is needed, which `make` leaves in results/")
    try:
        row = pd.read_csv(path, sep="\t").iloc[-1]
        memory = pd.to_numeric(row["max_rss"], errors="coerce")  # no number where a job was too short to be watched
        return float(row["s"]), float(memory) if memory >= LEAST_MB else LEAST_MB
    except (OSError, ValueError, KeyError, IndexError):
        raise UnreadableError(f"{path}: not a benchmark file of a finished run") from None


def _memory(work: Floats, megabytes: Floats) -> Floats:
    """As `fit`; of a single job, what Python and its libraries take anyway does not grow with the work."""
    if len(megabytes) > 1 or not work.shape[1]:
        return fit(work, megabytes)
    fixed = np.minimum(megabytes, LIBRARIES_MB)
    return np.concatenate([fixed, fit(work, megabytes - fixed)[1:]])


def _rounded(coefficients: Iterable[float]) -> list[float]:
    return [float(f"{value:.3g}") for value in coefficients]


def _of(jobs: Iterable[Job], rule: str, part: str) -> list[Job]:
    return [job for job in jobs if (job.rule, job.part) == (rule, part)]


def _alike(known: Sequence[Job], rule: str, part: str) -> list[Job]:
    """The finished run's jobs of a rule and part, where it has none in that precision those of the other."""
    scenario = part.partition(",")[0]
    alike = _of(known, rule, part) or [job for job in known if job.rule == rule and job.part.startswith(scenario)]
    if not alike:
        raise SpecError(rule, part, "parts that the finished run has too")
    return alike


def _part(results: Path, known: Sequence[Job], asked: Sequence[Job]) -> pd.DataFrame:
    """The predicted cost of each asked job, from those known of the same rule and scenario."""
    measured = np.array([read_benchmark(results / "benchmarks" / job.benchmark_file) for job in known])
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
