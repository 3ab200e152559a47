"""What a project wants instead of what its dependencies ask for: npm's ``overrides``, pnpm's, and
Yarn's ``resolutions``. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from registry_lsp.core.manifests import Dependency, Problem, Source
from registry_lsp.core.text import Span, printable
from registry_lsp.ecosystems.npm.manifests.entries import (
    DIALECT,
    NO_STRING,
    SHOWN,
    Found,
    Section,
    dependency,
    refusals,
)
from registry_lsp.ecosystems.npm.manifests.selectors import Selector, npm_selector
from registry_lsp.ecosystems.npm.manifests.specifier import classify
from registry_lsp.ecosystems.npm.versions.ranges import Range, parse_range
from registry_lsp.ecosystems.npm.versions.semver import SPACES, Version
from registry_lsp.syntax.nodes import Member, Node, StringNode, TableNode

_NPM = "npm"
_SELF = "."
_REFERENCE = "$"
_REMOVED = "-"
_ANY = "*"
_LEAST = Version(major=0, minor=0, patch=0)
_GIT_RANGE = re.compile(r"(?:[^:]*::)*semver:([^:]+)")
_MOST_BOUNDS = 100
"""Versions that two ranges name; nobody writes as many, and each is held against each."""
_NO_SELECTOR = "An override is called <package> or <package>@<range>."
_NO_RANGE = "What stands behind the '@' must be a version range."
_NO_PATH = "The name of a package must stand at its end."
_NO_OVERRIDE = "An override must be a version, or an object of overrides."


def flat_overrides(
    text: str,
    table: TableNode,
    section: Section,
    *,
    select: Callable[[str], Selector | None],
    direct: Mapping[str, str] | None,
) -> Iterator[Found]:
    """The entries of pnpm's overrides or of ``resolutions``, whose keys *select* reads.

    *direct* are the specifiers of the project's own dependencies by name, None where they stand
    in another file: a reference to none of them is refused. A value of ``-`` removes a
    dependency, and so is none.
    """
    for key, value in table.members:
        if not key.value or value is None:
            continue
        selector = select(key.value)
        if selector is None:
            yield Problem(span=key.inner, reason=_NO_PATH)
        elif not isinstance(value, StringNode):
            yield Problem(span=value.span, reason=NO_STRING)
        elif value.value != _REMOVED:
            yield from _override(text, key, selector, value, section, direct)


def npm_overrides(
    text: str, table: TableNode, section: Section, *, direct: Mapping[str, str] | None
) -> Iterator[Found]:
    """The entries of npm's ``overrides``, which nest: what stands within the object of a package
    holds for what that package requires, and ``.`` there is the package itself.

    *direct* is None where another package manager reads them, whose rules are its own.
    """
    for at in _leaves(table):
        if isinstance(at, Problem):
            yield at
        else:
            yield from _override(text, *at, section, direct)
    if direct is not None:
        yield from _conflicts(table, direct)


def _leaves(table: TableNode) -> Iterator[tuple[StringNode, Selector, StringNode] | Problem]:
    """The key, its meaning and the value of each override, at whatever depth."""
    above: list[tuple[StringNode | None, Iterator[Member]]] = [(None, iter(table.members))]
    while above:
        owner, members = above[-1]
        member = next(members, None)
        if member is None:
            above.pop()
            continue
        key, value = member
        is_self = key.value == _SELF
        if not key.value or value is None or (is_self and owner is None):
            continue  # still being typed; or what npm passes over
        if is_self and owner is not None:
            key = owner
        selector = npm_selector(key.value)
        if selector is None:
            yield Problem(span=key.inner, reason=_NO_SELECTOR)
            continue
        if selector.range and not is_self and parse_range(selector.range) is None:
            yield Problem(span=key.inner, reason=_NO_RANGE)
        if isinstance(value, StringNode):
            yield key, selector, value
        elif isinstance(value, TableNode) and not is_self:
            above.append((key, iter(value.members)))
        else:
            yield Problem(span=value.span, reason=NO_STRING if is_self else _NO_OVERRIDE)


def _override(
    text: str,
    key: StringNode,
    selector: Selector,
    value: StringNode,
    section: Section,
    direct: Mapping[str, str] | None,
) -> Iterator[Found]:
    name, start = selector.name, selector.offset
    name_span = section.escapes.locate(text, key, start, start + len(name))
    span = Span(key.start, value.end)
    written = value.value.strip(SPACES)
    if not written.startswith(_REFERENCE):
        found = dependency(text, value, section, name=name, name_span=name_span, span=span)
        yield found
        yield from refusals(found)
        return
    target = written.removeprefix(_REFERENCE)
    yield Dependency(
        name=name,
        display_name=name,
        name_span=name_span,
        specifier="",
        specifier_span=None,
        span=span,
        section=section.name,
        dialect=DIALECT,
        source=Source.REFERENCE,
        target=target,
        runtime=section.runtime,
        written=value.value,
        written_span=value.inner,
    )
    if target and direct is not None and not direct.get(target):
        reason = f"No direct dependency gives a version of '{printable(target, SHOWN)}'."
        yield Problem(span=value.inner, reason=reason)


def _conflicts(table: TableNode, direct: Mapping[str, str]) -> Iterator[Problem]:
    """What npm refuses with EOVERRIDE: another specifier for a direct dependency than its own.

    Of several overrides of one package the first that meets the dependency counts
    (``@npmcli/arborist``, ``override-set.js``).
    """
    settled: set[str] = set()
    members = {member.key.value: member for member in table.members}  # the last of a name counts
    for key, value in members.values():
        selector = npm_selector(key.value)
        if selector is None or selector.name not in direct or selector.name in settled:
            continue
        own = direct[selector.name]
        if not meets(selector.range.strip(SPACES), own):
            continue
        settled.add(selector.name)
        wanted, place = given(key, value, selector)
        if wanted is None or wanted in {"", _ANY}:
            continue  # npm leaves the dependency as it is
        if wanted.startswith(_REFERENCE):
            wanted = direct.get(wanted.removeprefix(_REFERENCE)) or own
        if wanted != own:
            reason = (
                f"npm refuses it: the package itself depends on '{printable(own, SHOWN)}'. "
                f"Write the same here, or '${selector.name}'."
            )
            yield Problem(span=place, reason=reason, by=_NPM)


def given(key: StringNode, value: Node | None, selector: Selector) -> tuple[str | None, Span]:
    """What an override puts in place, and where that stands: an object that does not say it
    stands for the versions of its own key. None where it is no specifier.
    """
    own = value.get(_SELF) if isinstance(value, TableNode) else value
    if isinstance(own, StringNode):
        return own.value, own.inner
    is_implied = isinstance(value, TableNode) and own is None
    return (selector.range.strip(SPACES) if is_implied else None), key.inner


def meets(selected: str, own: str) -> bool:
    """Whether an override of the versions *selected* meets a dependency on *own*: on a version
    or a range that overlaps with them, or on what no version is known of.
    """
    if selected in {"", _ANY}:
        return True
    means = classify(own)
    if means.source is Source.GIT:
        tags = _GIT_RANGE.match(own.partition("#")[2])
        if tags is None:
            return False  # a branch or commit
        ours = parse_range(unquote(tags[1]))
    else:
        ours = parse_range(means.specifier, loose=True) if means.source.is_looked_up else None
    theirs = parse_range(selected)
    return ours is None or theirs is None or _overlap(ours, theirs)


def _overlap(one: Range, other: Range) -> bool:
    """Whether there may be a version in both: if there is, then the least one of them is a bound
    of one, or lies right above it. Nothing is said of ranges that name very many.
    """
    ranges = [replace(each, include_prerelease=True) for each in (one, other)]
    bounds = {_LEAST} | {
        comparator.version
        for each in ranges
        for comparators in each.alternatives
        for comparator in comparators
    }
    if len(bounds) > _MOST_BOUNDS:
        return False
    candidates = bounds | {replace(each, patch=each.patch + 1, prerelease=()) for each in bounds}
    return any(all(each.admits(version) for each in ranges) for version in candidates)
