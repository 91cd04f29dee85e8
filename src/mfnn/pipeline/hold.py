"""One run at a time writes a results folder: a lock that the kernel holds for a process and drops when it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from mfnn.errors import MfnnError
from mfnn.storage import is_temporary

NAME = ".run-lock"


class HeldError(MfnnError):
    """A results folder that another run is writing."""


def hold(results: Path) -> int:
    """Lock a results folder until this process ends, however it ends; the lock's file descriptor.

    A killed run leaves the file but no lock, so that nothing has to be unlocked by hand. Raises `HeldError` naming the
    process that holds the folder, `OSError` where the folder cannot be written.
    """
    results.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(results / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "just started"
        os.close(descriptor)
        raise HeldError(f"another run is writing {results} (process {holder}); wait for it or stop it") from None
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def sweep(folder: Path) -> None:
    """Remove what killed jobs left half-written under a folder; folders that another run holds are passed over."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not Path(place, name, NAME).exists()]
        for name in files:
            if is_temporary(name):
                Path(place, name).unlink(missing_ok=True)
