"""The tables of docs/manifests.md, worked out by the real readers and the real features.

Each stands there between a line ``<!-- table: name -->`` and a line ``<!-- end -->``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePosixPath

from registry_lsp.core.assess import assess
from registry_lsp.core.edits import rewrite
from registry_lsp.core.findings import Assessment, Verdict
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import (
    Found,
    Lookup,
    Missing,
    Package,
    PackageId,
    RegistryRef,
    Release,
)
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.settings import Settings
from registry_lsp.core.sites import group_at, site_at, typed_at
from registry_lsp.core.text import Snapshot
from registry_lsp.ecosystems import discover
from registry_lsp.features import completion, diagnostics, hover, links
from registry_lsp.features.completions import versions, words
from registry_lsp.features.completions.place import place_at
from registry_lsp.features.completions.subject import Subject
from registry_lsp.features.markup import Plain
from registry_lsp.session.documents import Document
from support.forms import FLOORS, Form, forms
from support.held import Held

_FOLDER = PurePosixPath("/project")
_REGISTRY = RegistryRef(url="https://registry.example/")
_NEW = "3.4.5"
_NOTHING = "-"
_OFFERED = ("names", "extras", "versions", "own", "groups", "files", "keys")
_TABLE = re.compile(r"(<!-- table: (\S+) -->)\n.*?(<!-- end -->)", re.DOTALL)
_HEADER = ("section", "written", "hover", "diagnostics", "completion", "link", "rewritten")


class _Everything:
    """A project's configuration by which one registry has every package."""

    def registry_for(self, _dependency: Dependency, _manifest: Manifest) -> RegistryRef:
        return _REGISTRY


def tables() -> dict[str, str]:
    """By the name of its file the table of each format, and ``floor`` for that of the floors."""
    found = {
        file: _table(_HEADER, [_row(form) for form in group])
        for file, group in groupby(forms(), key=lambda form: form.file)
    }
    floors = [(f"`{file}`", _code(text), _code(_floor(file, text))) for file, text in FLOORS]
    return {**found, "floor": _table(("file", "written", "floor"), floors)}


def renewed(document: str) -> str:
    """*document* with every table as it should be. Raises KeyError for one that nobody knows."""
    known = tables()
    return _TABLE.sub(lambda found: f"{found[1]}\n\n{known[found[2]]}\n\n{found[3]}", document)


def named(document: str) -> list[str]:
    """The names of the tables of *document*."""
    return [found[2] for found in _TABLE.finditer(document)]


def kind_of(file: str) -> tuple[Ecosystem, ManifestFormat]:
    """Who reads files of that name."""
    (found,) = (
        (ecosystem, format)
        for ecosystem in discover()
        for format in ecosystem.formats
        if format.matches(PurePosixPath(file))
    )
    return found


def document_of(form: Form) -> Document:
    """The example as an open document, with what lies around it."""
    ecosystem, format = kind_of(form.file)
    path = _FOLDER / form.file
    files = Held({_FOLDER / name: text.encode() for name, text in form.around.items()})
    project = ecosystem.survey(path, format.parse(form.text), files)
    return Document(
        snapshot=Snapshot(uri=f"file://{path}", version=1, text=form.text),
        path=path,
        ecosystem=ecosystem,
        format=format,
        routes=_Everything(),
        project=project,
    )


def subject_of(form: Form, document: Document) -> Dependency | None:
    """The dependency that the example is about, None where it is none."""
    start, end = form.extent
    inside = (
        each
        for each in document.manifest.dependencies
        if start <= each.name_span.start and each.name_span.end <= end
    )
    return next(inside, None)


