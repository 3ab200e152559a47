"""The package queries, from the command line and from the editor, against a loopback registry."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from typing import Any

import pytest
from lsprotocol import types

from registry_lsp.core.operations import OPERATIONS
from support.editor import PATIENCE, editor, server_environ
from support.loopback import Reply, Request, serve_in_thread


async def ask(stage: Any, *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "registry_lsp", *arguments),
        cwd=stage.folder,
        env=server_environ(stage.folder) | stage.environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode or 0, out.decode(), err.decode()


async def record(stage: Any, *arguments: str) -> dict[str, Any]:
    code, out, err = await ask(stage, *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


async def test_a_package_of_each_registry_has_the_same_record(stage: Any):
    npm = await record(stage, "package", "npm", "react")
    pypi = await record(stage, "package", "pypi", "requests")
    assert list(npm) == list(pypi)
    assert (npm["version"], npm["release_count"], npm["license"]) == ("18.2.0", 4, "MIT")
    assert npm["dist_tags"] == {"latest": "18.2.0", "next": "18.0.0-rc.1"}
    assert (pypi["version"], pypi["description"]) == ("2.32.3", "Python HTTP for Humans.")
    assert (pypi["dist_tags"], pypi["requires"]) == (None, ">=3.8")
    assert (npm["created_at"], npm["yanked"], npm["status"]) == ("2020-01-01T00:00:00Z", None, None)
    assert (pypi["created_at"], pypi["yanked"], pypi["status"]) == (None, False, None)


async def test_every_question_has_an_answer_for_people(stage: Any):
    told = {
        ("package", "npm", "react"): "The library for *web* and <native> interfaces",
        ("versions", "node", "react", "--page-size", "2"): "page 1 of 2, 4 releases",
        ("version", "python", "requests", "2.32.0"): "⚠ 2.32.0 was yanked",
        ("dependencies", "pip", "requests"): "idna",
        ("maintainer", "npm", "react"): "ada@people.example",
    }
    for arguments, text in told.items():
        code, out, err = await ask(stage, *arguments)
        assert (code, err) == (0, ""), arguments
        assert text in out


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("package", "npm", "nope"), 1, "package-not-found"),
        (("version", "npm", "react", "99.0.0"), 1, "version-not-found"),
        (("search", "pypi", "x"), 1, "unsupported"),
        (("package", "cargo", "x"), 2, "unknown-registry"),
        (("versions", "npm", "react", "--page", "0"), 2, "invalid-parameter"),
        (("versions", "npm", "react", "--page", "two"), 2, "invalid-parameter"),
        (("downloads", "npm", "react", "--period", "week"), 2, "unknown-period"),
    ],
)
async def test_each_way_to_fail_has_its_own_code(stage: Any, arguments, status, code):
    got, out, err = await ask(stage, *arguments, "--json")
    assert (got, err) == (status, "")
    assert json.loads(out)["error"]["code"] == code
    got, out, err = await ask(stage, *arguments)
    assert (got, out) == (status, "")
    assert err.startswith("registry-lsp: ")


async def test_the_project_s_own_registry_is_asked_with_its_credential(stage: Any):
    place = stage.server.url.removeprefix("http:")
    (stage.folder / ".npmrc").write_text(
        f"@scope:registry={stage.server.url}npm/\n{place}npm/:_authToken=token\n"
    )
    assert (await record(stage, "package", "npm", "@scope/tool"))["version"] == "1.0.1"
    (request,) = stage.server.requests
    assert request.headers["authorization"] == "Bearer token"


async def test_the_editor_asks_by_commands(stage: Any):
    async with editor(stage.folder, options=stage.options) as it:
        offered = it.result.capabilities.execute_command_provider.commands
        assert {f"registry-lsp.{each.name}" for each in OPERATIONS} <= set(offered)

        async def asked(name, *arguments):
            return await it.client.workspace_execute_command_async(
                types.ExecuteCommandParams(command=f"registry-lsp.{name}", arguments=[*arguments])
            )

        answer = await asked("version", {"registry": "npm", "name": "react", "version": "next"})
        assert (answer["version"], answer["prerelease"]) == ("18.0.0-rc.1", True)
        answer = await asked("package", {"registry": "npm", "name": "nope"})
        assert answer["error"]["code"] == "package-not-found"
        assert (await asked("package"))["error"]["code"] == "invalid-parameter"
        assert (await asked("package", "react"))["error"]["code"] == "invalid-parameter"


async def test_no_name_that_the_workspace_keeps_is_told_to_a_public_registry(stage: Any):
    """What a public registry would hear is what a proxy in its way is asked for."""
    web, api = stage.folder / "web", stage.folder / "api"
    texts = {
        web / "package.json": '{"workspaces": ["listed/*"]}',
        web / "tools" / "it" / "package.json": '{"name": "unlisted"}',
        api / "deep" / "package.json": '{"dependencies": {"kept": "file:../kept"}}',
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")

    async def refuse(_: Request) -> Reply:
        return Reply(status=403)

    with serve_in_thread(refuse) as proxy:
        home = str(stage.folder / "home")  # a home is no workspace
        environ = {"HTTPS_PROXY": proxy.url, "HOME": home, "USERPROFILE": home}
        async with editor(web, folders=[web, api], environ=environ) as it:

            async def said_of(name: str) -> str:
                asked = {"registry": "npm", "name": name}
                params = types.ExecuteCommandParams(
                    command="registry-lsp.package", arguments=[asked]
                )
                answer = await it.client.workspace_execute_command_async(params)
                return answer["error"]["message"]

            own = "it is the project's own, by tools/it/package.json."
            assert await said_of("unlisted") == f"Nobody is asked about unlisted: {own}"
            assert (await said_of("kept")).endswith("/package.json it comes from a local path.")
            assert proxy.requests == []
            assert "the proxy on the way to" in await said_of("known")
            assert proxy.requests
