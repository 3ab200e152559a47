"""A credential that an untrusted project's own files would have sent, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from support.editor import Editor, editor
from support.loopback import Act, Reply, Request, serve_in_thread
from support.registries import NpmPackage, Registries

LEFT = Registries(npm={"left": NpmPackage(versions={"1.0.0": {}, "2.0.0": {}})})
TOKEN = "s3cret"
FILES = {
    "npm@11.19.1": (".npmrc", "registry={url}\n{place}:_authToken=${{TOKEN}}\n"),
    "pnpm@11.28.11": (".npmrc", "registry={url}\n_authToken=${{TOKEN}}\n"),
    "yarn@4.18.1": (
        ".yarnrc.yml",
        """\
npmRegistryServer: '{url}'
unsafeHttpWhitelist: ['127.0.0.1']
npmAuthToken: '${{TOKEN}}'
npmAlwaysAuth: true
""",
    ),
    "bun@1.4.5": ("bunfig.toml", '[install.registry]\nurl = "{url}"\ntoken = "$TOKEN"\n'),
}


async def guarded(request: Request) -> Act:
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        return Reply(status=401)
    return await LEFT(request)


async def finding_on_left(it: Editor, text: str) -> Any:
    uri = it.open("package.json", text)

    def on_left(found: Any) -> list[Any]:
        places = {"left", "1.0.0"}
        return [each for each in found if it.text_at(uri, each.range) in places]

    (finding,) = on_left(await it.diagnostics(uri, on_left))
    return finding


@pytest.mark.parametrize("manager", FILES)
async def test_what_trust_would_send_is_told_of(tmp_path: Any, manager: str):
    name, written = FILES[manager]
    text = f'{{"packageManager": "{manager}", "dependencies": {{"left": "1.0.0"}}}}\n'
    project, home = tmp_path / "project", tmp_path / "home"
    for folder in (project, home):
        folder.mkdir()
    env = {"HOME": str(home), "USERPROFILE": str(home), "TOKEN": TOKEN}
    with serve_in_thread(guarded) as server:
        url = f"{server.url}npm/"
        (project / name).write_text(written.format(url=url, place=url.partition(":")[2]))
        (project / "package.json").write_text(text)
        async with editor(project, environ=env) as it:
            finding = await finding_on_left(it, text)
            assert finding.code == "unauthorized"
            assert "held back until workspace.trusted is set" in finding.message
            assert TOKEN not in finding.message
        trusting = {"workspace": {"trusted": True}}
        async with editor(project, environ=env, options=trusting) as it:
            assert (await finding_on_left(it, text)).code == "outdated-major"
