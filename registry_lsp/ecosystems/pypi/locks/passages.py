"""Where the entries of Python's lock files stand in their texts. Pure.

No file is read anew for it, which takes long with large ones: an entry is known by the line that
has its name, as the tools write them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from registry_lsp.core.pointers import Find, Passage, line_end
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.locks.lock_entries import pinned_version
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import REQUIREMENTS
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import TableNode

_NAME = re.compile(r'^name[ \t]*=[ \t]*"([^"\n]*)"', re.MULTILINE)
_VERSION = re.compile(r'^version[ \t]*=[ \t]*"([^"\n]*)"', re.MULTILINE)
_TABLE = re.compile(r"^\[", re.MULTILINE)
_OWN_NAME = re.compile(r"^Name:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_BLANK = re.compile(r"^\r?\n", re.MULTILINE)
_MOST = 256
"""Places of one name that are looked at: no real lock file has as many."""
_HEADERS = frozenset({"[[package]]", "[[packages]]"})


def entry_in(file: str, name: str, versions: Collection[str]) -> Find:
    """Finds what the lock *file*, known by its name, has of these *versions* of the project that
    is normally called *name*.
    """

    def find(text: str) -> Iterator[Passage]:
        if file == "Pipfile.lock":
            return _in_categories(text, name, versions)
        if file.endswith(".txt"):
            return _in_requirements(text, name, versions)
        return _in_packages(text, name, versions)

    return find


def name_in_metadata(text: str) -> Iterator[Passage]:
    """The name that the metadata of an installed project give it, else their beginning (the
    packaging specification *Core metadata*).
    """
    head = text[: blank.start()] if (blank := _BLANK.search(text)) is not None else text
    name = _OWN_NAME.search(head)
    span = Span(*name.span(1)) if name is not None else Span(0, 0)
    yield Passage(span, span)


def _in_packages(text: str, name: str, versions: Collection[str]) -> Iterator[Passage]:
    """Those of ``uv.lock``, ``poetry.lock``, ``pdm.lock`` and ``pylock.toml``: tables that begin
    with their header and have name and version before any other table.
    """
    named = (found for found in _NAME.finditer(text) if normalise(found[1]) == name)
    for found in islice(named, _MOST):
        header = text.rfind("\n[", 0, found.start()) + 1
        if text[header : line_end(text, header)].rstrip() not in _HEADERS:
            continue
        table = _TABLE.search(text, found.end())
        end = table.start() if table is not None else len(text)
        version = _VERSION.search(text, header, end)
        if version is not None and version[1] in versions:
            stop = header + len(text[header:end].rstrip())
            yield Passage(Span(header, stop), Span(*found.span(1)))


def _in_categories(text: str, name: str, versions: Collection[str]) -> Iterator[Passage]:
    """Those of ``Pipfile.lock``, once in each category."""
    root = scan_json(text)
    for _, category in root.members if isinstance(root, TableNode) else ():
        for key, value in category.members if isinstance(category, TableNode) else ():
            if normalise(key.value) != name or not isinstance(value, TableNode):
                continue
            if value.string("version").lstrip("= ") in versions:
                yield Passage(Span(key.start, value.end), key.inner)


def _in_requirements(text: str, name: str, versions: Collection[str]) -> Iterator[Passage]:
    """Those of a compiled requirements file."""
    for each in REQUIREMENTS.parse(text).dependencies:
        if each.name == name and pinned_version(each) in versions:
            yield Passage(each.span, each.name_span)
