"""What the root of a project replaces: no registry hears of it, whichever package asks."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.session.files import Sight, has_changed
from support.npm_projects import Folder

MEMBER = "packages/b/package.json"


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path / "project")
    return folder.put(MEMBER, {"name": "b", "dependencies": {"zz-x": "^1.0.0"}})


def package(**said):
    return {"name": "root", "workspaces": ["packages/*"], **said}


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ({"resolutions": {"zz-x": "portal:./zz-x"}}, "resolutions"),
        ({"resolutions": {"zz-x@npm:^1.0.0": "portal:./zz-x"}}, "resolutions"),
        ({"pnpm": {"overrides": {"zz-x": "link:./zz-x"}}}, "pnpm.overrides"),
        ({"overrides": {"zz-x": "file:./zz-x"}}, "overrides"),
        ({"dependencies": {"zz-x": "file:./x"}, "overrides": {"zz-x": "$zz-x"}}, "overrides"),
    ],
)
def test_what_the_root_replaces_is_a_reference_in_its_members(folder, said, section):
    folder.put("package.json", package(**said))
    found = folder.one(MEMBER)
    assert (found.source, found.link) == (Source.REFERENCE, "../../package.json")
    assert found.target == f"{section} in ../../package.json"


@pytest.mark.parametrize(
    "said",
    [
        {"resolutions": {"zz-x": "^1.1.0"}},
        {"resolutions": {"c/zz-x": "portal:./zz-x"}},
        {"resolutions": {"zz-x@npm:^2.0.0": "portal:./zz-x"}},
        {"packageManager": "yarn@4.1.0", "overrides": {"zz-x": "file:./zz-x"}},
        {"workspaces": [], "resolutions": {"zz-x": "portal:./zz-x"}},
    ],
)
def test_what_it_does_not_replace_is_asked_for(folder, said):
    folder.put("package.json", package(**said))
    assert folder.one(MEMBER).source is Source.REGISTRY


def test_pnpms_own_file_replaces_for_all_packages_and_in_its_catalogs(folder):
    text = "packages: ['packages/*']\noverrides:\n  zz-x: link:./zz-x\ncatalog: {zz-x: ^1.0.0}\n"
    folder.put("pnpm-workspace.yaml", text)
    folder.put("package.json", {"name": "root", "dependencies": {"zz-x": "catalog:"}})
    for path, link in (("package.json", ""), (MEMBER, "../../")):
        found = folder.one(path)
        assert (found.source, found.link) == (Source.REFERENCE, f"{link}pnpm-workspace.yaml")
        assert folder.problems(path) == []
    found = {each.section: each for each in folder.resolved("pnpm-workspace.yaml").dependencies}
    assert found["catalog"].source is Source.REFERENCE
    assert found["catalog"].target == "overrides"
    assert found["overrides"].source is Source.PATH


def test_an_entry_of_a_catalog_that_the_root_replaces_is_a_reference_too(folder):
    folder.put("pnpm-workspace.yaml", "packages: ['packages/*']\ncatalog: {zz-x: ^1.0.0}\n")
    folder.put("package.json", package(pnpm={"overrides": {"zz-x": "link:./zz-x"}}))
    found = folder.one("pnpm-workspace.yaml")
    assert (found.source, found.link) == (Source.REFERENCE, "package.json")


def test_so_it_is_where_no_catalog_has_the_entry(folder):
    folder.put("pnpm-workspace.yaml", "packages: ['packages/*']\noverrides: {zz-x: link:x}\n")
    folder.put(MEMBER, {"name": "b", "dependencies": {"zz-x": "catalog:"}})
    assert folder.one(MEMBER).source is Source.REFERENCE
    assert folder.problems(MEMBER) == []


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "overrides: a", "overrides: [a]"])
def test_strange_files_replace_nothing(folder, text):
    folder.put("package.json", text).put("pnpm-workspace.yaml", text)
    assert folder.one(MEMBER).source is Source.REGISTRY


def test_a_change_of_what_is_replaced_is_noticed(folder):
    folder.put("package.json", package())
    sight = Sight(folder.store)
    _, before = folder.survey(MEMBER, sight)
    _, again = folder.survey(MEMBER)
    assert before == again
    folder.put("package.json", package(resolutions={"zz-x": "portal:./zz-x"}))
    assert has_changed(sight.seen)
    assert folder.one(MEMBER).source is Source.REFERENCE
