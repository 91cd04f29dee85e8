"""What Python imports here: the code of this project, and libraries of this environment, not of the user's variables."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import mfnn
from mfnn.errors import MfnnError

LIBRARIES = (  # that compute, draw, store or schedule
    *("numpy", "scipy", "numba", "llvmlite", "pandas", "xarray", "h5py", "h5netcdf"),
    *("matplotlib", "seaborn", "bokeh", "pydantic", "yaml", "snakemake"),
)
AGAIN = "rebuild the environment (`make`, or python -m pip install --no-deps -e . in the project's folder)"


def check_environment(project: Path) -> None:
    """Raise `MfnnError` in one line where another mfnn than the project's is imported, or a library by PYTHONPATH."""
    _check_code(Path(mfnn.__file__).parent, project / "src/mfnn")
    _check_places()


def versions() -> dict[str, str]:
    """The versions that the imported libraries themselves give."""
    return {name: str(import_module(name).__version__) for name in LIBRARIES}


def _check_code(imported: Path, own: Path) -> None:
    """Refuse a package whose files are not those of the project, be it linked from another folder or an old copy."""
    if not own.is_dir() or imported.samefile(own):
        return
    for path in sorted(own.rglob("*.py")):
        copy = imported / path.relative_to(own)
        if not copy.is_file() or copy.read_bytes() != path.read_bytes():
            raise MfnnError(f"the package mfnn in {imported} is not this project's: {path} differs; {AGAIN}")


def _check_places() -> None:
    """Refuse libraries that the user's PYTHONPATH puts before those of the environment."""
    given = [Path(place).resolve() for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    for name in LIBRARIES:
        origin = getattr(sys.modules.get(name), "__file__", None)
        for place in given:
            if origin and Path(origin).resolve().is_relative_to(place):
                raise MfnnError(
                    f"{name} is imported from {place}, which PYTHONPATH names: unset PYTHONPATH and run again"
                )
