"""Where and from what a run's results came: the only file of the pipeline that holds volatile facts."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy.linalg  # noqa: F401  loads the BLAS that is asked about

from mfnn.pipeline.environment import versions
from mfnn.pipeline.git import Repository

SWITCHES = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")


def provenance(lock: Path, run: str, root_seed: int) -> dict[str, Any]:
    """Commit, lock hash, versions, processor, BLAS kernel, run, seed, command and the time of asking, as a JSON object.

    The lock lies in the project's folder, whose commit is meant. The command is what the Snakefile leaves in the
    variable MFNN_COMMAND; `packages` are those that are installed, `imported` what the libraries that compute say of
    themselves; `switches` are the variables that choose other instructions than the processor's best.
    """
    repository, features = Repository(lock.parent), llvm.get_host_cpu_features()
    return {
        "commit": repository.state,
        "commit_missing": repository.missing,
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest(),
        "packages": {package.name: package.version for package in distributions()},
        "imported": versions(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": llvm.get_host_cpu_name(),
        "processor_features": sorted(name for name, present in features.items() if present),
        "blas": blas_kernel(),
        "switches": {name: os.environ[name] for name in SWITCHES if name in os.environ},
        "command": os.environ.get("MFNN_COMMAND"),
        "run": run,
        "root_seed": root_seed,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def blas_kernel() -> str | None:
    """The build and the kernel that NumPy's OpenBLAS chose for this processor; None where there is no such library."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text(encoding="utf-8", errors="replace").splitlines() if maps.exists() else []
    libraries = {line.split(maxsplit=5)[-1] for line in lines if "openblas" in line}
    for library in sorted(libraries):
        with suppress(OSError, AttributeError):
            configuration = ctypes.CDLL(library).scipy_openblas_get_config64_
            configuration.restype = ctypes.c_char_p
            return configuration().decode()
    return None
