"""Projects of npm's package managers on disk, and the surveys of them."""

from __future__ import annotations

import json
from pathlib import Path

from registry_lsp.ecosystems.npm import ECOSYSTEM
from registry_lsp.session.files import FileStore, Sight


class Folder:
    """A folder with files of a project in it, and the surveys of them."""

    def __init__(self, root: Path):
        self.root = root
        self.store = FileStore()

    def write(self, **files):
        """Files by their paths, in which ``__`` stands for '/'; what is no text becomes JSON."""
        for name, content in files.items():
            self.put(name, content)
        return self

    def put(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return self

    def survey(self, name, sight=None):
        path = self.root / name
        (format,) = [each for each in ECOSYSTEM.formats if each.matches(path)]
        manifest = format.parse(path.read_text("utf-8"))
        return manifest, ECOSYSTEM.survey(path, manifest, sight or Sight(self.store))

    def resolved(self, name):
        manifest, project = self.survey(name)
        return project.resolve(manifest)

    def problems(self, name):
        return [each.reason for each in self.resolved(name).problems]

    def one(self, name):
        (found,) = self.resolved(name).dependencies
        return found
