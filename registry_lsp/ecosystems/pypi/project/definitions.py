"""Where what a dependency stands for is said, in other files of a Python project. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry_lsp.core.manifests import Dependency, Manifest, Source
from registry_lsp.core.pointers import Mentions, Passage, Pointer, beginning, here
from registry_lsp.ecosystems.pypi.locks.find import PythonLock
from registry_lsp.ecosystems.pypi.manifests.bindings import name_in
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.syntax.toml.scanner import scan_toml

_PYPROJECT = "pyproject.toml"
_WEB = "://"
_ARCHIVES = (".whl", ".zip", ".gz", ".bz2", ".xz", ".tar", ".tgz")


def definitions_of(dependency: Dependency, lock: PythonLock) -> tuple[Pointer, ...]:
    """The project on the disk that *dependency* is, else what *lock* has of it."""
    if dependency.source not in (Source.WORKSPACE, Source.PATH):
        return lock.entry(dependency)
    link = dependency.link
    if not link or _WEB in link or link.endswith(_ARCHIVES):
        return ()
    if not link.endswith(_PYPROJECT):
        link = f"{link.rstrip('/')}/{_PYPROJECT}"
    return (Pointer(path=link, find=own_name),)


def mentions_of(
    dependency: Dependency | None, manifest: Manifest, members: Iterable[str]
) -> Mentions:
    """The project of the workspace that *dependency* is, None being the *manifest's* own, and who
    asks for it in the *members'* manifests, or else in this one.
    """
    declared: tuple[Pointer, ...] = ()
    if dependency is None:
        name = manifest.name
        declared = (here(manifest.name_span),) if manifest.name_span is not None else ()
    elif dependency.source is Source.WORKSPACE and dependency.link:
        name = dependency.name
        declared = (Pointer(path=dependency.link, find=own_name),)
    elif dependency.source is Source.REFERENCE and dependency.name == manifest.name:
        return mentions_of(None, manifest, members)
    else:
        return Mentions()

    def find(text: str) -> Iterator[Passage]:
        for each in PYPROJECT.parse(text).dependencies:
            if each.name == name:
                yield Passage(each.span, each.name_span)

    paths = tuple(members) or ("",)
    return Mentions(declared=declared, used=tuple(Pointer(path=each, find=find) for each in paths))


def own_name(text: str) -> Iterator[Passage]:
    """The name that a ``pyproject.toml`` gives its project, else its beginning."""
    name = name_in(scan_toml(text))
    if name is not None:
        yield Passage(name.span, name.inner)
    else:
        yield from beginning(text)
