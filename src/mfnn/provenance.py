"""Where and from what a run's results came: the only file of the pipeline that holds volatile facts."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm


def provenance(lock: Path, run: str, root_seed: int) -> dict[str, Any]:
    """Commit, lock hash, versions, processor, run and seed, and the time of asking, as a JSON object."""
    features = llvm.get_host_cpu_features()
    return {
        "commit": _git("describe", "--always", "--dirty", "--abbrev=40"),
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest(),
        "packages": {package.name: package.version for package in distributions()},
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": llvm.get_host_cpu_name(),
        "processor_features": sorted(name for name, present in features.items() if present),
        "run": run,
        "root_seed": root_seed,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _git(*arguments: str) -> str | None:
    asked = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else None
