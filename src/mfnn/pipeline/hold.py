"""One run at a time writes a results folder: a lock that the kernel holds for a process and drops when it dies."""

from __future__ import annotations

import errno
import fcntl
import logging
import os
from pathlib import Path

from mfnn.errors import MfnnError, reason
from mfnn.storage import UnwritableError, is_temporary

NAME = ".run-lock"
HELD = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES}  # anything else says that there are no locks to be had

log = logging.getLogger(__name__)


class HeldError(MfnnError):
    """A results folder that another run is writing."""


def hold(results: Path) -> int:
    """Lock a results folder until this process ends, however it ends; the lock's file descriptor.

    A killed run leaves the file but no lock, so that nothing has to be unlocked by hand. Where the file system has no
    locks, as NFS and Lustre may, that is said and the run goes on. Raises `HeldError` naming the process that holds the
    folder, `UnwritableError` where the folder cannot be written.
    """
    try:
        results.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(results / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise UnwritableError(f"{results}: cannot be written ({reason(error)})") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in HELD:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "just started"
            os.close(descriptor)
            raise HeldError(f"another run is writing {results} (process {holder}); wait for it or stop it") from None
        log.warning("%s cannot be locked (%s): see to it that no second run writes there", results, error.strerror)
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
