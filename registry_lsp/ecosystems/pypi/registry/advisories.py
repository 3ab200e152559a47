"""What an index itself knows against a release: the ``vulnerabilities`` of the JSON API.

They have no rating, and of the versions that they are about only which ones fix them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from packaging.version import Version

from registry_lsp.core.advisories import MALWARE, Advisory, Affected, merged
from registry_lsp.core.packages import Missing, RegistryRef, ReleaseId
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.ports.registry import AdvisoriesAnswer
from registry_lsp.ecosystems.pypi.versions.choice import parse_version
from registry_lsp.net.addresses import web_link
from registry_lsp.net.decoding import GarbageError, as_mapping, as_text, as_texts, decode

_MOST = 500
_TRIED = 2
_AT_ONCE = 8
_FRESH_FOR = 4 * 3600.0
_LONGEST_NAME = 100
_LONGEST_SUMMARY = 300


class _Document(msgspec.Struct):
    info: dict[str, Any] | None = None
    vulnerabilities: Any = None


_DOCUMENT = msgspec.json.Decoder(_Document)


async def ask(
    releases: Sequence[ReleaseId], ask_one: Callable[[ReleaseId], Awaitable[AdvisoriesAnswer]]
) -> Mapping[ReleaseId, AdvisoriesAnswer]:
    """What their own indexes know against *releases*, each asked about by itself.

    An index that has nothing to say of the first two has no such API: it is not asked about the
    others.
    """
    by_index: dict[RegistryRef, list[ReleaseId]] = {}
    for each in releases:
        by_index.setdefault(each.package.registry, []).append(each)
    places = asyncio.Semaphore(_AT_ONCE)

    async def told(release: ReleaseId) -> AdvisoriesAnswer:
        async with places:
            said = await ask_one(release)
        return replace(said, fresh_for=_FRESH_FOR) if isinstance(said, Fetched) else said

    async def of_index(some: Sequence[ReleaseId]) -> dict[ReleaseId, AdvisoriesAnswer]:
        first, others = some[:_TRIED], some[_TRIED:]
        said = await asyncio.gather(*(told(each) for each in first))
        if all(isinstance(each, Missing) for each in said):
            return dict.fromkeys(some, Missing())
        said += await asyncio.gather(*(told(each) for each in others))
        return dict(zip(some, said, strict=True))

    parts = await asyncio.gather(*(of_index(some) for some in by_index.values()))
    return {release: said for part in parts for release, said in part.items()}


def read_vulnerabilities(body: bytes, version: str) -> tuple[Advisory, ...]:
    """What is known against the release *version*, which the document describes, each fault once.

    Raises GarbageError where it is no such document.
    """
    document = decode(body, _DOCUMENT)
    if document.info is None:
        raise GarbageError("a release has an info")
    said = document.vulnerabilities if isinstance(document.vulnerabilities, list) else []
    return merged(filter(None, (_advisory(as_mapping(each), version) for each in said[:_MOST])))


def _advisory(said: Mapping[str, Any], version: str) -> Advisory | None:
    """What one entry says; None for one that was withdrawn, or has no name."""
    id = as_text(said.get("id"))
    if id is None or as_text(said.get("withdrawn")) is not None:
        return None
    text = as_text(said.get("summary")) or as_text(said.get("details")) or ""
    aliases = tuple(name[:_LONGEST_NAME] for name in as_texts(said.get("aliases"))[:_MOST])
    return Advisory(
        id=id[:_LONGEST_NAME],
        aliases=aliases,
        summary=text.splitlines()[0][:_LONGEST_SUMMARY] if text else None,
        is_malware=any(name.startswith(MALWARE) for name in (id, *aliases)),
        ranges=tuple(_stretches(as_texts(said.get("fixed_in"))[:_MOST], version)),
        url=web_link(said.get("link")),
    )


def _stretches(fixes: Sequence[str], version: str) -> Iterator[Affected]:
    """What of the versions from *version* on lies below the *fixes*: all up to the first that
    is above it, and of each higher one what comes before it in its own series. Where none is
    above it, it has no end.
    """
    used = parse_version(version)
    read = sorted(filter(None, map(parse_version, fixes)))
    above = [each for each in read if used is None or each > used]
    if not above:
        yield Affected()
        return
    yield Affected(fixed=str(above[0]))
    for each in above[1:]:
        yield Affected(introduced=_first_of_series(each), fixed=str(each))


def _first_of_series(version: Version) -> str:
    """The lowest version of the series that *version* belongs to: of 4.0.2 that is 4.0.dev0."""
    series = ".".join(map(str, version.release[:-1] or version.release))
    epoch = f"{version.epoch}!" if version.epoch else ""
    return f"{epoch}{series}.dev0"
