"""The adapter for registries that speak npm's protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

from registry_lsp.core.packages import (
    Missing,
    Package,
    PackageId,
    RegistryRef,
    Release,
    ReleaseId,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.http import Http, Response, Validators
from registry_lsp.core.ports.registry import (
    AdvisoriesAnswer,
    MetadataAnswer,
    NamesAnswer,
    PackageAnswer,
    ProvenanceAnswer,
    SearchAnswer,
)
from registry_lsp.ecosystems.npm.manifests.specifier import is_valid_name
from registry_lsp.ecosystems.npm.registry import advisories
from registry_lsp.ecosystems.npm.registry.attestations import read_attestations
from registry_lsp.ecosystems.npm.registry.documents import (
    read_manifest,
    read_package,
    read_tags,
    read_version,
    unpublished,
)
from registry_lsp.ecosystems.npm.registry.search import read_search
from registry_lsp.net.reading import present, settle, unchanged

FRESH_FOR = 300.0
"""Seconds that a document is fresh where the registry does not say: what the public one says."""

_ABBREVIATED = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"
_FULL = "application/json"

_NOT_HERE = frozenset({200, 400, 404, 405, 410})
"""What registries say of an endpoint that they do not have, or of a version or tags that are
not there; of a 200 comes no document of that kind then.
"""

T = TypeVar("T")


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

        Dist-tags that the document lacks have an endpoint of their own. Where that one could not
        be asked, its refusal is the answer: a package without them would be judged, and kept, as
        one that has none.
        """
        url = _url(id)
        if url is None:
            return Missing()
        answer = await self._get(id, url, accept=_FULL if full else _ABBREVIATED, known=known)
        if not full and _may_have_full(answer):
            answer = await self._get(id, url, accept=_FULL, known=known)
        if (same := unchanged(answer, fresh_for=FRESH_FOR)) is not None:
            return same
        said = await _settle(id, answer, lambda it: read_package(id, it.body, full=full))
        if not isinstance(said, Fetched):
            return said
        package = said.value
        if isinstance(package, Missing):
            return package
        if package.releases and not package.dist_tags:
            tags = await self._tags(package)
            if not isinstance(tags, tuple):
                return tags
            package = replace(package, dist_tags=tags)
        return Fetched(value=package, validators=said.validators, fresh_for=said.fresh_for)

    async def metadata(self, id: PackageId, version: str) -> MetadataAnswer:
        """What one version says, from its own endpoint or, where a registry has none that says
        it, from the full document.
        """
        url = _url(id)
        if url is None:
            return Missing()
        answer = await self._get(id, f"{url}/{_escape(version)}", accept=_FULL)
        said = await _settle(id, answer, lambda it: read_manifest(it.body))
        if isinstance(said, Fetched) or _is_final(answer):
            return said
        answer = await self._get(id, url, accept=_FULL)
        found = await _settle(id, answer, lambda it: read_version(it.body, version))
        if not isinstance(found, Fetched):
            return found
        if found.value is None:
            return Missing()
        return Fetched(value=found.value, fresh_for=found.fresh_for)

    async def provenance(self, id: PackageId, release: Release) -> ProvenanceAnswer:
        """Who has built and published the release, by the attestations that the registry keeps.

        Mirrors pass on the address that the first registry gave, so that of one that lies
        elsewhere the path is asked of this registry (as npm does: pacote).
        """
        if release.provenance is None:
            return Missing()
        root, url = id.registry.url, release.provenance
        if not url.startswith(root):
            url = root + urlsplit(url).path.lstrip("/")
        answer = await self._get(id, url, accept=_FULL)
        said = await settle(answer, lambda it: read_attestations(it.body), fresh_for=FRESH_FOR)
        return present(said)

    async def advisories(
        self, releases: Sequence[ReleaseId]
    ) -> Mapping[ReleaseId, AdvisoriesAnswer]:
        """What their registries' own advisories say against *releases*."""
        return await advisories.ask(self._http, releases)

    async def search(
        self, registry: RegistryRef, text: str, *, size: int, start: int
    ) -> SearchAnswer:
        """The packages that the registry's own search finds (its document *REGISTRY-API*)."""
        query = urlencode({"text": text, "size": size, "from": start}, errors="replace")
        answer = await self._http.get(
            f"{registry.url}-/v1/search?{query}",
            accept=_FULL,
            authorization=registry.authorization,
            within=registry.url,
            transport=registry.transport,
        )
        said = await settle(answer, lambda it: read_search(it.body), fresh_for=FRESH_FOR)
        if isinstance(said, Missing):  # not a package, but the search itself is missing
            return None
        return said

    async def names(self, _registry: RegistryRef) -> NamesAnswer:
        """None: its search finds them."""
        return None

    async def _tags(self, package: Package) -> tuple[tuple[str, str], ...] | Refusal:
        """The dist-tags from their own endpoint: none where a registry has no such endpoint, and
        its refusal where nobody can say.
        """
        id = package.id
        url = f"{id.registry.url}-/package/{_escape(id.name)}/dist-tags"
        answer = await self._get(id, url, accept=_FULL)
        said = await _settle(id, answer, lambda it: read_tags(it.body))
        if not isinstance(said, Fetched):
            return said if _is_final(answer) else ()
        return tuple((tag, version) for tag, version in said.value if package.release(version))

    async def _get(
        self, id: PackageId, url: str, *, accept: str, known: Validators | None = None
    ) -> Response | Unavailable:
        return await self._http.get(
            url,
            accept=accept,
            authorization=id.registry.authorization,
            within=id.registry.url,
            transport=id.registry.transport,
            validators=known,
        )


def _url(id: PackageId) -> str | None:
    """Where the package's document is; None for what no registry may be asked for."""
    return id.registry.url + _escape(id.name) if is_valid_name(id.name) else None


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


def _is_final(answer: Response | Unavailable) -> bool:
    """Whether an endpoint has refused to answer, and not said that there is nothing here."""
    return isinstance(answer, Unavailable) or answer.status not in _NOT_HERE


async def _settle(
    id: PackageId, answer: Response | Unavailable, read: Callable[[Response], T]
) -> Fetched[T] | Refusal:
    """What the answer comes to, and of a 404 or 410 what npm's registries mean by it.

    Some say in its body that the package was unpublished. To those without access, they say of a
    scoped package that there is none; but not that there was one.
    """
    said = await settle(answer, read, fresh_for=FRESH_FOR)
    if not isinstance(said, Missing) or isinstance(answer, Unavailable):
        return said
    detail = unpublished(answer.body) or said.detail
    return Missing(detail=detail, or_no_access=id.name.startswith("@") and detail is None)
