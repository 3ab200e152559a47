"""What an npm registry itself knows against versions: npm's bulk advisories.

Documented by what npm does (``@npmcli/arborist``, ``@npmcli/metavuln-calculator``): a package's
advisories come with a range of the versions that they are about, which takes prereleases in, and
with no word on what fixes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from registry_lsp.core.advisories import Advisory, Affected, Rating, merged
from registry_lsp.core.packages import Missing, RegistryRef, ReleaseId, Unavailable
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.http import Http, Response
from registry_lsp.core.ports.registry import AdvisoriesAnswer
from registry_lsp.ecosystems.npm.manifests.specifier import is_valid_name
from registry_lsp.ecosystems.npm.versions.ranges import Comparator, parse_range
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme
from registry_lsp.ecosystems.npm.versions.semver import Version
from registry_lsp.net.addresses import web_link
from registry_lsp.net.decoding import as_mapping, as_text, as_texts, decode
from registry_lsp.net.reading import settle

MOST = 500
"""How many packages one question names, at most."""

_PATH = "-/npm/v1/security/advisories/bulk"
_JSON = "application/json"
_FRESH_FOR = 4 * 3600.0
_NOT_HERE = frozenset({400, 405, 501})

_MOST_ADVISORIES = 500
_GHSA = re.compile(r"GHSA(?:-[0-9a-z]{4}){3}")
_CONTENT_IS_MALICIOUS = "CWE-506"
_RATINGS = MappingProxyType(
    {
        "info": Rating.LOW,
        "low": Rating.LOW,
        "moderate": Rating.MODERATE,
        "high": Rating.HIGH,
        "critical": Rating.CRITICAL,
    }
)
_DOCUMENT = msgspec.json.Decoder(dict[str, Any])


async def ask(http: Http, releases: Sequence[ReleaseId]) -> Mapping[ReleaseId, AdvisoriesAnswer]:
    """What their own registries know against *releases*: one question for all of a registry's."""
    answers: dict[ReleaseId, AdvisoriesAnswer] = {}
    by_registry: dict[RegistryRef, dict[str, list[ReleaseId]]] = {}
    for each in releases:
        if is_valid_name(each.package.name):
            named = by_registry.setdefault(each.package.registry, {})
            named.setdefault(each.package.name, []).append(each)
    for registry, named in by_registry.items():
        names = list(named)
        for at in range(0, len(names), MOST):
            part = {name: named[name] for name in names[at : at + MOST]}
            answers |= await _ask(http, registry, part)
    return answers


async def _ask(
    http: Http, registry: RegistryRef, named: Mapping[str, Sequence[ReleaseId]]
) -> dict[ReleaseId, AdvisoriesAnswer]:
    wanted = {name: [each.version for each in some] for name, some in named.items()}
    answer = await http.post(
        f"{registry.url}{_PATH}",
        body=msgspec.json.encode(wanted),
        accept=_JSON,
        content_type=_JSON,
        authorization=registry.authorization,
        within=registry.url,
        transport=registry.transport,
    )
    said = await _settle(answer)
    return {
        each: Fetched(value=_against(said.value.get(name, ()), each.version), fresh_for=_FRESH_FOR)
        if isinstance(said, Fetched)
        else said
        for name, some in named.items()
        for each in some
    }


async def _settle(
    answer: Response | Unavailable,
) -> Fetched[Mapping[str, tuple[Advisory, ...]]] | Refusal:
    """What the answer comes to: Missing where the registry keeps no advisories."""
    status = answer.status
    if status in _NOT_HERE:
        return Missing()
    return await settle(answer, lambda it: read_bulk(it.body), fresh_for=_FRESH_FOR)


def read_bulk(body: bytes) -> Mapping[str, tuple[Advisory, ...]]:
    """The advisories of each package that has any, by its name. Raises GarbageError."""
    document = decode(body, _DOCUMENT)
    return {
        name: tuple(filter(None, (_advisory(as_mapping(each)) for each in said[:_MOST_ADVISORIES])))
        for name, said in document.items()
        if isinstance(said, list)
    }


def _against(advisories: Sequence[Advisory], version: str) -> tuple[Advisory, ...]:
    """Those of a package's *advisories* that are about *version*, each fault once."""
    key = NpmScheme().key
    return merged(each for each in advisories if each.affects(version, key))


def _advisory(said: Mapping[str, Any]) -> Advisory | None:
    """What one entry says; None for one that nobody could look up."""
    url = web_link(said.get("url"))
    number = said.get("id")
    known = _GHSA.fullmatch((url or "").rstrip("/").rpartition("/")[2])
    if known is None and not isinstance(number, int | str):
        return None
    return Advisory(
        id=known[0] if known is not None else f"npm-{number}",
        summary=as_text(said.get("title")),
        rating=_RATINGS.get((as_text(said.get("severity")) or "").lower()),
        score=_score(as_mapping(said.get("cvss")).get("score")),
        is_malware=_CONTENT_IS_MALICIOUS in as_texts(said.get("cwe")),
        ranges=tuple(_stretches(as_text(said.get("vulnerable_versions")))),
        url=url,
    )


def _score(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 < value <= 10 else None


def _stretches(text: str | None) -> Iterator[Affected]:
    """The stretches of a range, all versions where there is none; none where it cannot be read."""
    parsed = parse_range(text or "*", loose=True, include_prerelease=True)
    for alternative in parsed.alternatives if parsed is not None else ():
        yield _stretch(alternative)


def _stretch(comparators: Sequence[Comparator]) -> Affected:
    """What the *comparators* of one alternative leave between them.

    Of several on one side the last one stands, as no database writes two.
    """
    introduced = fixed = last = None
    for each in comparators:
        version = str(each.version)
        match each.operator:
            case ">=":
                introduced = version
            case ">":
                introduced = str(_next(each.version))
            case "<":
                fixed, last = version, None
            case "<=":
                fixed, last = None, version
            case _:
                introduced = last = version
    return Affected(introduced=introduced, fixed=fixed, last=last)


def _next(version: Version) -> Version:
    """The lowest version above *version*, where prereleases count."""
    if version.prerelease:
        after, patch = (*version.prerelease, 0), version.patch
    else:
        after, patch = (0,), version.patch + 1
    return Version(major=version.major, minor=version.minor, patch=patch, prerelease=after)
