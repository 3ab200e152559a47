"""The user's own folder."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The user's own folder; where the machine knows of none (a container may run under a number
    that is no user's), one that is not there, so that nothing is found in it.
    """
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.sep, "nonexistent").absolute()
