"""What git says about the project; nothing where there is no git or no repository."""

from __future__ import annotations

import subprocess


def git(*arguments: str) -> str | None:
    """The output of a git command without its last line break; None where it fails or there is no git."""
    try:
        asked = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None