def _floor(file: str, text: str) -> str:
    return kind_of(file)[1].parse(text).runtime or ""


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = (header, ("---",) * len(header), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _row(form: Form) -> tuple[str, ...]:
    document = document_of(form)
    dependency = subject_of(form, document)
    section = f"`{form.section}`" if form.section else _NOTHING
    start, end = form.extent
    is_group = any(group_at(document.manifest, at) for at in range(start, end + 1))
    hovered, diagnosed, rewritten = "group" if is_group else _NOTHING, _NOTHING, _NOTHING
    if dependency is not None:
        hovered, diagnosed = _hover(document, dependency), _diagnostics(document, dependency)
        rewritten = _rewritten(document, dependency)
    cells = (hovered, diagnosed, _completion(form, document, dependency))
    return (section, _code(form.written), *cells, _link(form, document), rewritten)


def _code(text: str) -> str:
    """*text* in one line of a table's cell, long hashes cut short."""
    line = re.sub(r"0{9,}", "0…", " ⏎ ".join(text.strip().splitlines()))
    return "`" + line.replace("|", "\\|") + "`" if line else ""


def _hover(document: Document, dependency: Dependency) -> str:
    site = site_at(document.manifest, dependency.name_span.start)
    assert site is not None
    assessment = _assessed(document, site.dependency, _having(document, dependency, _NEW, "1.2.3"))
    text = hover.build(document, assessment, Plain(), wanted=None, now=0.0)
    return "package" if _NEW in text else "place"


def _diagnostics(document: Document, dependency: Dependency) -> str:
    """What can be found of it: of its name, and of its version."""
    answers = {
        "name": (Missing(),),
        "version": (
            _having(document, dependency, _NEW, "1.2.3", "1.0.0"),
            _having(document, dependency, "0.0.1"),
        ),
    }
    told = {
        part: [code for answer in lookups for code in _codes(document, dependency, answer)]
        for part, lookups in answers.items()
    }
    return ", ".join(part for part, codes in told.items() if codes) or _NOTHING


def _codes(document: Document, dependency: Dependency, lookup: Lookup) -> list[str]:
    found = [_assessed(document, dependency, lookup)]
    shown = diagnostics.build(document, found, Settings(), "utf-16", now=0.0)
    return [str(each.code) for each in shown]


def _completion(form: Form, document: Document, dependency: Dependency | None) -> str:
    """What is offered anywhere in the example."""
    start = form.place.index("<>")
    places = range(start, start + len(form.written) + 1)
    found = {each for at in places for each in _words(document, at)}
    if dependency is not None and _has_versions(document, dependency):
        found.add("versions")
    return ", ".join(each for each in _OFFERED if each in found) or _NOTHING


def _words(document: Document, at: int) -> Iterator[str]:
    text = document.snapshot.text
    if completion.name_place(document, at) is not None:
        yield "names"
    here = None if completion.is_version(document, at) else document.format.words_at(text, at)
    if here is not None:
        yield f"{here.sort.value}s"
    for each in document.manifest.dependencies:
        if not each.span.touches(at):
            continue
        if each.source.is_looked_up and words.extra_place(each, text, at) is not None:
            yield "extras"
        own = words.substitutes(each, text, at, document.project.substitutes(each))
        if own is not None and own.offers:
            yield "own"


def _has_versions(document: Document, dependency: Dependency) -> bool:
    text, span = document.snapshot.text, dependency.specifier_span
    if span is None or not dependency.source.is_looked_up:
        return False
    place = place_at(text, dependency, span.end)
    assert place is not None
    offered = versions.build(
        Subject(
            dependency=typed_at(document.manifest, text, span.end) or dependency,
            package=_having(document, dependency, _NEW, "1.2.3").package,
            scheme=document.ecosystem.schemes[dependency.dialect],
            runtime_name=document.ecosystem.runtime_name,
            now=0.0,
        ),
        place=place,
        text=text,
    )
    return bool(offered.offers)


def _link(form: Form, document: Document) -> str:
    start, end = form.extent
    uris = [
        each.uri
        for each in links.build(document)
        if start <= each.span.start and each.span.end <= end
    ]
    kinds = dict.fromkeys("file" if uri.startswith("file:") else "page" for uri in uris)
    return ", ".join(kinds) or _NOTHING


def _rewritten(document: Document, dependency: Dependency) -> str:
    if not dependency.source.is_looked_up:
        return _NOTHING
    scheme = document.ecosystem.schemes[dependency.dialect]
    edit = rewrite(dependency, scheme.replace(dependency.specifier, _NEW))
    if edit is None:
        return _NOTHING
    return _code(edit.text) + (", hashes stale" if edit.stale else "")


def _having(document: Document, dependency: Dependency, *versions: str) -> Found:
    """The answer of a registry that has these *versions* of it, newest first."""
    id = PackageId(ecosystem=document.ecosystem.name, name=dependency.name, registry=_REGISTRY)
    package = Package(
        id=id,
        display_name=dependency.name,
        releases=tuple(Release(version=version) for version in versions),
        dist_tags=(("latest", versions[0]),),
    )
    return Found(package=package, asked_at=0.0)


def _assessed(document: Document, dependency: Dependency, lookup: Lookup) -> Assessment:
    id = document.id_of(dependency)
    if id is None:
        return Assessment(dependency=dependency, verdict=Verdict())
    scheme = document.ecosystem.schemes[dependency.dialect]
    verdict = assess(dependency, lookup, scheme)
    return Assessment(dependency=dependency, id=id, lookup=lookup, verdict=verdict)
