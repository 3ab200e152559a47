import asyncio
import math
from dataclasses import replace
from pathlib import Path

import pytest

from registry_lsp.core.packages import (
    Metadata,
    Missing,
    Person,
    Release,
    Requires,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.services import Downloads
from registry_lsp.net.cache import DiskCache
from registry_lsp.queries.desk import Desk
from registry_lsp.queries.errors import QueryError
from registry_lsp.queries.whereabouts import Whereabouts
from registry_lsp.session.packages import PackageIndex
from support import toy

NOW = 1_700_000_000.0
HOST = "registry.example"
ADA = Person(name="Ada", email="ada@people.example", role="author")
BOB = Person(name="Bob", url="https://people.example/bob", role="maintainer")
METADATA = Metadata(
    version="2.0",
    summary="Does one thing",
    license="MIT",
    homepage="https://one.example/",
    keywords=("one",),
    authors=(ADA,),
    maintainers=(BOB, BOB),
    requires=(
        Requires(name="two", specifier=">=1"),
        Requires(name="three", specifier="", kind="optional", marker='extra == "x"'),
    ),
)
ONE = replace(
    toy.package(
        "one",
        Release(version="3.0a1"),
        Release(version="2.0", published=NOW, runtime=">=3.9"),
        Release(version="1.0", published=NOW - 86_400, yanked=True, yanked_reason="broken"),
        tags={"next": "3.0a1"},
    ),
    metadata=METADATA,
    created=NOW - 172_800,
    status="active",
)


class Counts:
    """A service that counts downloads, in memory."""

    def __init__(self):
        self.answer = Downloads(last_month=1234)
        self.periods = True
        self.asked = []

    def has_periods(self, ecosystem):
        return self.periods

    async def downloads(self, package, period):
        self.asked.append((package.id.name, period))
        return self.answer


class Stage:
    def __init__(self, answers):
        self.registry = toy.ToyRegistry(answers)
        self.counts = Counts()
        self.cache = DiskCache(None)
        self.now = NOW
        self.packages = PackageIndex({"toy": self.registry}, self.cache, clock=lambda: self.now)
        self.desk = Desk(
            ecosystems=(toy.ecosystem(self.registry),),
            packages=self.packages,
            registries={"toy": self.registry},
            whereabouts=Whereabouts(
                routes=lambda _ecosystem, _folder: toy.ToyRoutes(), home=Path.home(), environ={}
            ),
            counts=self.counts,
            clock=lambda: self.now,
        )

    async def ask(self, operation, **parameters):
        return await self.desk.answer(operation, {"registry": "toy", **parameters}, None)

    async def refusal(self, operation, **parameters):
        with pytest.raises(QueryError) as caught:
            await self.ask(operation, **parameters)
        return caught.value


@pytest.fixture
async def stage():
    stages = []

    def make(answers):
        stages.append(Stage(answers))
        return stages[-1]

    yield make
    for each in stages:
        await each.packages.aclose()
        await each.cache.close()


@pytest.fixture
def one(stage):
    return stage({"one": toy.fetched(ONE)})


async def test_a_package_is_told_whole(one):
    assert await one.ask("package", name="ONE") == {
        "registry": "toy",
        "registry_url": "https://registry.example/",
        "name": "one",
        "version": "2.0",
        "description": "Does one thing",
        "license": "MIT",
        "homepage": "https://one.example/",
        "repository": None,
        "documentation": None,
        "changelog": None,
        "issues": None,
        "funding": None,
        "keywords": ["one"],
        "authors": [{"name": "Ada", "email": "ada@people.example", "url": None, "role": "author"}],
        "maintainers": [
            {
                "name": "Bob",
                "email": None,
                "url": "https://people.example/bob",
                "role": "maintainer",
            }
        ],
        "page": "https://registry.example/one",
        "published_at": "2023-11-14T22:13:20Z",
        "created_at": "2023-11-12T22:13:20Z",
        "release_count": 3,
        "dist_tags": {"next": "3.0a1"},
        "yanked": None,
        "yanked_reason": None,
        "deprecated": None,
        "status": "active",
        "status_reason": None,
        "requires": ">=3.9",
        "age_seconds": None,
    }


@pytest.mark.parametrize("name", ["one@2", "@a/one@2", "one==2", "one [x]", "one>=2"])
async def test_a_version_behind_the_name_is_pointed_out(one, name):
    refusal = await one.refusal("package", name=name)
    assert refusal.code == "package-not-found"
    assert "behind the name" in refusal.message


@pytest.mark.parametrize("name", ["two", "@a/two", "t.w-o_3"])
async def test_a_name_that_nobody_has_is_just_not_found(one, name):
    assert (await one.refusal("package", name=name)).message == (f"{name} was not found in {HOST}.")


async def test_what_nobody_tells_is_null(stage):
    release = Release(version="1.0", published=NOW)
    it = stage({"bare": toy.fetched(toy.package("bare", release))})
    record = await it.ask("package", name="bare")
    said = ("description", "license", "keywords", "authors", "maintainers")
    for name in (*said, "created_at", "status", "yanked"):
        assert record[name] is None, name
    (listed,) = (await it.ask("versions", name="bare"))["versions"]
    assert listed["yanked"] is None


async def test_versions_come_in_pages_newest_first(one):
    record = await one.ask("versions", name="one", page=2, page_size=2)
    assert (record["total"], record["pages"], record["page"]) == (3, 2, 2)
    assert record["versions"] == [
        {
            "version": "1.0",
            "published_at": "2023-11-13T22:13:20Z",
            "prerelease": False,
            "yanked": True,
            "yanked_reason": "broken",
            "deprecated": None,
            "requires": None,
        }
    ]
    assert (await one.ask("versions", name="one", page=9))["versions"] == []


async def test_all_pages_together_are_all_versions(stage):
    versions = [f"1.{number}" for number in reversed(range(121))]
    it = stage({"many": toy.fetched(toy.package("many", *versions))})
    first = await it.ask("versions", name="many")
    assert first["pages"] == math.ceil(121 / 50)
    pages = [await it.ask("versions", name="many", page=page + 1) for page in range(first["pages"])]
    assert [each["version"] for page in pages for each in page["versions"]] == versions


@pytest.mark.parametrize("about", ["1.0", "0.9"])
async def test_what_a_release_requires_of_the_runtime_its_own_metadata_tell_too(stage, about):
    told = replace(METADATA, version=about, runtime=">=3.8")
    it = stage({"bare": toy.fetched(replace(toy.package("bare", "1.0"), metadata=told))})
    expected = ">=3.8" if about == "1.0" else None
    assert (await it.ask("package", name="bare"))["requires"] == expected
    assert (await it.ask("version", name="bare", version="1.0"))["requires"] == expected


async def test_a_version_that_was_unpublished_is_said_to_be(stage):
    gone = Release(version="1.5", published=NOW)
    it = stage({"one": toy.fetched(replace(ONE, unpublished=(gone,)))})
    refusal = await it.refusal("version", name="one", version="1.5")
    assert refusal.code == "version-not-found"
    said = "one 1.5 was unpublished (it was published on 2023-11-14). The latest is 2.0."
    assert refusal.message == said


@pytest.mark.parametrize("version", ["2.0", "2.0.0"])
async def test_a_version_is_found_however_it_is_spelled(one, version):
    record = await one.ask("version", name="one", version=version)
    assert (record["version"], record["license"]) == ("2.0", "MIT")


async def test_a_version_is_found_by_its_tag(one):
    record = await one.ask("version", name="one", version="next")
    assert (record["version"], record["prerelease"], record["license"]) == ("3.0a1", True, None)


async def test_dependencies_are_of_the_latest_unless_a_version_is_named(one):
    record = await one.ask("dependencies", name="one")
    assert record["version"] == "2.0"
    assert record["runtime"] == [{"name": "two", "specifier": ">=1", "marker": None}]
    assert record["optional"] == [{"name": "three", "specifier": "", "marker": 'extra == "x"'}]
    assert (record["development"], record["peer"]) == (None, None)
    one.registry.described["one", "1.0"] = Fetched(
        value=replace(METADATA, version="1.0", requires=()), fresh_for=60.0
    )
    record = await one.ask("dependencies", name="one", version="1.0")
    assert (record["version"], record["runtime"]) == ("1.0", [])


async def test_dependencies_that_nobody_tells_are_null_and_not_none(one):
    record = await one.ask("dependencies", name="one", version="1.0")
    assert record["runtime"] is None


async def test_dependencies_that_could_not_be_asked_for_are_an_error(one):
    one.registry.described["one", "1.0"] = Unavailable(trouble=Trouble.TIMEOUT, host=HOST)
    error = await one.refusal("dependencies", name="one", version="1.0")
    assert (error.code, error.retryable) == ("registry-unavailable", True)


async def test_the_people_have_roles(one):
    record = await one.ask("maintainer", name="one")
    assert [(each["name"], each["role"]) for each in record["people"]] == [
        ("Ada", "author"),
        ("Bob", "maintainer"),
    ]


async def test_downloads_are_of_the_period_that_is_asked_for(one):
    record = await one.ask("downloads", name="one", period="last-week")
    assert one.counts.asked == [("one", "last-week")]
    assert (record["period"], record["last_month"], record["last_day"]) == ("last-week", 1234, None)


async def test_a_service_with_periods_of_its_own_says_none(one):
    one.counts.periods = False
    assert (await one.ask("downloads", name="one", period="last-week"))["period"] is None


async def test_downloads_that_nobody_counts_are_an_error(one):
    one.counts.answer = None
    error = await one.refusal("downloads", name="one")
    assert (error.code, error.retryable) == ("unsupported", False)
    one.counts.answer = Unavailable(trouble=Trouble.RATE_LIMITED, host=HOST, status=429)
    error = await one.refusal("downloads", name="one")
    assert (error.code, error.retryable) == ("rate-limited", True)
    one.counts.answer = Missing()
    error = await one.refusal("downloads", name="one")
    assert error.message == "the number of downloads of one was not found."


async def test_a_search_comes_in_pages(stage):
    answers = {name: toy.fetched(toy.package(name, "1.0")) for name in ("one", "only", "two")}
    it = stage(answers)
    record = await it.ask("search", query="on", page=2, page_size=1)
    assert [each["name"] for each in record["packages"]] == ["only"]
    assert (record["total"], record["pages"]) == (2, 2)


async def test_a_search_for_a_name_goes_where_the_name_would(one):
    error = await one.refusal("search", query="secret-one")
    assert error.code == "registry-unavailable"
    assert one.registry.asked == []


async def test_a_registry_without_a_search_says_so(one):
    one.registry.has_search = False
    error = await one.refusal("search", query="on")
    assert (error.code, error.message) == (
        "unsupported",
        "registry.example has no search for packages.",
    )


@pytest.mark.parametrize(
    ("answer", "code", "retryable"),
    [
        (Missing(), "package-not-found", False),
        (Missing(or_no_access=True), "package-not-found", False),
        (Unauthorized(status=401, host=HOST), "unauthorized", False),
        (Unauthorized(status=403, host=HOST), "unauthorized", False),
        (Unavailable(trouble=Trouble.TIMEOUT, host=HOST), "registry-unavailable", True),
        (Unavailable(trouble=Trouble.UNREACHABLE, host=HOST), "registry-unavailable", True),
        (Unavailable(trouble=Trouble.SERVER_ERROR, host=HOST), "registry-unavailable", True),
        (Unavailable(trouble=Trouble.GARBAGE, host=HOST), "registry-unavailable", False),
        (Unavailable(trouble=Trouble.OFFLINE, host=HOST), "offline", False),
        (Unavailable(trouble=Trouble.RATE_LIMITED, host=HOST), "rate-limited", True),
    ],
)
async def test_each_way_to_fail_is_an_error_of_its_own(stage, answer, code, retryable):
    it = stage({"one": answer})
    error = await it.refusal("package", name="one")
    assert (error.code, error.retryable) == (code, retryable)
    assert "one" in error.message


async def test_a_name_that_nobody_may_be_asked_about_is_told_to_nobody(one):
    error = await one.refusal("package", name="secret-one")
    assert error.code == "registry-unavailable"
    assert error.message.startswith("Nobody is asked about secret-one: ")
    assert one.registry.asked == []


async def test_a_version_that_there_is_not_is_an_error_that_names_the_latest(one):
    error = await one.refusal("version", name="one", version="9")
    assert error.code == "version-not-found"
    assert error.message == "one has no version 9. The latest is 2.0."


async def test_a_package_without_releases_has_no_version(stage):
    it = stage({"empty": toy.fetched(toy.package("empty"))})
    assert (await it.refusal("dependencies", name="empty")).code == "version-not-found"
    assert (await it.ask("package", name="empty"))["version"] is None


async def test_what_is_told_from_memory_alone_has_its_age(one):
    await one.ask("package", name="one")
    one.registry.answers["one"] = Unavailable(trouble=Trouble.TIMEOUT, host=HOST)
    one.now += 7_200
    assert (await one.ask("package", name="one"))["age_seconds"] == 7_200


async def test_the_same_question_at_once_is_asked_once(one):
    one.registry.gate.clear()
    asking = [asyncio.ensure_future(one.ask("package", name="one")) for _ in range(5)]
    await asyncio.sleep(0)
    one.registry.gate.set()
    await asyncio.gather(*asking)
    assert one.registry.asked == ["one"]


async def test_an_error_is_a_record_too(one):
    record = await one.desk.respond("package", {"registry": "toy", "name": "nope"}, None)
    assert record == {
        "error": {
            "code": "package-not-found",
            "message": f"nope was not found in {HOST}.",
            "retryable": False,
        }
    }
