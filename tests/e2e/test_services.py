"""Hovers with what services and attestations add, over stdio; the services are a scripted stub."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from registry_lsp.endpoints import CODE_HOSTS
from support.editor import PATIENCE, editor, server_environ
from support.events import until
from support.loopback import HANG_UP, SILENCE, Act, LoopbackServer, Reply, as_json, serve_in_thread
from support.registries import NpmPackage, PypiProject, PypiRelease, Registries
from support.services import Services, attestations, entry, provenance

PACKAGE_JSON = '{"dependencies": {"react": "17.0.2", "@scope/tool": "1.0.1", "request": "*"}}'
REQUIREMENTS = "django-forms==1.0\nidna==3.7\nlegacy==1.0\n"
GITHUB = CODE_HOSTS["github"]
HOST = urlsplit(GITHUB).netloc


@dataclass
class Theatre:
    """The usual stage, and the services that its projects' settings name."""

    stage: object
    services: Services
    server: LoopbackServer

    @property
    def options(self) -> dict[str, object]:
        named = ("npmDownloads", "pypiDownloads", "djangoPackages")
        set_up = {name: {"enabled": True, "url": self.server.url} for name in named}
        return {**self.stage.options, "services": set_up}

    @property
    def asked(self) -> list[str]:
        return [request.path for request in self.server.requests]


@pytest.fixture
def theatre(stage):
    registries = stage.registries
    signed = f"{stage.server.url}npm/-/npm/v1/attestations/react@17.0.2"
    registries.npm["react"] = replace(
        registries.npm["react"],
        versions={
            **registries.npm["react"].versions,
            "17.0.2": {"dist": {"attestations": {"url": signed}}},
        },
    )
    registries.pypi["django-forms"] = PypiProject(
        releases={"1.0": PypiRelease(provenance="/integrity/django-forms/1.0/x.whl/provenance")}
    )
    registries.pypi["legacy"] = PypiProject(releases={"1.0": PypiRelease()}, status="archived")
    registries.faults = {
        "attestations/react@17.0.2": as_json(attestations(GITHUB + "owner/react", "release.yml")),
        "integrity/django-forms/": as_json(provenance("owner/forms", "publish.yml")),
    }
    services = Services(
        npm={"react": 25_000_000, "@scope/tool": 41},
        pypi={"django-forms": 123_456},
        grids={"11": {"title": "Forms", "slug": "forms"}},
        categories={"1": {"title": "App", "title_plural": "Apps", "slug": "apps"}},
    )
    with serve_in_thread(services) as server:
        services.packages = {
            "forms-of-django": entry("forms-of-django", "Django_Forms", server.url)
        }
        yield Theatre(stage, services, server)


async def told(it, uri, at, *words):
    """The hover's text, once it holds all *words*."""
    return (await it.told(uri, at, *words)).contents.value


