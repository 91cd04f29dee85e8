"""An environment open to the user's variables: what `make` builds is the lock's, in the project's folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAMP = ".venv/.lock-stamp"
READ = ("Makefile", "pyproject.toml", "requirements.lock", "README.md", "LICENSE", "CITATION.cff")
# Of each the project's own environment must be made all the same.
OPEN = {
    **{"PIP_USER": "1", "PIP_REQUIRE_VIRTUALENV": "1", "PIP_TARGET": "/nowhere", "PIP_PREFIX": "/nowhere"},
    **{"UV_SYSTEM_PYTHON": "1", "UV_REQUIRE_HASHES": "1", "UV_PYTHON": "3.9", "UV_WORKING_DIR": "/nowhere"},
    **{"UV_EXCLUDE_NEWER": "2001-01-01", "UV_NO_BINARY": "1", "PYTHONHOME": "/nowhere", "PYTHONPATH": "/nowhere"},
}

Make = Callable[..., subprocess.CompletedProcess[str]]


def make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = ["make", f"PYTHON={sys.executable}", *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=900
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What an environment is made of, under a name with spaces."""
    folder = tmp_path / "a (fine) folder"
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in READ:
        shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture
def built(project: Path) -> Path:
    """The project with the likeness of an environment: an interpreter, pip, and the stamp of the folder."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", project / ".venv"], check=True)
    (project / ".venv/bin/pip").touch()
    (project / STAMP).write_text(f"{project}\n", encoding="utf-8")
    return project


def test_an_environment_in_its_place_is_left_alone(built: Path) -> None:
    assert "up to date" in make(built, STAMP).stdout


def test_a_moved_environment_is_built_anew(built: Path) -> None:
    moved = built.rename(built.with_name("moved"))
    planned = make(moved, "--dry-run", STAMP)
    assert planned.returncode == 0 and "-m venv --clear .venv" in planned.stdout and "uv pip sync" in planned.stdout


def test_an_environment_whose_python_is_gone_is_built_anew(built: Path) -> None:
    (built / ".venv/bin/python").unlink()
    assert "-m venv --clear .venv" in make(built, "--dry-run", STAMP).stdout


@pytest.mark.parametrize("name", OPEN)
def test_no_recipe_sees_what_would_change_the_environment(built: Path, name: str) -> None:
    shown = make(built, "-s", f"--eval=shown: ; @echo $${{{name}-}}", "shown", **{name: OPEN[name]})
    allowed = {"PIP_USER": "0\n", "PIP_REQUIRE_VIRTUALENV": "1\n"}  # the second is what .venv is
    assert shown.stdout == allowed.get(name, "\n"), shown.stderr


@pytest.mark.full
def test_the_environment_is_the_locks_whatever_the_user_set(project: Path, tmp_path: Path) -> None:
    """Also by a configuration file of pip's in the user's home."""
    (tmp_path / "home/.config/pip").mkdir(parents=True)
    (tmp_path / "home/.config/pip/pip.conf").write_text("[install]\nuser = true\n", encoding="utf-8")
    done = make(project, STAMP, **OPEN, HOME=str(tmp_path / "home"))
    assert done.returncode == 0, done.stderr[-2000:]
    asked = [project / ".venv/bin/python", "-I", "-c", "import numpy, mfnn; print(numpy.__version__, mfnn.__file__)"]
    said = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True).stdout.split(maxsplit=1)
    lock = (project / "requirements.lock").read_text(encoding="utf-8")
    assert f"\nnumpy=={said[0]} " in lock and said[1].strip() == f"{project}/src/mfnn/__init__.py"
    assert "up to date" in make(project, STAMP).stdout
