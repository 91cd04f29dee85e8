"""The package is installed: its wheel holds it and nothing else, and is imported from any folder."""

import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = {path.relative_to(ROOT / "src").as_posix() for path in ROOT.glob("src/mfnn/**/*.py")}


def run(*command: object, folder: Path) -> str:
    """What a command says, which must succeed."""
    done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(copied: Callable[[str], Path]) -> Path:
    """The wheel of a copy of the tracked files."""
    folder = copied("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", folder=folder)
    (built,) = folder.glob("dist/*.whl")
    return built


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    assert names == PACKAGE | {"mfnn/py.typed"}
    assert "Name: mfnn" in metadata and "License-File: LICENSE" in metadata


def test_the_wheel_is_imported_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, which has the dependencies of the one that runs the tests but not its mfnn."""
    place, elsewhere = tmp_path / "environment", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(sys.executable, "-m", "venv", "--without-pip", place, folder=tmp_path)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    python, uv = place / "bin/python", Path(sys.executable).parent / "uv"
    run(uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel, folder=tmp_path)
    code = "import mfnn; print(mfnn.__file__, mfnn.solve_limit.__module__, mfnn.train.__module__)"
    said = run(python, "-I", "-c", code, folder=elsewhere)
    assert said.split() == [str(packages / "mfnn/__init__.py"), "mfnn.limit.solve", "mfnn.particles.train"]


def test_nobody_is_told_to_point_at_the_sources() -> None:
    """No text and no rule names the variable that would make up for a package that is not installed."""
    variable = "PYTHON" + "PATH"
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout
    told = re.compile(
        r"README.md|docs/(?!where).*\.md|workflow/|profiles/|Snakefile|environment.yml|Containerfile|notebooks/"
    )
    texts = {name: (ROOT / name).read_bytes() for name in listed.split("\0") if told.match(name)}
    assert [name for name, text in texts.items() if variable.encode() in text] == []
