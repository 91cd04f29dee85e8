"""What checks of other places to run at share: copies of the project, Snakemake in one, a Slurm, a local run to equal."""

import importlib.util
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("one_node_slurm", Path(__file__).with_name("one_node_slurm.py"))
one_node = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(one_node)

SMALL = Path("results/small")
VOLATILE = {"logs", "benchmarks", ".run-lock"}
TARGETS = [
    f"{SMALL}/summary/errors_sine1d.json",
    f"{SMALL}/summary/distances_sine1d.json",
    f"{SMALL}/figures/paths.png",
    f"{SMALL}/figures/rates.png",
]
ON_SLURM = (  # a cluster of one node keeps no accounts, and answers soon
    *("--profile", "profiles/slurm", "--slurm-no-account", "--slurm-status-command", "squeue"),
    *(
        "--slurm-init-seconds-before-status-checks",
        "5",
        "--seconds-between-status-checks",
        "3",
        "--latency-wait",
        "10",
    ),
)

Copy = Callable[[str], Path]
Command = Callable[..., dict[str, Any]]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def command() -> Command:
    """command(folder, *arguments, python=..., seconds=...): what `subprocess` takes to start Snakemake in a copy.

    By its own environment or another, within that time.
    """

    def of(folder: Path, *arguments: str, python: str = ".venv/bin/python", seconds: int = 1200) -> dict[str, Any]:
        settings = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
        settings |= {
            "PYTHONWARNINGS": "default",
            "PYTHONDONTWRITEBYTECODE": "",
        }  # each job imports what others compiled
        bounded = ("timeout", "--signal=KILL", str(seconds))  # all its processes: a hang is a failure
        return {
            "args": [*bounded, python, "-m", "snakemake", *arguments],
            "cwd": folder,
            "env": {**os.environ, **settings},
            "encoding": "utf-8",
        }

    return of


@pytest.fixture(scope="session")
def run_small(command: Command) -> Run:
    """run_small(folder, *arguments, python=..., seconds=...): the small DAG there."""

    def run(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        asked = ("--configfile", "tests/cluster/small.yaml", *arguments, "--", *TARGETS)
        return subprocess.run(**command(folder, *asked, **options), capture_output=True, check=False)

    return run


@pytest.fixture(scope="session")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    """The arguments by which Snakemake takes a Slurm of one node; where there can be none, the reason."""
    reason = one_node.missing()
    if reason:
        pytest.skip(reason)
    with ExitStack() as stack:
        try:
            stack.enter_context(one_node.one_node_slurm(tmp_path_factory.mktemp("one_node") / "slurm"))
        except one_node.NoSlurmError as lacking:
            pytest.skip(str(lacking))
        yield ON_SLURM


@pytest.fixture(scope="session")
def contents() -> Callable[..., dict[str, bytes]]:
    """contents(folder, results): the bytes of a DAG's results in a copy by name, without what is volatile."""

    def read(folder: Path, results: Path = SMALL) -> dict[str, bytes]:
        files = sorted(path.relative_to(folder) for path in (folder / results).rglob("*") if path.is_file())
        return {str(path): (folder / path).read_bytes() for path in files if not VOLATILE & set(path.parts)}

    return read


@pytest.fixture(scope="session")
def local(copied: Copy, run_small: Run, contents: Callable[..., dict[str, bytes]]) -> dict[str, bytes]:
    """The results of the small DAG run on this machine, without a cluster."""
    folder = copied("local")
    done = run_small(folder, "--cores", "2")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    results = contents(folder)
    assert set(TARGETS) <= set(results)
    return results
