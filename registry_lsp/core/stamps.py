"""What tells one state of a file or folder from another."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """What tells one state of a file or folder from another. Who writes a file may set the time
    of its last change back, but not that of its status.
    """

    modified: int
    changed: int
    size: int
    node: int


def stamp(path: Path) -> Stamp | None:
    """The stamp of what lies at *path*, None where nothing does that one may look at."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a hundred of them are asked for at a time
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return None  # a pipe or a device: '/dev/stdin' would give the client's own words away
    return Stamp(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
