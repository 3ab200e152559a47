"""The npm adapter against documents in every shape that registries were ever seen to send."""

from __future__ import annotations

from datetime import datetime, timezone
from urllib.parse import urlsplit

import pytest

from registry_lsp.core.packages import (
    Missing,
    PackageId,
    Person,
    RegistryRef,
    Requires,
    Secret,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched, NotModified
from registry_lsp.core.ports.http import Validators
from registry_lsp.ecosystems.npm.registry.adapter import FRESH_FOR, NpmRegistry
from registry_lsp.endpoints import CODE_HOSTS
from support.answers import Answers, says

GITHUB = urlsplit(CODE_HOSTS["github"]).netloc
ROOT = "https://registry.example/"
ABBREVIATED = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"
FULL = "application/json"
DOWN = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")
FAILING = Unavailable(trouble=Trouble.SERVER_ERROR, host="registry.example", status=500)
LIMITED = Unavailable(trouble=Trouble.RATE_LIMITED, host="registry.example", retry_after=60.0)


def id_of(name, *, authorization=None):
    return PackageId(
        ecosystem="npm", name=name, registry=RegistryRef(url=ROOT, authorization=authorization)
    )


def document(**fields):
    return {"name": "left", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {}}, **fields}


async def ask(table, *, name="left", full=False, known=None):
    http = Answers({ROOT + path: answer for path, answer in table.items()})
    return await NpmRegistry(http).package(id_of(name), full=full, known=known), http


async def package(body, *, full=False):
    said, _ = await ask({"left": says(body)}, full=full)
    assert isinstance(said, Fetched), said
    return said.value


async def metadata(manifest, **document_fields):
    versions = {"1.0.0": {"version": "1.0.0", **manifest}}
    found = await package(document(versions=versions, **document_fields), full=True)
    return found.metadata


# --- what is asked ----------------------------------------------------------------------------


@pytest.mark.parametrize(("full", "accept"), [(False, ABBREVIATED), (True, FULL)])
async def test_the_form_that_says_enough_is_asked_for_once(full, accept):
    _, http = await ask({"left": says(document())}, full=full)
    assert [(each.url, each.accept) for each in http.asked] == [(ROOT + "left", accept)]


async def test_a_scoped_name_is_escaped_as_npm_does():
    said, http = await ask({"@team%2fleft": says(document())}, name="@team/left")
    assert isinstance(said, Fetched)
    assert http.urls == [ROOT + "@team%2fleft"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/../b", "a?b#c", "\ud800", "a b", "-/ping", "@team", "@team/", "@/x"]
)
async def test_what_is_no_name_is_never_asked(name):
    said, http = await ask({}, name=name)
    assert (said, http.urls) == (Missing(), [])
    said, http = await one({}, name=name)
    assert (said, http.urls) == (Missing(), [])


@pytest.mark.parametrize(
    ("name", "path"), [("a~b'(c)", "a~b%27%28c%29"), ("@a/!b*", "@a%2f%21b%2a"), ("JSONs", "JSONs")]
)
async def test_an_old_name_stays_one_segment(name, path):
    _, http = await ask({}, name=name)
    assert [url.lower() for url in http.urls] == [(ROOT + path).lower()]


async def test_the_credential_goes_along_with_every_question():
    secret = Secret("Bearer t")
    http = Answers({ROOT + "left": says(document(**{"dist-tags": {}}))})
    await NpmRegistry(http).package(id_of("left", authorization=secret), full=False)
    assert {each.authorization for each in http.asked} == {secret}
    assert len(http.asked) == 2


# --- how a lookup ends ------------------------------------------------------------------------


async def test_a_404_in_json_is_the_registrys_own_word():
    said, http = await ask({})
    assert said == Missing()
    assert len(http.asked) == 1


async def test_a_scoped_404_may_mean_no_access():
    said, _ = await ask({}, name="@team/left")
    assert said == Missing(or_no_access=True)


