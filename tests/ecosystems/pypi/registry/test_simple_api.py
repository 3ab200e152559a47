"""The Simple API in full, where the page tells more than files: PEP 503, 658 and 714, 691, 700,
708, 740 and 792, in JSON and in HTML.
"""

from __future__ import annotations

import hashlib

import pytest

from registry_lsp.core.packages import Missing, PackageId, RegistryRef, Trouble, Unavailable
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.ecosystems.pypi.registry.adapter import PypiRegistry
from support.answers import Answers, says

ROOT = "https://registry.example/"
PAGE = f"{ROOT}simple/foo/"
JSON_TYPE = "application/vnd.pypi.simple.v1+json"
CORE = (
    b"Metadata-Version: 2.4\nName: foo\nVersion: 1.0\nSummary: Foos.\nLicense-Expression: MIT\n"
    b"Author-email: Ada <ada@people.example>\nProject-URL: Source, https://code.example/foo\n"
    b"Requires-Dist: bar>=1\n\n"
)
ID = PackageId(
    ecosystem="pypi", name="foo", registry=RegistryRef(url=f"{ROOT}simple/", authorization=None)
)


def file(version="1.0", **fields):
    name = f"foo-{version}-py3-none-any.whl"
    return {"filename": name, "url": f"../../files/{name}", **fields}


def page(*files, meta=None, **fields):
    said = {"api-version": "1.4", **(meta or {})}
    return {"meta": said, "name": "foo", "files": list(files), **fields}


def html(*anchors, **head):
    tags = "".join(
        f'<meta name="pypi:{name.replace("_", "-")}" content="{value}">'
        for name, values in head.items()
        for value in ([values] if isinstance(values, str) else values)
    )
    return f"<html><head>{tags}<title>Links for foo</title></head>{''.join(anchors)}</html>"


async def ask(body, *, content_type=JSON_TYPE, full=False, **table):
    """The answer on a page, and what was asked; *table* are more answers below the root."""
    more = {ROOT + path.replace("__", "/"): answer for path, answer in table.items()}
    http = Answers({PAGE: says(body, content_type=content_type), **more})
    return await PypiRegistry(http).package(ID, full=full), http


async def package(body, *, content_type=JSON_TYPE):
    said, _ = await ask(body, content_type=content_type)
    assert isinstance(said, Fetched), said
    return said.value


# --- which version of the API it is ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (page(file(), meta={"api-version": "2.0"}), JSON_TYPE),
        (page(file()), "application/vnd.pypi.simple.v2+json"),
        (html('<a href="foo-1.0.tar.gz">x</a>', repository_version="2.0"), "text/html"),
        (html('<a href="foo-1.0.tar.gz">x</a>'), "application/vnd.pypi.simple.v2+html"),
    ],
)
async def test_a_major_version_that_is_not_known_is_refused_as_such(body, content_type):
    said, _ = await ask(body, content_type=content_type)
    assert said == Unavailable(
        trouble=Trouble.UNSUPPORTED, host="registry.example", status=200, retry_after=None
    )


@pytest.mark.parametrize("version", ["1.0", "1.99", None])
async def test_any_minor_version_is_read(version):
    found = await package(page(file(), meta={"api-version": version}))
    assert [release.version for release in found.releases] == ["1.0"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [(True, (True, None)), ("why", (True, "why")), (False, (False, None)), ("", (False, None))],
)
async def test_a_file_is_yanked_where_the_page_says_something_true(said, expected):
    (release,) = (await package(page(file(yanked=said)))).releases
    assert (release.yanked, release.yanked_reason) == expected


# --- the project's status (PEP 792) ---------------------------------------------------------------

STATUS = {"status": "archived", "reason": "Moved."}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (page(file(), **{"project-status": STATUS}), JSON_TYPE),
        (page(file(), meta={"project-status": STATUS}), JSON_TYPE),
        (
            page(file(), meta={"project-status": "archived", "project-status-reason": "Moved."}),
            JSON_TYPE,
        ),
        (
            html(
                '<a href="foo-1.0.tar.gz">x</a>',
                project_status="archived",
                project_status_reason="Moved.",
            ),
            "text/html",
        ),
    ],
)
async def test_the_status_is_read_wherever_it_is_said(body, content_type):
    found = await package(body, content_type=content_type)
    assert (found.status, found.status_reason) == ("archived", "Moved.")


@pytest.mark.parametrize("said", ["active", {"status": "active"}])
async def test_an_active_project_is_one_by_its_indexs_word(said):
    assert (await package(page(file(), **{"project-status": said}))).status == "active"


@pytest.mark.parametrize("said", [{"status": "odd"}, 3, [], {}])
async def test_an_unknown_status_is_no_status(said):
    assert (await package(page(file(), **{"project-status": said}))).status is None


@pytest.mark.parametrize("full", [False, True])
async def test_a_quarantined_project_is_there_although_the_json_api_knows_it_not(full):
    body = page(versions=[], **{"project-status": {"status": "quarantined"}})
    said, http = await ask(body, full=full)
    assert (said.value.status, said.value.releases) == ("quarantined", ())
    assert (ROOT + "pypi/foo/json" in http.urls) == full


# --- other locations (PEP 708) --------------------------------------------------------------------

