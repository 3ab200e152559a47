"""Private names stay with their registry, whatever is being typed and whatever lies around.

With the real ecosystems in front of a registry that only writes down who is asked for what.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_lsp.core.packages import Missing
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.text import Snapshot
from registry_lsp.ecosystems import discover
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.session import Session

PRIVATE = "private.example"
INDEX = f"--index-url https://{PRIVATE}/simple\n"
UV_INDEX = f"""[[tool.uv.index]]
name = "mine"
url = "https://{PRIVATE}/simple"
explicit = true
[tool.uv.sources]
secret = {{ index = "mine" }}
"""
ROOT = f'[project]\nname = "root"\n[tool.uv.workspace]\nmembers = ["one"]\n{UV_INDEX}'
MEMBER = '[project]\nname = "one"\ndependencies = ["secret>=1", "flask"]\n'


class Listener:
    """A registry that has nothing."""

    def __init__(self) -> None:
        self.asked = []

    async def package(self, id, *, full, known=None):
        self.asked.append((id.name, id.registry.host))
        return Missing()


class Nobody:
    def publish(self, document, assessments):
        pass

    def retract(self, uri):
        pass

    def loading(self, document, done, total):
        pass


class Project:
    """A folder with one manifest of it open."""

    def __init__(self, folder: Path, name: str, files: dict[str, str]) -> None:
        self.folder = folder
        for each, text in files.items():
            self.write(each, text)
        self.listener = Listener()
        self.path = folder / name
        self.uri = self.path.as_uri()
        ecosystems = discover()
        cache = DiskCache(None)
        self.session = Session(
            ecosystems=ecosystems,
            packages=PackageIndex({each.name: self.listener for each in ecosystems}, cache),
            audience=Nobody(),
            routes=lambda ecosystem, folder: ecosystem.routes(
                Surroundings(folder=folder, home=self.folder / ".home", environ={})
            ),
            resources=(cache.close,),
        )

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))

    async def open(self) -> None:
        text = self.path.read_text("utf-8", "surrogateescape")
        self.session.open(Snapshot(uri=self.uri, version=1, text=text), self.path)
        await self.session.settled(self.uri)

    async def type(self, text: str) -> None:
        version = self.session.document(self.uri).snapshot.version + 1
        self.session.update(Snapshot(uri=self.uri, version=version, text=text))
        await self.session.settled(self.uri)

    @property
    def told(self) -> set[str]:
        """The hosts that have heard of the secret name."""
        return {host for name, host in self.listener.asked if "secret" in name}

    @property
    def known(self) -> set[str]:
        """The names that the open text would be asked for."""
        return {each.name for each in self.session.document(self.uri).ids if each is not None}


@pytest.fixture
async def project(tmp_path):
    projects = []

    def make(name, files):
        projects.append(Project(tmp_path, name, files))
        return projects[-1]

    yield make
    for each in projects:
        await each.session.aclose()


@pytest.mark.parametrize("edited", ["", "# -r base.txt\n", "-r base.tx\n", "-r\n", "-\n"])
async def test_an_included_index_holds_while_its_line_is_edited(project, edited):
    it = project(
        "requirements.txt", {"base.txt": INDEX, "requirements.txt": "-r base.txt\nsecret\n"}
    )
    await it.open()
    await it.type(f"{edited}secret\n")
    await it.type(f"{edited}secret\nsecret-two\n")
    assert it.told == {PRIVATE}


async def test_what_is_included_may_be_edited_around(project):
    files = {"base.txt": INDEX, "requirements.txt": "-r base.txt\nsecret\n"}
    it = project("requirements.txt", files)
    await it.open()
    await it.type("# a comment\n-r base.txt\nsecret\nsecret-two\n")
    assert it.known == {"secret", "secret-two"}
    assert it.told == {PRIVATE}


async def test_a_file_that_is_no_longer_included_may_have_meant_nothing(project):
    files = {"base.txt": "flask\n", "requirements.txt": "-r base.txt\ndjango\n"}
    it = project("requirements.txt", files)
    await it.open()
    await it.type("django\n")
    assert it.known == {"django"}


async def test_what_the_root_of_a_workspace_binds_stays_known_while_the_member_is_edited(project):
    it = project("one/pyproject.toml", {"pyproject.toml": ROOT, "one/pyproject.toml": MEMBER})
    await it.open()
    await it.type(f"\n{MEMBER}")
    assert it.known == {"secret", "flask"}
    assert it.told == {PRIVATE}


async def test_a_scope_that_is_bound_while_its_manifest_is_open_is_bound(project):
    it = project("package.json", {"package.json": '{"dependencies": {}}'})
    await it.open()
    it.write(".npmrc", f"@acme:registry=https://{PRIVATE}/\n")
    await it.type('{"dependencies": {"@acme/secret": "1"}}')
    assert it.told == {PRIVATE}


async def test_a_catalog_holds_while_the_word_is_typed(project):
    files = {
        "package.json": '{"dependencies": {"secret": "catalog:", "left": "1"}}',
        "pnpm-workspace.yaml": "catalog:\n  secret: file:../secret\n",
    }
    it = project("package.json", files)
    await it.open()
    await it.type('{"dependencies": {"secret": "c", "left": "1"}}')
    assert it.known == {"left"}
    assert it.told == set()


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        ("[tool.uv.sources]", "[tool.uv.sources"),
        ("[tool.uv.workspace]", "[tool.uv.workspace"),
        ('members = ["one"]', 'members = ["one'),
        ('name = "root"', 'name = "root"\n<<<<<<< HEAD'),
        ('name = "root"', 'name = "r\udcff"'),
    ],
)
async def test_the_root_of_a_workspace_binds_while_it_is_broken(project, line, broken):
    root = ROOT.replace(line, broken)
    it = project("one/pyproject.toml", {"pyproject.toml": root, "one/pyproject.toml": MEMBER})
    await it.open()
    assert it.told <= {PRIVATE}
    assert "flask" in it.known


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("package.json", '{"name": "root", "workspaces": ["packages/*"'),
        ("package.json", '{"name": "root", "workspaces": ["packages/*]}'),
        ("package.json", '{"name": "root",\n<<<<<<< HEAD\n"workspaces": ["packages/*"]}'),
        ("packages/lib/package.json", '{"name": "@acme/secret"'),
        ("packages/lib/package.json", '{"name": "@acme/secret", "version": "1.0.0,\n"main": ""}'),
    ],
)
async def test_a_member_is_no_registrys_while_its_workspace_is_broken(project, name, broken):
    files = {
        "package.json": '{"name": "root", "workspaces": ["packages/*"]}',
        "packages/lib/package.json": '{"name": "@acme/secret", "version": "1.0.0"}',
        "packages/app/package.json": '{"dependencies": {"@acme/secret": "^1.0.0", "left": "1"}}',
    }
    it = project("packages/app/package.json", {**files, name: broken})
    await it.open()
    assert it.known == {"left"}
    assert it.told == set()
