"""Whom a hover and a query ask beside the registries, and which names they are told."""

from dataclasses import replace

import pytest

from registry_lsp.core.packages import (
    Metadata,
    Missing,
    Place,
    RegistryRef,
    Release,
    Secret,
    Trouble,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.ports.services import Companions
from registry_lsp.core.services import Downloads, Extras, Listing, Page, Provenance
from registry_lsp.endpoints import NPM_REGISTRY
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.answers import Answers
from registry_lsp.session.services import Services
from support import toy

PUBLIC = RegistryRef(url=NPM_REGISTRY)
RELEASE = Release(version="1.0", provenance="https://registry.example/provenance/one")
PROVENANCE = Provenance(publisher="GitHub", repository="https://code.example/one")
LISTING = Listing(directory="Toys", page=Page(title="one"))


class Counts:
    """Counts downloads, and remembers of what it was asked."""

    url = "https://counts.example/"

    def __init__(self, *, is_own=False, has_periods=True):
        self.is_own, self.has_periods = is_own, has_periods
        self.asked = []

    async def downloads(self, name, period):
        self.asked.append((name, period))
        return Fetched(value=Downloads(last_week=7), fresh_for=60.0)


class Directory:
    url = "https://toys.example/"
    is_own = False

    def __init__(self):
        self.asked = []

    def concerns(self, name, classifiers):
        return "Framework :: Toy" in classifiers

    async def listing(self, name):
        self.asked.append(name)
        return Fetched(value=LISTING, fresh_for=60.0)


def package(registry=PUBLIC, name="one", **fields):
    one = toy.package(name, RELEASE)
    return replace(one, id=replace(one.id, name=name, registry=registry), **fields)


class Stage:
    """Services on a cache of their own; ``build`` begins with nothing known."""

    def __init__(self):
        self.cache = DiskCache(None)
        self.registry = toy.ToyRegistry({})
        self.registry.provenances["one", "1.0"] = Fetched(value=PROVENANCE, fresh_for=60.0)

    def build(self, counts=None, directory=None):
        self.services = Services(
            Answers(self.cache),
            registries={"toy": self.registry},
            companions={"toy": Companions(downloads=counts, directory=directory)},
        )
        return self

    async def extras(self, package, release=RELEASE, metadata=None):
        await self.services.extras(package, release, metadata)
        return self.services.known(package, release, metadata)


@pytest.fixture
async def stage():
    stage = Stage()
    yield stage
    await stage.cache.close()


TOY = Metadata(version="1.0", classifiers=("Framework :: Toy",))


async def test_a_hover_is_told_what_everybody_knows(stage):
    counts, directory = Counts(), Directory()
    found = await stage.build(counts, directory).extras(package(), RELEASE, TOY)
    assert found == Extras(downloads=Downloads(last_week=7), listing=LISTING, provenance=PROVENANCE)
    assert counts.asked == [("one", "last-week")]
    assert directory.asked == ["one"]
    assert stage.registry.vouched == [("one", "1.0")]


async def test_a_directory_is_asked_only_of_what_it_might_list(stage):
    directory = Directory()
    found = await stage.build(directory=directory).extras(package())
    assert (found.listing, directory.asked) == (None, [])


async def test_a_release_without_provenance_is_not_asked_about(stage):
    stage.build()
    for release in (Release(version="1.0"), None):
        assert (await stage.extras(package(), release)).provenance is None
    assert stage.registry.vouched == []


PRIVATE = RegistryRef(url="https://private.example/")
BOUND = replace(PUBLIC, is_bound=True)
WITH_TOKEN = replace(PUBLIC, authorization=Secret("Bearer x"))


@pytest.mark.parametrize(
    ("found", "is_own", "is_told"),
    [
        (package(PUBLIC), False, True),
        (package(PRIVATE), False, False),
        (package(PRIVATE), True, True),
        (package(BOUND), False, False),
        (package(BOUND), True, False),
        (package(WITH_TOKEN, "@team/one"), False, False),
        (package(places=(Place(registry=PUBLIC), Place(registry=PRIVATE))), False, False),
        (package(places=(Place(registry=PUBLIC), Place(registry=BOUND))), True, False),
    ],
)
async def test_no_private_name_is_told(stage, found, is_own, is_told):
    counts = Counts(is_own=is_own)
    said = await stage.build(counts).extras(found)
    assert (said.downloads is not None) == bool(counts.asked) == is_told
    assert (await stage.services.downloads(found, "last-day") is not None) == is_told


async def test_where_nobody_is_set_nobody_is_asked():
    services = Services.nobody()
    services.begin(package(), RELEASE, TOY)
    assert services.known(package(), RELEASE, TOY) == Extras()
    assert await services.downloads(package(), "last-day") is None
    assert services.has_periods("toy")


@pytest.mark.parametrize(("has_periods", "asked"), [(True, 2), (False, 1)])
async def test_a_query_names_a_period_where_there_are_any(stage, has_periods, asked):
    counts = Counts(has_periods=has_periods)
    services = stage.build(counts).services
    for period in ("last-day", "last-year", "last-day"):
        assert await services.downloads(package(), period) == Downloads(last_week=7)
    assert len(counts.asked) == asked
    assert services.has_periods("toy") == has_periods


async def test_provenance_is_asked_of_the_registry_that_the_release_comes_from(stage):
    places = (Place(registry=PUBLIC, versions=("2.0",)), Place(registry=PRIVATE, versions=("1.0",)))
    asked = []

    class Registry(toy.ToyRegistry):
        async def provenance(self, id, release):
            asked.append((id.registry.url, release.version))
            return Missing()

    stage.registry = Registry({})
    await stage.build().extras(package(places=places))
    assert asked == [(PRIVATE.url, "1.0")]


async def test_what_could_not_be_asked_is_said_to_a_query(stage):
    class Silent(Counts):
        async def downloads(self, name, period):
            return Unavailable(trouble=Trouble.OFFLINE, host="counts.example")

    said = await stage.build(Silent()).services.downloads(package(), "last-day")
    assert said.trouble is Trouble.OFFLINE
