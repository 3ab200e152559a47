"""The indexes that a ``pyproject.toml`` names itself, and what it binds to them.

All of it is read for safety's sake: a name that is bound to a private index must never be asked
of another. What binds a name and cannot be read binds it to an index that nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from registry_lsp.core.manifests import Index, Source
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode, tables_in

_PUBLIC = "pypi"
_SOURCES = MappingProxyType(
    {
        "git": Source.GIT,
        "url": Source.URL,
        "path": Source.PATH,
        "file": Source.PATH,
        "workspace": Source.WORKSPACE,
    }
)
_POETRY_ROLES = MappingProxyType(
    {
        "explicit": "explicit",
        "supplemental": "supplemental",
        "secondary": "supplemental",  # before Poetry 1.5
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a dependency is said to come from; ``target`` and ``index`` as in
    :class:`~registry_lsp.core.manifests.Dependency`.
    """

    source: Source = Source.REGISTRY
    target: str = ""
    index: str | None = None


ANYWHERE = Origin()
"""Nothing is said: the default index is asked."""

NOWHERE = Origin(index="")
"""It is bound to what cannot be read: nobody is asked."""


def read_indexes(root: TableNode) -> tuple[Index, ...]:
    """The indexes of Poetry, uv and PDM. One without an address, of the role 'default', says that
    no default index is asked.
    """
    return (*_poetry_indexes(root), *_uv_indexes(root), *_pdm_indexes(root))


def read_origins(root: TableNode, poetry: Iterator[TableNode]) -> dict[str, Origin]:
    """By normalised name, the origins that uv's ``sources`` and the *poetry* tables of
    dependencies give: Poetry 2 lets these say where ``project.dependencies`` come from.
    """
    found: list[tuple[StringNode, Origin]] = []
    for table in poetry:
        bound = (each for each in table.members if isinstance(each.value, (TableNode, ArrayNode)))
        found += ((key, _origin(value)) for key, value in bound)
    sources = root.section("tool", "uv", "sources")
    if sources is not None:
        found += ((key, _uv_origin(value)) for key, value in sources.members)
    # What says nothing, as a header does that is being typed, takes back no binding.
    return {normalise(key.value): origin for key, origin in found if origin is not ANYWHERE}


def origin_of(table: TableNode) -> Origin:
    """What the table of one dependency says, uv's or Poetry's."""
    found = ANYWHERE
    for key, value in table.members:
        text = value.value if isinstance(value, StringNode) else ""
        if key.value in {"index", "source"}:
            found = Origin(index=text)
        elif key.value in _SOURCES and not _is_false(value):
            return Origin(source=_SOURCES[key.value], target=text)
    return found


def _uv_origin(value: Node | None) -> Origin:
    """What an entry of uv's ``sources`` says; one that has no key of uv's is half a binding."""
    origin = _origin(value)
    keys = {key.value for table in tables_in(value) for key, _ in table.members}
    is_half = bool(keys) and keys.isdisjoint(_SOURCES)
    return NOWHERE if origin is ANYWHERE and is_half else origin


def _origin(value: Node | None) -> Origin:
    """The origin that binds most: of alternatives an index, before a source that is not asked."""
    if isinstance(value, TableNode):
        return origin_of(value)
    if not isinstance(value, ArrayNode):
        return NOWHERE
    found = [origin_of(each) for each in value.items if isinstance(each, TableNode)]
    bound = (each for each in found if each.index is not None)
    elsewhere = (each for each in found if each is not ANYWHERE)
    return next(bound, None) or next(elsewhere, ANYWHERE)


def _poetry_indexes(root: TableNode) -> Iterator[Index]:
    """Poetry's sources. A primary one stands in for the public index, unless that is listed as
    well: then it is asked beside it. Documented in Poetry's *Repositories*.
    """
    poetry = root.section("tool", "poetry")
    tables = tuple(poetry.tables("source")) if poetry is not None else ()
    public = [table for table in tables if table.string("name").lower() == _PUBLIC]
    is_public_asked = any(_poetry_role(table) != "explicit" for table in public)
    has_default = is_public_asked
    for table in tables:
        role = _poetry_role(table)
        if table not in public:
            shown = "extra" if role == "default" and has_default else role
            yield Index(
                name=table.string("name"), url=table.string("url"), role=shown, span=table.span
            )
            has_default = has_default or role == "default"
    if public and not has_default:
        yield Index(name=None, url="", role="default", span=public[0].span)


def _poetry_role(table: TableNode) -> str:
    if table.is_true("secondary"):
        return "supplemental"
    return _POETRY_ROLES.get(table.string("priority").lower(), "default")


def _uv_indexes(root: TableNode) -> Iterator[Index]:
    uv = root.section("tool", "uv")
    if uv is None:
        return
    found = [
        Index(
            name=table.string("name") or None,
            url=table.string("url"),
            role=_uv_role(table),
            span=table.span,
        )
        for table in uv.tables("index")
    ]
    yield from found
    single = uv.get("index-url")
    if uv.is_true("no-index"):
        yield Index(name=None, url="", role="default", span=uv.span)
    elif isinstance(single, StringNode) and all(each.role != "default" for each in found):
        yield Index(name=None, url=single.value, role="default", span=single.span)
    extra = uv.get("extra-index-url")
    for each in extra.items if isinstance(extra, ArrayNode) else ():
        if isinstance(each, StringNode):
            yield Index(name=None, url=each.value, role="extra", span=each.span)


def _uv_role(table: TableNode) -> str:
    if table.is_true("default"):
        return "default"
    return "explicit" if table.is_true("explicit") else "extra"


def _pdm_indexes(root: TableNode) -> Iterator[Index]:
    """PDM's sources: one called ``pypi`` stands in for the public index."""
    pdm = root.section("tool", "pdm")
    for table in pdm.tables("source") if pdm is not None else ():
        name = table.string("name")
        role = "default" if name.lower() == _PUBLIC else "extra"
        yield Index(name=name or None, url=table.string("url"), role=role, span=table.span)


def _is_false(value: Node | None) -> bool:
    return isinstance(value, ScalarNode) and value.text == "false"
