"""What has been read of one manifest in TOML so far, and how its values are taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from registry_lsp.core.manifests import Dependency, Index, Link, Manifest, Problem
from registry_lsp.core.ports.versions import InvalidRequirementError, VersionScheme
from registry_lsp.core.text import Span
from registry_lsp.syntax.headings import headings
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.requirements.specifier import marker_complaint
from registry_lsp.syntax.toml.strings import escapes_of


@dataclass(slots=True)
class Reading:
    """The parts of a manifest, in the order of reading."""

    dependencies: list[Dependency] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def complain(self, span: Span, reason: str) -> None:
        """Take in something that the installer would refuse; *reason* is a sentence."""
        self.problems.append(Problem(span=span, reason=reason))

    def complain_of_twin(self, key: StringNode, other: str) -> None:
        """Complain of a name that is spelled differently from the same name before it."""
        reason = f"This is the same name as '{other}': case and '-', '_' and '.' do not count."
        self.complain(key.inner, reason)

    def extend(self, other: Reading) -> None:
        """Take in what another reading of the same text has found."""
        self.dependencies += other.dependencies
        self.problems += other.problems
        self.links += other.links

    def manifest(
        self,
        root: TableNode,
        *,
        indexes: tuple[Index, ...],
        runtime: str | None,
        installers: tuple[str, ...],
    ) -> Manifest:
        """The manifest that all of it makes, which was read in *root*."""
        return Manifest(
            dependencies=tuple(self.dependencies),
            problems=tuple(self.problems),
            indexes=indexes,
            links=tuple(self.links),
            headings=headings(root, self.dependencies),
            runtime=runtime,
            installers=installers,
        )

    def check_table(self, name: str, node: Node | None) -> None:
        """Complain of *node*, called *name* for people, where it is neither a table nor what half
        a header makes of one: a list of tables.
        """
        if node is None or isinstance(node, TableNode):
            return
        items = node.items if isinstance(node, ArrayNode) else ()
        if not items or not all(isinstance(each, TableNode) for each in items):
            self.complain(node.span, f"'{name}' must be a table.")

    def check_specifier(self, node: Node | None, scheme: VersionScheme) -> None:
        """Complain of a string that *scheme* cannot read: a requirement on Python, or on a tool.

        An empty one is still being typed.
        """
        if not isinstance(node, StringNode) or not node.value.strip():
            return
        try:
            scheme.parse(node.value)
        except InvalidRequirementError as error:
            self.complain(node.inner, str(error))

    def check_marker(self, node: Node | None) -> None:
        """Complain of a string that is no marker (PEP 508); an empty one is still being typed."""
        if isinstance(node, StringNode) and node.value.strip():
            complaint = marker_complaint(node.value.strip())
            if complaint is not None:
                self.complain(node.inner, complaint)


def entries(table: TableNode | None) -> Iterator[tuple[StringNode, Node]]:
    """The members of *table* that have a name and a value: others are still being typed."""
    for key, value in table.members if table is not None else ():
        if value is not None and key.value:
            yield key, value


def values(table: TableNode) -> dict[str, Node]:
    """What *table* says by name, the last word on each."""
    return {key.value: value for key, value in table.members if value is not None}


def text_of(value: Node | None) -> str:
    """The string that *value* is, empty where it is none."""
    return value.value if isinstance(value, StringNode) else ""


def is_true(value: Node | None) -> bool:
    """Whether *value* is the boolean true."""
    return isinstance(value, ScalarNode) and value.text == "true"


def strings(value: Node | None) -> tuple[str, ...]:
    """The strings that the array *value* holds."""
    items = value.items if isinstance(value, ArrayNode) else ()
    return tuple(each.value for each in items if isinstance(each, StringNode))


def places(value: Node | None) -> tuple[Span, ...]:
    """Where the :func:`strings` of *value* stand, without their quotes."""
    items = value.items if isinstance(value, ArrayNode) else ()
    return tuple(each.inner for each in items if isinstance(each, StringNode))


def gates_in(table: TableNode | None) -> dict[str, str | bool]:
    """What a table says of how old packages must be, by name: false frees one."""
    members = table.members if table is not None else ()
    said = ((name.value, gate_in(value)) for name, value in members)
    return {name: value for name, value in said if value is not None}


def gate_in(value: Node | None) -> str | bool | None:
    """A string, or false; None for anything else."""
    if isinstance(value, StringNode):
        return value.value
    is_off = isinstance(value, ScalarNode) and value.text == "false"
    return False if is_off else None


def trimmed(text: str, string: StringNode) -> tuple[str, Span]:
    """What *string*, a node of *text*, says without the blanks around it, and where that stands."""
    value = string.value
    kept = value.strip()
    if len(kept) == len(value):
        return value, Span(string.inner_start, string.inner_end)
    start = len(value) - len(value.lstrip()) if kept else 0
    place = escapes_of(text, string).locate(text, string, start, start + len(kept))
    return kept, place
