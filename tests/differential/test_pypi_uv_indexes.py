"""Which indexes are asked for a name, in which order and as whom, held against uv itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.session.files import FileStore, Sight
from support.loopback import Reply, serve_in_thread
from support.pypi_configs import NOWHERE, machine

uv = pytest.importorskip("uv", reason="uv is not installed here")

PROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.10"\n'
PROJECT += 'dependencies = ["left-dep"]\n[tool.uv]\npackage = false\n'
BOUND = '[tool.uv.sources]\nleft-dep = { index = "own" }\n'
USER = "home/.config/uv/uv.toml"


def index(name, *more, table="tool.uv.index"):
    return "\n".join([f"[[{table}]]", f'name = "{name}"', f'url = "URL/{name}"', *more, ""])


def file(*names, **defaults):
    """A ``uv.toml`` with indexes of these *names*, and a default one."""
    found = [index(name, table="index") for name in names]
    found += [index(name, "default = true", table="index") for name in defaults]
    return "".join(found)


DEFAULT = index("last", "default = true")
CASES = {
    "the default one last": (PROJECT + DEFAULT + index("first"), {}, {}),
    "the environment's first": (PROJECT + index("own") + DEFAULT, {}, {"UV_INDEX": "URL/named"}),
    "the user's behind": (PROJECT + index("own") + DEFAULT, {USER: file("user")}, {}),
    "the environment's default one": (PROJECT + DEFAULT, {}, {"UV_DEFAULT_INDEX": "URL/named"}),
    "the user's default one": (PROJECT + index("own"), {USER: file("user", other=True)}, {}),
    "a file of uv's hides the tables": (
        PROJECT + index("own") + DEFAULT,
        {"project/uv.toml": file("file", other=True)},
        {},
    ),
    "the older variables": (
        PROJECT,
        {},
        {"UV_INDEX_URL": "URL/a", "UV_EXTRA_INDEX_URL": "URL/b URL/c", "UV_INDEX": "URL/d"},
    ),
    "the older settings": (
        PROJECT + 'index-url = "URL/a"\nextra-index-url = ["URL/b"]\n' + index("own"),
        {},
        {},
    ),
    "a name of the environment's": (
        PROJECT + index("own") + DEFAULT,
        {},
        {"UV_INDEX": "own=URL/other"},
    ),
    "a name of the user's": (
        PROJECT + index("own") + DEFAULT,
        {USER: file("own").replace("URL/own", "URL/user")},
        {},
    ),
    "one that refuses": (PROJECT + index("deny") + DEFAULT, {}, {}),
    "one whose refusal is overlooked": (
        PROJECT + index("deny", "ignore-error-codes = [403]") + DEFAULT,
        {},
        {},
    ),
    "an explicit one": (PROJECT + index("own", "explicit = true") + DEFAULT, {}, {}),
    "what is bound": (PROJECT + index("own", "explicit = true") + DEFAULT + BOUND, {}, {}),
    "what is bound to the environment's": (
        PROJECT + index("own") + DEFAULT + BOUND,
        {},
        {"UV_INDEX": "own=URL/other"},
    ),
    "what is bound while a file hides the tables": (
        PROJECT + index("own") + BOUND,
        {"project/uv.toml": file(other=True)},
        {},
    ),
    "the best of all": (
        PROJECT + 'index-strategy = "unsafe-best-match"\n' + index("own") + DEFAULT,
        {},
        {},
    ),
    "the root of a workspace": (
        PROJECT + index("own") + DEFAULT,
        {
            "pyproject.toml": PROJECT.replace('"x"', '"root"')
            + '[tool.uv.workspace]\nmembers = ["project"]\n'
            + index("root", "default = true")
        },
        {},
    ),
    "who one is": (
        PROJECT + index("my-own.index", "default = true"),  # the same host's others get it too
        {},
        {
            "UV_INDEX_MY_OWN_INDEX_USERNAME": "u",
            "UV_INDEX_MY_OWN_INDEX_PASSWORD": "p",
        },
    ),
    "who one is by the netrc": (
        PROJECT + index("own") + DEFAULT,
        {"home/.netrc": "machine 127.0.0.1 login u password p\n"},
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_indexes_that_uv_asks_are_those_that_are_asked(case, tmp_path: Path) -> None:
    text, files, variables = CASES[case]

    async def refuse(request):
        return Reply(status=403 if request.path.startswith("/deny/") else 404)

    with serve_in_thread(refuse) as server:
        url = server.url.rstrip("/")
        for name, said in {**files, "project/pyproject.toml": text}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(said.replace("URL", url))
        environ = {name: value.replace("URL", url) for name, value in variables.items()}
        environ["HOME"] = str(tmp_path / "home")
        system = {"PATH": os.environ["PATH"], "UV_CACHE_DIR": str(tmp_path / "cache")}
        subprocess.run(
            [uv.find_uv_bin(), "lock", "--no-python-downloads"],
            cwd=tmp_path / "project",
            env={**system, **environ},
            capture_output=True,
            check=False,
            timeout=60,
        )
        # uv asks without a credential first, and then anew
        asked = {
            each.path.split("/")[1]: each.headers.get("authorization")
            for each in server.requests
            if "left-dep" in each.path
        }
    assert list(asked.items()) == _ours(tmp_path, environ)


def _ours(folder: Path, environ: dict[str, str]) -> list[tuple[str, str | None]]:
    """Whom we would ask in the same place, while each lacks the name or refuses."""
    path = folder / "project" / "pyproject.toml"
    format = next(each for each in ECOSYSTEM.formats if each.matches(path))
    written = format.parse(path.read_text())
    manifest = ECOSYSTEM.survey(path, written, Sight(FileStore())).resolve(written)
    around = machine(environ, folder=path.parent, home=folder / "home", root=NOWHERE, trusted=True)
    ref = ECOSYSTEM.routes(around).registry_for(manifest.dependencies[0], manifest)
    assert ref is not None
    asked = []
    for each in ref.in_turn():
        secret = each.authorization.value if each.authorization is not None else None
        name = urlsplit(each.url).path.strip("/")
        asked.append((name, secret))
        if name == "deny" and 403 not in each.overlooked:
            break
    return asked
