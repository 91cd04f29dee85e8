"""A replica cut into parts, each moved by one thread.

The cut follows from the width alone, and whoever adds up over the parts does so in their order: no result depends on the
number of threads.
"""

from __future__ import annotations


def parts_of(width: int, most: int) -> tuple[int, int]:
    """The number of equal parts of at most `most` particles, and the size of each but the last, perhaps smaller, one."""
    parts = -(-width // most)
    return parts, -(-width // parts)