@pytest.mark.parametrize(
    "refusal",
    [
        says("<h1>Not found</h1>", status=404, content_type="text/html"),
        says("", status=404, content_type=""),
        says("Not acceptable", status=406, content_type="text/plain"),
    ],
)
async def test_a_registry_without_abbreviated_documents_is_asked_for_the_full_one(refusal):
    full = says(document(time={"1.0.0": "2024-01-01T00:00:00.000Z"}))
    http = Answers({(ROOT + "left", ABBREVIATED): refusal, (ROOT + "left", FULL): full})
    said = await NpmRegistry(http).package(id_of("left"), full=False)
    assert isinstance(said, Fetched)
    assert [release.version for release in said.value.releases] == ["1.0.0"]
    assert [each.accept for each in http.asked] == [ABBREVIATED, FULL]


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (
            {"time": "2016-03-22T21:36:15.000Z", "versions": ["1.0.0"]},
            "it was unpublished on 2016-03-22",
        ),
        ({"time": "some day"}, "it was unpublished"),
        ({"time": 3}, "it was unpublished"),
        (True, "it was unpublished"),
    ],
)
async def test_an_unpublished_package_is_missing_and_says_since_when(status, said, detail):
    body = {"name": "left", "time": {"created": "2015-01-01T00:00:00Z", "unpublished": said}}
    answer, _ = await ask({"left": says(body, status=status)})
    assert answer == Missing(detail=detail)


@pytest.mark.parametrize("name", ["left", "@team/left"])
async def test_a_package_that_is_gone_was_there_whoever_asks(name):
    path = name.replace("/", "%2f")
    said, _ = await ask({path: says({}, status=410)}, name=name)
    assert "410" in (said.detail or "")
    assert not said.or_no_access
    body = {"time": {"unpublished": {"time": "2016-03-22T21:36:15.000Z"}}}
    said, _ = await ask({path: says(body, status=410)}, name=name)
    assert said == Missing(detail="it was unpublished on 2016-03-22")


async def test_live_versions_stand_over_a_stale_mark_of_unpublishing():
    found = await package(document(time={"unpublished": {"time": "2016-03-22T21:36:15.000Z"}}))
    assert [release.version for release in found.releases] == ["1.0.0"]


async def test_a_package_without_versions_is_there():
    found = await package({"name": "left", "dist-tags": {}, "versions": {}})
    assert (found.releases, found.dist_tags, found.metadata) == ((), (), None)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_registry_that_wants_credentials_is_not_a_missing_package(status):
    said, _ = await ask({"left": says({}, status=status)})
    assert isinstance(said, Unauthorized)
    assert said.status == status


async def test_what_the_network_says_is_passed_on():
    assert (await ask({"left": DOWN}))[0] == DOWN


@pytest.mark.parametrize(
    "body",
    [
        "<html>Welcome</html>",
        "",
        "[]",
        "null",
        "{}",
        '{"error": "not found"}',
        '{"versions": [1]}',
        '{"versions": null}',
        '{"versions": {}}',
        '{"versions": {"v1": "/api"}}',
        '{"versions": {"1.0.0": "/api"}}',
        '{"versions": {"latest": {"url": "/api"}}}',
        '{"name": "another", "versions": {"1.0.0": []}}',
        '{"name": "left", "versions": {"1.0.0": ',
        '{"versions":' + "[" * 200_000,
        '{"versions": {"1.0.0": ' + '{"a":' * 200_000 + "1" + "}" * 200_000 + "}}",
        b"\xff\xfe\x00",
        b"\x00" * 300_000,
    ],
)
@pytest.mark.parametrize("full", [True, False])
async def test_what_is_no_document_is_garbage(body, full):
    said, _ = await ask({"left": says(body)}, full=full)
    assert isinstance(said, Unavailable)
    assert said.trouble is Trouble.GARBAGE


# --- keeping ----------------------------------------------------------------------------------


async def test_validators_and_freshness_come_back():
    headers = {"etag": '"a"', "last-modified": "yesterday", "cache-control": "max-age=7"}
    said, _ = await ask({"left": says(document(), headers=headers)})
    assert said.validators == Validators(etag='"a"', last_modified="yesterday")
    assert said.fresh_for == 7.0


async def test_a_registry_that_says_nothing_of_keeping_gets_the_default():
    said, _ = await ask({"left": says(document())})
    assert (said.validators, said.fresh_for) == (Validators(), FRESH_FOR)


async def test_what_has_not_changed_is_not_read_again():
    known = Validators(etag='"a"')
    said, http = await ask({"left": says("", headers={"etag": '"a"'})}, known=known)
    assert said == NotModified(fresh_for=FRESH_FOR)
    assert http.asked[0].validators == known


# --- releases ---------------------------------------------------------------------------------


async def test_releases_are_newest_first_and_hold_only_versions():
    found = await package(
        document(versions={each: {} for each in ("1.2.0", "10.0.0-rc.1", "x", "1.10.0", "10.0.0")})
    )
    versions = [release.version for release in found.releases]
    assert versions == ["10.0.0", "10.0.0-rc.1", "1.10.0", "1.2.0"]


