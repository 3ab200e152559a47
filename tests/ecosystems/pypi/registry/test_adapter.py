"""The adapter for Python indexes: pages, the JSON API, and all that servers leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

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
from registry_lsp.ecosystems.pypi.registry.adapter import FRESH_FOR, PypiRegistry
from registry_lsp.ecosystems.pypi.registry.simple import ACCEPT
from support.answers import Answers, says

ROOT = "https://registry.example/"
PAGE = "simple/foo-bar/"
PROJECT = "pypi/foo-bar/json"
JSON_TYPE = "application/vnd.pypi.simple.v1+json"
DOWN = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")
DENIED = says({}, status=403)


def id_of(*, name="Foo.Bar", index=f"{ROOT}simple/", authorization=None):
    return PackageId(
        ecosystem="pypi",
        name=name,
        registry=RegistryRef(url=index, authorization=authorization),
    )


async def ask(table, *, full=False, known=None, **id):
    http = Answers({ROOT + path: answer for path, answer in table.items()})
    return await PypiRegistry(http).package(id_of(**id), full=full, known=known), http


async def listed(page, *, content_type=JSON_TYPE):
    said, _ = await ask({PAGE: says(page, content_type=content_type)})
    assert isinstance(said, Fetched), said
    return said.value


def page(*files, **fields):
    return {"meta": {"api-version": "1.4"}, "name": "foo-bar", "files": list(files), **fields}


def file(version, **fields):
    name = f"foo_bar-{version}-py3-none-any.whl"
    return {"filename": name, "url": f"../../files/{name}", **fields}


def html(*anchors, head=""):
    body = "\n".join(anchors)
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def anchor(version, attributes=""):
    return f'<a href="../../f/foo-bar-{version}.tar.gz#sha256=00" {attributes}>x</a>'


def project(version="1.0", *, info=None, **fields):
    return {
        "info": {"name": "Foo.Bar", "version": version, **(info or {})},
        "releases": {version: [{"upload_time_iso_8601": "2024-02-03T04:05:06.789Z"}]},
        "urls": [],
        **fields,
    }


def versions(package):
    return [release.version for release in package.releases]


MOMENT = datetime(2024, 2, 3, 4, 5, 6, 789_000, tzinfo=timezone.utc).timestamp()


# --- what is asked ----------------------------------------------------------------------------


async def test_the_normalised_name_is_asked_for_with_a_slash_as_pip_does():
    _, http = await ask({PAGE: says(page(), content_type=JSON_TYPE)})
    assert [(each.url, each.accept) for each in http.asked] == [(ROOT + PAGE, ACCEPT)]


async def test_full_asks_both():
    _, http = await ask({PAGE: says(page()), PROJECT: says(project())}, full=True)
    assert sorted(http.urls) == [ROOT + PROJECT, ROOT + PAGE]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a?b", "\ud800", "é"])
@pytest.mark.parametrize("full", [True, False])
async def test_what_is_no_name_is_never_asked(name, full):
    said, http = await ask({}, name=name, full=full)
    assert (said, http.urls) == (Missing(), [])


async def test_an_index_of_another_shape_has_no_json_api():
    index = f"{ROOT}team/dev/+simple/"
    table = {"team/dev/+simple/foo-bar/": says(page(file("1.0")))}
    said, http = await ask(table, full=True, index=index)
    assert versions(said.value) == ["1.0"]
    assert http.urls == [index + "foo-bar/"]


async def test_a_json_api_lies_beside_the_index():
    table = {
        "repo/simple/foo-bar/": says(page(file("1.0"))),
        "repo/pypi/foo-bar/json": says(project()),
    }
    said, _ = await ask(table, full=True, index=f"{ROOT}repo/simple/")
    assert said.value.metadata.version == "1.0"


# --- pages in JSON ----------------------------------------------------------------------------


async def test_everything_that_a_page_in_json_says():
    found = await listed(
        page(
            file("1.0", **{"upload-time": "2024-02-03T04:05:06.789000Z", "yanked": "broken"}),
            file("2.0", **{"requires-python": ">=3.9", "yanked": False}),
            {"filename": "foo-bar-2.0.tar.gz", "yanked": True},
            versions=["1.0", "2.0"],
        )
    )
    newest, oldest = found.releases
    assert (newest.version, newest.runtime, newest.yanked) == ("2.0", ">=3.9", False)
    assert (oldest.version, oldest.yanked, oldest.yanked_reason) == ("1.0", True, "broken")
    assert oldest.published == MOMENT
    assert (found.display_name, found.status, found.metadata) == ("foo-bar", None, None)


async def test_a_page_of_the_first_version_has_no_list_of_versions():
    found = await listed({"name": "foo-bar", "files": [file("1.0"), file("1.1")]})
    assert versions(found) == ["1.1", "1.0"]


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"project-status": {"status": "archived"}}, "archived", None),
        (
            {"project-status": {"status": "deprecated", "reason": "use bar"}},
            "deprecated",
            "use bar",
        ),
        ({"project-status": {"status": "active"}}, "active", None),
        ({"project-status": {"status": "sleepy"}}, None, None),
        ({"project-status": 3}, None, None),
        ({"meta": {"api-version": "1.4", "project-status": "archived"}}, "archived", None),
        (
            {
                "meta": {
                    "api-version": "1.4",
                    "project-status": "deprecated",
                    "project-status-reason": "use bar",
                }
            },
            "deprecated",
            "use bar",
        ),
    ],
)
async def test_a_projects_status_is_read_as_prose_and_as_example_have_it(fields, status, reason):
    found = await listed(page(file("1.0"), **fields))
    assert (found.status, found.status_reason) == (status, reason)


@pytest.mark.parametrize("full", [True, False])
async def test_a_quarantined_project_is_empty_and_not_missing(full):
    body = page(versions=[], **{"project-status": {"status": "quarantined"}})
    said, _ = await ask({PAGE: says(body, content_type=JSON_TYPE)}, full=full)
    assert (said.value.status, said.value.releases) == ("quarantined", ())


@pytest.mark.parametrize("version", ["1.0", "1.99", 3, None])
async def test_minor_versions_of_the_api_are_all_read(version):
    found = await listed(page(file("1.0"), meta={"api-version": version}))
    assert versions(found) == ["1.0"]


@pytest.mark.parametrize("strange", [None, 3, "x", [], {}, {"filename": 3}, {"filename": "x"}])
async def test_one_strange_file_never_loses_the_rest(strange):
    found = await listed(page(strange, file("1.0", yanked=3, **{"requires-python": []}), strange))
    assert versions(found) == ["1.0"]
    assert found.releases[0].yanked is False


# --- pages in HTML ----------------------------------------------------------------------------


async def test_everything_that_a_page_in_html_says():
    found = await listed(
        html(
            anchor("1.0", 'data-yanked="broken &amp; bad"'),
            anchor("1.1", "data-yanked"),
            anchor("2.0", 'data-requires-python="&gt;=3.9"'),
            '<a href="https://elsewhere.example/">home</a>',
            '<a name="x">no address</a>',
            head='<meta name="pypi:repository-version" content="1.4">'
            '<meta name="pypi:project-status" content="deprecated">'
            '<meta name="pypi:project-status-reason" content="use bar">',
        ),
        content_type="text/html",
    )
    said = [(each.version, each.yanked, each.yanked_reason) for each in found.releases]
    assert said == [("2.0", False, None), ("1.1", True, None), ("1.0", True, "broken & bad")]
    assert found.releases[0].runtime == ">=3.9"
    assert (found.status, found.status_reason) == ("deprecated", "use bar")
    assert found.display_name == "Foo.Bar"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "text/html; charset=UTF-8",
        "application/vnd.pypi.simple.v1+html",
        "text_html",
        "application/octet-stream",
        "",
    ],
)
async def test_html_is_known_by_its_type_or_by_its_look(content_type):
    found = await listed("\n " + html(anchor("1.0")), content_type=content_type)
    assert versions(found) == ["1.0"]


@pytest.mark.parametrize(
    "content_type",
    [JSON_TYPE, "application/json", "application/octet-stream", "text/plain", ""],
)
async def test_json_is_known_by_its_type_or_by_its_look(content_type):
    found = await listed(page(file("1.0")), content_type=content_type)
    assert versions(found) == ["1.0"]


async def test_an_empty_page_is_a_project_without_files():
    for heading in (
        "<h1>Links for foo-bar</h1>",
        "<TITLE>Links for Foo_Bar</TITLE>",
        '<h1 class="x">root/dev: links for foo-bar</h1>',
    ):
        found = await listed(html(heading), content_type="text/html")
        assert found.releases == ()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (html("<h1>Sign in</h1>", '<a href="/help">Help</a>'), "text/html"),
        (html("<h1>Useful links for employees</h1>"), "text/html"),
        (html("<h1>Links for employees</h1>"), "text/html"),
        (html("<h1>Sign in</h1><p>Links for foo-bar</p>"), "text/html"),
        (html('<a href="baz-1.0.tar.gz">Links for foo-bar</a>'), "text/html"),
        (html("<h1" * 2000), "text/html"),
        ({"versions": {"v1": "/api"}}, JSON_TYPE),
        ({"versions": "1.0"}, JSON_TYPE),
        ("", "text/html"),
        ("", JSON_TYPE),
        ("", ""),
        ("Not a page", "text/plain"),
        ("{", JSON_TYPE),
        ("[]", JSON_TYPE),
        ("{}", JSON_TYPE),
        ({"files": {}}, JSON_TYPE),
        (project(), "application/json"),
        ('{"files":' + "[" * 200_000, JSON_TYPE),
        (b"\x00" * 300_000, "application/octet-stream"),
    ],
)
async def test_what_is_no_page_is_garbage(body, content_type):
    said, _ = await ask({PAGE: says(body, content_type=content_type)})
    assert isinstance(said, Unavailable)
    assert said.trouble is Trouble.GARBAGE


async def test_a_big_page_is_read_all_the_same():
    found = await listed(html(*(anchor(f"1.{minor}") for minor in range(6000))), content_type="")
    assert len(found.releases) == 6000
    assert found.releases[0].version == "1.5999"


# --- the JSON API -----------------------------------------------------------------------------


@pytest.mark.parametrize("full", [True, False])
async def test_a_server_with_only_the_json_api(full):
    said, _ = await ask(
        {PROJECT: says(project(), content_type="application/octet-stream")}, full=full
    )
    found = said.value
    assert (found.display_name, versions(found)) == ("Foo.Bar", ["1.0"])
    assert found.releases[0].published == MOMENT
    assert (found.metadata is not None) == full


async def test_what_only_the_json_api_says_is_added_to_the_page():
    body = html(anchor("1.0"), anchor("2.0"))
    said, _ = await ask(
        {PAGE: says(body, content_type="text/html"), PROJECT: says(project("1.0.0"))}, full=True
    )
    dates = {each.version: each.published for each in said.value.releases}
    assert dates == {"2.0": None, "1.0": MOMENT}
    assert said.value.display_name == "Foo.Bar"


async def test_the_pages_word_stands_over_the_json_apis():
    table = {
        PAGE: says(page(file("1.0", yanked=True), **{"project-status": {"status": "archived"}})),
        PROJECT: says(project(releases={"1.0": [{}], "3.0": []})),
    }
    said, _ = await ask(table, full=True)
    assert [(each.version, each.yanked) for each in said.value.releases] == [("1.0", True)]
    assert said.value.status == "archived"


@pytest.mark.parametrize("answer", [DOWN, DENIED, says({}, status=404), says("<html>"), says({})])
async def test_a_private_index_without_a_json_api_still_works(answer):
    said, _ = await ask({PAGE: says(page(file("1.0"))), PROJECT: answer}, full=True)
    assert (versions(said.value), said.value.metadata) == (["1.0"], None)


@pytest.mark.parametrize("answer", [DOWN, DENIED, says({}, status=404), says("garbage")])
async def test_a_json_api_whose_index_is_broken_still_works(answer):
    said, _ = await ask({PAGE: answer, PROJECT: says(project())}, full=True)
    assert (versions(said.value), said.value.metadata.version) == (["1.0"], "1.0")


@pytest.mark.parametrize(
    ("releases", "found"),
    [
        ({"1.0": [], "2.0": [{}]}, ["2.0"]),
        ({"1.0": [], "2.0": []}, ["2.0", "1.0"]),
        ({"1.0": None, "2.0": 3, "x": [{}], "3.0": [{}, 3]}, ["3.0"]),
        ({}, ["1.0"]),
        (None, ["1.0"]),
    ],
)
async def test_releases_of_every_shape(releases, found):
    said, _ = await ask({PROJECT: says(project(releases=releases, urls=[{}]))})
    assert versions(said.value) == found


async def test_a_date_with_a_space_and_without_a_zone_is_in_utc():
    files = [{"upload_time": "2024-02-03 04:05:06", "yanked": True, "yanked_reason": "bad"}]
    said, _ = await ask({PROJECT: says(project(releases={"1.0": files}))})
    (release,) = said.value.releases
    assert release.published == MOMENT - 0.789
    assert (release.yanked, release.yanked_reason) == (True, "bad")


# --- how a lookup ends ------------------------------------------------------------------------


@pytest.mark.parametrize("full", [True, False])
async def test_what_neither_knows_is_missing(full):
    said, http = await ask({}, full=full)
    assert said == Missing()
    assert sorted(http.urls) == [ROOT + PROJECT, ROOT + PAGE]


@pytest.mark.parametrize("full", [True, False])
async def test_nobody_has_said_that_there_is_none_while_the_json_api_is_down(full):
    said, _ = await ask({PROJECT: DOWN}, full=full)
    assert said == DOWN


@pytest.mark.parametrize("full", [True, False])
async def test_a_page_that_a_server_has_for_every_address_is_no_json_api(full):
    everywhere = says("<html>Welcome</html>", content_type="text/html")
    said, _ = await ask({PROJECT: everywhere}, full=full)
    assert said == Missing()


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("status", [204, 302, 400, 405, 406, 410, 501])
async def test_a_server_that_refuses_has_no_json_api(status, full):
    answer = says({}, status=status)
    if status == 501:  # the client gives no answer of a server that has none
        answer = replace(DOWN, trouble=Trouble.SERVER_ERROR, status=status)
    said, _ = await ask({PROJECT: answer}, full=full)
    assert said == Missing()


@pytest.mark.parametrize("full", [True, False])
async def test_an_index_beside_others_lacks_what_its_pages_lack_whatever_the_json_api_does(full):
    http = Answers({ROOT + PROJECT: DOWN})
    registry = RegistryRef(url=f"{ROOT}simple/", is_bound=True)
    id = PackageId(ecosystem="pypi", name="foo-bar", registry=registry)
    assert await PypiRegistry(http).package(id, full=full) == Missing()


@pytest.mark.parametrize("full", [True, False])
async def test_a_forbidden_json_api_does_not_take_back_what_the_index_says(full):
    said, _ = await ask({PROJECT: DENIED}, full=full)
    assert said == Missing()


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("status", [401, 403])
async def test_an_index_that_wants_credentials_is_not_a_missing_project(status, full):
    said, _ = await ask({PAGE: says({}, status=status)}, full=full)
    assert isinstance(said, Unauthorized)
    assert said.status == status


@pytest.mark.parametrize("full", [True, False])
async def test_what_the_network_says_is_passed_on(full):
    assert (await ask({PAGE: DOWN}, full=full))[0] == DOWN


# --- keeping ----------------------------------------------------------------------------------

TAGGED = {"etag": '"a"', "cache-control": "max-age=7"}


async def test_validators_and_freshness_come_back():
    said, _ = await ask({PAGE: says(page(), headers=TAGGED)})
    assert (said.validators, said.fresh_for) == (Validators(etag='"a"'), 7.0)


async def test_an_index_that_says_nothing_of_keeping_gets_the_default():
    said, _ = await ask({PAGE: says(page())})
    assert (said.validators, said.fresh_for) == (Validators(), FRESH_FOR)


async def test_a_page_that_has_not_changed_is_not_read_again():
    known = Validators(etag='"a"')
    said, http = await ask({PAGE: says("", headers=TAGGED)}, known=known)
    assert said == NotModified(fresh_for=7.0)
    assert len(http.asked) == 1


async def test_an_answer_of_both_has_no_validators_and_the_shorter_life():
    table = {PAGE: says(page(file("1.0")), headers=TAGGED), PROJECT: says(project())}
    said, _ = await ask(table, full=True)
    assert (said.validators, said.fresh_for) == (Validators(), 7.0)


async def test_a_full_answer_of_the_page_alone_is_asked_again_with_its_validators():
    known = Validators(etag='"a"')
    said, _ = await ask({PAGE: says(page(), headers=TAGGED)}, full=True)
    assert said.validators == known
    said, _ = await ask({PAGE: says(page(), headers=TAGGED)}, full=True, known=known)
    assert said == NotModified(fresh_for=7.0)


async def test_a_json_api_that_came_meanwhile_is_taken_in():
    table = {PAGE: says(page(file("1.0")), headers=TAGGED), PROJECT: says(project())}
    said, _ = await ask(table, full=True, known=Validators(etag='"a"'))
    assert (versions(said.value), said.value.metadata.version) == (["1.0"], "1.0")


# --- metadata ---------------------------------------------------------------------------------


async def described(**info):
    said, _ = await ask({PROJECT: says(project(info=info))}, full=True)
    return said.value.metadata


async def test_everything_that_the_json_api_says():
    ownership = {
        "roles": [
            {"role": "Owner", "user": "ada"},
            {"role": "Maintainer", "user": "eve"},
            {"role": None, "user": "x"},
            3,
        ],
        "organization": None,
    }
    body = project(
        info={
            "summary": "Foos.",
            "license_expression": "MIT",
            "license": "the whole text",
            "keywords": "foo, bar baz,",
            "author": "Ada",
            "author_email": "ada@x.example",
            "maintainer_email": '"Eve, E." <eve@x.example>, Bob <bob@x.example>',
            "requires_dist": ["a>=1", 'b[x]==2; extra == "more"', "nonsense!!", 3],
            "provides_extra": ["more"],
            "requires_python": ">=3.9",
        },
        ownership=ownership,
    )
    said, _ = await ask({PROJECT: says(body)}, full=True)
    found = said.value.metadata
    assert (found.summary, found.license, found.runtime) == ("Foos.", "MIT", ">=3.9")
    assert found.keywords == ("foo", "bar baz")
    assert found.authors == (Person(name="Ada", email="ada@x.example", role="author"),)
    assert found.maintainers == (
        Person(name="Eve, E.", email="eve@x.example", role="maintainer"),
        Person(name="Bob", email="bob@x.example", role="maintainer"),
        Person(name="ada", role="owner"),
        Person(name="eve", role="maintainer"),
    )
    assert found.requires == (
        Requires(name="a", specifier=">=1"),
        Requires(name="b", specifier="==2", kind="optional", marker='extra == "more"'),
    )
    assert found.extras == ("more",)


async def test_what_is_null_is_not_said():
    nothing = dict.fromkeys(
        [
            "summary",
            "license",
            "license_expression",
            "keywords",
            "author",
            "author_email",
            "maintainer",
            "project_urls",
            "maintainer_email",
            "requires_dist",
            "provides_extra",
            "requires_python",
            "home_page",
            "classifiers",
        ]
    )
    found = await described(**nothing)
    assert found == type(found)(version="1.0")


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Source", "repository"),
        ("Source Code", "repository"),
        ("GitHub", "repository"),
        ("What's New?", "changelog"),
        ("CHANGELOG", "changelog"),
        ("Release notes", "changelog"),
        ("Docs", "documentation"),
        ("Bug Tracker", "issues"),
        ("Issue tracker", "issues"),
        ("Sponsor", "funding"),
        ("home-page", "homepage"),
    ],
)
async def test_labels_are_known_in_any_spelling(label, field):
    found = await described(
        project_urls={label: "https://x.example/", "Other": "https://y.example"}
    )
    assert getattr(found, field) == "https://x.example/"


async def test_the_preferred_label_wins_and_only_addresses_of_the_web_become_links():
    found = await described(
        project_urls={
            "repository": "https://second.example",
            "source": "https://first.example",
            "changelog": "javascript:alert(1)",
            "history": "https://history.example",
            "docs": 3,
        },
        home_page="UNKNOWN",
        docs_url="https://docs.example",
    )
    assert found.repository == "https://first.example"
    assert found.changelog == "https://history.example"
    assert (found.homepage, found.documentation) == (None, "https://docs.example")


@pytest.mark.parametrize(
    ("fields", "license"),
    [
        ({"license": "BSD"}, "BSD"),
        ({"license": "UNKNOWN"}, None),
        ({"license": "", "classifiers": ["License :: OSI Approved :: MIT License"]}, "MIT License"),
        ({"classifiers": ["License :: OSI Approved"]}, None),
        (
            {
                "license": "MIT License\n\n" + "x" * 9999,
                "classifiers": ["License :: Public Domain"],
            },
            "Public Domain",
        ),
        ({"license": "MIT License\r\n\r\nPermission " * 99}, "MIT License"),
        ({"license": "word " * 99}, ("word " * 20).strip()),
        ({"license": 3}, None),
    ],
)
async def test_a_licence_is_a_name_and_not_its_text(fields, license):
    assert (await described(**fields)).license == license


@pytest.mark.parametrize(
    ("author", "email", "people"),
    [
        (None, "Ada <ada@x.example>", [("Ada", "ada@x.example")]),
        ("Ada", "Ada <ada@x.example>", [("Ada", "ada@x.example")]),
        ("Ada and Eve", None, [("Ada and Eve", None)]),
        (
            "Team",
            "a@x.example, b@x.example",
            [("Team", None), (None, "a@x.example"), (None, "b@x.example")],
        ),
        ("UNKNOWN", "UNKNOWN", []),
        (None, "(" * 9000, []),
    ],
)
async def test_authors_of_every_shape(author, email, people):
    found = await described(author=author, author_email=email)
    assert [(each.name, each.email) for each in found.authors] == people


# --- one release ------------------------------------------------------------------------------

RELEASE = "pypi/foo-bar/1.0/json"
WHEEL = file("1.0")["filename"]
CORE = f"""\
Metadata-Version: 2.4
Name: Foo.Bar
Version: 1.0
Summary: Foos.
License-Expression: MIT
Project-URL: Source, https://x.example/
Author-Email: Ada <ada@x.example>
Requires-Dist: a>=1
Provides-Extra: more
Requires-Python: >=3.9

