"""Which registry a name is asked of that somebody asks about, by the manifests around."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.project import Alone
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.text import Snapshot, Span
from registry_lsp.ecosystems import discover
from registry_lsp.endpoints import NPM_REGISTRY, PYPI_INDEX
from registry_lsp.queries.whereabouts import Kept, Whereabouts
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
        self.folders = []
        self.whereabouts = Whereabouts(
            routes=lambda *_: Routes(),
            home=folder.parent / "home",
            environ={},
            open=lambda: self.opened,
            folders=lambda: self.folders,
        )

    async def ask(self, text, folder=None):
        folder = folder or self.folder
        found = await self.whereabouts.registry_for(self.ecosystem, name(text), folder)
        return found.url if isinstance(found, RegistryRef) else None

    async def why(self, text, folder=None):
        found = await self.whereabouts.registry_for(
            self.ecosystem, name(text), folder or self.folder
        )
        assert isinstance(found, Kept), found
        return found.why

    def write(self, place, text):
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


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


async def test_what_is_no_manifest_says_nothing(stage):
    (stage.folder / "toy.txt").write_text("# no toy\none>=1 @own\n")
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
    whereabouts = Whereabouts(
        routes=lambda ecosystem, _folder: ecosystem.routes(around), home=around.home, environ={}
    )
    found = await whereabouts.registry_for(ecosystem, name("one"), stage.folder)
    assert found.url == OWN


# --- what the rest of the workspace says --------------------------------------------------------


async def test_manifests_in_subfolders_bind_where_the_folder_has_none(stage):
    stage.write("web/toy.txt", "one>=1 @own\n")
    stage.write("web/deep/toy.txt", "two>=1\n")
    assert await stage.ask("one") == bound("own")
    assert await stage.ask("two") == PYPI_INDEX
    stage.write("web/toy.txt", "private>=1\n")
    assert await stage.ask("three") == OWN, "which all of them would ask for it"


async def test_a_name_that_only_another_manifest_names_goes_where_that_one_has_it(stage):
    stage.write("toy.txt", "two>=1\n")
    stage.write("web/toy.txt", "one>=1 @own\n")
    assert await stage.ask("one") == bound("own")


@pytest.mark.parametrize("source", ["path", "git", "workspace"])
async def test_what_is_kept_private_anywhere_is_told_to_no_public_registry(stage, source):
    stage.write("toy.txt", "one>=1\ntwo>=1\n")
    stage.write("web/toy.txt", f"one>=1 !{source}\n")
    assert (await stage.why("one")).startswith("by web/toy.txt it comes from ")
    assert await stage.ask("two") == PYPI_INDEX
    stage.write("toy.txt", "one>=1 @own\n")
    assert await stage.ask("one") == bound("own"), "which is not public"


async def test_another_private_registry_of_the_workspace_takes_the_public_ones_place(stage):
    stage.write("toy.txt", "one>=1\n")
    stage.write("web/toy.txt", "one>=1 @own\n")
    assert await stage.ask("one") == bound("own")
    stage.write("api/toy.txt", "one>=1 @other\n")
    said = "the project's manifests have it from different registries (other.example, own.example)"
    assert await stage.why("one") == said


async def test_all_that_is_under_version_control_is_one_workspace(stage):
    inner = stage.folder / "packages" / "web"
    stage.write("packages/web/toy.txt", "two>=1\n")
    stage.write("packages/api/toy.txt", "one>=1 !path\n")
    assert await stage.ask("one", inner) == PYPI_INDEX, "nothing says that they belong together"
    (stage.folder / ".git").mkdir()
    assert await stage.ask("one", inner) is None
    assert await stage.ask("two", inner) == PYPI_INDEX


async def test_what_is_ignored_or_anothers_is_not_of_the_workspace(stage):
    (stage.folder / ".git").mkdir()
    stage.write(".gitignore", "build/\n")
    for place in ("build/toy.txt", "node_modules/a/toy.txt"):
        stage.write(place, "one>=1 !path\n")
    assert await stage.ask("one") == PYPI_INDEX


async def test_a_manifest_that_cannot_be_read_is_named_where_it_may_bind_the_name(stage):
    (stage.folder / "toy.txt").write_bytes(b"one>=1 @own \xff\n")
    why = "toy.txt cannot be read (it is not UTF-8 text), and may say where it comes from"
    assert await stage.why("one") == why
    assert await stage.why("two") == why
    stage.write("toy.txt", "two>=1\n")
    (stage.folder / "web").mkdir()
    (stage.folder / "web" / "toy.txt").write_bytes(b"One>=1 @own \xff\n")
    assert await stage.why("one") == f"web/{why}"
    assert await stage.ask("two") == PYPI_INDEX, "which it does not spell"


async def test_the_home_of_a_user_is_no_workspace(stage):
    home = stage.folder.parent / "home"
    stage.write("../home/elsewhere/toy.txt", "one>=1 !path\n")
    assert await stage.ask("one", home) == PYPI_INDEX
    assert await stage.ask("one", home / "elsewhere") is None


async def test_whose_registry_is_unknown_that_is_why(stage):
    assert await stage.why("secret-one") == "secrets are kept"
    stage.opened.append(opened("three>=1\n", project=None))
    assert await stage.why("three") == "what lies around the manifest could not be read"


def of(stage, ecosystem):
    around = Surroundings(folder=stage.folder, home=stage.folder.parent / "home", environ={})
    stage.ecosystem = next(each for each in discover() if each.name == ecosystem)
    stage.whereabouts = Whereabouts(
        routes=lambda ecosystem, folder: ecosystem.routes(replace(around, folder=folder)),
        home=around.home,
        environ={},
    )


async def test_a_package_that_no_workspace_lists_is_the_projects_own_all_the_same(stage):
    of(stage, "npm")
    stage.write("package.json", '{"name": "root", "workspaces": ["packages/*"]}')
    stage.write("tools/it/package.json", '{"name": "@acme/it"}')
    stage.write("fixture/package.json", '{"name": "react", "dependencies": {"left-pad": "1"}}')
    assert await stage.why("@acme/it") == "it is the project's own, by tools/it/package.json"
    assert await stage.ask("left-pad") == NPM_REGISTRY
    assert await stage.ask("root") == NPM_REGISTRY, "whose own folder asks"
    stage.write("package.json", '{"name": "root", "private": true, "dependencies": {"react": "1"}}')
    assert await stage.why("root") == "it is the project's own, by package.json"
    assert await stage.ask("react") == NPM_REGISTRY, "npm asks for it there all the same"


async def test_a_python_project_that_may_not_be_uploaded_is_private(stage):
    of(stage, "pypi")
    stage.write("pyproject.toml", '[project]\nname = "My.Tool"\n')
    assert await stage.ask("my-tool") == PYPI_INDEX
    private = 'classifiers = ["Private :: Do Not Upload"]\n'
    stage.write("pyproject.toml", f'[project]\nname = "My.Tool"\n{private}')
    assert await stage.why("my-tool") == "it is the project's own, by pyproject.toml"
    stage.write("libs/other/pyproject.toml", '[project]\nname = "Other_Tool"\n')
    assert await stage.why("other-tool") == "it is the project's own, by libs/other/pyproject.toml"


async def test_another_folder_of_the_editors_workspace_keeps_its_names_as_well(stage):
    web, api = stage.folder / "web", stage.folder / "api"
    stage.write("web/toy.txt", "one>=1\n")
    stage.write("api/deep/toy.txt", "one>=1 !path\ntwo>=1 @own\n")
    assert await stage.ask("one", web) == PYPI_INDEX
    stage.folders = [web, api]
    assert (await stage.why("one", web)).endswith("api/deep/toy.txt it comes from a local path")
    assert await stage.ask("two", web) == bound("own")
    assert await stage.ask("three", web) == PYPI_INDEX
