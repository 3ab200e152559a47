"""Advisories over stdio and on the command line; the database is a scripted stub."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lsprotocol import types

from support.editor import PATIENCE, editor, server_environ
from support.events import until
from support.loopback import HANG_UP, SILENCE, Act, LoopbackServer, Reply, as_json, serve_in_thread
from support.osv import Osv, record
from support.registries import PypiRelease

PACKAGE_JSON = '{"dependencies": {"react": "17.0.1", "@scope/tool": "^1.0.0"}}'
REQUIREMENTS = "requests==2.30.0\nidna>=3\n"
V3 = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}
BULK = "-/npm/v1/security/advisories/bulk"

RECORDS = {
    "GHSA-aaaa-bbbb-cccc": record(
        "GHSA-aaaa-bbbb-cccc",
        "npm",
        "react",
        fixed="17.0.2",
        aliases=["CVE-2026-1"],
        summary="Cross-site scripting in *react*",
        severity=[V3],
    ),
    "CVE-2026-1": record("CVE-2026-1", "npm", "react", fixed="17.0.2"),
    "GHSA-dddd-eeee-ffff": record(
        "GHSA-dddd-eeee-ffff",
        "npm",
        "react",
        fixed="18.2.0",
        database_specific={"severity": "MODERATE"},
    ),
    "MAL-2026-7": record("MAL-2026-7", "npm", "@scope/tool", summary="Bad code"),
    "PYSEC-2026-3": record(
        "PYSEC-2026-3", "PyPI", "Requests", fixed="2.32.0", details="Leaks a header.\n\nMore."
    ),
    "GHSA-gone": {**record("GHSA-gone", "npm", "react"), "withdrawn": "2026-01-01T00:00:00Z"},
}
ABOUT = {
    ("npm", "react", "17.0.1"): [
        "CVE-2026-1",
        "GHSA-dddd-eeee-ffff",
        "GHSA-aaaa-bbbb-cccc",
        "GHSA-gone",
    ],
    ("npm", "@scope/tool", "1.0.1"): ["MAL-2026-7"],
    ("PyPI", "requests", "2.30.0"): ["PYSEC-2026-3"],
}

XSS = (
    "react 17.0.1 is vulnerable (GHSA-aaaa-bbbb-cccc, critical): Cross-site scripting in *react*; "
    "fixed in 18.2.0"
)


@dataclass
class Theatre:
    """The usual stage, and the database that its projects' settings name."""

    stage: object
    osv: Osv
    server: LoopbackServer

    @property
    def folder(self) -> Path:
        return self.stage.folder

    @property
    def options(self) -> dict[str, object]:
        """The user's own database, which may hear of the names of a private registry."""
        osv = {"enabled": True, "url": self.server.url}
        return {**self.stage.options, "services": {"osv": osv}}

    async def check(self, *arguments: str, **environ: str):
        """What ``check`` says: its exit code and its document."""
        urls = self.stage.options["registries"]
        variables = {
            "REGISTRY_LSP_REGISTRIES_NPM_URL": urls["npm"]["url"],
            "REGISTRY_LSP_REGISTRIES_PYPI_URL": urls["pypi"]["url"],
            "REGISTRY_LSP_SERVICES_OSV_ENABLED": "true",
            "REGISTRY_LSP_SERVICES_OSV_URL": self.server.url,
            **environ,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "registry_lsp", "check", *arguments),
            cwd=self.folder,
            env=server_environ(self.folder, variables),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        return process.returncode, out.decode(), err.decode()


@pytest.fixture
def theatre(stage):
    osv = Osv(records=RECORDS, about=ABOUT)
    with serve_in_thread(osv) as server:
        yield Theatre(stage, osv, server)


def vulnerable(shown):
    return [each for each in shown if each.code == "vulnerable"]


