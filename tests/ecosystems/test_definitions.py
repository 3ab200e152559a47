"""Where the entries of lock files are found: in real ones, as the real tools have written them."""

from __future__ import annotations

import re
import shutil
from os.path import normpath
from pathlib import Path

import pytest

from registry_lsp.ecosystems import discover
from registry_lsp.session.files import FileStore, Sight

HERE = Path(__file__).parent
FORMATS = [(ecosystem, format) for ecosystem in discover() for format in ecosystem.formats]
MANIFESTS = [
    path.relative_to(HERE).as_posix()
    for path in sorted(HERE.glob("*/locks/**/*"))
    if path.is_file()
    and path.parent.name != "locks"
    and "node_modules" not in path.parts
    and any(format.matches(path) for _, format in FORMATS)
]
UNTOLD = re.compile(r"node_modules|\.venv")
"""Who says what is installed, of which no lock file has an entry."""


def surveyed(path: Path):
    ecosystem, format = next((e, f) for e, f in FORMATS if f.matches(path))
    written = format.parse(format.decode(path.read_bytes()))
    project = ecosystem.survey(path, written, Sight(FileStore()))
    return ecosystem, project, project.resolve(written)


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_every_locked_version_has_its_entry(manifest, tmp_path):
    ecosystem, locks, name, *rest = manifest.split("/")
    folder = Path(shutil.copytree(HERE / ecosystem / locks / name, tmp_path / name))
    path = folder.joinpath(*rest)
    ecosystem, project, resolved = surveyed(path)
    for each in resolved.dependencies:
        locked = [one for one in project.locked(each) if not UNTOLD.fullmatch(one.by)]
        if not locked or not each.source.is_looked_up or each.written.startswith("catalog:"):
            continue
        told = set()
        for pointer in project.definitions(each, resolved):
            target = Path(normpath(path.parent / pointer.path))
            assert target.name in {one.by for one in locked}
            text = target.read_text("utf-8")
            for passage in pointer.find(text):
                entry = passage.span.slice(text)
                assert passage.name.slice(text) in entry
                assert passage.span.start <= passage.name.start
                assert passage.name.end <= passage.span.end
                key = passage.name.slice(text).lower()
                assert each.name in ecosystem.normalise(key) or each.name in entry.lower()
                told |= {one.version for one in locked if one.version in entry}
        assert told == {one.version for one in locked}, each.display_name
