"""Pictures of hovers, from what registries have been recorded to answer.

The recorded answers name no host but example ones (``tests/goldens/record.py``); what services say
beside them comes from the scripted stubs, on a loopback server.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Found
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.project import Alone
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.settings import Service, Services
from registry_lsp.core.text import Snapshot
from registry_lsp.ecosystems import discover
from registry_lsp.endpoints import CODE_HOSTS, OSV_WEBSITE
from registry_lsp.features.hovers.build import build
from registry_lsp.features.markup import Markdown
from registry_lsp.net.cache import DiskCache
from registry_lsp.net.http import HttpClient
from registry_lsp.services.advisories.osv import Osv
from registry_lsp.services.companions import companions
from registry_lsp.session.advisories import AdvisoryIndex
from registry_lsp.session.answers import Answers as Heard
from registry_lsp.session.documents import Document
from registry_lsp.session.kinds import recogniser
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.services import Services as Beside
from registry_lsp.session.verdicts import Judge
from support.answers import Answers, says
from support.events import until
from support.loopback import Act, LoopbackServer, Request
from support.osv import Osv as OsvStub
from support.services import Services as ServicesStub

FOLDER = Path(__file__).parents[1] / "goldens"
ROOT = "https://registry.example/"
NOW = 1_796_000_000.0
SERVICES = "https://services.example/"
_PLACES = {"npm": "npm/", "pypi": "simple/"}
_HOSTS = {f"{name}.example": urlsplit(url).netloc for name, url in CODE_HOSTS.items()}
_HOSTS["advisories.example"] = urlsplit(OSV_WEBSITE).netloc
"""What stands for hosts that the product knows by name."""


@dataclass(frozen=True, kw_only=True)
class Stubs:
    """The services: what they know, what the registry answers ``beside`` its documents, by the
    path below its root, and the fields of ``Extras`` that the hover waits for.
    """

    services: ServicesStub = field(default_factory=ServicesStub)
    osv: OsvStub = field(default_factory=OsvStub)
    beside: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[str, ...] = ()

    async def __call__(self, request: Request) -> Act:
        """Answer one request, to whichever of the services."""
        stub = self.osv if request.path.startswith("/v1/") else self.services
        return await stub(request)


def recorded(name: str) -> dict[str, Any]:
    """What a registry has been recorded to answer, by the path below its root."""
    text = (FOLDER / "documents" / f"{name}.json").read_text("utf-8")
    for example, host in _HOSTS.items():
        text = text.replace(example, host)
    return json.loads(text)


async def picture(
    path: str, text: str, answers: Mapping[str, Any], stubs: Stubs | None = None
) -> str:
    """The hover over the one dependency of the manifest *text*, as Markdown."""
    stubs = stubs or Stubs()
    table = {ROOT + place: says(each) for place, each in {**answers, **stubs.beside}.items()}
    async with _rooms(Answers(table), stubs) as rooms:
        document, dependency = _document(path, text)
        said = await rooms.tell(document, dependency, stubs.told)
    for example, host in _HOSTS.items():
        said = said.replace(host, example)
    return said


def _document(path: str, text: str) -> tuple[Document, Dependency]:
    ecosystem, format = recogniser(discover())(Path(path))
    surroundings = Surroundings(
        folder=None,
        home=Path("nowhere"),
        environ={},
        registry_url=ROOT + _PLACES[ecosystem.name],
    )
    document = Document(
        snapshot=Snapshot(uri=f"untitled:{path}", version=1, text=text),
        path=Path(path),
        ecosystem=ecosystem,
        format=format,
        routes=ecosystem.routes(surroundings),
        project=Alone(),
    )
    (dependency,) = document.manifest.dependencies
    return document, dependency


@dataclass(frozen=True, kw_only=True)
class _Rooms:
    packages: PackageIndex
    advisories: AdvisoryIndex
    beside: Beside
    url: str

    async def tell(self, document: Document, dependency: Dependency, told: Iterable[str]) -> str:
        """The hover, once all have answered: the fields of ``Extras`` that are *told* at least."""
        found = await self.packages.fetch(document.id_of(dependency), full=True)
        assert isinstance(found, Found)
        judge = Judge(self.packages, self.advisories, self.beside.descriptions)
        await self.advisories.refresh(judge.judge_one(document, dependency).in_use)
        assessment = judge.judge_one(document, dependency)
        wanted, package = assessment.verdict.wanted, found.package
        about = package, wanted, package.metadata
        self.beside.begin(*about)
        await until(lambda: all(getattr(self.beside.known(*about), each) for each in told))
        text = build(
            document,
            assessment,
            Markdown(),
            wanted=await self.packages.metadata(package.id, wanted.version),
            now=NOW,
            extras=self.beside.known(*about),
        )
        return text.replace(self.url, SERVICES) + "\n"


@asynccontextmanager
async def _rooms(registry: Answers, stubs: Stubs) -> AsyncIterator[_Rooms]:
    ecosystems: tuple[Ecosystem, ...] = discover()
    registries = {each.name: each.registry(registry) for each in ecosystems}
    cache = DiskCache(None)
    http = HttpClient(user_agent="registry-lsp/tests", retries=0)
    async with LoopbackServer(stubs) as server:
        one = Service(enabled=True, url=server.url)
        settings = Services(osv=one, npm_downloads=one, pypi_downloads=one, django_packages=one)
        packages = PackageIndex(registries, cache, clock=lambda: NOW)
        service = Osv(http, server.url, ecosystems=ecosystems, cache=cache, clock=lambda: NOW)
        beside = Beside(
            Heard(cache, clock=lambda: NOW),
            registries=registries,
            companions={
                each.name: companions(each.services, settings, http, each.normalise)
                for each in ecosystems
            },
        )
        advisories = AdvisoryIndex(registries, cache, service=service, clock=lambda: NOW)
        try:
            yield _Rooms(packages=packages, advisories=advisories, beside=beside, url=server.url)
        finally:
            await beside.aclose()
            await advisories.aclose()
            await packages.aclose()
            await http.aclose()
            await cache.close()
