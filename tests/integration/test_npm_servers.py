"""The npm adapter against verdaccio: what a real registry answers, allowed and refused."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from registry_lsp.core.packages import (
    Missing,
    PackageId,
    RegistryRef,
    Requires,
    Secret,
    Unauthorized,
)
from registry_lsp.core.ports.answers import Fetched, NotModified
from registry_lsp.ecosystems.npm.registry.adapter import NpmRegistry


@pytest.fixture
def ask(verdaccio, http):
    """Ask for a package, as nobody or with somebody's token."""
    registry = NpmRegistry(http)

    def id_of(name, token):
        secret = Secret(f"Bearer {token}") if token else None
        ref = RegistryRef(url=verdaccio.url, authorization=secret)
        return PackageId(ecosystem="npm", name=name, registry=ref)

    async def package(name, *, full=False, token=None, known=None):
        return await registry.package(id_of(name, token), full=full, known=known)

    async def metadata(name, version, *, token=None):
        return await registry.metadata(id_of(name, token), version)

    package.metadata = metadata
    return package


@pytest.mark.parametrize("full", [True, False])
async def test_a_package_with_its_tags_and_releases(ask, full):
    found = (await ask("plain", full=full)).value
    assert found.display_name == "plain"
    assert [each.version for each in found.releases] == ["2.0.0-beta.1", "1.1.0", "1.0.0"]
    assert dict(found.dist_tags) == {"latest": "1.1.0", "next": "2.0.0-beta.1", "lts": "1.0.0"}
    assert [each.runtime for each in found.releases] == [None, ">=18", None]
    # verdaccio gives dates even in its abbreviated documents
    assert all(each.published > 1.7e9 for each in found.releases)
    assert (found.metadata is not None) == full


async def test_what_the_newest_version_says(ask):
    said = (await ask("plain", full=True)).value.metadata
    assert (said.version, said.summary, said.license) == ("1.1.0", "fixture plain", "MIT")
    assert said.repository == "https://code.example/plain.git"
    assert said.requires == (
        Requires(name="oldlib", specifier="^1.0.0"),
        Requires(name="react", specifier=">=17", kind="peer"),
    )
    assert said.runtime == ">=18"
    # what was never published is not invented
    assert (said.homepage, said.issues, said.funding, said.keywords) == (None, None, None, ())


async def test_one_version_says_its_own(ask):
    said = (await ask.metadata("plain", "1.0.0")).value
    assert (said.version, said.summary, said.requires) == ("1.0.0", "the first", ())


@pytest.mark.parametrize("version", ["9.9.9", "^1.0.0", "no version"])
async def test_a_version_that_is_none(ask, version):
    assert await ask.metadata("plain", version) == Missing()


async def test_a_deprecation(ask):
    newest, oldest = (await ask("oldlib")).value.releases
    assert (newest.deprecated, oldest.deprecated) == (None, "upgrade to 1.x")


@pytest.mark.parametrize("full", [True, False])
async def test_what_has_not_changed_is_not_sent_again(ask, full):
    said = await ask("plain", full=full)
    assert said.validators.etag
    assert isinstance(await ask("plain", full=full, known=said.validators), NotModified)


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("name", ["never-there", "gone"])
async def test_what_is_not_there_is_missing(ask, name, full):
    assert await ask(name, full=full) == Missing()


async def test_a_scoped_name_that_is_not_there_may_be_out_of_reach(ask, verdaccio):
    said = await ask("@private/never", token=verdaccio.bob)
    assert said == Missing(or_no_access=True)


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("@private/dep", None, 401),
        ("@private/dep", "nobody", 401),
        ("@alice/only", None, 401),
        ("@alice/only", "bob", 403),
    ],
)
async def test_whom_a_registry_refuses(ask, verdaccio, name, who, status):
    token = {None: None, "nobody": "no.such.token", "bob": verdaccio.bob}[who]
    host = urlsplit(verdaccio.url).netloc
    assert await ask(name, token=token) == Unauthorized(status=status, host=host)
    assert await ask.metadata(name, "1.2.3", token=token) == Unauthorized(status=status, host=host)


@pytest.mark.parametrize(
    ("name", "who", "version"),
    [("@private/dep", "bob", "1.2.3"), ("@alice/only", "alice", "0.1.0")],
)
async def test_whom_it_lets_in(ask, verdaccio, name, who, version):
    token = getattr(verdaccio, who)
    found = (await ask(name, token=token)).value
    assert (found.display_name, found.releases[0].version) == (name, version)
    assert (await ask.metadata(name, version, token=token)).value.version == version


async def test_a_search_finds_what_it_may_show(verdaccio, http):
    registry = NpmRegistry(http)
    ref = RegistryRef(url=verdaccio.url)
    said = await registry.search(ref, "plain", size=20, start=0)
    assert isinstance(said, Fetched)
    hits = {each.name: each.version for each in said.value.hits}
    assert hits["plain"] == "1.1.0"
    assert not any(name.startswith("@private/") for name in hits)
