"""Which registry a name is asked of that somebody asks about, by the manifests around."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.project import Alone
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.text import Snapshot, Span
from registry_lsp.ecosystems import discover
from registry_lsp.endpoints import PYPI_INDEX
from registry_lsp.queries.whereabouts import Whereabouts
from registry_lsp.session.documents import Document, Nowhere
from support import toy

OWN = "https://own.example/"


@dataclass(frozen=True)
class Routes(toy.ToyRoutes):
    """All names are in the public registry, but where a manifest binds them or has its own."""

    url: str = PYPI_INDEX

    def registry_for(self, dependency, manifest):
        if dependency.index is None and any(it.name == "private" for it in manifest.dependencies):
            return RegistryRef(url=OWN)
        return super().registry_for(dependency, manifest)


def name(text):
    nowhere = Span(0, 0)
    return Dependency(
        name=text,
        display_name=text,
        name_span=nowhere,
        specifier="",
        specifier_span=None,
        span=nowhere,
        section="",
        dialect="toy",
    )


class Stage:
    def __init__(self, folder):
        self.folder = folder
        self.ecosystem = toy.ecosystem(toy.ToyRegistry({}))
        self.opened = []
        self.whereabouts = Whereabouts(lambda *_: Routes(), open=lambda: self.opened)

    async def ask(self, text, folder=None):
        folder = folder or self.folder
        found = await self.whereabouts.registry_for(self.ecosystem, name(text), folder)
        return found.url if found is not None else None


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


def bound(index):
    return f"https://{index}.example/"


async def test_what_no_manifest_names_is_asked_as_one_would(stage):
    assert await stage.ask("one") == PYPI_INDEX
    (stage.folder / "toy.txt").write_text("two>=1\n")
    assert await stage.ask("one") == PYPI_INDEX
    (stage.folder / "toy.txt").write_text("private>=1\n")
    assert await stage.ask("one") == OWN


async def test_a_name_goes_where_the_manifest_binds_it(stage):
    (stage.folder / "toy.txt").write_text("one>=1 @own\ntwo>=1\n")
    assert await stage.ask("one") == bound("own")
    assert await stage.ask("two") == PYPI_INDEX


@pytest.mark.parametrize("source", ["path", "git", "workspace"])
async def test_what_comes_from_elsewhere_is_asked_of_nobody(stage, source):
    (stage.folder / "toy.txt").write_text(f"one>=1 !{source}\n")
    assert await stage.ask("one") is None


async def test_the_nearest_folder_that_has_a_manifest_counts(stage):
    (stage.folder / "toy.txt").write_text("one>=1 @outer\n")
    inner = stage.folder / "inner" / "most"
    inner.mkdir(parents=True)
    assert await stage.ask("one", inner) == bound("outer")
    (inner.parent / "toy.txt").write_text("one>=1 @inner\n")
    assert await stage.ask("one", inner) == bound("inner")


async def test_a_private_registry_is_asked_where_another_place_would_take_the_public_one(stage):
    (stage.folder / "toy.txt").write_text("one>=1\none>=1 @own\n")
    assert await stage.ask("one") == bound("own")
    (stage.folder / "toy.txt").write_text("one>=1 @own\none>=1 @other\n")
    assert await stage.ask("one") is None


async def test_what_is_open_binds_as_well_wherever_it_lies(stage):
    stage.opened.append(opened("one>=1 @own\n", project=Alone()))
    assert await stage.ask("one") == bound("own")
    assert await stage.ask("two") == PYPI_INDEX
    stage.opened.append(opened("three>=1\n", project=None))
    assert await stage.ask("three") is None


def opened(text, project):
    return Document(
        snapshot=Snapshot(uri="file:///elsewhere/toy.txt", version=1, text=text),
        path=Path("elsewhere/toy.txt"),
        ecosystem=toy.ecosystem(toy.ToyRegistry({})),
        format=toy.ToyFormat(),
        routes=Routes() if project is not None else Nowhere(),
        project=project,
    )


async def test_what_is_no_manifest_or_cannot_be_read_says_nothing(stage):
    (stage.folder / "toy.txt").write_text("# no toy\none>=1 @own\n")
    assert await stage.ask("one") == PYPI_INDEX
    (stage.folder / "toy.txt").write_bytes(b"one>=1 @own \xff\n")
    assert await stage.ask("one") == PYPI_INDEX


async def test_many_scripts_hide_no_manifest(stage):
    for number in range(250):
        (stage.folder / f"a{number}.py").write_text("pass\n")
    (stage.folder / "pyproject.toml").write_text(
        '[project]\nname = "x"\ndependencies = ["one"]\n'
        '[tool.uv]\nindex = [{ name = "own", url = "https://own.example/", explicit = true }]\n'
        '[tool.uv.sources]\none = { index = "own" }\n'
    )
    ecosystem = next(each for each in discover() if each.name == "pypi")
    around = Surroundings(folder=stage.folder, home=stage.folder / "home", environ={})
    whereabouts = Whereabouts(lambda ecosystem, _folder: ecosystem.routes(around))
    found = await whereabouts.registry_for(ecosystem, name("one"), stage.folder)
    assert found.url == OWN