async def test_diagnostics_tell_what_is_known_against_the_versions_in_use(theatre):
    async with editor(theatre.folder, options=theatre.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        shown = vulnerable(await it.diagnostics(uri, lambda found: len(vulnerable(found)) == 3))
        assert [each.message for each in shown] == [
            XSS,
            "react 17.0.1 is vulnerable (GHSA-dddd-eeee-ffff, moderate); fixed in 18.2.0",
            "@scope/tool 1.0.1 is malicious software (MAL-2026-7), do not install it: Bad code",
        ]
        assert [each.severity for each in shown] == [1, 2, 1]
        assert [it.text_at(uri, each.range) for each in shown] == ["17.0.1", "17.0.1", "^1.0.0"]
        assert shown[0].code_description.href.endswith("/vulnerability/GHSA-aaaa-bbbb-cccc")
    batches = [each for each in theatre.server.requests if each.method == "POST"]
    assert len(batches) == 1


@pytest.mark.parametrize("client", ["vscode", "neovim", "emacs"])
async def test_a_lens_replaces_all_that_is_vulnerable(theatre, client):
    text = (
        '{"dependencies": {"react": "17.0.1", "@scope/tool": "^1.0.0"},\r\n'
        '"devDependencies": {"react": "17.0.1"}}'
    )
    async with editor(theatre.folder, client=client, options=theatre.options) as it:
        uri = it.open("package.json", text)
        await it.diagnostics(uri, lambda found: len(vulnerable(found)) == 5)
        found = await it.client.text_document_code_lens_async(
            types.CodeLensParams(types.TextDocumentIdentifier(uri))
        )
        lenses = [
            (it.text_at(uri, each.range), each.command)
            for each in found
            if "vulnerable" in each.command.title
        ]
        assert [(where, command.title) for where, command in lenses] == [
            ("", "Replace 2 of 3 vulnerable"),
            ("dependencies", "Replace 1 of 2 vulnerable"),
            ("devDependencies", "Replace 1 vulnerable"),
        ]
        _, command = lenses[1]
        await it.done(uri, command)
        assert it.text(uri) == text.replace("17.0.1", "18.2.0", 1)
        it.change(uri, text)
        await it.diagnostics(uri, lambda found: len(vulnerable(found)) == 5)
        offered = await it.actions(uri, '"react": "17|.0.1"')
        action = offered["Replace all that is vulnerable in this file"]
        assert await it.done(uri, action) == text.replace("17.0.1", "18.2.0")


@pytest.mark.parametrize("client", ["vscode", "neovim", "emacs"])
async def test_a_vulnerable_version_is_replaced_by_one_that_no_advisory_is_about(theatre, client):
    async with editor(theatre.folder, client=client, options=theatre.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        await it.diagnostics(uri, lambda found: len(vulnerable(found)) == 3)
        found = await it.actions(uri, '"react": "17|.0.1"')
        replace = found["Replace vulnerable react 17.0.1 by 18.2.0 (major)"]
        assert replace.is_preferred
        assert {each.code for each in replace.diagnostics} == {"vulnerable", "outdated-major"}
        assert len(replace.diagnostics) == 3
        assert not any("17.0.2" in title for title in found)  # has one that is known as well
        assert await it.done(uri, replace) == PACKAGE_JSON.replace("17.0.1", "18.2.0")
        malicious = await it.actions(uri, '"^1.0|.0"')
        fixes = [title for title, each in malicious.items() if each.kind == "quickfix"]
        assert not any(title.startswith(("Replace", "Ask")) for title in fixes)


async def test_a_hover_lists_them_with_links(theatre):
    async with editor(theatre.folder, options=theatre.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        await it.diagnostics(uri, lambda found: len(vulnerable(found)) == 3)
        text = (await it.hover(uri, '"re|act"')).contents.value
        assert "⚠ `17.0.1` has 2 known vulnerabilities; `18.2.0` fixes all of them\n\n" in text
        assert "/vulnerability/GHSA-aaaa-bbbb-cccc) · critical (9.8) · Cross-site " in text
        assert "\\*react\\* · fixed in `17.0.2`\n" in text
        assert "CVE-2026-1" not in text
        text = (await it.hover(uri, '"@scope/to|ol"')).contents.value
        assert "⚠ `1.0.1` is malicious software: do not install it" in text


async def test_a_change_of_the_version_changes_what_is_said(theatre):
    async with editor(theatre.folder, options=theatre.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        await it.diagnostics(uri, lambda found: len(vulnerable(found)) == 3)
        it.change(uri, PACKAGE_JSON.replace("17.0.1", "18.2.0"))
        shown = await it.diagnostics(uri, lambda found: len(vulnerable(found)) == 1)
        assert "MAL-2026-7" in shown[0].message


async def test_check_tells_them_in_its_table_and_its_document(theatre):
    (theatre.folder / "requirements.txt").write_text(REQUIREMENTS, encoding="utf-8")
    code, out, err = await theatre.check()
    assert (code, err) == (1, "")
    text = " ".join(out.split())
    assert "warning: requests 2.30.0 is vulnerable (PYSEC-2026-3): Leaks a header; fixed" in text
    code, out, _ = await theatre.check("--format", "json")
    rows = json.loads(out)["files"][0]["dependencies"]
    (advisory,) = rows[0]["advisories"]
    page = advisory.pop("url")
    assert page.endswith("/vulnerability/PYSEC-2026-3")
    assert advisory == {
        "id": "PYSEC-2026-3",
        "aliases": [],
        "version": "2.30.0",
        "rating": None,
        "score": None,
        "malware": False,
        "summary": "Leaks a header.",
        "fixed_in": "2.32.3",
    }
    assert rows[1]["advisories"] == []
    assert code == 1


async def test_the_second_run_asks_nobody(theatre):
    (theatre.folder / "package.json").write_text(PACKAGE_JSON, encoding="utf-8")
    first = await theatre.check("--format", "json")
    asked = len(theatre.server.requests)
    assert await theatre.check("--format", "json") == first
    assert await theatre.check("--format", "json", "--offline") == first
    assert len(theatre.server.requests) == asked


async def test_a_registrys_names_go_to_no_public_service(theatre):
    """What the public service would hear is what a proxy in its way hears: nothing at all."""
    (theatre.folder / "package.json").write_text(PACKAGE_JSON, encoding="utf-8")
    with serve_in_thread(Osv()) as proxy:
        code, out, _ = await theatre.check(
            "--format",
            "json",
            REGISTRY_LSP_SERVICES_OSV_URL="",
            HTTPS_PROXY=proxy.url,
            HTTP_PROXY=proxy.url,
        )
        assert proxy.requests == []
    assert code == 1 or json.loads(out)
    assert theatre.server.requests == []
    asked = [each.path for each in theatre.stage.server.requests if each.method == "POST"]
    assert asked == [f"/npm/{BULK}"]


async def test_what_is_bound_to_a_registry_is_told_to_no_database_but_to_that_registry(theatre):
    own = theatre.stage.server.url
    (theatre.folder / ".npmrc").write_text(f"@scope:registry={own}npm/\n", encoding="utf-8")
    options = {"services": theatre.options["services"]}
    async with editor(theatre.folder, options=options, environ=theatre.stage.environ) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        await it.diagnostics(uri, lambda found: len(vulnerable(found)) == 2)
        await until(lambda: any(each.method == "POST" for each in theatre.stage.server.requests))
    assert theatre.osv.asked == [("npm", "react", "17.0.1")]
    (bulk,) = [each for each in theatre.stage.server.requests if each.method == "POST"]
    assert (bulk.path, json.loads(bulk.body)) == (f"/npm/{BULK}", {"@scope/tool": ["1.0.1"]})


async def test_switched_off_the_registries_are_asked_for_their_own(theatre):
    lodash = {
        "id": 1,
        "url": "https://advisories.example/advisories/GHSA-1111-2222-3333",
        "title": "Prototype pollution",
        "severity": "critical",
        "vulnerable_versions": "<17.0.2",
    }
    theatre.stage.registries.faults = {BULK: as_json({"react": [lodash]})}
    fault = {
        "id": "PYSEC-1",
        "aliases": [],
        "summary": "A fault",
        "fixed_in": ["2.32.3"],
        "link": "https://advisories.example/PYSEC-1",
        "withdrawn": None,
    }
    requests = theatre.stage.registries.pypi["requests"]
    faulty = {**requests.releases, "2.30.0": PypiRelease(vulnerabilities=(fault,))}
    theatre.stage.registries.pypi["requests"] = replace(requests, releases=faulty)
    off = {"osv": {"enabled": False, "url": theatre.server.url}}
    options = {**theatre.options, "services": off}
    async with editor(theatre.folder, options=options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        (npm,) = vulnerable(await it.diagnostics(uri, vulnerable))
        assert npm.message == (
            "react 17.0.1 is vulnerable (GHSA-1111-2222-3333, critical): Prototype pollution; "
            "fixed in 17.0.2"
        )
        uri = it.open("requirements.txt", REQUIREMENTS)
        (pypi,) = vulnerable(await it.diagnostics(uri, vulnerable))
        assert pypi.message == ("requests 2.30.0 is vulnerable (PYSEC-1): A fault; fixed in 2.32.3")
    assert theatre.server.requests == []


FAULTS: dict[str, Act] = {
    "silent": SILENCE,
    "hangs up": HANG_UP,
    "error": Reply(status=500, body=b"oh no"),
    "rate-limited": Reply(status=429, headers={"retry-after": "3600"}, body=b"<html>"),
    "refuses": as_json({"code": 3, "message": "error in query at index 0"}, status=400),
    "nonsense": Reply(headers={"content-type": "application/json"}, body=b"\x00\xff[["),
    "html": Reply(headers={"content-type": "text/html"}, body=b"<html>Welcome</html>"),
    "other shape": as_json({"results": [{"vulns": "many"}]}),
    "endless": Reply(headers={"content-type": "application/json"}, body=[b"[" * 65_536] * 200),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_of_the_database_delays_or_breaks_anything(theatre, fault):
    theatre.osv.faults = {"v1/": FAULTS[fault]}
    # Whoever waited for it would do so for longer than the test has.
    options = {**theatre.options, "network": {"timeoutSeconds": 600}}
    async with editor(theatre.folder, options=options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        shown = await it.diagnostics(uri, lambda found: found)
        assert [each.code for each in shown] == ["outdated-major"]
        await until(lambda: theatre.server.requests)
        text = (await it.hover(uri, '"re|act"')).contents.value
        assert "The library for" in text
        for said in ("vulnerab", "GHSA", "osv", "127.0.0.1"):
            assert said not in text
        assert [each.code for each in await it.diagnostics(uri)] == ["outdated-major"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_check_says_that_it_could_not_ask_and_fails_not_for_it(theatre, fault):
    theatre.osv.faults = {"v1/": FAULTS[fault]}
    (theatre.folder / "requirements.txt").write_text("idna>=3\n", encoding="utf-8")
    code, out, err = await theatre.check(REGISTRY_LSP_NETWORK_TIMEOUT_SECONDS="0.3")
    assert (code, err.count("\n")) == (0, 1)
    assert err.startswith("registry-lsp: advisories on idna could not be asked for: ")
    assert theatre.server.url.split("/")[2] in err
    assert "advisories on 1 not known" in out
    assert theatre.server.requests


async def test_check_waits_for_a_silent_database_no_longer_than_it_must(theatre):
    theatre.osv.faults = {"v1/": SILENCE}
    (theatre.folder / "requirements.txt").write_text("idna>=3\n", encoding="utf-8")
    code, out, err = await theatre.check(
        "--format", "json", REGISTRY_LSP_NETWORK_TIMEOUT_SECONDS="600"
    )
    (row,) = json.loads(out)["files"][0]["dependencies"]
    assert (code, row["advisories"]) == (0, [])
    assert row["advisories_error"] in err
    assert "did not answer in time" in err
