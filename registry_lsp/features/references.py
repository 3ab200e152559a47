"""textDocument/references: who in the workspace asks for a package, for an entry of a catalog or
for what the project has itself, and what includes a group of dependencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.pointers import Mentions, Passage, here
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.sites import site_at
from registry_lsp.core.stamps import stamp
from registry_lsp.core.text import LineIndex
from registry_lsp.core.threads import in_thread
from registry_lsp.features.workspace_files import MOST_OF_A_FILE, WorkspaceFiles
from registry_lsp.server import RegistryServer, range_in
from registry_lsp.session.documents import WITHIN, Document
from registry_lsp.session.following import MOST, Destination, follow

_PIECE = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is known of it where it stands, and the ``package`` that all manifests of the workspace
    are to be asked for; None where it is no registry's, or the project speaks of it by itself.
    """

    mentions: Mentions = field(default_factory=Mentions)
    package: Dependency | None = None


def register(ls: RegistryServer) -> None:
    """Answer textDocument/references."""
    files = WorkspaceFiles(ls)

    @ls.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(
        ls: RegistryServer, params: types.ReferenceParams
    ) -> list[types.Location] | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        offset = ls.offset(document, params.position)
        sought = build(document, offset)
        mentions, package = sought.mentions, sought.package
        declared = mentions.declared if params.context.include_declaration else ()
        found = list(await follow(document, (*declared, *mentions.used), ls.documents))
        if package is not None:
            found += await _everywhere(ls, files, document, package)
        each_once = {(each.uri, each.passage.name): each for each in reversed(found)}
        return [
            types.Location(each.uri, range_in(each.lines, each.passage.name, ls.encoding))
            for each in reversed(each_once.values())
        ][:MOST]


def build(document: Document, offset: int) -> Sought:
    """What stands at the code-point *offset* of *document*, and where it is declared and used: of
    an ordinary package only where it is declared, for who uses it all manifests tell.
    """
    manifest, project = document.manifest, document.project
    group = _group_at(manifest, offset)
    if group is not None or project is None:
        return Sought(mentions=group or Mentions())
    if manifest.name_span is not None and manifest.name_span.touches(offset):
        return Sought(mentions=project.mentions(None, manifest))
    site = site_at(manifest, offset)
    if site is None:
        return Sought()
    found = project.mentions(site.dependency, manifest)
    if found != Mentions() or not _is_package(site.dependency):
        return Sought(mentions=found)
    declared = project.definitions(site.dependency, manifest)
    return Sought(mentions=Mentions(declared=declared), package=site.dependency)


def uses(manifest: Manifest, name: str) -> Iterator[Passage]:
    """Where *manifest* asks for the package that is normally called *name*."""
    for each in manifest.dependencies:
        if each.name == name and _is_package(each):
            yield Passage(each.span, each.real_span or each.name_span)


def may_spell(text: str, name: str) -> bool:
    """Whether *text* may have the package called *name*, however it is spelled: its longest word
    stands there in any case, unless an escape stands in for some of it.
    """
    word = max(_PIECE.findall(name), key=len, default=name)
    return "\\" in text or word.lower() in text.lower()


def _is_package(dependency: Dependency) -> bool:
    """Whether it is some registry's, or stands for one that is."""
    source = dependency.source
    return bool(dependency.name) and (source.is_looked_up or source in WITHIN)


async def _everywhere(
    ls: RegistryServer, files: WorkspaceFiles, document: Document, package: Dependency
) -> list[Destination]:
    """Who asks for *package*, a dependency of *document*: in what is open, as it stands there, and
    in the other manifests of the workspace. Two are the same by their ecosystem and their name.
    """
    name, ecosystem = package.name, document.ecosystem.name
    found = [
        Destination(uri=each.snapshot.uri, lines=each.lines, passage=passage)
        for each in (document, *(other for other in ls.documents if other != document))
        if each.ecosystem.name == ecosystem
        for passage in uses(each.manifest, name)
    ]
    for path, its, format in await files.unopened():
        if its.name == ecosystem and len(found) < MOST:
            found += await in_thread(_uses_in, path, format, name)
    return found


def _uses_in(path: Path, format: ManifestFormat, name: str) -> list[Destination]:
    mark = stamp(path)
    if mark is None or mark.size > MOST_OF_A_FILE:
        return []
    try:
        text = format.decode(path.read_bytes())
    except (OSError, UnicodeDecodeError):  # it has gone, or is nobody's manifest
        return []
    if not may_spell(text, name):
        return []
    passages = list(uses(format.parse(text), name))
    lines = LineIndex(text)
    return [Destination(uri=path.as_uri(), lines=lines, passage=each) for each in passages]


def _group_at(manifest: Manifest, offset: int) -> Mentions | None:
    """The group that is included, or defined, where the cursor is, and who includes it."""
    links = [each for each in manifest.links if each.place is not None]
    meant = next(
        (
            each.place
            for each in links
            if each.place and (each.span.touches(offset) or each.place.touches(offset))
        ),
        None,
    )
    if meant is None:
        return None
    used = tuple(here(each.span) for each in links if each.place == meant)
    return Mentions(declared=(here(meant),), used=used)
