"""PEP 440 version specifiers, as packaging reads them and pip chooses by them."""

from __future__ import annotations

import re
from functools import lru_cache, partial

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import Version

from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.choice import (
    BEYOND,
    PythonRequirement,
    PythonVersions,
    parse_version,
)
from registry_lsp.ecosystems.pypi.versions.rewriting import rewritten, usual_ranges, widened

_MAX_SPECIFIER = 4_000
_MAX_CLAUSE = 200
_PARTS = re.compile(r"([=<>!~^]*)\s*(.*)", re.DOTALL)
_SWALLOWED = re.compile(r"===\s*[^\s,]*,\S*\s+[^\s,]")
"""A comma right behind an arbitrary equality, and a space: the standard's grammar has the comma
belong to the version.
"""
_OPERATORS = frozenset({"===", "==", "~=", "!=", ">=", "<=", ">", "<"})
_MEANT = {"=>": ">=", "=<": "<=", "=!": "!=", "=~": "~=", "=": "==", "<>": "!=", "!": "!="}


class Pep440Scheme(PythonVersions):
    """The dialect ``pep440``: requirements files and the standard tables of pyproject.toml."""

    def parse(self, specifier: str, *, prereleases: bool | None = None) -> PythonRequirement:
        """Read a specifier. Raises :class:`InvalidRequirementError` for what pip refuses."""
        return _parse(specifier).taking(prereleases=prereleases)

    def replace(self, specifier: str, version: str) -> str:
        """*specifier* for *version*: operators, precision and spacing kept where the result then
        admits it. An empty one gives ``>=``.
        """
        return rewritten(specifier, version, parse=_parse, default=">=")

    def widen(self, specifier: str, version: str) -> str | None:
        """*specifier* with a ceiling above *version*, and its floor as it was."""
        return widened(specifier, version, parse=_parse)

    def ranges(self, version: str) -> tuple[str, ...]:
        """From *version* on; what is compatible with it; below the next major one; it alone."""
        return usual_ranges(version, ">=", "~=", ">=,<", "==")


@lru_cache(maxsize=4096)
def _parse(specifier: str) -> PythonRequirement:
    if len(specifier) > _MAX_SPECIFIER:
        raise InvalidRequirementError("The version specifier is too long to be read.")
    clauses = tuple(_clause(each) for each in _split(specifier))
    specifiers = SpecifierSet(clauses)
    pins = (each.version for each in clauses if _is_pin(each))
    named = (each.version.removesuffix(".*") for each in clauses if each.operator not in BEYOND)
    has_arbitrary = any(each.operator == "===" for each in clauses)

    def contains(version: Version) -> bool:
        # '===' compares texts, and pip hands it the normalised one.
        return specifiers.contains(str(version) if has_arbitrary else version, prereleases=True)

    return PythonRequirement(
        contains=contains,
        takes_prereleases=specifiers.prereleases is True,
        pinned=next(pins, None),
        named=tuple(each for each in named if parse_version(each) is not None),
        but_for=tuple(
            partial(each.contains, prereleases=True) for each in clauses if each.operator == "!="
        ),
    )


def _is_pin(clause: Specifier) -> bool:
    """Whether pip counts it as a pin (PEP 592): an equality without a wildcard."""
    return clause.operator == "===" or (
        clause.operator == "==" and not clause.version.endswith(".*")
    )


def _split(specifier: str) -> list[str]:
    """The clauses between the commas. A comma at the end is let pass, as packaging does."""
    clauses = [each.strip() for each in specifier.split(",")]
    if not clauses[-1]:
        clauses.pop()
    if any(not each for each in clauses):
        raise InvalidRequirementError("A version specifier is missing before a comma.")
    if "===" in specifier and _SWALLOWED.search(specifier):
        raise InvalidRequirementError(
            "A comma right after '===' and its version is read as part of that version."
        )
    return clauses


def _clause(text: str) -> Specifier:
    if len(text) > _MAX_CLAUSE:
        raise InvalidRequirementError(f"'{_short(text)}' is too long to be a version.")
    try:
        return Specifier(text)
    except InvalidSpecifier:
        raise InvalidRequirementError(_fault(text)) from None


def _fault(text: str) -> str:
    """Why packaging refuses the clause *text*."""
    found = _PARTS.match(text)
    operator, version = (found[1], found[2]) if found else ("", text)
    if not operator:
        return _no_operator(text)
    if operator in _MEANT:
        return f"'{operator}' is not an operator: did you mean '{_MEANT[operator]}'?"
    if operator in {"^", "~"}:
        return (
            f"'{operator}' is not an operator of Python's version specifiers: '~=1.4' admits 1.4 "
            "and what is compatible with it."
        )
    if operator not in _OPERATORS:
        return f"'{_short(operator)}' is not an operator."
    if not version:
        return f"No version follows '{operator}'."
    return _version_fault(operator, version)


def _no_operator(text: str) -> str:
    if parse_version(text) is not None:
        return (
            f"'{text}' has no operator: '=={text}' admits only that version, '>={text}' newer "
            "ones too."
        )
    if text == "*":
        return "'*' is not a version specifier: leave it out to admit every version."
    return f"'{_short(text)}' is not a version specifier."


def _version_fault(operator: str, version: str) -> str:
    first, *more = version.split(None, 1)
    if first[0] in "=<>!~^":
        return f"The operator '{operator} {first[0]}' must not contain a space."
    if more:
        follower = more[0]
        if follower[0] in "=<>!~^":
            return f"A comma is missing before '{_short(follower)}'."
        return f"'{_short(version)}' is not a version."
    stem = version.removesuffix(".*")
    parsed = parse_version(stem)
    if parsed is None:
        return f"'{_short(version)}' is not a version."
    if stem != version:
        if operator in {"==", "!="}:
            return "'.*' can follow only release numbers."
        return f"'.*' can be used only with '==' and '!=', not with '{operator}'."
    if parsed.local is not None:
        return f"A local version, '+{parsed.local}', can be used only with '==' and '!='."
    return f"'{operator}' needs at least two numbers, as in '{operator}{version}.0'."


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
