"""An environment open to the user's variables: what computes is this project's code and what is recorded."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import mfnn
from mfnn.errors import MfnnError
from mfnn.pipeline.environment import LIBRARIES, check_environment, versions

ROOT = Path(__file__).parents[2]
CHECK = "import sys; from pathlib import Path; from mfnn.pipeline.environment import check_environment as check; "
CHECK += "check(Path(sys.argv[1]))"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another checkout of the project, its code the same."""
    shutil.copytree(Path(mfnn.__file__).parent, tmp_path / "src/mfnn", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(code: str, *options: str, pythonpath: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", code, ROOT]
    environment = {**os.environ, "PYTHONPATH": pythonpath}
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_the_projects_own_environment_is_taken() -> None:
    check_environment(ROOT)


def test_an_installed_copy_of_the_same_code_is_taken(other: Path) -> None:
    check_environment(other)


@pytest.mark.parametrize("change", ["edited", "added"])
def test_an_environment_of_other_code_is_refused_in_one_line(other: Path, change: str) -> None:
    """A stale copy, or an environment that was moved or came from another checkout."""
    name = "storage.py" if change == "edited" else "new.py"
    with (other / "src/mfnn" / name).open("a", encoding="utf-8") as source:
        source.write("A = 1\n")
    with pytest.raises(MfnnError, match=rf"is not this project's: .*/src/mfnn/{name} differs; rebuild") as refusal:
        check_environment(other)
    assert "\n" not in str(refusal.value)


def test_a_workflow_without_the_code_beside_it_has_nothing_to_disagree_with(tmp_path: Path) -> None:
    check_environment(tmp_path)


@pytest.mark.parametrize(("name", "version"), [("yaml", "0.1"), ("h5netcdf", "0.2")])
def test_a_library_that_pythonpath_puts_in_front_is_named(tmp_path: Path, name: str, version: str) -> None:
    """Another version of a library, such as modules of a cluster put before everybody's."""
    shutil.copytree(Path(str(import_module(name).__file__)).parent, tmp_path / name)
    with (tmp_path / name / "__init__.py").open("a", encoding="utf-8") as module:
        module.write(f"\n__version__ = {version!r}\n")
    code = f"import {name}; {CHECK}"
    done = run(code, pythonpath=str(tmp_path))
    assert f"MfnnError: {name} is imported from {tmp_path}, which PYTHONPATH names: unset" in done.stderr
    isolated = run(code, "-I", pythonpath=str(tmp_path))
    assert isolated.returncode == 0, isolated.stderr


def test_a_pythonpath_from_which_nothing_comes_is_no_matter(tmp_path: Path) -> None:
    assert run(CHECK, pythonpath=f"{tmp_path}{os.pathsep}").returncode == 0


def test_versions_are_what_the_imported_modules_say(monkeypatch: pytest.MonkeyPatch) -> None:
    assert versions().keys() == set(LIBRARIES)
    assert versions()["scipy"] == importlib.metadata.version("scipy")
    monkeypatch.setattr(np, "__version__", "0.0.1")
    assert versions()["numpy"] == "0.0.1"
