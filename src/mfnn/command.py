"""How the scripts meet the user: a mistake is one line and a non-zero exit, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable

from mfnn.errors import MfnnError


def run(main: Callable[[], None]) -> None:
    """Call a script's `main`; on an error that the user can mend, print one line and exit with status 1."""
    try:
        main()
    except (MfnnError, OSError) as error:
        sys.exit(f"error: {' '.join(str(error).split())}")
