"""The indexes that a ``pyproject.toml`` names itself: Poetry's, uv's, PDM's and Hatch's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from registry_lsp.core.manifests import Index, Source
from registry_lsp.ecosystems.pypi.manifests.bindings import hatch_sources
from registry_lsp.ecosystems.pypi.manifests.reading import gate_in
from registry_lsp.ecosystems.pypi.requirements.direct import source_of
from registry_lsp.endpoints import PYPI_INDEX
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode, tables_in

_PUBLIC = "pypi"
_READABLE = frozenset({"", "simple"})
POETRY_ROLES = MappingProxyType(
    {
        "explicit": "explicit",
        "supplemental": "supplemental",
        "secondary": "supplemental",  # before Poetry 1.5
        "primary": "default",
        "default": "default",  # before Poetry 2
    }
)
"""The roles that the priorities of Poetry's sources give them."""


def read_indexes(root: TableNode) -> tuple[Index, ...]:
    """The indexes of all tools. One without an address, of the role 'default', says that
    no default index is asked.
    """
    return (
        *_poetry_indexes(root),
        *_uv_indexes(root),
        *_pdm_indexes(root),
        *_hatch_indexes(root),
    )


def _poetry_indexes(root: TableNode) -> Iterator[Index]:
    """Poetry's sources. A primary one stands in for the public index, unless that is listed as
    well: then it is asked beside it. Documented in Poetry's *Repositories*.
    """
    poetry = root.section("tool", "poetry")
    tables = tuple(poetry.tables("source")) if poetry is not None else ()
    public = [table for table in tables if table.string("name").lower() == _PUBLIC]
    is_public_asked = any(_poetry_role(table) in ("default", None) for table in public)
    has_default = is_public_asked
    for table in tables:
        role = _poetry_role(table)
        if role is None:  # half a word, which may become 'explicit': nobody is asked meanwhile
            yield Index(name=table.string("name"), url="", role="default", span=table.span)
        elif table in public:
            if role == "supplemental":
                yield Index(name=_PUBLIC, url=PYPI_INDEX, role=role, span=table.span)
        else:
            shown = "extra" if role == "default" and has_default else role
            yield Index(
                name=table.string("name"), url=table.string("url"), role=shown, span=table.span
            )
            has_default = has_default or role == "default"
    if public and not has_default:
        yield Index(name=None, url="", role="default", span=public[0].span)


def _poetry_role(table: TableNode) -> str | None:
    """The role of a source; None where its priority is none of Poetry's."""
    if table.is_true("secondary"):
        return "supplemental"
    priority = table.get("priority")
    written = priority.value if isinstance(priority, StringNode) else ""
    return "default" if priority is None else POETRY_ROLES.get(written.lower())


def read_pip_indexes(root: TableNode) -> tuple[Index, ...]:
    """The indexes of ``uv pip``: what ``tool.uv.pip`` says stands over the same of ``tool.uv``."""
    return tuple(_uv_indexes(root, root.section("tool", "uv", "pip")))


def _uv_indexes(root: TableNode, above: TableNode | None = None) -> Iterator[Index]:
    """Uv's indexes; a table *above* its own one stands over that where both have a key."""
    uv = root.section("tool", "uv")
    if uv is not None:
        yield from uv_indexes(uv, above)


def uv_indexes(uv: TableNode, above: TableNode | None = None) -> Iterator[Index]:
    """The indexes of uv's table *uv*; a table *above* it stands over it where both have a key."""
    found = [index for table in uv.tables("index") for index in _uv_index(table)]
    yield from found
    tables = [table for table in (above, uv) if table is not None]
    single, extra = _first(tables, "index-url"), _first(tables, "extra-index-url")
    if any(table.is_true("no-index") for table in tables):
        yield Index(name=None, url="", role="default", span=uv.span)
    elif isinstance(single, StringNode) and all(each.role != "default" for each in found):
        yield Index(name=None, url=single.value, role="default", span=single.span)
    for each in extra.items if isinstance(extra, ArrayNode) else ():
        if isinstance(each, StringNode):
            yield Index(name=None, url=each.value, role="extra", span=each.span)


def _first(tables: Iterable[TableNode], key: str) -> Node | None:
    """What the first of *tables* has under *key* that has it."""
    return next((value for table in tables if (value := table.get(key)) is not None), None)


def _uv_index(table: TableNode) -> Iterator[Index]:
    """One index of uv's. Of a page of links to archives (``format = "flat"``), or of a format that
    nobody knows, it cannot be asked what it has; then it is unknown. Folders can be looked into.
    One that is the default one and explicit serves what names it, and all else has no default one.
    """
    url = table.string("url")
    role = "explicit" if table.is_true("explicit") else "extra"
    if table.string("format") not in _READABLE and not is_local(url):
        url = ""
    elif table.is_true("default"):
        if role == "explicit":
            yield Index(name=None, url="", role="default", span=table.span)
        else:
            role = "default"
    yield Index(
        name=table.string("name") or None,
        url=url,
        role=role,
        span=table.span,
        overlooked=_statuses(table.get("ignore-error-codes")),
        newer=gate_in(table.get("exclude-newer")),
        is_credentialed={"always": True, "never": False}.get(table.string("authenticate").lower()),
    )


def _statuses(value: Node | None) -> tuple[int, ...]:
    """HTTP statuses in a list."""
    items = value.items if isinstance(value, ArrayNode) else ()
    texts = [each.text for each in items if isinstance(each, ScalarNode)]
    return tuple(int(each) for each in texts if re.fullmatch("[1-9][0-9]{2}", each))


def is_local(url: str) -> bool:
    """Whether the address of an index is a path."""
    return bool(url) and source_of(url) is Source.PATH


def _pdm_indexes(root: TableNode) -> Iterator[Index]:
    """PDM's sources: one called ``pypi`` stands in for the public index."""
    pdm = root.section("tool", "pdm")
    for table in pdm.tables("source") if pdm is not None else ():
        name, verify = table.string("name"), table.get("verify_ssl")
        yield Index(
            name=name or None,
            url=table.string("url"),
            role="default" if name.lower() == _PUBLIC else "extra",
            span=table.span,
            is_verified=not (isinstance(verify, ScalarNode) and verify.text == "false"),
        )


def _hatch_indexes(root: TableNode) -> Iterator[Index]:
    """The addresses that Hatch's sources bind names to; each is known by its address."""
    for sources in hatch_sources(root):
        for _, value in sources.members:
            for table in tables_in(value):
                address = table.get("index")
                if isinstance(address, StringNode):
                    url = address.value
                    yield Index(name=url, url=url, role="explicit", span=address.span)
