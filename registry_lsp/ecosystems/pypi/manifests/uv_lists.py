"""uv's own lists of requirements, and the tables that may stand in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from registry_lsp.core.manifests import Dependency
from registry_lsp.ecosystems.pypi.manifests.reading import entries, trimmed
from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode

_ENVIRONMENTS = frozenset({"environments", "required-environments"})
"""Lists of markers: for which places uv resolves."""
_BUILDING = "It must be a requirement, or a table such as {requirement = 'name'}."
_HASHED = "It must be a requirement, or a table such as {requirement = 'name', hashes = []}."
_OF_ONE = "Beside strings, only {package = {name = 'name'}, dependencies = []} can stand here."
_NO_NAME = "Only the name of a project can be excluded, without a version."


def read_uv_lists(uv: TableNode, reader: RequirementReader) -> None:
    """Take in the lists of ``tool.uv``, which is *uv*."""
    # What uv builds with is chosen without its setting for prereleases.
    build = replace(reader, prereleases=None)
    for key, value in entries(uv):
        section = f"tool.uv.{key.value}"
        if key.value in _LISTS:
            _LISTS[key.value](section, value, reader)
        elif key.value == "build-constraint-dependencies":
            _building(section, value, build, is_hashed=True)
        elif key.value in _ENVIRONMENTS:
            listed = value.items if isinstance(value, ArrayNode) else (value,)
            for item in listed:
                reader.reading.check_marker(item)
    for key, value in entries(uv.section("extra-build-dependencies")):
        _building(f"tool.uv.extra-build-dependencies.{key.value}", value, build)


def _plain(section: str, value: Node, reader: RequirementReader) -> None:
    reader.read(section, value)


def _building(
    section: str, value: Node, reader: RequirementReader, *, is_hashed: bool = False
) -> None:
    """Requirements, or tables of one: with how it is matched with what is installed or, where
    *is_hashed*, with its hashes, which may be none but must be listed.
    """

    def take(item: Node) -> None:
        table = item if isinstance(item, TableNode) else TableNode((), item.start, item.end)
        requirement, listed = table.get("requirement"), table.get("hashes")
        if isinstance(requirement, StringNode):
            hashes = listed.items if isinstance(listed, ArrayNode) else ()
            spans = tuple(each.inner for each in hashes if isinstance(each, StringNode))
            if requirement.value:
                reader.requirement(section, requirement, hashes=spans)
        is_right = isinstance(requirement, StringNode) and (listed is not None or not is_hashed)
        if not is_right and not _is_half(item):
            reader.reading.complain(item.span, _HASHED if is_hashed else _BUILDING)

    for string in reader.strings(section, value, take):
        reader.requirement(section, string)


def _overriding(section: str, value: Node, reader: RequirementReader) -> None:
    """Requirements, or tables of those that hold below one package only."""

    def take(item: Node) -> None:
        listed = _of_one(item, reader)
        if listed is not None:
            reader.read(section, listed)

    for string in reader.strings(section, value, take):
        reader.requirement(section, string)


def _excluding(section: str, value: Node, reader: RequirementReader) -> None:
    """Names that are left out of what is installed, everywhere or below one package only."""

    def take(item: Node) -> None:
        for string in reader.strings(section, _of_one(item, reader)):
            _excluded(section, string, reader)

    for string in reader.strings(section, value, take):
        _excluded(section, string, reader)


_LISTS: MappingProxyType[str, Callable[[str, Node, RequirementReader], None]] = MappingProxyType(
    {
        "dev-dependencies": _plain,
        "constraint-dependencies": _plain,
        "override-dependencies": _overriding,
        "exclude-dependencies": _excluding,
    }
)


def _of_one(item: Node, reader: RequirementReader) -> Node | None:
    """What a table lists that speaks of the dependencies of one package. None where it is still
    being typed, or is no such table.
    """
    if _is_half(item):
        return None
    if isinstance(item, TableNode):
        package, listed = item.get("package"), item.get("dependencies")
        if isinstance(package, TableNode) and package.string("name") and listed is not None:
            return listed
    reader.reading.complain(item.span, _OF_ONE)
    return None


def _is_half(item: Node) -> bool:
    """Whether *item* is a table that is still being typed."""
    return isinstance(item, TableNode) and all(value is None for _, value in item.members)


def _excluded(section: str, string: StringNode, reader: RequirementReader) -> None:
    """One excluded name: no version of it is wanted."""
    name, span = trimmed(reader.text, string)
    if not is_valid_name(name):
        reader.reading.complain(string.inner, _NO_NAME)
        return
    origin = reader.bindings.of(normalise(name), section)
    reader.reading.dependencies.append(
        Dependency(
            name=normalise(name),
            display_name=name,
            name_span=span,
            specifier="",
            specifier_span=None,
            span=string.span,
            section=section,
            dialect="pep440",
            source=origin.source,
            target=origin.target,
            index=origin.index,
            link=origin.link,
        )
    )
