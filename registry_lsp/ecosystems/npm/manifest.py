"""``package.json``, as far as it says what is installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from registry_lsp.core.manifests import Dependency, Manifest, Problem
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.npm.specifier import Specifier, classify, is_valid_name
from registry_lsp.syntax.faults import json_fault
from registry_lsp.syntax.json import scan_json
from registry_lsp.syntax.json_strings import JSON_ESCAPES
from registry_lsp.syntax.nodes import Node, StringNode, TableNode

_SECTIONS = frozenset(
    {"dependencies", "devDependencies", "peerDependencies", "optionalDependencies"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageJson:
    """The format of files called ``package.json``, and of no others.

    A package of ``optionalDependencies`` is optional, and so is a peer that
    ``peerDependenciesMeta`` calls so. An entry without a name or a value is still being typed,
    and nothing is said of it.
    """

    name: str = "package.json"
    patterns: Sequence[str] = ("**/package.json",)

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        return path.name == "package.json"

    def holds(self, _text: str) -> bool:
        """Every file of that name is one."""
        return True

    def decode(self, raw: bytes) -> str:
        """UTF-8, with or without a mark at its beginning. Raises :class:`UnicodeDecodeError`."""
        return raw.decode("utf-8-sig")

    def parse(self, text: str) -> Manifest:
        """Read it, tolerantly: never raises, and loses only what is broken."""
        root = scan_json(text)
        if not isinstance(root, TableNode):
            return Manifest()
        runtime = _runtime(root)
        dependencies: list[Dependency] = []
        problems: list[Problem] = []
        for found in _read(text, root, runtime):
            if isinstance(found, Dependency):
                dependencies.append(found)
            else:
                problems.append(found)
        return Manifest(dependencies=tuple(dependencies), problems=tuple(problems), runtime=runtime)

    def fault(self, text: str) -> Problem | None:
        """Why it is no JSON, which npm asks for."""
        return json_fault(text)


def _runtime(root: TableNode) -> str | None:
    engines = root.table("engines")
    return engines.string("node") or None if engines is not None else None


def _optional_peers(root: TableNode) -> frozenset[str]:
    meta = root.table("peerDependenciesMeta")
    members = meta.members if meta is not None else ()
    return frozenset(
        member.key.value
        for member in members
        if isinstance(member.value, TableNode) and member.value.is_true("optional")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """What holds for all entries of one section."""

    name: str
    runtime: str | None
    is_optional: bool
    optional_names: frozenset[str]


def _read(text: str, root: TableNode, runtime: str | None) -> Iterator[Dependency | Problem]:
    optional_peers = _optional_peers(root)
    for key, value in root.members:
        if key.value not in _SECTIONS or value is None:
            continue
        if not isinstance(value, TableNode):
            reason = f"'{key.value}' must be an object of names and versions."
            yield Problem(span=value.span, reason=reason)
            continue
        section = _Section(
            name=key.value,
            # ``engines`` says where the package runs, not where it is developed.
            runtime=None if key.value == "devDependencies" else runtime,
            is_optional=key.value == "optionalDependencies",
            optional_names=optional_peers if key.value == "peerDependencies" else frozenset(),
        )
        for member in value.members:
            if member.key.value and member.value is not None:
                yield _entry(text, member.key, member.value, section)


def _entry(text: str, key: StringNode, value: Node, section: _Section) -> Dependency | Problem:
    name = key.value
    if not is_valid_name(name):
        return Problem(span=key.inner, reason="npm accepts no package of this name.")
    if not isinstance(value, StringNode):
        return Problem(span=value.span, reason="A version must be a string.")
    means = classify(value.value)
    return Dependency(
        name=name if means.name is None else means.name,
        display_name=name,
        name_span=key.inner,
        specifier=means.specifier,
        specifier_span=_specifier_span(text, value, means),
        span=Span(key.start, value.end),
        section=section.name,
        dialect="npm",
        source=means.source,
        target=means.target,
        optional=section.is_optional or name in section.optional_names,
        runtime=section.runtime,
    )


def _specifier_span(text: str, value: StringNode, means: Specifier) -> Span | None:
    if means.offset is None:
        return None
    return JSON_ESCAPES.locate(text, value, means.offset, means.offset + len(means.specifier))
