"""A version of Neovim at a project with loopback registries."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.neovims import Neovim, neovim
from support.stages import Stage

SERVER = [sys.executable, "-W", "error", "-m", "registry_lsp"]
PACKAGE = """\
{
  "dependencies": {
    "react": "17.0.1",
    "@scope/tool": "1.0.0"
  }
}
"""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A version of Neovim, and a project to open in it."""

    name: str
    stage: Stage
    folder: Path

    def write(self, name: str, text: str) -> Path:
        """A file of the project."""
        path = self.stage.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def neovim(self, init: str | None = None, **environ: str) -> AbstractContextManager[Neovim]:
        """Started with *init*, else with our server and the loopback registries."""
        return neovim(self.name, self.folder, self.setup() if init is None else init, environ)

    def setup(self, **options: Any) -> str:
        """What ``init.lua`` calls."""
        chosen = {"cmd": SERVER, "settings": self.stage.options, **options}
        kept = {name: each for name, each in chosen.items() if each is not None}
        text = json.dumps(kept)
        return f"require('registry_lsp').setup(vim.json.decode([==[{text}]==]))\n"
