"""Groups of dependencies that include each other: PEP 735, and Poetry's ``include-groups``."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from registry_lsp.core.manifests import Link, Role
from registry_lsp.ecosystems.pypi.manifests.reading import Reading, entries, text_of
from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.versions.markers import stricter
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode, tables_in

_SCHEME = Pep440Scheme()
_ALWAYS_THERE = "dev"
"""uv takes this group for granted."""
_INCLUDE = "include-group"
_MOST_WITHIN = 100
_PDM = "tool.pdm.dev-dependencies."
_NO_GROUP = "There is no group called '{}'."
_ITEMS = "A group holds requirements and {include-group = 'name'} tables."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One definition of a group: its name as written, the section that its dependencies stand in,
    and the names that it includes.
    """

    name: StringNode
    section: str
    includes: list[StringNode] = field(default_factory=list)


def read_groups(root: TableNode, reader: RequirementReader) -> None:
    """Take in the table ``dependency-groups``, and how Poetry's groups and these include each
    other: Poetry takes both for one.
    """
    groups = [*_standard(root, reader), *_poetry(root, reader.reading)]
    _check_names(groups, reader.reading)
    _follow(groups, _known_elsewhere(root), reader.reading)


def _standard(root: TableNode, reader: RequirementReader) -> Iterator[_Group]:
    reader.reading.check_table("dependency-groups", root.get("dependency-groups"))
    groups = tuple(entries(root.section("dependency-groups")))
    floors = _settings(root, {normalise(key.value) for key, _ in groups}, reader.reading)
    for key, value in groups:
        section = f"dependency-groups.{key.value}"
        group = _Group(name=key, section=section)
        if not is_valid_name(key.value):
            reader.reading.complain(key.inner, "A group cannot have this name.")

        def take(item: Node, group: _Group = group) -> None:
            _take_include(item, group, reader.reading)

        python = floors.get(normalise(key.value), "")
        own = replace(reader, runtime=stricter(reader.runtime, python)) if python else reader
        for string in reader.strings(section, value, take):
            own.requirement(section, string)
        yield group


def _settings(root: TableNode, names: Container[str], reading: Reading) -> dict[str, str]:
    """What uv's settings of the groups, whose normalised *names* are known, require of Python."""
    floors: dict[str, str] = {}
    uv = root.section("tool", "uv")
    for key, value in entries(uv.section("dependency-groups") if uv is not None else None):
        python = value.get("requires-python") if isinstance(value, TableNode) else None
        reading.check_specifier(python, _SCHEME)
        floors[normalise(key.value)] = text_of(python)
        if normalise(key.value) not in names:
            reading.complain(key.inner, _NO_GROUP.format(key.value))
    defaults = uv.get("default-groups") if uv is not None else None
    for item in defaults.items if isinstance(defaults, ArrayNode) else ():
        name = normalise(text_of(item))
        if name and name != _ALWAYS_THERE and name not in names:
            reading.complain(item.span, _NO_GROUP.format(text_of(item)))
    return floors


def _take_include(item: Node, group: _Group, reading: Reading) -> None:
    """Take in what is no requirement. A table without a whole member is still being typed."""
    if not isinstance(item, TableNode):
        reading.complain(item.span, _ITEMS)
        return
    if not item.members or any(value is None for _, value in item.members):
        return
    name = item.get(_INCLUDE)
    if name is None or len(item.members) > 1:
        reading.complain(item.span, _ITEMS)
    elif not isinstance(name, StringNode):
        reading.complain(name.span, "The name of a group must be a string.")
    elif name.value:
        group.includes.append(name)


def _poetry(root: TableNode, reading: Reading) -> Iterator[_Group]:
    poetry = root.section("tool", "poetry")
    for key, value in entries(poetry.section("group") if poetry is not None else None):
        group = _Group(name=key, section=f"tool.poetry.group.{key.value}.dependencies")
        for table in tables_in(value):
            included = table.get("include-groups")
            if included is None:
                continue
            if not isinstance(included, ArrayNode):
                reason = "'include-groups' must be a list of the names of groups."
                reading.complain(included.span, reason)
                continue
            for item in included.items:
                if not isinstance(item, StringNode):
                    reading.complain(item.span, "The name of a group must be a string.")
                elif item.value:
                    group.includes.append(item)
        yield group


def _known_elsewhere(root: TableNode) -> dict[str, StringNode]:
    """The groups of PDM's own table, which may be included too, by their normalised names."""
    pdm = root.section("tool", "pdm", "dev-dependencies")
    return {normalise(key.value): key for key, _ in entries(pdm)}


def _check_names(groups: Iterable[_Group], reading: Reading) -> None:
    """Complain of names that are another's spelled differently. (One that is spelled alike is no
    TOML in one table, and in the other one more of the same group.)
    """
    first: dict[str, str] = {}
    for group in groups:
        name = group.name.value
        other = first.setdefault(normalise(name), name)
        if other != name:
            reading.complain_of_twin(group.name, other)


def _follow(
    groups: Iterable[_Group], elsewhere: Mapping[str, StringNode], reading: Reading
) -> None:
    """Link the names that are included to what they name, and complain of those that cannot be."""
    names = dict[str, StringNode]()
    includes: dict[str, list[StringNode]] = {}
    sections = {name: [_PDM + key.value] for name, key in elsewhere.items()}
    for group in groups:
        name = normalise(group.name.value)
        names.setdefault(name, group.name)
        includes.setdefault(name, []).extend(group.includes)
        sections.setdefault(name, []).append(group.section)
    for each in includes.values():
        for include in each:
            name = normalise(include.value)
            key = names.get(name) or elsewhere.get(name)
            if key is not None:
                place = {"span": include.inner, "place": key.inner}
                its = {
                    each: None
                    for part in _within(name, includes)
                    for each in sections.get(part, ())
                }
                link = Link(target=key.value, role=Role.GROUP, sections=tuple(its), **place)
                reading.links.append(link)
            else:
                reading.complain(include.inner, _NO_GROUP.format(include.value))
    for include in _closing(includes):
        reading.complain(include.inner, f"The group '{include.value}' would include itself.")


def _within(name: str, includes: Mapping[str, Sequence[StringNode]]) -> Iterable[str]:
    """The group of that normalised *name* and what it includes, each once and so many at most."""
    found, rest = {name: None}, [name]
    while rest:
        for include in includes.get(rest.pop(), ()):
            other = normalise(include.value)
            if other not in found and len(found) < _MOST_WITHIN:
                found[other] = None
                rest.append(other)
    return found


def _closing(includes: Mapping[str, Sequence[StringNode]]) -> Iterator[StringNode]:
    """The includes that close a cycle, found without recursion: each leads back to a group that
    is still being followed.
    """
    done: set[str] = set()
    for start in includes:
        path = {} if start in done else {start: iter(includes[start])}
        done.add(start)
        while path:
            include = next(next(reversed(path.values())), None)
            if include is None:
                path.popitem()
                continue
            name = normalise(include.value)
            if name in path:
                yield include
            elif name not in done:
                done.add(name)
                path[name] = iter(includes.get(name, ()))
