"""Results are bitwise the same in every environment where they are made: locales, Pythons, a home that is not there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.full
ROOT = Path(__file__).parents[2]
NAMELESS = ["unshare", "--user", "--map-user=12345", "--map-group=12345"]


def run(
    project, *arguments: str, before: list[str] | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """The small run in a folder, with more arguments, behind another program and with some variables."""
    settings = project.command()
    settings["args"] = [*(before or []), *settings["args"], *arguments]
    settings["env"] |= variables
    return subprocess.run(**settings, capture_output=True, encoding="utf-8", check=False)


def test_a_locale_changes_no_byte_and_no_job_is_run_again(project, finished, locale: dict[str, str]) -> None:
    done = run(project, **locale)
    assert done.returncode == 0, done.stderr[-3000:]
    assert project.contents() == finished.contents()
    for made, variables in ((project, {}), (finished, locale)):
        planned = run(made, "--dry-run", **variables)
        assert "Nothing to be done" in planned.stdout + planned.stderr


def test_a_user_without_a_name_gets_the_same_bytes(project, finished, tmp_path: Path) -> None:
    """With HOME and USER, as `make` and the image give them."""
    if (
        not shutil.which("unshare")
        or subprocess.run([*NAMELESS, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this user cannot become another one: unshare --user is missing or refused")
    done = run(project, before=NAMELESS, HOME=str(tmp_path / "home"), USER="12345")
    assert done.returncode == 0, done.stderr[-3000:]
    assert project.contents() == finished.contents()


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_python_gives_the_same_bytes(project, finished, version: str) -> None:
    """In an environment that `make` builds of the lock."""
    python = shutil.which(f"python{version}")
    if not python or subprocess.run([python, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"no Python {version} here")
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        pytest.skip("the Python of the tests, whose results the others are held to")
    for name in ("Makefile", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, project.folder / name)
    shutil.rmtree(project.folder / ".venv")
    command = ["make", f"PYTHON={python}", ".venv/.lock-stamp"]
    made = subprocess.run(
        command, cwd=project.folder, env=os.environ, capture_output=True, encoding="utf-8", check=False
    )
    assert made.returncode == 0, made.stderr[-3000:]
    done = run(project)
    assert done.returncode == 0, done.stderr[-3000:]
    assert project.contents() == finished.contents()