async def test_what_an_npm_registry_does_not_say_is_not_invented():
    found = await package(document())
    (release,) = found.releases
    assert (found.created, found.status, release.yanked) == (None, None, None)
    found = await package(document(time={"created": "2020-01-02T00:00:00.000Z"}), full=True)
    assert found.created == 1_577_923_200.0
    assert found.releases[0].published is None


async def test_versions_that_only_the_dates_name_were_unpublished():
    times = {
        "created": "2020-01-02T00:00:00.000Z",
        "modified": "2024-01-02T00:00:00.000Z",
        "1.0.0": "2020-01-02T00:00:00.000Z",
        "0.9.0": "2020-01-01T00:00:00.000Z",
        "0.10.0": 3,
        "unpublished": {"time": "2020-01-01T00:00:00.000Z"},
    }
    found = await package(document(time=times), full=True)
    assert [(each.version, each.published) for each in found.unpublished] == [
        ("0.10.0", None),
        ("0.9.0", 1_577_836_800.0),
    ]
    assert [each.version for each in found.releases] == ["1.0.0"]
    assert (await package(document())).unpublished == ()


async def test_dates_come_where_the_document_has_them():
    times = {"1.0.0": "2024-02-03T04:05:06.789Z", "2.0.0": 5, "3.0.0": "soon"}
    versions = {"1.0.0": {}, "2.0.0": {}, "3.0.0": {}, "4.0.0": {}}
    found = await package(document(versions=versions, time=times))
    moment = datetime(2024, 2, 3, 4, 5, 6, 789_000, tzinfo=timezone.utc).timestamp()
    assert [release.published for release in found.releases] == [None, None, None, moment]


@pytest.mark.parametrize(
    ("value", "deprecated"),
    [
        ("use right", "use right"),
        ("", None),
        ("  ", None),
        (False, None),
        (None, None),
        (True, ""),
        (3, None),
        ({"why": "x"}, None),
    ],
)
async def test_a_deprecation_is_a_text_and_an_empty_one_takes_it_back(value, deprecated):
    found = await package(document(versions={"1.0.0": {"deprecated": value}}))
    assert found.releases[0].deprecated == deprecated


@pytest.mark.parametrize(
    ("engines", "runtime"),
    [
        ({"node": ">=18"}, ">=18"),
        ({"node": 18}, None),
        (["node >= 0.8"], None),
        (">= 0.8", None),
        (None, None),
    ],
)
async def test_engines_count_where_npm_heeds_them(engines, runtime):
    found = await package(document(versions={"1.0.0": {"engines": engines}}))
    assert found.releases[0].runtime == runtime


@pytest.mark.parametrize("strange", [None, [], "x", 3, {"engines": 3, "deprecated": {}}])
async def test_one_strange_release_never_loses_the_rest(strange):
    versions = {"1.0.0": {"deprecated": "old"}, "2.0.0": strange}
    found = await package(document(versions=versions))
    assert [release.version for release in found.releases] == ["2.0.0", "1.0.0"]
    assert found.releases[1].deprecated == "old"


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "left", "versions": {"1.0.0": {"deprecated": "a\\ud800b"}}}',
        '{"name": "left", "versions": {"1.0.0": {"deprecated": "a?b", "x": NaN}}}',
        b'\xef\xbb\xbf{"name": "left", "versions": {"1.0.0": {"deprecated": "a?b"}}}',
    ],
)
async def test_what_servers_take_for_json_is_read(body):
    found = await package(body)
    assert found.releases[0].deprecated == "a?b"


@pytest.mark.parametrize("tags", [{"latest": "1.0.0", "odd": 3}, {"latest": "1.0.0"}])
async def test_the_documents_tags_are_taken(tags):
    found = await package(document(**{"dist-tags": tags}))
    assert found.dist_tags == (("latest", "1.0.0"),)


@pytest.mark.parametrize("tags", [None, {}, "x"])
async def test_tags_that_the_document_lacks_are_asked_for(tags):
    table = {
        "left": says(document(**{"dist-tags": tags})),
        "-/package/left/dist-tags": says({"latest": "1.0.0", "gone": "9.0.0"}),
    }
    said, _ = await ask(table)
    assert said.value.dist_tags == (("latest", "1.0.0"),)


