"""Where what a dependency stands for is said, in other files of a Python project. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.pointers import Passage, Pointer, beginning
from registry_lsp.ecosystems.pypi.locks.find import PythonLock
from registry_lsp.ecosystems.pypi.manifests.bindings import name_in
from registry_lsp.syntax.toml.scanner import scan_toml

PYPROJECT = "pyproject.toml"
_WEB = "://"
_ARCHIVES = (".whl", ".zip", ".gz", ".bz2", ".xz", ".tar", ".tgz")


def definitions_of(dependency: Dependency, lock: PythonLock) -> tuple[Pointer, ...]:
    """The project on the disk that *dependency* is, else what *lock* has of it."""
    if dependency.source not in (Source.WORKSPACE, Source.PATH):
        return lock.entry(dependency)
    link = dependency.link
    if not link or _WEB in link or link.endswith(_ARCHIVES):
        return ()
    if not link.endswith(PYPROJECT):
        link = f"{link.rstrip('/')}/{PYPROJECT}"
    return (Pointer(path=link, find=own_name),)


def own_name(text: str) -> Iterator[Passage]:
    """The name that a ``pyproject.toml`` gives its project, else its beginning."""
    name = name_in(scan_toml(text))
    if name is not None:
        yield Passage(name.span, name.inner)
    else:
        yield from beginning(text)
