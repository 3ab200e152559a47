"""The adapter for registries that speak npm's protocol."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote

from registry_lsp.core.packages import Missing, PackageId, Unavailable
from registry_lsp.core.ports import (
    Http,
    MetadataAnswer,
    NotModified,
    PackageAnswer,
    Refusal,
    Response,
    Validators,
)
from registry_lsp.ecosystems.npm.documents import (
    read_manifest,
    read_package,
    read_tags,
    read_version,
    unpublished,
)
from registry_lsp.net.answers import garbage, refusal
from registry_lsp.net.caching import fetched, freshness
from registry_lsp.net.decoding import GarbageError, off_loop

FRESH_FOR = 300.0
"""Seconds that a document is fresh where the registry does not say: what the public one says."""

_ABBREVIATED = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"
_FULL = "application/json"

_NOT_HERE = frozenset({400, 404, 405, 410})
"""What registries without an endpoint for versions, or without this one, say of it."""


class NpmRegistry:
    """Asks a registry for its documents, the abbreviated ones where they say enough."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def package(
        self, id: PackageId, *, full: bool, known: Validators | None = None
    ) -> PackageAnswer:
        """The package, from the full document where *full*, else from the abbreviated one.

        A registry that has no abbreviated documents may answer 406, or a 404 that is not its
        own: then the full one is asked for, as npm does (pacote). A 404 in JSON is the
        registry's own word, and a second question would only cost time.
        """
        url = _url(id)
        if url is None:
            return Missing()
        answer = await self._get(id, url, accept=_FULL if full else _ABBREVIATED, known=known)
        if not full and _may_have_full(answer):
            answer = await self._get(id, url, accept=_FULL, known=known)
        if isinstance(answer, Unavailable):
            return answer
        if (refused := _refusal(id, answer)) is not None:
            return refused
        if answer.status == 304:
            return NotModified(fresh_for=freshness(answer.headers, FRESH_FOR))
        try:
            package = await off_loop(lambda it: read_package(id, it.body, full=full), answer)
        except GarbageError:
            return garbage(answer)
        if isinstance(package, Missing):
            return package
        if package.releases and not package.dist_tags:
            package = replace(package, dist_tags=await self._tags(id))
        return fetched(package, answer, FRESH_FOR)

    async def metadata(self, id: PackageId, version: str) -> MetadataAnswer:
        """What one version says, from its own endpoint or, where a registry has none that says
        it, from the full document.
        """
        url = _url(id)
        if url is None:
            return Missing()
        answer = await self._get(id, f"{url}/{_escape(version)}", accept=_FULL)
        if isinstance(answer, Unavailable):
            return answer
        if answer.status == 200:
            with suppress(GarbageError):
                return fetched(read_manifest(answer.body), answer, FRESH_FOR)
        elif answer.status not in _NOT_HERE and (refused := refusal(answer)) is not None:
            return refused
        return await self._from_document(id, url, version)

    async def _from_document(self, id: PackageId, url: str, version: str) -> MetadataAnswer:
        answer = await self._get(id, url, accept=_FULL)
        if isinstance(answer, Unavailable):
            return answer
        if (refused := _refusal(id, answer)) is not None:
            return refused
        try:
            said = await off_loop(lambda it: read_version(it.body, version), answer)
        except GarbageError:
            return garbage(answer)
        return fetched(said, answer, FRESH_FOR) if said is not None else Missing()

    async def _tags(self, id: PackageId) -> tuple[tuple[str, str], ...]:
        """The dist-tags from their own endpoint; none where it does not say."""
        url = f"{id.registry.url}-/package/{_escape(id.name)}/dist-tags"
        answer = await self._get(id, url, accept=_FULL)
        if isinstance(answer, Response) and answer.status == 200:
            with suppress(GarbageError):
                return read_tags(answer.body)
        return ()

    async def _get(
        self, id: PackageId, url: str, *, accept: str, known: Validators | None = None
    ) -> Response | Unavailable:
        return await self._http.get(
            url, accept=accept, authorization=id.registry.authorization, validators=known
        )


def _url(id: PackageId) -> str | None:
    """Where the package's document is; None for a name that would lead out of its place."""
    if id.name in {"", ".", ".."}:
        return None
    return id.registry.url + _escape(id.name)


def _escape(text: str) -> str:
    """*text* as one segment of a path, the slash of a scoped name as npm itself writes it."""
    return quote(text, safe="@+", errors="replace").replace("%2F", "%2f")


def _may_have_full(answer: Response | Unavailable) -> bool:
    """Whether what refused the abbreviated document may still have the full one."""
    if isinstance(answer, Unavailable):
        return False
    return answer.status == 406 or (answer.status == 404 and not _is_json(answer))


def _is_json(answer: Response) -> bool:
    return answer.content_type.endswith(("/json", "+json"))


def _refusal(id: PackageId, answer: Response) -> Refusal | None:
    """How the lookup ends; None for 200 and 304.

    To those without access, registries say of a scoped package that there is none.
    """
    detail = unpublished(answer.body) if answer.status == 404 else None
    return refusal(answer, detail=detail, or_no_access=id.name.startswith("@") and detail is None)
