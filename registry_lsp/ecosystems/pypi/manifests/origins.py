"""Where a table says that its dependency comes from: an index, a repository, an address, a path.

uv's and Hatch's ``sources``, and Poetry's and Pipenv's tables of dependencies, write it alike. All
of it is read for safety's sake: a name that is bound to a private index must never be asked of
another. What binds a name and cannot be read binds it to an index that nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.requirements.direct import link_to, source_of
from registry_lsp.net.addresses import LONGEST, source_page
from registry_lsp.syntax.nodes import Node, ScalarNode, StringNode, TableNode

SOURCES = MappingProxyType(
    {
        "git": Source.GIT,
        "hg": Source.URL,
        "svn": Source.URL,
        "bzr": Source.URL,
        "url": Source.URL,
        "path": Source.PATH,
        "file": Source.PATH,
        "workspace": Source.WORKSPACE,
    }
)
"""The keys that say where a dependency comes from, if not from an index."""
_BINDINGS = frozenset({"index", "source"})
_REPOSITORIES = frozenset({"git", "hg", "svn", "bzr"})
_REVISIONS = ("rev", "tag", "branch", "ref")
_ROOT = re.compile(
    r"(?:file:/{2,3})?(?:\$\{PROJECT_ROOT\}|\{root(?P<up>(?::parent){0,20}):uri\})(?:/|\Z)"
)
"""The project's folder, as PDM and Hatch write it into addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a dependency is said to come from; ``target``, ``link`` and ``index`` as in
    :class:`~registry_lsp.core.manifests.Dependency`. ``place`` is the string that says so.
    """

    source: Source = Source.REGISTRY
    target: str = ""
    link: str = ""
    index: str | None = None
    place: StringNode | None = None


ANYWHERE = Origin()
"""Nothing is said: the default index is asked."""

NOWHERE = Origin(index="")
"""It is bound to what cannot be read: nobody is asked."""


def origin_of(table: TableNode) -> Origin:
    """What the table of one dependency says."""
    found = ANYWHERE
    for key, value in table.members:
        name = key.value
        if name in SOURCES:
            if not (isinstance(value, ScalarNode) and value.text == "false"):
                return _elsewhere(name, value, table)
        elif name in _BINDINGS:
            found = Origin(index=value.value if isinstance(value, StringNode) else "")
    return found


def address_origin(address: str, place: StringNode | None = None) -> Origin:
    """Where an *address* or path leads that stands in the version's place."""
    source = source_of(address)
    return Origin(source=source, target=address, link=link_of(address), place=place)


def link_of(address: str) -> str:
    """Where *address* can be looked at, as :func:`~.direct.link_to` has it; the project's own
    folder may be written as PDM (``${PROJECT_ROOT}``) and Hatch (``{root:uri}``) do.
    """
    return _link(address) if len(address) <= LONGEST else ""


@lru_cache(maxsize=4096)
def _link(address: str) -> str:
    root = _ROOT.match(address)
    if root is None:
        return "" if address.startswith("{") else link_to(address)
    up = "../" * (root["up"] or "").count(":")
    return f"{up}{address[root.end() :].partition('#')[0]}" or "."


@lru_cache(maxsize=4096)
def _page(address: str) -> str:
    return source_page(address)


def _elsewhere(kind: str, value: Node | None, table: TableNode) -> Origin:
    text = value.value if isinstance(value, StringNode) else ""
    place = value if isinstance(value, StringNode) else None
    source = SOURCES[kind]
    if kind in _REPOSITORIES:
        is_plain = "://" in text and not text.startswith(f"{kind}+")
        link = _page(f"{kind}+{text}" if is_plain else text) if len(text) <= LONGEST else ""
        revision = next((said for name in _REVISIONS if (said := table.string(name))), "")
        if revision:
            text = f"{text}@{revision}"
    else:
        if source is Source.PATH and source_of(text) is not Source.PATH:
            source = Source.URL  # Pipenv's 'file' takes an address too
        link = link_of(text) if text else ""
    folder = table.string("subdirectory")
    if folder:
        text = f"{text}#subdirectory={folder}"
    return Origin(source=source, target=text, link=link, place=place)
