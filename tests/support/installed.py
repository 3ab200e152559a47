"""Where ``scripts/editors-install`` puts the editors that tests run."""

from __future__ import annotations

import os
from pathlib import Path


def installed(name: str) -> Path:
    """The folder of an editor, which is called by its name and version; it may not be there."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    editors = os.environ.get("REGISTRY_LSP_EDITORS") or Path(cache) / "registry-lsp-editors"
    return Path(editors) / name
