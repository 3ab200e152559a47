"""The adapter for Python package indexes: the Simple API, and the JSON API beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

from registry_lsp.core.packages import (
    Missing,
    Package,
    PackageId,
    RegistryRef,
    Release,
    ReleaseId,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched, NotModified, Refusal
from registry_lsp.core.ports.http import Http, Response, Validators
from registry_lsp.core.ports.registry import (
    AdvisoriesAnswer,
    MetadataAnswer,
    NamesAnswer,
    PackageAnswer,
    ProvenanceAnswer,
    SearchAnswer,
)
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.registry import advisories
from registry_lsp.ecosystems.pypi.registry.documents import (
    Project,
    package_of,
    read_project,
    read_release,
)
from registry_lsp.ecosystems.pypi.registry.files import File
from registry_lsp.ecosystems.pypi.registry.integrity import ACCEPT as INTEGRITY
from registry_lsp.ecosystems.pypi.registry.integrity import read_provenance
from registry_lsp.ecosystems.pypi.registry.metadata import read_core_metadata
from registry_lsp.ecosystems.pypi.registry.project_list import read_names
from registry_lsp.ecosystems.pypi.registry.simple import ACCEPT, Page, read_page
from registry_lsp.ecosystems.pypi.registry.vault import Vault
from registry_lsp.ecosystems.pypi.versions.choice import parse_version
from registry_lsp.net.reading import present, settle, unchanged

FRESH_FOR = 600.0
"""Seconds that a page is fresh where the index does not say: what the public one says."""

_JSON = "application/json"
_SIMPLE = "simple/"

T = TypeVar("T")


class PypiRegistry:
    """Asks an index for what it lists and, where it has a JSON API, for what it describes.

    The Simple API is what installers ask, so its word on releases stands over the JSON API's.
    An index whose address ends in ``/simple/`` may have a JSON API beside it, at ``pypi/``;
    of any other nobody knows where that would be.
    """

    def __init__(self, http: Http, vault: Vault | None = None) -> None:
        self._http = http
        self._vault = vault or Vault()

    async def package(
        self, id: PackageId, *, full: bool, known: Validators | None = None
    ) -> PackageAnswer:
        """The package. Where *full*, both APIs are asked at the same time.

        What one of them cannot say is left out; only where neither knows the project is it
        missing. A full answer that comes from both has no validators, as neither's would tell
        whether the other has changed. Where there is no JSON API, the newest release describes
        itself by the metadata file that the index may offer beside it (PEP 658).
        """
        if not is_valid_name(id.name):
            return Missing()
        return await (self._described(id, known) if full else self._listed(id, known))

    async def metadata(self, id: PackageId, version: str) -> MetadataAnswer:
        """What one release says, by the JSON API or by the metadata file that the index offers
        beside it (PEP 658). Where there is neither, as at many mirrors, the project's own document
        has it of the latest release, and of no other. What lies in a folder is not looked into.
        """
        if not is_valid_name(id.name) or id.registry.url.startswith("file:"):
            return Missing()
        release = f"{normalise(id.name)}/{quote(version, safe='+', errors='replace')}"
        said = await self._ask_json(id, release, lambda it: read_release(it.body))
        if isinstance(said, Fetched):
            return said
        offered = await self._offered_metadata(id, version)
        if isinstance(offered, Fetched):
            return offered
        project = await self._project(id, None)
        if isinstance(project, Fetched) and _is_same(project.value.metadata.version, version):
            return Fetched(value=project.value.metadata, fresh_for=project.fresh_for)
        if isinstance(offered, Missing) and isinstance(said, Unavailable | Unauthorized):
            return said
        return offered

    async def provenance(self, id: PackageId, release: Release) -> ProvenanceAnswer:
        """The publisher of one of the release's files, by the index's Integrity API.

        One that keeps no attestations of it says 404, and 403 where it keeps none at all.
        """
        if release.provenance is None:
            return Missing()
        answer = await self._get(id, release.provenance, accept=INTEGRITY)
        said = await _settle(answer, lambda it: read_provenance(it.body))
        if isinstance(said, Unauthorized):
            return Missing()
        return present(said)

    async def advisories(
        self, releases: Sequence[ReleaseId]
    ) -> Mapping[ReleaseId, AdvisoriesAnswer]:
        """What the JSON API has against each of *releases*."""
        return await advisories.ask(releases, self._against)

    async def _against(self, release: ReleaseId) -> AdvisoriesAnswer:
        id, version = release.package, release.version
        if not is_valid_name(id.name):
            return Missing()
        what = f"{normalise(id.name)}/{quote(version, safe='+', errors='replace')}"
        said = await self._ask_json(
            id, what, lambda it: advisories.read_vulnerabilities(it.body, version)
        )
        # nobody has anything that could not have been modified
        return said if not isinstance(said, NotModified) else Missing()

    async def search(
        self,
        registry: RegistryRef,
        text: str,
        *,
        size: int,
        start: int,
    ) -> SearchAnswer:
        """None: Python's package indexes have no search."""
        return None

    async def names(self, registry: RegistryRef) -> NamesAnswer:
        """The projects that the Simple API lists at its root."""
        id = PackageId(ecosystem="pypi", name="", registry=registry)
        answer = await self._get(id, registry.url, accept=ACCEPT)
        return await _settle(answer, read_names)

    async def _listed(self, id: PackageId, known: Validators | None) -> PackageAnswer:
        page = await self._page(id, known)
        if isinstance(page, Fetched):
            return _with(page, package_of(id, page.value, None))
        if not isinstance(page, Missing):
            return page
        project = await self._project(id, known)
        if isinstance(project, Fetched):
            return _with(project, replace(package_of(id, None, project.value), metadata=None))
        return _missing(id, page, project)

    async def _described(self, id: PackageId, known: Validators | None) -> PackageAnswer:
        # *known* can only be the page's: an answer with anything of the JSON API has none
        page, project = await asyncio.gather(self._page(id, known), self._project(id, None))
        if not isinstance(project, Fetched):
            if isinstance(page, Fetched):
                return _with(page, await self._by_itself(id, page.value))
            return _missing(id, page, project) if isinstance(page, Missing) else page
        if isinstance(page, NotModified):
            page = await self._page(id, None)
        lasting = project.fresh_for
        listed = None
        if isinstance(page, Fetched):
            listed, lasting = page.value, min(lasting, page.fresh_for)
        return Fetched(value=package_of(id, listed, project.value), fresh_for=lasting)

    async def _page(
        self, id: PackageId, known: Validators | None
    ) -> Fetched[Page] | NotModified | Refusal:
        name = normalise(id.name)
        answer = await self._get(id, f"{id.registry.url}{name}/", accept=ACCEPT, known=known)
        same = unchanged(answer, fresh_for=FRESH_FOR)
        return same or await _settle(answer, lambda it: read_page(it, name))

    async def _project(
        self, id: PackageId, known: Validators | None
    ) -> Fetched[Project] | NotModified | Refusal:
        return await self._ask_json(
            id, normalise(id.name), lambda it: read_project(it.body), known=known
        )

    async def _ask_json(
        self,
        id: PackageId,
        what: str,
        read: Callable[[Response], T],
        *,
        known: Validators | None = None,
    ) -> Fetched[T] | NotModified | Refusal:
        root = _root(id)
        if root == id.registry.url:
            return Missing()
        answer = await self._get(id, f"{root}pypi/{what}/json", accept=_JSON, known=known)
        return unchanged(answer, fresh_for=FRESH_FOR) or await _settle(answer, read)

    async def _offered_metadata(self, id: PackageId, version: str) -> MetadataAnswer:
        page = await self._page(id, None)
        if not isinstance(page, Fetched):
            return Missing() if isinstance(page, NotModified) else page
        return await self._beside_file(id, page.value, version)

    async def _beside_file(self, id: PackageId, page: Page, version: str) -> MetadataAnswer:
        """What the metadata file beside a file of the release says; never the file itself."""
        file = _file_with_metadata(page, version)
        if file is None:
            return Missing()
        parts = urlsplit(page.address_of(file))
        url = urlunsplit(parts._replace(path=f"{parts.path}.metadata"))
        answer = await self._get(id, url, accept="*/*")
        return await _settle(answer, lambda it: read_core_metadata(it.body, file.metadata_hash))

    async def _by_itself(self, id: PackageId, page: Page) -> Package:
        """The package of a *page* that has no JSON API beside it."""
        package = package_of(id, page, None)
        newest = _newest(package)
        if newest is None:
            return package
        said = await self._beside_file(id, page, newest)
        return replace(package, metadata=said.value) if isinstance(said, Fetched) else package

    async def _get(
        self, id: PackageId, url: str, *, accept: str, known: Validators | None = None
    ) -> Response | Unavailable:
        """Ask. Files may lie anywhere: the credential goes along only below the index's root.

        An index that wants another one gets what the keyring has for it; one that is not to be
        asked without any is not, as if it had refused.
        """
        registry = id.registry
        credential = registry.authorization
        if registry.vaults:
            credential = self._vault.known(registry) or credential
        if credential is None and registry.is_credentialed:
            credential = await self._vault.credential(registry)
            if credential is None:
                return Response(status=401, url=url, headers={}, body=b"")
        while True:
            answer = await self._http.get(
                url,
                accept=accept,
                authorization=credential,
                within=_root(id),
                validators=known,
                transport=registry.transport,
            )
            if not _is_refusal(answer) or not registry.vaults:
                return answer
            found = await self._vault.credential(registry)
            if found is None or found == credential:
                return answer
            credential = found