@pytest.mark.parametrize(
    "answer",
    [
        says("garbage"),
        says({}),
        says({}, status=404),
        says({}, status=405),
        says({}, status=410),
        says(document()),
    ],
)
async def test_a_registry_without_tags_still_answers(answer):
    table = {
        "left": says(document(**{"dist-tags": None})),
        "-/package/left/dist-tags": answer,
    }
    said, _ = await ask(table)
    assert (said.value.dist_tags, len(said.value.releases)) == ((), 1)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (DOWN, DOWN),
        (FAILING, FAILING),
        (LIMITED, LIMITED),
        (says({}, status=401), Unauthorized(status=401, host="registry.example")),
        (says({}, status=403), Unauthorized(status=403, host="registry.example")),
    ],
)
@pytest.mark.parametrize("full", [True, False])
async def test_tags_that_could_not_be_asked_for_are_not_taken_for_none(answer, refusal, full):
    table = {
        "left": says(document(**{"dist-tags": None}), headers={"etag": '"a"'}),
        "-/package/left/dist-tags": answer,
    }
    said, _ = await ask(table, full=full)
    assert said == refusal


async def test_a_big_document_is_read_all_the_same():
    versions = {f"1.0.{patch}": {"readme": "x" * 1000} for patch in range(1000)}
    found = await package(document(versions=versions))
    assert len(found.releases) == 1000
    assert found.releases[0].version == "1.0.999"


# --- metadata ---------------------------------------------------------------------------------


async def test_the_metadata_is_the_latest_tags():
    versions = {
        "1.0.0": {"version": "1.0.0", "description": "old"},
        "2.0.0-b.1": {"version": "2.0.0-b.1", "description": "new"},
    }
    found = await package(document(versions=versions), full=True)
    assert (found.metadata.version, found.metadata.summary) == ("1.0.0", "old")


async def test_a_security_holding_package_reads_like_any_other():
    version = "0.0.1-security"
    found = await package(
        {
            "name": "left",
            "dist-tags": {"latest": version},
            "versions": {version: {"version": version, "description": "security holding package"}},
        },
        full=True,
    )
    assert found.metadata.summary == "security holding package"


async def test_everything_that_a_manifest_says():
    said = await metadata(
        {
            "description": " Pads. ",
            "license": "MIT",
            "homepage": "https://left.example/",
            "repository": {"type": "git", "url": "git+https://code.example/left.git"},
            "bugs": {"url": "https://left.example/bugs", "email": "bugs@left.example"},
            "funding": [{"url": "https://left.example/give"}, "https://left.example/more"],
            "keywords": ["pad", " ", 3, "left"],
            "author": {"name": "Ada", "email": "ada@left.example", "url": "https://ada.example"},
            "maintainers": [{"name": "eve", "email": "eve@left.example"}, 3],
            "engines": {"node": ">=18"},
            "dependencies": {"a": "^1", "both": "^2", "odd": 3},
            "devDependencies": {"b": "*"},
            "peerDependencies": {"c": ">=3"},
            "optionalDependencies": {"both": "^2"},
        }
    )
    assert said.summary == "Pads."
    assert (said.license, said.runtime) == ("MIT", ">=18")
    assert (said.homepage, said.issues) == ("https://left.example/", "https://left.example/bugs")
    assert said.repository == "https://code.example/left.git"
    assert said.funding == "https://left.example/give"
    assert said.keywords == ("pad", "left")
    assert said.authors == (
        Person(name="Ada", email="ada@left.example", url="https://ada.example", role="author"),
    )
    assert said.maintainers == (Person(name="eve", email="eve@left.example", role="maintainer"),)
    assert said.requires == (
        Requires(name="a", specifier="^1"),
        Requires(name="b", specifier="*", kind="development"),
        Requires(name="c", specifier=">=3", kind="peer"),
        Requires(name="both", specifier="^2", kind="optional"),
    )


async def test_the_document_says_what_the_manifest_does_not_and_who_keeps_it_now():
    said = await metadata(
        {"license": "MIT", "maintainers": [{"name": "then"}]},
        license="ISC",
        description="from the document",
        maintainers=[{"name": "now"}],
    )
    assert (said.license, said.summary) == ("MIT", "from the document")
    assert said.maintainers == (Person(name="now", role="maintainer"),)


@pytest.mark.parametrize(
    ("fields", "license"),
    [
        ({"license": "MIT\n\nPermission is hereby granted"}, "MIT"),
        ({"license": {"type": "BSD", "url": "https://x.example"}}, "BSD"),
        ({"license": ["MIT", {"type": "ISC"}, 3]}, "MIT OR ISC"),
        ({"licenses": [{"type": "MIT", "url": "x"}]}, "MIT"),
        ({"license": True}, None),
        ({}, None),
    ],
)
async def test_licences_of_all_ages(fields, license):
    assert (await metadata(fields)).license == license


