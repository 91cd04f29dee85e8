"""How the scripts meet the user: a mistake is one line and a non-zero exit, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from mfnn.errors import MfnnError


def run(main: Callable[[], None]) -> None:
    """Call a script's `main`; on an error that the user can mend, print one line and exit with status 1.

    The interpreter is not wound up then: HDF5 crashes in trying once more to write to a disk that is full.
    """
    try:
        main()
    except (MfnnError, OSError) as error:
        sys.stdout.flush()
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr, flush=True)
        os._exit(1)
