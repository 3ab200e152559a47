"""What a user can have done: refresh, clear the cache, see the status, open a package's page."""

from __future__ import annotations

import json
from typing import Any

from lsprotocol import types

from support.editor import editor
from support.events import until
from support.loopback import HANG_UP
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
        wrong = await run(it, "openPage", {"registry": "npm", "name": "nope"})
        assert wrong["error"]["code"] == "package-not-found"