TRACKS = ["https://one.example/simple/foo/", "https://two.example/simple/foo/"]
ELSEWHERE = ["https://three.example/foo/"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (page(file(), meta={"tracks": TRACKS}, **{"alternate-locations": ELSEWHERE}), JSON_TYPE),
        (
            html('<a href="foo-1.0.tar.gz">x</a>', tracks=TRACKS, alternate_locations=ELSEWHERE),
            "text/html",
        ),
    ],
)
async def test_what_it_tracks_and_where_else_it_is(body, content_type):
    found = await package(body, content_type=content_type)
    assert found.tracks == tuple(TRACKS)
    assert found.alternates == tuple(ELSEWHERE)


@pytest.mark.parametrize("said", ["https://one.example/", {"a": 1}, [None, "ftp://x.example", 3]])
async def test_locations_that_are_none_are_left_out(said):
    found = await package(page(file(), meta={"tracks": said}, **{"alternate-locations": said}))
    assert (found.tracks, found.alternates) == ((), ())


# --- provenance (PEP 740) -------------------------------------------------------------------------

PROVENANCE = "https://registry.example/integrity/foo/1.0/x.whl/provenance"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (page(file("0.9", provenance=None), file(provenance=PROVENANCE)), JSON_TYPE),
        (page(file(provenance="/integrity/foo/1.0/x.whl/provenance")), JSON_TYPE),
        (html(f'<a href="foo-1.0.tar.gz" data-provenance="{PROVENANCE}">x</a>'), "text/html"),
    ],
)
async def test_where_the_attestations_are(body, content_type):
    found = await package(body, content_type=content_type)
    assert found.release("1.0").provenance == PROVENANCE
    assert {each.provenance for each in found.releases[1:]} <= {None}


@pytest.mark.parametrize("said", ["javascript:alert(1)", 3, "https://user:pass@x.example/", ""])
async def test_an_address_that_leads_nowhere_decent_is_none(said):
    assert (await package(page(file(provenance=said)))).releases[0].provenance is None


# --- core metadata (PEP 658 and 714) --------------------------------------------------------------

BESIDE = "files__foo-1.0-py3-none-any.whl.metadata"
SHA256 = hashlib.sha256(CORE).hexdigest()


@pytest.mark.parametrize(
    "offer",
    [
        {"core-metadata": {"sha256": SHA256}},
        {"core-metadata": {"md5": "0" * 32, "sha256": SHA256.upper()}},
        {"core-metadata": {"odd": "0" * 64}},
        {"core-metadata": True},
        {"dist-info-metadata": {"sha256": SHA256}},
        {"data-dist-info-metadata": {"sha256": SHA256}},
    ],
)
async def test_an_index_without_a_json_api_still_describes_the_newest_release(offer):
    body = page(file(**offer), file("2.0rc1", **offer), file("3.0", yanked=True, **offer))
    said, http = await ask(body, full=True, **{BESIDE: says(CORE, content_type="")})
    found = said.value.metadata
    assert (found.version, found.summary, found.license) == ("1.0", "Foos.", "MIT")
    assert found.repository == "https://code.example/foo"
    assert [each.name for each in found.requires] == ["bar"]
    assert [each.name for each in found.authors] == ["Ada"]
    assert not [url for url in http.urls if url.endswith(".whl")]


@pytest.mark.parametrize("offer", [{"sha256": "0" * 64}, {"sha512": "0" * 128}])
async def test_metadata_with_another_hash_is_not_believed(offer):
    body = page(file(**{"core-metadata": offer}))
    said, _ = await ask(body, full=True, **{BESIDE: says(CORE, content_type="")})
    assert said.value.metadata is None
    http = Answers({PAGE: says(body), ROOT + BESIDE.replace("__", "/"): says(CORE)})
    one = await PypiRegistry(http).metadata(ID, "1.0")
    assert one.trouble is Trouble.GARBAGE


@pytest.mark.parametrize("hash", [f"sha256={SHA256}", "sha256=" + "0" * 64, "true"])
async def test_a_hash_in_html_is_held_to_as_well(hash):
    anchor = f'<a href="../../files/foo-1.0-py3-none-any.whl" data-core-metadata="{hash}">x</a>'
    said, _ = await ask(
        html(anchor), content_type="text/html", full=True, **{BESIDE: says(CORE, content_type="")}
    )
    assert (said.value.metadata is None) == ("000" in hash)


@pytest.mark.parametrize("older", [True, {"sha256": SHA256}])
async def test_the_newer_name_of_an_offer_counts_before_the_older_one(older):
    body = page(file(**{"core-metadata": False, "data-dist-info-metadata": older}))
    said, http = await ask(body, full=True, **{BESIDE: says(CORE, content_type="")})
    assert said.value.metadata is None
    assert not [url for url in http.urls if url.endswith(".metadata")]


async def test_where_nothing_is_offered_nothing_is_downloaded():
    said, http = await ask(page(file()), full=True)
    assert said.value.metadata is None
    assert sorted(http.urls) == [f"{ROOT}pypi/foo/json", PAGE]
    assert await PypiRegistry(http).metadata(ID, "1.0") == Missing()


async def test_who_only_wants_the_releases_asks_for_the_page_alone():
    _, http = await ask(page(file(**{"core-metadata": True})))
    assert http.urls == [PAGE]
