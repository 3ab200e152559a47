"""What a user can have done: refresh, clear the cache, see the status, open a package's page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lsprotocol import types

from support.clients import CLIENTS, capabilities
from support.editor import editor
from support.events import until
from support.loopback import HANG_UP, Act, Reply, Request, serve_in_thread
from support.registries import NpmPackage

TEXT = '{"dependencies": {"@scope/tool": "1.0.0", "nope": "1"}}\n'


async def run(it, command: str, *arguments: Any) -> Any:
    return await it.client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=f"registry-lsp.{command}", arguments=list(arguments))
    )


def asked(stage, name: str) -> int:
    return sum(each.path.endswith(name) for each in stage.server.requests)


async def test_refresh_asks_anew_and_shows_what_is_new(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", TEXT)
        other = it.open("requirements.txt", "idna==3.6\n")
        await it.diagnostics(uri, lambda shown: len(shown) == 2)
        await it.diagnostics(other, bool)
        assert asked(stage, "/nope") == 1
        stage.registries.npm["nope"] = stage.registries.npm["@scope/tool"]
        assert await run(it, "refresh", {"uri": uri}) == {"refreshed": 1}
        await it.diagnostics(
            uri, lambda shown: "package-not-found" not in {each.code for each in shown}
        )
        assert (asked(stage, "/nope"), asked(stage, "/simple/idna/")) == (2, 1)
        assert await run(it, "refresh") == {"refreshed": 2}
        await until(lambda: asked(stage, "/simple/idna/") == 2)
        assert await run(it, "refresh", {"uri": "file:///no/package.json"}) == {"refreshed": 0}


@pytest.mark.parametrize("client", CLIENTS)
async def test_every_editor_has_the_commands(stage, client):
    react = {"registry": "npm", "name": "react"}
    arguments = {
        "version": {**react, "version": "18.2.0"},
        "dependencies": {**react, "version": "17.0.2"},
        "maintainer": react,
        "package": react,
        "versions": react,
        "openPage": react,
    }
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("package.json", TEXT)
        await it.diagnostics(uri, lambda shown: len(shown) == 2)
        assert await run(it, "refresh") == {"refreshed": 1}
        assert (await run(it, "status"))["documents"][0]["uri"] == uri
        for command, parameters in arguments.items():
            assert "error" not in await run(it, command, parameters), command
        found = await run(it, "search", {"registry": "pypi", "query": "x"})
        assert found["error"]["code"] == "unsupported"
        updated = await run(it, "updateAll", {"uri": uri})
        assert updated["applied"]
        assert '"@scope/tool": "1.0.1"' in it.text(uri)
        assert (await run(it, "clearCache"))["entries"] >= 2


async def test_refresh_asks_those_too_who_were_not_there_a_moment_ago(stage):
    names = [f"lib-{number}" for number in range(12)]
    for name in names:
        stage.registries.npm[name] = NpmPackage(versions={"1.0.0": {}})
    stage.registries.faults = dict.fromkeys(names, HANG_UP)
    text = json.dumps({"dependencies": dict.fromkeys(names, "1.0.0")})
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", text)
        await it.diagnostics(uri, lambda shown: len(shown) == len(names))
        stage.registries.faults = {}
        assert await run(it, "refresh") == {"refreshed": 1}
        assert await it.diagnostics(uri, lambda shown: not shown) == []


async def test_a_cleared_cache_is_filled_again(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", TEXT)
        await it.diagnostics(uri, lambda shown: len(shown) == 2)
        freed = await run(it, "clearCache")
        assert freed["entries"] >= 2
        assert "is empty now" in it.client.messages[-1].message
        await until(lambda: asked(stage, "/nope") == 2)
        await it.diagnostics(uri, lambda shown: len(shown) == 2)


async def test_the_status_says_whom_the_server_asks_and_what_went_wrong(stage):
    secret = stage.server.url.replace("//", "//user:hunter2@")
    (stage.folder / "requirements.txt").write_text("", "utf-8")
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", TEXT)
        text = f"--index-url {secret}broken/\nidna\n"
        broken = it.open("requirements.txt", text)
        await it.diagnostics(uri, lambda shown: len(shown) == 2)
        await it.diagnostics(broken)
        said = await run(it, "status")
        assert [each["dependencies"] for each in said["documents"]] == [2, 1]
        by_ecosystem = {each["ecosystem"]: each for each in said["registries"]}
        npm = by_ecosystem["npm"]
        assert (npm["packages"], npm["missing"], npm["trouble"]) == (2, 1, None)
        assert said["cache"][0]["trouble"] is None
        assert "hunter2" not in str(said)
        assert said["text"].startswith("## registry-lsp ")
        assert "2 packages, 1 not found" in said["text"]


async def test_the_status_tells_of_a_registry_that_fails(stage):
    options = stage.options | {"registries": {"npm": {"url": "http://127.0.0.1:9/"}}}
    async with editor(stage.folder, options=options) as it:
        uri = it.open("package.json", TEXT)
        await it.diagnostics(uri, bool)
        (registry,) = (await run(it, "status"))["registries"]
        assert "127.0.0.1:9" in registry["trouble"]


async def test_the_status_tells_of_the_services_that_fail(stage):
    answer = Reply(body=b'{"downloads": 7, "results": [{}]}')
    is_down = True

    async def service(_: Request) -> Act:
        return Reply(status=503) if is_down else answer

    async def troubles(it, wanted: int) -> list[str]:
        """What the status tells of the services, once so many are in trouble."""
        while True:
            said = await run(it, "status")
            assert "hunter2" not in str(said)
            found = [each["trouble"] for each in said["services"] if each["trouble"]]
            assert all(each in said["text"].replace("\\", "") for each in found)
            if len(found) == wanted:
                return found

    with serve_in_thread(service) as server:
        named = {"enabled": True, "url": server.url.replace("//", "//user:hunter2@")}
        services = {"osv": named, "npmDownloads": named, "pypiDownloads": {"enabled": False}}
        async with editor(stage.folder, options=stage.options | {"services": services}) as it:
            before = await run(it, "status")
            assert [each["name"] for each in before["services"]] == ["npmDownloads", "osv"]
            assert {each["trouble"] for each in before["services"]} == {None}
            assert (before["offline"], before["paused"]) == (False, [])
            uri = it.open("package.json", '{"dependencies": {"react": "17.0.2"}}')
            await it.diagnostics(uri, bool)
            await it.hover(uri, "re|act")
            host = server.url.split("/")[2]
            assert set(await troubles(it, 2)) == {f"{host} has an error of its own (503)"}
            is_down = False
            await run(it, "refresh")
            await it.hover(uri, "re|act")
            assert await troubles(it, 0) == []


async def test_the_status_tells_who_is_left_alone(stage):
    names = dict.fromkeys((f"lib-{number}" for number in range(40)), "1.0.0")
    url = "http://127.0.0.1:9/"
    options = stage.options | {"registries": {"npm": {"url": url}}}
    async with editor(stage.folder, options=options) as it:
        uri = it.open("package.json", json.dumps({"dependencies": names}))
        await it.diagnostics(uri, lambda shown: len(shown) == len(names))
        said = await run(it, "status")
        (paused,) = said["paused"]
        assert paused["host"] == "127.0.0.1:9"
        assert 0 < paused["seconds"] <= 30
        assert paused["trouble"] == "the connection to 127.0.0.1:9 failed"
        assert "Not asked for " in said["text"]


async def test_the_status_tells_that_nobody_is_asked(stage):
    options = stage.options | {"network": {"offline": True}}
    async with editor(stage.folder, options=options) as it:
        said = await run(it, "status")
        assert said["offline"]
        assert "network.offline" in said["text"].replace("\\", "")


async def test_the_status_says_once_what_several_folders_share(stage):
    folders = [stage.folder / "one", stage.folder / "two"]
    for each in folders:
        each.mkdir()
    async with editor(stage.folder, configuration=stage.options, folders=folders) as it:
        uris = [it.open(f"{each.name}/package.json", TEXT) for each in folders]
        it.configure(stage.options | {"inlayHints": {"enabled": False}}, folders[0])
        for uri in uris:
            await it.diagnostics(uri, lambda shown: len(shown) == 2)
        said = await run(it, "status")
        assert said["text"].count("Kept on disk") == len({str(each) for each in said["cache"]}) == 1


async def test_a_page_is_shown_where_the_client_can_show_one(stage):
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        shown = await run(it, "openPage", {"registry": "npm", "name": "react"})
        assert shown == {"url": "https://react.example/"}
        await until(lambda: it.client.shown_documents)
        (document,) = it.client.shown_documents
        assert (document.uri, document.external) == ("https://react.example/", True)
        assert it.client.messages == []
        wrong = await run(it, "openPage", {"registry": "npm", "name": "nope"})
        assert (wrong["error"]["code"], wrong["error"]["shown"]) == ("package-not-found", True)
        await until(lambda: it.client.messages)
        (said,) = it.client.messages
        assert said.message == f"registry-lsp: {wrong['error']['message']}"


async def test_a_page_that_cannot_be_shown_is_named(stage):
    client = capabilities("vscode")
    client.window.show_document = None
    async with editor(stage.folder, client=client, options=stage.options) as it:
        shown = await run(it, "openPage", {"registry": "npm", "name": "react"})
        assert shown == {"url": "https://react.example/"}
        nowhere = await run(it, "openPage", {"registry": "npm", "name": "@scope/tool"})
        assert nowhere == {"url": None}
        await until(lambda: len(it.client.messages) == 2)
        first, last = (each.message for each in it.client.messages)
        assert first == "registry-lsp: The page of react is https://react.example/"
        assert last.startswith("registry-lsp: Nobody knows a page of @scope/tool")