async def test_an_npm_package_is_told_with_its_downloads_and_its_publisher(theatre):
    async with editor(theatre.stage.folder, options=theatre.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        text = await told(it, uri, '"re|act"', "downloads", "published")
        assert "25M downloads last week" in text
        assert (
            f"published from [{HOST}/owner/react]({GITHUB}owner/react) by `release.yml`, "
            "says its registry"
        ) in text
        assert "41 downloads last week" in await told(it, uri, '"@scope/to|ol"', "downloads")
        assert "/downloads/point/last-week/@scope/tool" in theatre.asked
        await it.hover(uri, '"re|act"')
        assert theatre.asked.count("/downloads/point/last-week/react") == 1


async def test_a_django_project_is_told_with_all_that_is_listed_of_it(theatre):
    async with editor(theatre.stage.folder, options=theatre.options) as it:
        uri = it.open("requirements.txt", REQUIREMENTS)
        text = await told(it, uri, "django-fo|rms", "downloads", "published", "stars")
        url = theatre.server.url
        assert "123k downloads last week" in text
        assert f"published from [{HOST}/owner/forms]({GITHUB}owner/forms) by `publish.yml`" in text
        assert f"[Django Packages]({url}packages/p/forms-of-django/): 1.2k stars" in text
        assert "10 commits in a year `▁▁▁▁▁▁▁▁▁▁▁▁█`" in text
        assert (
            f"category [Apps]({url}categories/apps/) · compared in [Forms]({url}grids/g/forms/)"
            in text
        )
        assert theatre.asked.index("/api/v4/packages/django-forms/") < theatre.asked.index(
            "/api/v4/packages/forms-of-django/"
        )


async def test_nothing_is_asked_of_services_before_somebody_looks(theatre):
    async with editor(theatre.stage.folder, options=theatre.options) as it:
        uri = it.open("requirements.txt", REQUIREMENTS)
        found = await it.diagnostics(uri, lambda shown: shown)
        assert [each.code for each in found] == ["project-archived"]
        assert it.text_at(uri, found[0].range) == "legacy"
        assert theatre.asked == []
        assert "archived" in (await it.hover(uri, "leg|acy")).contents.value
        await until(lambda: theatre.asked)
        assert theatre.asked == ["/api/packages/legacy/recent"]


FAULTS: dict[str, Act] = {
    "silent": SILENCE,
    "hangs up": HANG_UP,
    "error": Reply(status=500, body=b"oh no"),
    "rate-limited": Reply(status=429, headers={"retry-after": "0"}, body=b"<html>"),
    "nonsense": Reply(headers={"content-type": "application/json"}, body=b"\x00\xff[["),
    "html": Reply(headers={"content-type": "text/html"}, body=b"<html>Welcome</html>"),
    "other shape": as_json([{"downloads": "many"}]),
    "endless": Reply(headers={"content-type": "application/json"}, body=[b"[" * 65_536] * 200),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_of_a_service_delays_or_breaks_a_hover(theatre, fault):
    theatre.services.faults = {"": FAULTS[fault]}
    theatre.stage.registries.faults = {
        "attestations": FAULTS[fault],
        "integrity": FAULTS[fault],
    }
    # Whoever waited for it would do so for longer than the test has.
    options = {**theatre.options, "network": {"timeoutSeconds": 600}}
    async with editor(theatre.stage.folder, options=options) as it:
        for name, text, at, words in (
            ("package.json", PACKAGE_JSON, '"re|act"', "The library for"),
            ("requirements.txt", REQUIREMENTS, "django-fo|rms", "fixture django-forms"),
        ):
            uri = it.open(name, text)
            hover = (await it.hover(uri, at)).contents.value
            assert words in hover
            for said in ("downloads", "published", "stars", "garbage", "html"):
                assert said not in hover
            again = (await it.hover(uri, at)).contents.value
            assert again == hover


async def test_offline_nobody_is_asked(theatre):
    options = {**theatre.options, "network": {"offline": True}}
    async with editor(theatre.stage.folder, options=options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        assert "switched off" in (await it.hover(uri, '"re|act"')).contents.value
    assert theatre.asked == []
    assert theatre.stage.server.requests == []


async def test_a_service_that_is_switched_off_is_not_asked(theatre):
    off = {
        name: {**set_up, "enabled": False} for name, set_up in theatre.options["services"].items()
    }
    async with editor(theatre.stage.folder, options={**theatre.options, "services": off}) as it:
        uri = it.open("requirements.txt", REQUIREMENTS)
        text = await told(it, uri, "django-fo|rms", "published")
        assert "downloads" not in text
    assert theatre.asked == []


async def test_what_was_learnt_is_there_for_the_next_server(theatre):
    theatre.services.pypi["idna"] = 7
    cached = {**theatre.options, "cache": {"directory": str(theatre.stage.folder / "cache")}}
    for _ in range(2):
        async with editor(theatre.stage.folder, options=cached) as it:
            uri = it.open("requirements.txt", REQUIREMENTS)
            await told(it, uri, "django-fo|rms", "downloads", "published", "stars")
            await told(it, uri, "id|na", "fixture idna", "downloads")
    assert len(theatre.asked) == len(set(theatre.asked))
    asked = [request.path for request in theatre.stage.server.requests]
    assert len([path for path in asked if "/integrity/" in path]) == 1


async def test_no_name_of_a_private_index_is_told_to_any_service(theatre):
    private = Registries(pypi={"django-secret": PypiProject(releases={"1.0": PypiRelease()})})
    with serve_in_thread(private) as index:
        text = (
            '[project]\nname = "x"\ndependencies = ["django-secret", "django-forms"]\n'
            f'[[tool.uv.index]]\nname = "own"\nurl = "{index.url}simple/"\nexplicit = true\n'
            '[tool.uv.sources]\ndjango-secret = { index = "own" }\n'
        )
        environ = {"UV_DEFAULT_INDEX": theatre.stage.server.url + "simple/"}
        options = {"services": theatre.options["services"]}
        async with editor(theatre.stage.folder, environ=environ, options=options) as it:
            uri = it.open("pyproject.toml", text)
            await told(it, uri, '"django-se|cret', "fixture django-secret")
            await told(it, uri, '"django-fo|rms', "downloads", "stars")
            await told(it, uri, '"django-se|cret', "fixture django-secret")
        assert any("django-secret" in request.path for request in index.requests)
    said = [*theatre.asked, *(request.path for request in theatre.stage.server.requests)]
    assert not [path for path in said if "secret" in path]


async def test_a_placeholder_and_an_unpublished_package_say_what_they_are(theatre):
    npm = theatre.stage.registries.npm
    npm["crossenv"] = NpmPackage(
        versions={"0.0.1-security": {}},
        document={"description": "security holding package"},
    )
    gone = {"name": "gone", "time": {"unpublished": {"time": "2016-03-22T21:36:15.000Z"}}}
    theatre.stage.registries.faults = {"gone": as_json(gone)}
    async with editor(theatre.stage.folder, options=theatre.options) as it:
        uri = it.open("package.json", '{"dependencies": {"crossenv": "*", "gone": "1"}}')
        found = await it.diagnostics(uri, lambda shown: len(shown) == 2)
        messages = {each.code: each.message for each in found}
        assert "taken away for security reasons" in messages["project-quarantined"]
        assert messages["package-not-found"].endswith("it was unpublished on 2016-03-22")
        hover = (await it.hover(uri, '"go|ne"')).contents.value
        assert "unpublished on 2016-03-22" in hover


@pytest.mark.parametrize("status", [200, 404])
async def test_a_query_for_what_was_unpublished_says_when(theatre, status):
    gone = {"name": "gone", "time": {"unpublished": {"time": "2016-03-22T21:36:15.000Z"}}}
    theatre.stage.registries.faults = {"gone": as_json(gone, status=status)}
    code, record, _ = await query(theatre, "package", "npm", "gone")
    assert (code, record["error"]["code"]) == (1, "package-not-found")
    assert record["error"]["message"].endswith("it was unpublished on 2016-03-22.")


@pytest.mark.parametrize("speaks_json", [True, False])
@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        ("archived", "project-archived", "is archived: no further release is to be expected"),
        ("quarantined", "project-quarantined", "is quarantined by its registry as unsafe"),
        ("deprecated", "deprecated", "is deprecated"),
    ],
)
async def test_the_status_of_a_project_is_told_with_its_reason(
    theatre, status, code, said, speaks_json
):
    registries = theatre.stage.registries
    releases = {"1.0": PypiRelease()}
    registries.pypi["old"] = PypiProject(releases=releases, status=status, reason="Use 'new'.")
    registries.speaks_json = speaks_json
    async with editor(theatre.stage.folder, options=theatre.options) as it:
        uri = it.open("requirements.txt", "old>=1\n")
        (found,) = await it.diagnostics(uri, lambda shown: shown)
        assert (found.code, found.message) == (code, f"old {said}: Use 'new'")
        assert f"⚠ {found.message}" in (await it.hover(uri, "o|ld")).contents.value


async def test_a_publisher_without_a_repository_is_named(theatre):
    publisher = {"kind": "Google", "email": "ci@project.example"}
    document = {
        "version": 1,
        "attestation_bundles": [{"publisher": publisher, "attestations": []}],
    }
    theatre.stage.registries.faults = {"integrity/django-forms/": as_json(document)}
    async with editor(theatre.stage.folder, options=theatre.options) as it:
        uri = it.open("requirements.txt", "django-forms\n")
        said = "published by way of Google, says its registry"
        assert said in await told(it, uri, "django-f|orms", said)


async def test_a_quarantined_project_is_not_said_to_be_missing(theatre):
    theatre.stage.registries.pypi["bad"] = PypiProject(releases={}, status="quarantined")
    theatre.stage.registries.faults = {"pypi/bad": Reply(status=404)}
    async with editor(theatre.stage.folder, options=theatre.options) as it:
        uri = it.open("requirements.txt", "bad>=1\n")
        found = await it.diagnostics(uri, lambda shown: shown)
        assert [each.code for each in found] == ["project-quarantined"]
        assert "quarantined by its registry" in (await it.hover(uri, "b|ad")).contents.value


@pytest.mark.parametrize(
    ("arguments", "counts"),
    [
        (("npm", "react", "--period", "last-day"), {"last_day": 3_571_428}),
        (("npm", "react", "--period", "last-year"), {"last_year": 1_303_571_428}),
        (("npm", "@scope/tool"), {"last_month": 175}),
        (
            ("pypi", "Django_Forms", "--period", "last-day"),
            {"last_day": 17_636, "last_week": 123_456, "last_month": 529_097},
        ),
    ],
)
async def test_downloads_are_asked_for_by_name_and_period(theatre, arguments, counts):
    code, record, _ = await query(theatre, "downloads", *arguments)
    assert code == 0
    assert {name: record.get(name) for name in counts} == counts


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (None, "package-not-found"),
        (Reply(status=429, headers={"retry-after": "60"}), "rate-limited"),
        (Reply(status=500), "registry-unavailable"),
        (as_json({"downloads": "many"}), "registry-unavailable"),
    ],
)
async def test_why_downloads_are_not_to_be_had_is_said(theatre, fault, code):
    theatre.services.faults = {"downloads": fault} if fault is not None else {}
    status, record, _ = await query(theatre, "downloads", "npm", "request")
    assert (status, record["error"]["code"]) == (1, code)


async def query(theatre, *arguments):
    """The exit code, the record and what was complained of."""
    named = ("NPM_DOWNLOADS", "PYPI_DOWNLOADS", "DJANGO_PACKAGES")
    url = theatre.server.url
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "registry_lsp", *arguments, "--json"),
        cwd=theatre.stage.folder,
        env=server_environ(theatre.stage.folder)
        | theatre.stage.environ
        | {f"REGISTRY_LSP_SERVICES_{name}_ENABLED": "true" for name in named}
        | {f"REGISTRY_LSP_SERVICES_{name}_URL": url for name in named},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, json.loads(out), err.decode()
