"""What checks of other places to run at share: copies of the project, Snakemake in one, and a local run to equal."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SMALL, SMALL_CONFIG = Path("results/small"), "tests/cluster/small.yaml"
VOLATILE = {"logs", "benchmarks", ".run-lock"}
TARGETS = [
    f"{SMALL}/summary/errors_sine1d.json",
    f"{SMALL}/summary/distances_sine1d.json",
    f"{SMALL}/figures/paths.png",
    f"{SMALL}/figures/rates.png",
]

Copy = Callable[[str], Path]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def run_small() -> Run:
    """run_small(folder, *arguments, python=..., seconds=...): the small DAG there, by its own environment or another."""

    def run(folder: Path, *arguments: str, python: str = ".venv/bin/python", seconds: int = 1200):
        settings = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
        settings |= {
            "PYTHONWARNINGS": "default",
            "PYTHONDONTWRITEBYTECODE": "",
        }  # each job imports what others compiled
        bounded = ("timeout", "--signal=KILL", str(seconds))  # all its processes: a hang is a failure
        return subprocess.run(
            [*bounded, python, "-m", "snakemake", "--configfile", SMALL_CONFIG, *arguments, "--", *TARGETS],
            cwd=folder,
            env={**os.environ, **settings},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def contents() -> Callable[[Path], dict[str, bytes]]:
    """contents(folder): the bytes of the small DAG's results in a copy by name, without what is volatile."""

    def read(folder: Path) -> dict[str, bytes]:
        files = sorted(path.relative_to(folder) for path in (folder / SMALL).rglob("*") if path.is_file())
        return {str(path): (folder / path).read_bytes() for path in files if not VOLATILE & set(path.parts)}

    return read


@pytest.fixture(scope="session")
def local(copied: Copy, run_small: Run, contents: Callable[[Path], dict[str, bytes]]) -> dict[str, bytes]:
    """The results of the small DAG run on this machine, without a cluster."""
    folder = copied("local")
    done = run_small(folder, "--cores", "2")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    results = contents(folder)
    assert set(TARGETS) <= set(results)
    return results
