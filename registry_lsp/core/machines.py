"""Whose machine a path leads to. Pure."""

from __future__ import annotations

from pathlib import PurePath


def is_on_another_machine(path: PurePath, own: PurePath) -> bool:
    r"""Whether *path* is that of another machine than *own*, as ``\\host\share`` of Windows' is:
    to look at it is to tell that machine who the user is, and a password's hash.
    """
    return path.drive.startswith("\\\\") and path.drive.lower() != own.drive.lower()
