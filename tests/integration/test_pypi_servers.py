"""The adapter for Python indexes against real ones: each leaves something else out."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest

from registry_lsp.core.packages import Missing, PackageId, Requires, Unauthorized
from registry_lsp.core.ports.answers import Fetched, NotModified
from registry_lsp.ecosystems.pypi.registry.adapter import PypiRegistry
from registry_lsp.net.addresses import registry_ref
from support.dists import FIRST_UPLOAD, READER, YANKED

ALL = ["2.0.0b1", "1.1.0", "1.0.0"]
INDEXES = ("pypiserver", "devpi", "dumb_pypi", "simple_repository", "mirror", "proxpi")


def allowed(url, who=READER):
    """The address with somebody's name and password in it."""
    name, password = (quote(each, safe="") for each in who)
    return url.replace("//", f"//{name}:{password}@")


@pytest.fixture
def ask(http):
    registry = PypiRegistry(http)

    def id_of(name, url):
        return PackageId(ecosystem="pypi", name=name, registry=registry_ref(url))

    async def package(url, name="demo-plain", *, full=False, known=None):
        return await registry.package(id_of(name, url), full=full, known=known)

    async def metadata(url, version, name="demo-plain"):
        return await registry.metadata(id_of(name, url), version)

    package.metadata = metadata
    return package


@pytest.fixture(params=INDEXES)
def index(request):
    """Each of the indexes, with a password where it wants one."""
    url = request.getfixturevalue(request.param)
    return allowed(url) if request.param == "pypiserver" else url


# --- what all of them answer ------------------------------------------------------------------


@pytest.mark.parametrize("full", [True, False])
async def test_a_project_with_its_releases(ask, index, full):
    said = await ask(index, full=full)
    assert isinstance(said, Fetched), said
    assert [each.version for each in said.value.releases] == ALL
    assert said.value.status is None


@pytest.mark.parametrize("full", [True, False])
async def test_a_name_in_any_spelling(ask, index, full):
    found = (await ask(index, "demo_MIXED-case", full=full)).value
    assert [each.version for each in found.releases] == ["0.3"]


@pytest.mark.parametrize("full", [True, False])
async def test_what_is_not_there_is_missing(ask, index, full):
    assert await ask(index, "never-there", full=full) == Missing()
    assert await ask.metadata(index, "1.0", "never-there") == Missing()


async def test_a_release_that_is_not_there_is_missing(ask, index):
    assert await ask.metadata(index, "9.9.9") == Missing()


@pytest.mark.parametrize("full", [True, False])
async def test_an_address_without_its_index_has_no_projects(ask, dumb_pypi, full):
    assert await ask(dumb_pypi.replace("simple/", "elsewhere/"), full=full) == Missing()


# --- pypiserver: HTML alone, and a password ---------------------------------------------------


async def test_a_page_in_html_alone_leaves_the_rest_unsaid(ask, pypiserver):
    found = (await ask(allowed(pypiserver), full=True)).value
    assert found.metadata is None
    for release in found.releases:
        assert (release.published, release.runtime, release.yanked) == (None, None, False)
    assert await ask.metadata(allowed(pypiserver), "1.1.0") == Missing()


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize(("who", "status"), [(None, 401), (("reader", "wrong"), 403)])
async def test_an_index_refuses_whom_it_does_not_know(ask, pypiserver, who, status, full):
    url = allowed(pypiserver, who) if who else pypiserver
    host = urlsplit(pypiserver).netloc
    assert await ask(url, full=full) == Unauthorized(status=status, host=host)
    assert await ask.metadata(url, "1.1.0") == Unauthorized(status=status, host=host)


# --- devpi: JSON that has nothing but files ----------------------------------------------------


async def test_a_page_that_lists_files_alone_tells_their_versions(ask, devpi):
    newest, *_, oldest = (await ask(devpi)).value.releases
    assert (newest.runtime, oldest.runtime) == (">=3.10", ">=3.8")
    assert (newest.published, newest.yanked) == (None, False)


async def test_an_empty_requirement_on_the_runtime_is_none(ask, devpi):
    (release,) = (await ask(devpi, "demo-dep")).value.releases
    assert release.runtime is None


# --- dumb-pypi: a folder of files, with a JSON API --------------------------------------------


async def test_yanked_releases_and_their_reasons(ask, dumb_pypi):
    for full in (True, False):
        said = {each.version: each for each in (await ask(dumb_pypi, full=full)).value.releases}
        assert (said["1.0.0"].yanked, said["1.0.0"].yanked_reason) == (True, YANKED)
        assert not said["1.1.0"].yanked
        assert said["1.1.0"].runtime == ">=3.9"


async def test_dates_and_metadata_of_a_json_api_that_calls_itself_bytes(ask, dumb_pypi):
    found = (await ask(dumb_pypi, full=True)).value
    dates = [each.published for each in reversed(found.releases)]
    # two files of each release, a day apart, behind the two of each project before
    assert [(date - FIRST_UPLOAD) / 86_400 for date in dates] == [4, 6, 8]
    assert found.metadata.requires == (Requires(name="demo-dep", specifier=">=1"),)
    assert (found.metadata.license, found.metadata.homepage) == (None, None)
    assert all(each.published is None for each in (await ask(dumb_pypi)).value.releases)


async def test_one_release_of_the_json_api(ask, dumb_pypi):
    said = (await ask.metadata(dumb_pypi, "1.1.0")).value
    assert (said.version, said.runtime) == ("1.1.0", ">=3.9")


async def test_a_date_is_enough_to_ask_again(ask, dumb_pypi):
    said = await ask(dumb_pypi)
    assert (said.validators.etag, bool(said.validators.last_modified)) == (None, True)
    assert isinstance(await ask(dumb_pypi, known=said.validators), NotModified)


# --- simple-repository-server: the whole of PEP 691 and 700, and metadata beside the files -----


async def test_a_page_in_json_has_dates(ask, simple_repository):
    for release in (await ask(simple_repository)).value.releases:
        assert release.published > FIRST_UPLOAD


async def test_metadata_comes_from_beside_the_file(ask, simple_repository):
    said = (await ask.metadata(simple_repository, "1.1.0")).value
    assert (said.version, said.summary, said.license) == ("1.1.0", "fixture demo-plain", "MIT")
    assert said.repository == "https://code.example/source"
    assert said.runtime == ">=3.9"
    assert [each.name for each in said.requires] == ["demo-dep", "colorama"]


async def test_the_newest_release_is_described_without_a_json_api(ask, simple_repository):
    found = (await ask(simple_repository, full=True)).value
    assert found.releases[0].version == "2.0.0b1"
    assert (found.metadata.version, found.metadata.license) == ("1.1.0", "MIT")
    assert found.metadata.repository == "https://code.example/source"


async def test_a_mirror_gives_on_what_is_yanked(ask, mirror):
    said = {each.version: each for each in (await ask(mirror)).value.releases}
    assert (said["1.0.0"].yanked, said["1.0.0"].yanked_reason) == (True, YANKED)
    assert said["1.1.0"].runtime == ">=3.9"