# {WHEEL}
"""


async def one(table, *, version="1.0", **id):
    http = Answers({ROOT + path: answer for path, answer in table.items()})
    return await PypiRegistry(http).metadata(id_of(**id), version), http


async def test_one_release_is_asked_of_the_json_api():
    said, http = await one({RELEASE: says(project(info={"summary": "Foos."}))})
    assert said.value.summary == "Foos."
    assert http.urls == [ROOT + RELEASE]


OFFERS = [
    {"core-metadata": {"sha256": "00"}},
    {"core-metadata": True},
    {"dist-info-metadata": True},
    {"data-dist-info-metadata": {"sha256": "00"}},
]


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("refusal", [says({}, status=404), DOWN, says("garbage")])
async def test_an_index_without_a_json_api_may_offer_the_metadata_beside_the_file(offer, refusal):
    sdist = {"filename": "foo-bar-1.0.tar.gz", "url": "x", "core-metadata": True}
    table = {
        RELEASE: refusal,
        PAGE: says(page(sdist, file("2.0", **offer), file("1.0.0", **offer))),
        "files/foo_bar-1.0.0-py3-none-any.whl.metadata": says(CORE, content_type=""),
    }
    said, _ = await one(table)
    found = said.value
    assert (found.version, found.summary, found.license) == ("1.0", "Foos.", "MIT")
    assert (found.repository, found.runtime) == ("https://x.example/", ">=3.9")
    assert found.requires == (Requires(name="a", specifier=">=1"),)
    assert found.authors == (Person(name="Ada", email="ada@x.example", role="author"),)


@pytest.mark.parametrize(
    ("attributes", "is_offered"),
    [
        ('data-core-metadata="sha256=00"', True),
        ('data-dist-info-metadata="true"', True),
        ('data-core-metadata="false"', False),
        ("", False),
    ],
)
async def test_a_page_in_html_offers_it_too(attributes, is_offered):
    table = {
        PAGE: says(html(anchor("1.0", attributes)), content_type="text/html"),
        "f/foo-bar-1.0.tar.gz.metadata": says(CORE),
    }
    said, _ = await one(table)
    assert isinstance(said, Fetched) if is_offered else said == Missing()


@pytest.mark.parametrize(
    ("answer", "end"),
    [(DOWN, DOWN), (says({}, status=404), Missing()), (says("x", status=404), Missing())],
)
async def test_where_nothing_is_offered_the_json_apis_trouble_is_the_end(answer, end):
    said, _ = await one({RELEASE: answer, PAGE: says(page(file("1.0")))})
    assert said == end


@pytest.mark.parametrize("refusal", [says({}, status=404), DOWN, says("garbage")])
@pytest.mark.parametrize(("latest", "is_told"), [("1.0", True), ("1.0.0", True), ("1.1", False)])
async def test_the_projects_own_document_tells_of_the_latest_release_alone(
    refusal, latest, is_told
):
    table = {
        RELEASE: refusal,
        PAGE: says(page(file("1.0"), file("1.1"))),
        PROJECT: says(project(info={"version": latest, "provides_extra": ["more"]})),
    }
    said, _ = await one(table)
    assert isinstance(said, Fetched) == is_told
    if is_told:
        assert said.value.extras == ("more",)


async def test_metadata_that_is_none_is_garbage():
    name = file("1.0")["filename"]
    table = {
        PAGE: says(page(file("1.0", **{"core-metadata": True}))),
        f"files/{name}.metadata": says("<html>"),
    }
    said, _ = await one(table)
    assert said.trouble is Trouble.GARBAGE


@pytest.mark.parametrize("version", ["../x", "1.0/../..", "?", "\ud800"])
async def test_a_strange_version_stays_one_segment(version):
    _, http = await one({}, version=version)
    path = http.urls[0].removeprefix(ROOT + "pypi/foo-bar/").removesuffix("/json")
    assert not set(path) & set("/?#")


# --- credentials ------------------------------------------------------------------------------


async def test_a_credential_goes_to_the_index_and_its_json_api_and_to_no_files_elsewhere():
    secret = Secret("Basic x")
    elsewhere = f"https://files.example/{WHEEL}"
    beside = f"{ROOT}files/{WHEEL}"
    outside = f"{ROOT}../team-b/%2e%2e/{WHEEL}"
    for address, expected in ((elsewhere, None), (beside, secret), (outside, None)):
        body = page(file("1.0", **{"core-metadata": True}) | {"url": address})
        http = Answers({ROOT + PAGE: says(body), f"{address}.metadata": says(CORE)})
        said = await PypiRegistry(http).metadata(id_of(authorization=secret), "1.0")
        assert said.value.summary == "Foos."
        sent = {each.url: each.authorization for each in http.asked}
        assert sent == {
            ROOT + RELEASE: secret,
            ROOT + PAGE: secret,
            f"{address}.metadata": expected,
        }
