"""The rest of a constraint, beside the part of it that is typed, and what that leaves of a package:
behind ``>=17.0.1 <`` what is above 17.0.1. Pure, and on the text as it stands.

Parts that hold together stand between commas or blanks; what ``||`` parts stands alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.order import is_newer
from registry_lsp.core.packages import Package, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, Requirement, VersionScheme
from registry_lsp.core.remembering import ByIdentity
from registry_lsp.core.text import printable
from registry_lsp.features.completions.place import Place

_OR = re.compile(r"\|\|?")
_OPERATOR = re.compile(r"([\^~<>=!]*)[ \t]*\Z")
_OPERATORS = re.compile(r"[\^~<>=!]+")
_NEXT_LINE = re.compile(r"\\\r?\n")
_FROM = re.compile(r"(\S+)[ \t]+-[ \t]*\Z")
_TO = re.compile(r"[ \t]+-[ \t]+(\S+)")
_BESIDE = " \t,()"
_SHOWN = 40

_LEFT: ByIdentity[Package, Left | None] = ByIdentity(most=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The other parts of a constraint as one specifier, empty where there are none, and the
    ``operator`` of the one that is typed, as far as it stands there.
    """

    text: str
    operator: str

    @property
    def has_floor(self) -> bool:
        """Whether one of its parts bounds it below: what neither excludes nor bounds above does."""
        return not self._operators or any(each[0] not in "<!" for each in self._operators)

    @property
    def has_ceiling(self) -> bool:
        """Whether one of its parts bounds it above."""
        return not self._operators or any(
            each[0] not in ">!" and each != "<>" for each in self._operators
        )

    @property
    def _operators(self) -> list[str]:
        return _OPERATORS.findall(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a rest leaves: the ``releases`` that may be installed by it, newest first, at least one,
    and their ``versions``. ``withdrawn`` is what is no release of these for that.
    """

    rest: Rest
    requirement: Requirement
    releases: tuple[Release, ...]
    versions: frozenset[str]
    withdrawn: tuple[Release, ...] = ()

    def suits(self, version: str, scheme: VersionScheme) -> bool:
        """Whether with *version* put in the whole is of use: it admits something, and says more
        than the rest does already.
        """
        oldest = self.releases[-1].version
        match self.rest.operator:
            case "<":
                return is_newer(scheme, version, oldest)
            case "<=":
                return version in self.versions or is_newer(scheme, version, oldest)
            case ">":
                newest = self.releases[0].version
                return version in self.versions and is_newer(scheme, newest, version)
        return version in self.versions

    def objection(self, version: str, scheme: VersionScheme) -> str:
        """What is to be said of a *version* that does not suit; empty of one that does."""
        if self.suits(version, scheme):
            return ""
        if not self.requirement.admits(version):
            return f"outside {printable(self.rest.text, _SHOWN)}"
        return {"<": "nothing is older", ">": "nothing is newer"}.get(self.rest.operator, "")


def rest_at(dependency: Dependency, place: Place, text: str) -> Rest:
    """What stands beside *place* in the specifier of *dependency* in *text*."""
    span = dependency.specifier_span
    if span is None:
        return Rest(text="", operator="")
    before = _OR.split(_NEXT_LINE.sub(" ", text[span.start : place.span.start]))[-1]
    behind = _OR.split(_NEXT_LINE.sub(" ", text[place.span.end : max(span.end, place.span.end)]))[0]
    if found := _FROM.search(before):
        return Rest(text=f">={found[1]}", operator="<=")
    if found := _TO.match(behind):
        return Rest(text=f"<={found[1]}", operator=">=")
    operator = _OPERATOR.search(before)
    start = operator.start() if operator is not None else len(before)
    parts = [before[:start].strip(_BESIDE), behind.strip(_BESIDE)]
    between = "," if "," in before + behind else " "
    return Rest(
        text=between.join(filter(None, parts)), operator=operator[1] if operator is not None else ""
    )


def left_by(
    rest: Rest, package: Package, scheme: VersionScheme, *, prereleases: bool
) -> Left | None:
    """What *rest* leaves of *package*, with its *prereleases* or without; None where it bounds
    nothing, is not to be read yet, or leaves nothing. The same one again for the same.
    """
    if not rest.text and rest.operator != "<":
        return None

    def left() -> Left | None:
        try:
            requirement = scheme.parse(rest.text)
        except InvalidRequirementError:
            return None
        releases = tuple(
            each
            for each in package.releases
            if (prereleases or not scheme.is_prerelease(each.version))
            and requirement.admits(each.version)
        )
        if not releases:
            return None
        standing = tuple(each for each in releases if not _is_withdrawn(each))
        withdrawn = (each for each in releases if standing and _is_withdrawn(each))
        return Left(
            rest=rest,
            requirement=requirement,
            releases=standing or releases,
            versions=frozenset(each.version for each in standing or releases),
            withdrawn=tuple(withdrawn),
        )

    return _LEFT.get(package, (scheme, prereleases, rest), left)


def _is_withdrawn(release: Release) -> bool:
    return bool(release.yanked) or release.deprecated is not None
