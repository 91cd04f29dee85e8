"""What is printed, in any locale: UTF-8 into files and pipes, into a terminal whatever it can show."""

from __future__ import annotations

import io
import sys


def encode_streams() -> None:
    """Let both streams of this process take any character: a terminal that lacks one gets its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
