"""A small run of its own for the tests that disturb it: one scenario, two widths, no figures and no paper."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RESULTS = Path("results/tiny")
TARGET = str(RESULTS / "summary/errors_three_points.json")
SECONDS = 900  # after which a run counts as hung and all its processes are ended
READ = ("Snakefile", "src", "scripts", "config", "workflow", "profiles", "paper", "requirements.lock")


def tiny_config() -> dict:
    """A run that takes seconds: seven jobs from the data law to the errors and their rates."""
    config = yaml.safe_load((ROOT / "config/smoke.yaml").read_text(encoding="utf-8"))
    widths = [{"width": width, "replicas": 8, "batch": 4, "clouds": 2} for width in (20, 40)]
    limit = {"method": "certified", "tolerance": 1e-3}
    plan = {"intervals": 2, "snapshots": [0.0, 2.0], "limit": limit, "widths": widths}
    studies = {"convergence": {"scenarios": ["three_points"]}}
    places = {"results": str(RESULTS), "figures": str(RESULTS / "figures"), "paper": str(RESULTS / "paper")}
    return {**config, **places, "run": "tiny", "scenarios": {"three_points": plan}, "studies": studies}


class Project:
    """What a run reads, in a folder of its own, and the command that runs it."""

    def __init__(self, folder: Path, installed: Callable[[Path], Path]) -> None:
        self.folder = folder
        for name in READ:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, folder / name)
        self.python = installed(folder)
        self.config = tiny_config()
        self.configure(self.config)

    def configure(self, config: dict) -> None:
        (self.folder / "config/tiny.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")

    def command(self, *targets: str, cores: int = 2) -> dict:
        """The arguments of `subprocess` that start Snakemake in a process group of its own."""
        bounded = ("timeout", "--signal=KILL", str(SECONDS))
        arguments = [*bounded, str(self.python), "-m", "snakemake", *(targets or [TARGET]), "--cores", str(cores)]
        return {
            "args": [*arguments, "--configfile", "config/tiny.yaml"],
            "cwd": self.folder,
            "env": {**os.environ, "PYTHONWARNINGS": "default"},
            "start_new_session": True,
        }

    def run(self, *targets: str, cores: int = 2) -> subprocess.CompletedProcess:
        return subprocess.run(
            **self.command(*targets, cores=cores), capture_output=True, encoding="utf-8", check=False
        )

    def outputs(self) -> dict[str, Path]:
        """The files that the rules made, without logs, benchmarks and the lock, by their path below the results."""
        top = self.folder / RESULTS
        files = (path for path in top.rglob("*") if path.is_file() and not path.name.startswith("."))
        kept = (path for path in files if path.relative_to(top).parts[0] not in ("logs", "benchmarks"))
        return {str(path.relative_to(top)): path for path in kept}

    def contents(self) -> dict[str, bytes]:
        return {name: path.read_bytes() for name, path in self.outputs().items()}

    def clear(self) -> None:
        """Back to the state of a fresh clone."""
        for name in ("results", ".snakemake"):
            shutil.rmtree(self.folder / name, ignore_errors=True)


@pytest.fixture
def project(tmp_path: Path, installed: Callable[[Path], Path]) -> Project:
    return Project(tmp_path, installed)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Project:
    """The small run after it was left undisturbed."""
    project = Project(tmp_path_factory.mktemp("finished"), installed)
    done = project.run()
    assert done.returncode == 0, done.stderr[-4000:]
    return project


@pytest.fixture
def script(finished: Project) -> Callable[..., subprocess.CompletedProcess]:
    """script("measure_errors", "--data", ...): one script of the pipeline, run beside the finished results."""

    def run(name: str, *arguments: object, **options: object) -> subprocess.CompletedProcess:
        command = [finished.python, f"scripts/{name}.py", *map(str, arguments)]
        settings = {
            "cwd": finished.folder,
            "capture_output": True,
            "encoding": "utf-8",
            "timeout": 300,
            **options,
        }
        return subprocess.run(command, check=False, **settings)

    return run
