"""What the files around a Python manifest say of it."""

from __future__ import annotations

from pathlib import Path

from registry_lsp.core.manifests import Manifest
from registry_lsp.core.ports import Alone, Files, Project


def survey(_path: Path, _manifest: Manifest, _files: Files) -> Project:
    """Nothing yet."""
    return Alone()