def _is_refusal(answer: Response | Unavailable) -> bool:
    """Whether another credential may get another answer: a name without a password, too, is one
    that servers refuse (403).
    """
    return isinstance(answer, Response) and answer.status in (401, 403)


def _root(id: PackageId) -> str:
    """The address below which the index has all that is its own."""
    url = id.registry.url
    return url.removesuffix(_SIMPLE) if url.endswith(f"/{_SIMPLE}") else url


def _with(said: Fetched[T], package: Package) -> Fetched[Package]:
    return Fetched(value=package, validators=said.validators, fresh_for=said.fresh_for)


def _missing(id: PackageId, page: Missing, project: object) -> Missing | Unavailable:
    """The end where the Simple API knows no such project, and the JSON API did not tell of one.

    If that could not answer, nobody has said that there is none: a server may have only that.
    What is no document at all comes from servers that have a page for every address, and a
    refusal from those that have no such API. Of an index beside the default one the Simple API's
    word is enough: others are asked as well, and installers go by nothing else.
    """
    if not isinstance(project, Unavailable) or id.registry.is_bound:
        return page
    is_absent = project.trouble in (Trouble.GARBAGE, Trouble.REFUSED) or project.status == 501
    return page if is_absent else project


def _newest(package: Package) -> str | None:
    """The version that the public index calls the latest: no yanked one and no prerelease, unless
    there are no others.
    """

    def rank(release: Release) -> tuple[bool, bool]:
        version = parse_version(release.version)
        return bool(release.yanked), version is None or version.is_prerelease

    newest = min(package.releases, key=rank, default=None)
    return newest.version if newest is not None else None


def _is_same(version: str, other: str) -> bool:
    """Whether both name one release: 1.0 and 1.0.0 do."""
    read = parse_version(version)
    return read is not None and read == parse_version(other)


def _file_with_metadata(page: Page, version: str) -> File | None:
    """The file of the release to read metadata of: a wheel's is what will be installed."""
    wanted = parse_version(version)
    offers = [file for file in page.files if file.has_metadata and file.version == wanted]
    return max(offers, key=lambda file: file.is_wheel, default=None)


async def _settle(
    answer: Response | Unavailable, read: Callable[[Response], T]
) -> Fetched[T] | Refusal:
    return await settle(answer, read, fresh_for=FRESH_FOR)
