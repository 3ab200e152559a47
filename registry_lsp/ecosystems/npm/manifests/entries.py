"""An entry of an npm manifest: a name, and behind it where the package comes from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from registry_lsp.core.manifests import Dependency, Link, Manifest, Problem, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.npm.manifests.links import link
from registry_lsp.ecosystems.npm.manifests.specifier import Specifier, classify, is_valid_name
from registry_lsp.syntax.headings import headings
from registry_lsp.syntax.json.strings import JSON_ESCAPES
from registry_lsp.syntax.nodes import Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.strings import Escapes

BAD_NAME = "npm accepts no package of this name."
NO_STRING = "A version must be a string."
DIALECT = "npm"
SHOWN = 60
"""Characters of the manifest's own that a sentence repeats."""

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?")
_NOTHING = re.compile(r"[ \t]*:[ \t]+(?=[\r\n]|\Z)")

Found: TypeAlias = Dependency | Problem
"""What is read of a manifest, in the order in which it stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What holds for all entries of a section.

    ``runtime`` is what the project says of Node.js where the section's packages run;
    ``optional_names`` may be absent, and with ``is_optional`` all of them; ``escapes`` are those
    of the notation that the manifest is written in, and ``is_bare`` says that a version needs no
    quotes in it, so that it begins as nothing, or as a number. ``refuses_numbers`` is the
    installer that alone takes no number for a version, empty where all that read it do not.
    """

    name: str
    runtime: str | None = None
    is_optional: bool = False
    optional_names: frozenset[str] = frozenset()
    escapes: Escapes = JSON_ESCAPES
    is_bare: bool = False
    refuses_numbers: str = ""


def gathered(
    root: TableNode, found: Iterable[Found | Link], runtime: str | None = None
) -> Manifest:
    """The manifest that all that was *found* in *root* makes up."""
    dependencies: list[Dependency] = []
    problems: list[Problem] = []
    links: list[Link] = []
    for each in found:
        if isinstance(each, Dependency):
            dependencies.append(each)
        elif isinstance(each, Problem):
            problems.append(each)
        else:
            links.append(each)
    return Manifest(
        dependencies=tuple(dependencies),
        problems=tuple(problems),
        links=tuple(links),
        headings=headings(root, dependencies),
        runtime=runtime,
    )


def entries(text: str, table: TableNode, section: Section) -> Iterator[Found]:
    """The entries of *table*, a node of *text*, and what npm would refuse of them.

    One without a name or a value is still being typed, and nothing is said of it.
    """
    for key, value in table.members:
        name = key.value
        version = _begun(text, key, value) if section.is_bare else value
        if not name or version is None:
            continue
        if not is_valid_name(name):
            yield Problem(span=key.inner, reason=BAD_NAME)
            continue
        if value is not None and not isinstance(value, StringNode):
            is_number = isinstance(value, ScalarNode) and _NUMBER.fullmatch(value.text)
            by = section.refuses_numbers if is_number else ""
            yield Problem(span=value.span, reason=NO_STRING, by=by)
        if isinstance(version, StringNode):
            span = Span(key.start, version.end)
            found = dependency(text, version, section, name=name, name_span=key.inner, span=span)
            yield found
            if found.source is Source.GIT:
                yield from refusals(found)


def _begun(text: str, key: StringNode, value: Node | None) -> Node | None:
    """*value* as the version that it is the beginning of: what is no string yet (a number, or
    nothing at the line's end) becomes one.
    """
    if isinstance(value, ScalarNode) and _NUMBER.fullmatch(value.text):
        return value.as_string
    place = _NOTHING.match(text, key.end) if value is None else None
    return StringNode("", *[place.end()] * 4) if place is not None else value


def dependency(
    text: str, value: StringNode, section: Section, *, name: str, name_span: Span, span: Span
) -> Dependency:
    """The dependency that *value*, a node of *text*, gives to *name*."""
    means = classify(value.value)
    source, written_span = means.source, value.inner
    return Dependency(
        name=name if means.name is None else means.name,
        display_name=name,
        name_span=name_span,
        specifier=means.specifier,
        specifier_span=(
            written_span
            if means.specifier == value.value and means.offset == 0
            else _specifier_span(text, value, means, section.escapes)
        ),
        span=span,
        section=section.name,
        dialect=DIALECT,
        source=source,
        target=means.target,
        optional=section.is_optional or name in section.optional_names,
        runtime=section.runtime,
        written=value.value,
        written_span=written_span,
        link=link(source, means.target, name) if means.target else "",
        real_span=_real_span(text, value, means, section.escapes),
    )


def refusals(dependency: Dependency) -> Iterator[Problem]:
    """What installers say of the dependency's specifier that no version scheme says."""
    refusal = classify(dependency.written).refusal
    if refusal and dependency.written_span is not None:
        yield Problem(span=dependency.written_span, reason=refusal)


def not_a_section(name: str, value: Node) -> Problem:
    """The problem of a section that is no object."""
    reason = f"'{name}' must be an object of names and versions."
    return Problem(span=value.span, reason=reason)


def _real_span(text: str, value: StringNode, means: Specifier, escapes: Escapes) -> Span | None:
    start = means.name_offset
    if start is None:
        return None
    return escapes.locate(text, value, start, start + means.length)


def _specifier_span(
    text: str, value: StringNode, means: Specifier, escapes: Escapes
) -> Span | None:
    start = means.offset
    if start is None:
        return None
    return escapes.locate(text, value, start, start + len(means.specifier))
