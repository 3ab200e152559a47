"""The package manager that a project names for itself: ``packageManager`` and
``devEngines.packageManager`` of ``package.json``. Pure.

The rules are Corepack's (its ``specUtils``), which reads both; it installs npm, pnpm and Yarn.
``bun@<version>`` is written in the same place for other tools, and so is no fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry_lsp.core.manifests import Dependency, Problem, Source
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.core.text import Span, printable
from registry_lsp.ecosystems.npm.manifests.entries import DIALECT, SHOWN, Found
from registry_lsp.ecosystems.npm.manifests.links import link
from registry_lsp.ecosystems.npm.versions.ranges import min_version, parse_range
from registry_lsp.ecosystems.npm.versions.scheme import NpmRequirement, NpmScheme
from registry_lsp.ecosystems.npm.versions.semver import Version, parse_version
from registry_lsp.syntax.json.strings import JSON_ESCAPES
from registry_lsp.syntax.nodes import Node, StringNode, TableNode, tables_in

EXACT_DIALECT = "npm-exact"
"""The version scheme of ``packageManager``."""

_FIELD = "packageManager"
_RANGE_FIELD = "devEngines.packageManager"
MANAGER_SECTIONS = frozenset({_FIELD, _RANGE_FIELD})
"""The sections of what is said here."""
_KNOWN = frozenset({"npm", "pnpm", "yarn", "bun"})
_YARN, _MODERN_YARN = "yarn", "@yarnpkg/cli-dist"
_YARN_TODAY = Version(major=4, minor=0, patch=0)
_CLASSIC = re.compile(r"v?[01](?:\.|\Z)")
_PARTS = re.compile(r"([^@]*)@([^+]*)(\+.*)?", re.DOTALL)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class ExactScheme(NpmScheme):
    """npm's versions where nothing but a whole version may stand."""

    def parse(self, specifier: str, *, prereleases: bool | None = None) -> NpmRequirement:
        """Read a version. Raises :class:`InvalidRequirementError` for anything else."""
        if parse_version(specifier) is None:
            raise InvalidRequirementError(
                f"'{printable(specifier, SHOWN)}' is no whole version such as 1.2.3, and Corepack "
                "takes nothing else."
                if specifier
                else "A whole version such as 1.2.3 must stand behind the '@'."
            )
        return super().parse(specifier, prereleases=prereleases)

    def replace(self, specifier: str, version: str) -> str:
        """*version* itself, whatever stood there."""
        return version

    def widen(self, specifier: str, version: str) -> None:
        """None: there is no form for that."""

    def ranges(self, version: str) -> tuple[str, ...]:
        """*version* alone."""
        return (version,)

    def ceilings(self, version: str) -> tuple[str, ...]:
        """Nothing: it has no operators."""
        return ()


def manager_of(root: TableNode) -> str:
    """What the package manager of a ``package.json`` is called; empty where it does not say."""
    return wanted_manager(root)[0]


def wanted_manager(root: TableNode) -> tuple[str, str]:
    """The name of the package manager that a ``package.json`` asks for, and its version, or a
    range: each empty where it does not say. Of several engines the first is the one to use.
    """
    name, _, version = root.string(_FIELD).partition("@")
    if name:
        return name, version
    engines = root.table("devEngines")
    engine = next(iter(tables_in(engines.get(_FIELD))), None) if engines is not None else None
    return (engine.string("name"), engine.string("version")) if engine is not None else ("", "")


def package_manager(text: str, value: Node) -> Iterator[Found]:
    """What ``packageManager`` says: ``pnpm@9.1.0+sha512.abc``.

    Yarn is looked up as ``@yarnpkg/cli-dist`` from its version 2 on, which is where that is
    published. The hash, with the ``+`` before it, is one of the dependency's hashes.
    """
    if not isinstance(value, StringNode):
        yield Problem(span=value.span, reason=f"'{_FIELD}' must be a string: <name>@<version>.")
        return
    found = _PARTS.fullmatch(value.value)
    if found is None:
        if value.value:
            reason = f"A version is missing: '{_FIELD}' must be <name>@<version>."
            yield Problem(span=value.inner, reason=reason)
        return
    name, version = found[1], found[2]
    if _ADDRESS.match(version):
        yield _from_address(text, value, name)
    elif name in _KNOWN:
        yield _exact(text, value, found)
    else:
        span = JSON_ESCAPES.locate(text, value, 0, len(name)) if name else value.inner
        known = "npm, pnpm and Yarn"
        reason = f"'{printable(name, SHOWN)}' is no package manager that Corepack knows ({known})."
        yield Problem(span=span, reason=reason)


def _exact(text: str, value: StringNode, found: re.Match[str]) -> Dependency:
    name, version, hash = found.groups()
    is_modern = name == _YARN and not _CLASSIC.match(version)
    at = [JSON_ESCAPES.locate(text, value, *found.span(each)) for each in (1, 2)]
    return Dependency(
        name=_MODERN_YARN if is_modern else name,
        display_name=name,
        name_span=at[0],
        specifier=version,
        specifier_span=at[1],
        span=value.span,
        section=_FIELD,
        dialect=EXACT_DIALECT,
        hashes=(JSON_ESCAPES.locate(text, value, *found.span(3)),) if hash else (),
        written=version,
        written_span=at[1],
    )


def _from_address(text: str, value: StringNode, name: str) -> Dependency:
    """One that is downloaded from an address: of a manager that it knows Corepack does that only
    where its environment says that it may.
    """
    target = value.value[len(name) + 1 :]
    return Dependency(
        name=name,
        display_name=name,
        name_span=JSON_ESCAPES.locate(text, value, 0, len(name)),
        specifier="",
        specifier_span=None,
        span=value.span,
        section=_FIELD,
        dialect=EXACT_DIALECT,
        source=Source.URL,
        target=target,
        written=target,
        written_span=JSON_ESCAPES.locate(text, value, len(name) + 1, len(value.value)),
        link=link(Source.URL, target, name),
    )


def development_engines(value: Node) -> Iterator[Found]:
    """What ``devEngines.packageManager`` says: an object with a name and a range, or several."""
    engines = value.get(_FIELD) if isinstance(value, TableNode) else None
    for table in tables_in(engines):
        name, version = table.get("name"), table.get("version")
        if not isinstance(name, StringNode) or name.value not in _KNOWN:
            continue
        if version is not None and not isinstance(version, StringNode):
            yield Problem(span=version.span, reason="A version range must be a string.")
            continue
        yield _ranged(name, version, table.span)
        if version is not None and version.value and parse_range(version.value) is None:
            reason = f"'{printable(version.value, SHOWN)}' is no version range."
            yield Problem(span=version.inner, reason=reason)


def _ranged(name: StringNode, version: StringNode | None, span: Span) -> Dependency:
    range = version.value if version is not None else ""
    place = version.inner if version is not None else None
    return Dependency(
        name=_MODERN_YARN if name.value == _YARN and _is_modern(range) else name.value,
        display_name=name.value,
        name_span=name.inner,
        specifier=range,
        specifier_span=place,
        span=span,
        section=_RANGE_FIELD,
        dialect=DIALECT,
        written=range,
        written_span=place,
    )


def _is_modern(range: str) -> bool:
    """Whether a range of Yarn's means its versions after the first."""
    parsed = parse_range(range)
    least = min_version(parsed) if parsed is not None else None
    return parsed is None or parsed.admits(_YARN_TODAY) or (least is not None and least.major > 1)
