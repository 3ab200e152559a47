"""verdaccio, asked by an editor and by ``check`` with nothing configured but what npm, pnpm, Yarn
and Bun read.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from support.commands import checked, codes_of
from support.editor import editor

TEXT = json.dumps(
    {"dependencies": {"plain": "1.0.0", "@private/dep": "^1.0.0", "oldlib": "0.9.0"}}, indent=2
)
EXPECTED = {("1.0.0", "outdated-minor"), ("0.9.0", "deprecated"), ("0.9.0", "outdated-major")}


@pytest.fixture
def project(tmp_path):
    """A project's folder; the home folder of who works in it is beside it."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def environ(project, **more):
    home = str(project.parent / "home")
    return {"HOME": home, "USERPROFILE": home, **more}


def npmrc(url, token):
    place = url.partition(":")[2]
    return f"@private:registry={url}\n{place}:_authToken={token}\n"


def arranged(project, manager, url, token):
    """Configure *url* as the only registry, with a *token* for its private scope; the environment
    that it takes.
    """
    home = project.parent / "home"
    match manager:
        case "npm":
            write(project, ".npmrc", f"registry={url}\n")
            write(home, ".npmrc", npmrc(url, "${TOKEN}"))
            write(project, "package-lock.json", "{}")
        case "pnpm":
            write(project, "pnpm-workspace.yaml", f"registries: {{default: '{url}'}}\n")
            write(home, ".config/pnpm/auth.ini", npmrc(url, "${TOKEN}"))
        case "yarn":
            write(project, ".yarnrc.yml", f"npmRegistryServer: '{url}'\n")
            scopes = f"{{private: {{npmRegistryServer: '{url}', npmAuthToken: '${{TOKEN}}'}}}}"
            write(home, ".yarnrc.yml", f"npmScopes: {scopes}\nunsafeHttpWhitelist: [127.0.0.1]\n")
        case "bun":
            write(project, "bunfig.toml", f'[install]\nregistry = "{url}"\n')
            scope = f'private = {{ url = "{url}", token = "$TOKEN" }}'
            write(home, ".bunfig.toml", f"[install.scopes]\n{scope}\n")
    return environ(project, TOKEN=token)


@pytest.mark.parametrize("manager", ["npm", "pnpm", "yarn", "bun"])
async def test_a_private_registry_works_without_configuration_of_ours(project, verdaccio, manager):
    env = arranged(project, manager, verdaccio.url, verdaccio.bob)
    write(project, "package.json", TEXT)
    async with editor(project, environ=env) as it:
        uri = it.open("package.json", TEXT)

        def codes(found):
            return {(it.text_at(uri, each.range), each.code) for each in found}

        await it.diagnostics(uri, until=lambda found: codes(found) == EXPECTED)
        hover = (await it.hover(uri, '"@private/d|ep"')).contents.value
        offered = await it.complete(uri, '"^1.|0.0"')
    assert "1.2.3" in hover
    assert [each.label for each in offered.items][:1] == ["1.2.3"]
    rows, said = await checked(project, env)
    assert rows["@private/dep"]["latest"] == "1.2.3"
    assert codes_of(rows["@private/dep"]) == []
    assert codes_of(rows["plain"]) == ["outdated-minor"]
    assert verdaccio.bob not in hover + said


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("no.such.token", 401)])
async def test_a_scope_that_is_refused_is_said_to_be(project, verdaccio, token, status):
    write(project, "package.json", TEXT)
    write(project, ".npmrc", f"registry={verdaccio.url}\n")
    if token is not None:
        write(project.parent / "home", ".npmrc", npmrc(verdaccio.url, token))
    rows, said = await checked(project, environ(project))
    assert codes_of(rows["@private/dep"]) == ["unauthorized"]
    assert codes_of(rows["plain"]) == ["outdated-minor"]
    assert urlsplit(verdaccio.url).netloc in said
    assert "no.such.token" not in said


async def test_a_stranger_is_not_given_the_users_variables(project, verdaccio):
    env = environ(project, TOKEN=verdaccio.bob)
    write(project, "package.json", TEXT)
    write(project, ".npmrc", f"registry={verdaccio.url}\n" + npmrc(verdaccio.url, "${TOKEN}"))
    rows, _ = await checked(project, env)
    assert codes_of(rows["@private/dep"]) == ["unauthorized"]
    trusted = {**env, "REGISTRY_LSP_WORKSPACE_TRUSTED": "true"}
    rows, said = await checked(project, trusted)
    assert codes_of(rows["@private/dep"]) == []
    assert verdaccio.bob not in said


async def test_a_token_that_is_written_while_the_file_is_open_counts(project, verdaccio):
    text = json.dumps({"dependencies": {"@private/dep": "1.2.3", "plain": "1.0.0"}}, indent=2)
    write(project, "package.json", text)
    write(project, ".npmrc", f"registry={verdaccio.url}\n")
    async with editor(project, environ=environ(project)) as it:
        uri = it.open("package.json", text)

        def codes(found):
            return {each.code for each in found}

        both = {"unauthorized", "outdated-minor"}
        await it.diagnostics(uri, until=lambda found: codes(found) == both)
        write(project.parent / "home", ".npmrc", npmrc(verdaccio.url, verdaccio.bob))
        await it.diagnostics(uri, until=lambda found: codes(found) == {"outdated-minor"})
