"""Real registry servers with a few packages in each, started once for all tests here."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import shutil
import sys
from dataclasses import dataclass

import pytest

from registry_lsp.net.http import HttpClient
from support.devpi import Team
from support.dists import DISTS, FIRST_UPLOAD, READER, YANKED
from support.publishing import account
from support.servers import npm_servers, run_python, running, running_python

VERDACCIO = """\
storage: ./storage
auth: { htpasswd: { file: ./htpasswd, max_users: 10, algorithm: bcrypt, rounds: 4 } }
security: { api: { legacy: false, jwt: { sign: { expiresIn: 1d } } } }
uplinks: {}
packages:
  '@private/*': { access: $authenticated, publish: $authenticated }
  '@alice/*': { access: alice, publish: alice }
  '**': { access: $all, publish: $authenticated, unpublish: $authenticated }
web: { enable: false }
log: { type: stdout, format: pretty, level: warn }
"""


@dataclass(frozen=True)
class NpmServer:
    """verdaccio: its address, and the tokens of two people."""

    url: str
    alice: str
    bob: str


@pytest.fixture
async def http():
    client = HttpClient(user_agent="registry-lsp/tests", retries=0)
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def verdaccio(tmp_path_factory):
    program = npm_servers() / "node_modules" / "verdaccio" / "bin" / "verdaccio"
    folder = tmp_path_factory.mktemp("verdaccio")
    (folder / "config.yaml").write_text(VERDACCIO)
    command = [
        *(shutil.which("node"), str(program)),
        *("--config", str(folder / "config.yaml"), "--listen", "127.0.0.1:{port}"),
    ]
    with running(command, folder=folder, ready="-/ping") as url:
        yield _loaded(url)


def _loaded(url):
    alice, bob = (account(url, name, f"{name} and a password") for name in ("alice", "bob"))
    alice.publish("plain", "1.0.0", description="the first", license="MIT")
    alice.publish(
        "plain",
        "1.1.0",
        description="fixture plain",
        license="MIT",
        engines={"node": ">=18"},
        repository={"type": "git", "url": "git+https://code.example/plain.git"},
        dependencies={"oldlib": "^1.0.0"},
        peerDependencies={"react": ">=17"},
    )
    alice.publish("plain", "2.0.0-beta.1", tag="next")
    alice.tag("plain", "lts", "1.0.0")
    alice.publish("oldlib", "0.9.0")
    alice.publish("oldlib", "1.0.0")
    alice.deprecate("oldlib", "0.9.0", "upgrade to 1.x")
    alice.publish("gone", "1.0.0")
    alice.unpublish("gone")
    alice.publish("@private/dep", "1.2.3")
    alice.publish("@alice/only", "0.1.0")
    return NpmServer(url=url, alice=alice.token, bob=bob.token)


@pytest.fixture(scope="session")
def dists(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dists")
    for each in DISTS:
        each.write(folder)
    return folder


@pytest.fixture(scope="session")
def pypiserver(dists, tmp_path_factory):
    """HTML for whatever is asked; even the listing wants a password."""
    folder = tmp_path_factory.mktemp("pypiserver")
    digest = base64.b64encode(hashlib.sha1(READER[1].encode()).digest()).decode()
    (folder / "htpasswd").write_text(f"{READER[0]}:{{SHA}}{digest}\n")
    with running_python(
        *("-m", "pypiserver", "run", "-i", "127.0.0.1", "-p", "{port}", "--disable-fallback"),
        *("-P", str(folder / "htpasswd"), "-a", "update,download,list", str(dists)),
        folder=folder,
        ready="",
    ) as url:
        yield f"{url}simple/"


@pytest.fixture(scope="session")
def dumb_pypi(dists, tmp_path_factory):
    """A folder of files: pages in HTML, and the JSON API as application/octet-stream."""
    folder = tmp_path_factory.mktemp("dumb")
    site = folder / "site"
    shutil.copytree(dists, site / "pool")
    rows = []
    for at, file in enumerate(sorted(dists.iterdir())):
        row = {
            "filename": file.name,
            "hash": f"sha256={hashlib.sha256(file.read_bytes()).hexdigest()}",
            "upload_timestamp": FIRST_UPLOAD + at * 86_400,
        }
        if file.name.startswith("demo_plain"):
            row |= {"requires_python": ">=3.9", "requires_dist": ["demo-dep>=1"]}
        if file.name.startswith("demo_plain-1.0.0"):
            row["yanked_reason"] = YANKED
        rows.append(json.dumps(row))
    (folder / "packages.json").write_text("\n".join(rows))
    _generate(folder, site)
    serve = [sys.executable, "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
    with running([*serve, "--directory", str(site)], folder=folder, ready="") as url:
        yield f"{url}simple/"


def _generate(folder, site):
    run_python(
        *("-m", "dumb_pypi.main", "--package-list-json", str(folder / "packages.json")),
        *("--packages-url", "../../pool/", "--output-dir", str(site), "--no-generate-timestamp"),
        folder=folder,
    )


@pytest.fixture(scope="session")
def simple_repository(dists, tmp_path_factory):
    """Pages in JSON with versions and dates, and metadata beside the files."""
    _need_311()
    root = tmp_path_factory.mktemp("repository")
    for file in dists.iterdir():
        project = file.name.partition("-")[0].replace("_", "-")
        (root / project).mkdir(exist_ok=True)
        shutil.copy(file, root / project)
    folder = tmp_path_factory.mktemp("simple-repository")
    with _repository(str(root), folder) as url:
        yield f"{url}simple/"


@pytest.fixture(scope="session")
def mirror(dumb_pypi, tmp_path_factory):
    """The same server in front of another index, whose HTML it gives on as JSON."""
    _need_311()
    with _repository(dumb_pypi, tmp_path_factory.mktemp("mirror")) as url:
        yield f"{url}simple/"


def _repository(source, folder):
    module = ("-m", "simple_repository_server", "--host", "127.0.0.1", "--port", "{port}")
    return running_python(*module, source, folder=folder, ready="")


def _need_311():
    if sys.version_info < (3, 11):
        pytest.skip("simple-repository-server needs Python 3.11")


@pytest.fixture(scope="session")
def devpi(dists, tmp_path_factory):
    """Pages in JSON as they first were: no versions, no sizes, no dates."""
    folder = tmp_path_factory.mktemp("devpi")
    init = "from devpi_server.init import init; raise SystemExit(init())"
    # what guards passwords against guessing takes half a minute to begin
    haste = ("--argon2-time-cost", "1", "--argon2-memory-cost", "8", "--argon2-parallelism", "1")
    state = ("--serverdir", str(folder / "state"))
    run_python("-c", init, *state, "--no-root-pypi", folder=folder)
    (folder / "secret").write_text(secrets.token_hex(32))
    (folder / "secret").chmod(0o600)
    with running_python(
        *("-m", "devpi_server", *state, "--secretfile", str(folder / "secret"), *haste),
        *("--host", "127.0.0.1", "--port", "{port}", "--offline-mode"),
        folder=folder,
        ready="+api",
    ) as url:
        team = Team(url=url, name="team", password="a password of the team's")
        team.found()
        for each in DISTS:
            team.upload(each, dists / f"{each.stem}-py3-none-any.whl")
        yield team.index


@pytest.fixture(scope="session")
def proxpi(dumb_pypi, tmp_path_factory):
    """A caching proxy with its index elsewhere: JSON without versions."""
    folder = tmp_path_factory.mktemp("proxpi")
    with running_python(
        *("-m", "flask", "--app", "proxpi.server", "run"),
        *("--host", "127.0.0.1", "--port", "{port}"),
        folder=folder,
        ready="health",
        PROXPI_INDEX_URL=dumb_pypi,
        PROXPI_CACHE_DIR=str(folder / "cache"),
    ) as url:
        yield f"{url}index/"