@pytest.mark.parametrize(
    ("author", "person"),
    [
        (
            "Ada <ada@x.example> (https://ada.example)",
            ("Ada", "ada@x.example", "https://ada.example"),
        ),
        ("Ada (https://ada.example) <ada@x.example>", ("Ada", None, "https://ada.example")),
        ("Ada", ("Ada", None, None)),
        ("<ada@x.example>", (None, "ada@x.example", None)),
        ("Ada <ada@x.example> (javascript:alert(1))", ("Ada", "ada@x.example", None)),
        ({"name": "Ada", "url": "ftp://ada.example"}, ("Ada", None, None)),
    ],
)
async def test_an_author_is_written_in_two_ways(author, person):
    (found,) = (await metadata({"author": author})).authors
    assert (found.name, found.email, found.url) == person


@pytest.mark.parametrize("author", [None, "", "  ", 3, [], {}, {"url": "https://x.example"}, "()"])
async def test_nobody_is_invented(author):
    assert (await metadata({"author": author})).authors == ()


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("user/repo", CODE_HOSTS["github"] + "user/repo"),
        ("github:user/repo", CODE_HOSTS["github"] + "user/repo"),
        ("gitlab:user/repo#main", CODE_HOSTS["gitlab"] + "user/repo"),
        ("bitbucket:user/repo.git", CODE_HOSTS["bitbucket"] + "user/repo"),
        ("gist:11081aaa281", CODE_HOSTS["gist"] + "11081aaa281"),
        (f"git@{GITHUB}:user/repo.git", CODE_HOSTS["github"] + "user/repo"),
        (f"git+ssh://git@{GITHUB}/user/repo.git", CODE_HOSTS["github"] + "user/repo"),
        (f"git://{GITHUB}/user/repo.git", CODE_HOSTS["github"] + "user/repo"),
        (f"git+https://{GITHUB}/user/repo.git#v1", CODE_HOSTS["github"] + "user/repo"),
        ("https://code.example/repo.git", "https://code.example/repo.git"),
        ("git+https://code.example/repo.git", "https://code.example/repo.git"),
        ("git@code.example:user/repo.git", None),
        ("https://user:secret@code.example/repo", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("http://[", None),
        ("word", None),
        ("", None),
        (3, None),
    ],
)
@pytest.mark.parametrize("is_object", [True, False])
async def test_a_repository_leads_to_a_page_or_nowhere(written, link, is_object):
    repository = {"type": "git", "url": written} if is_object else written
    assert (await metadata({"repository": repository})).repository == link


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "/x", "//x", 3, ["x"]])
async def test_only_addresses_of_the_web_become_links(link):
    said = await metadata({"homepage": link, "bugs": link, "funding": {"url": link}})
    assert (said.homepage, said.issues, said.funding) == (None, None, None)


# --- one version ------------------------------------------------------------------------------


async def one(table, *, name="left", version="1.0.0"):
    http = Answers({ROOT + path: answer for path, answer in table.items()})
    return await NpmRegistry(http).metadata(id_of(name), version), http


async def test_one_version_is_asked_for_by_itself():
    said, http = await one({"left/1.0.0": says({"version": "1.0.0", "description": "Pads."})})
    assert said.value.summary == "Pads."
    assert http.urls == [ROOT + "left/1.0.0"]


@pytest.mark.parametrize(
    "refusal",
    [
        says({}, status=404),
        says({}, status=400),
        says({}, status=405),
        says("<html>"),
        says(document()),
    ],
)
async def test_a_registry_without_an_endpoint_for_versions_has_the_whole_document(refusal):
    versions = {"1.0.0": {"version": "1.0.0", "description": "Pads."}}
    said, _ = await one({"left/1.0.0": refusal, "left": says(document(versions=versions))})
    assert said.value.summary == "Pads."


async def test_a_version_that_is_nowhere_is_missing():
    said, _ = await one({"left": says(document())}, version="9.0.0")
    assert said == Missing()


async def test_one_version_of_a_scoped_package_that_nobody_may_see():
    said, _ = await one({}, name="@team/left")
    assert said == Missing(or_no_access=True)


@pytest.mark.parametrize(
    ("refusal", "kind"), [(DOWN, Unavailable), (says({}, status=401), Unauthorized)]
)
async def test_a_refusal_of_one_version_is_final(refusal, kind):
    said, http = await one({"left/1.0.0": refusal})
    assert isinstance(said, kind)
    assert len(http.asked) == 1


async def test_a_strange_version_stays_one_segment():
    _, http = await one({}, version="../x?y")
    assert http.urls[0] == ROOT + "left/..%2fx%3Fy"
