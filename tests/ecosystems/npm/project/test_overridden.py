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


# --- another package, or another version ------------------------------------------------------

ALIAS = "npm:zz-y@^2.0.0"


def means(dependency):
    return dependency.source, dependency.name, dependency.specifier


@pytest.mark.parametrize(
    "said",
    [
        {"overrides": {"zz-x": ALIAS}},
        {"overrides": {"zz-x@^1.2.0": ALIAS}},
        {"resolutions": {"zz-x": ALIAS}},
        {"resolutions": {"**/zz-x": ALIAS}},
        {"resolutions": {"zz-x@npm:^1.0.0": ALIAS}},
        {"pnpm": {"overrides": {"zz-x": ALIAS}}},
        {"packageManager": "npm@10.0.0", "overrides": {"zz-x": ALIAS}},
        {"packageManager": "bun@1.2.0", "overrides": {"zz-x": ALIAS}},
        {"packageManager": "yarn@4.1.0", "resolutions": {"zz-x": ALIAS}},
        {"packageManager": "pnpm@9.1.0", "pnpm": {"overrides": {"zz-x": ALIAS}}},
    ],
)
def test_what_is_replaced_by_another_package_is_judged_as_that(folder, said):
    folder.put("package.json", package(dependencies={"zz-x": "^1.0.0"}, **said))
    found = folder.one(MEMBER)
    assert means(found) == (Source.ALIAS, "zz-y", "^2.0.0")
    assert (found.via, found.specifier_span) == ("../../package.json", None)
    own = next(e for e in folder.resolved("package.json").dependencies if e.written == "^1.0.0")
    assert means(own) == (Source.ALIAS, "zz-y", "^2.0.0")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"overrides": {"zz-x": "1.1.0"}}, "1.1.0"),
        ({"resolutions": {"zz-x": "^1.1.0"}}, "^1.1.0"),
        ({"resolutions": {"zz-x": "npm:^1.1.0"}}, "^1.1.0"),
        ({"pnpm": {"overrides": {"zz-x@1": "1.1.0"}}}, "1.1.0"),
        ({"dependencies": {"zz-x": "3.0.0"}, "overrides": {"zz-x": "$zz-x"}}, "3.0.0"),
        ({"overrides": {"zz-x": ""}}, "^1.0.0"),
        ({"overrides": {"zz-x@2": "2.1.0"}}, "^1.0.0"),
        ({"resolutions": {"other/zz-x": "2.1.0"}}, "^1.0.0"),
        ({"packageManager": "npm@10.0.0", "resolutions": {"zz-x": "1.1.0"}}, "^1.0.0"),
        ({"packageManager": "yarn@4.0.0", "overrides": {"zz-x": "1.1.0"}}, "^1.0.0"),
        ({"packageManager": "yarn@4.0.0", "pnpm": {"overrides": {"zz-x": "1.1.0"}}}, "^1.0.0"),
    ],
)
def test_what_is_replaced_by_another_version_is_judged_as_that(folder, said, expected):
    folder.put("package.json", package(**said))
    assert means(folder.one(MEMBER)) == (Source.REGISTRY, "zz-x", expected)


def test_the_lock_file_tells_who_reads_the_overrides(folder):
    folder.put("package.json", package(resolutions={"zz-x": ALIAS}))
    folder.put("package-lock.json", {"packages": {"": {}, "packages/b": {}}})
    assert means(folder.one(MEMBER)) == (Source.REGISTRY, "zz-x", "^1.0.0")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"resolutions": {"zz-x": "2.0.0"}}, "2.0.0"),
        ({"overrides": {"zz-x": "2.0.0"}, "packageManager": "bun@1.2.0"}, "2.0.0"),
        ({"overrides": {"zz-x": "2.0.0"}, "packageManager": "npm@11.0.0"}, "^1.0.0"),
        ({"overrides": {"zz-x": "2.0.0"}}, "^1.0.0"),  # npm refuses it
    ],
)
def test_a_manifest_replaces_versions_of_its_own(folder, said, expected):
    folder.put("package.json", {"dependencies": {"zz-x": "^1.0.0"}, **said})
    own, *_ = folder.resolved("package.json").dependencies
    assert means(own) == (Source.REGISTRY, "zz-x", expected)
    assert own.via == ""


def test_the_range_of_a_peer_is_for_others(folder):
    peers = {"peerDependencies": {"zz-x": "^1.0.0"}}
    folder.put("package.json", {**peers, "resolutions": {"zz-x": "2.0.0"}})
    own, *_ = folder.resolved("package.json").dependencies
    assert means(own) == (Source.REGISTRY, "zz-x", "^1.0.0")


def test_a_peer_that_another_section_takes_from_another_package_is_settled_there(folder):
    said = {"peerDependencies": {"zz-x": "^1.0.0"}, "devDependencies": {"zz-x": ALIAS}}
    folder.put("package.json", said)
    peer, alias = folder.resolved("package.json").dependencies
    assert (peer.source, peer.target) == (Source.REFERENCE, "devDependencies")
    assert means(alias) == (Source.ALIAS, "zz-y", "^2.0.0")


def test_what_pnpm_removes_is_asked_of_nobody(folder):
    folder.put("package.json", package(pnpm={"overrides": {"zz-x": "-"}}))
    assert folder.one(MEMBER).source is Source.REFERENCE


def current(folder, path):
    manifest, project = folder.survey(path)
    resolved = project.resolve(manifest).dependencies
    found = (each for each in resolved if each.section == "dependencies")
    return [(each.name, *(lock.version for lock in project.locked(each))) for each in found]


# What the managers have written for a project with these overrides.
CLASSIC = """# yarn lockfile v1

zz-x@^0.1.2, zz-x@^1.0.0, "zz-x@npm:zz-y@^2.0.0":
  version "2.1.0"

zz-z@3.0.0, zz-z@^1.0.0:
  version "3.0.0"
"""
BERRY = """__metadata:
  version: 8

"zz-x@npm:zz-y@^2.0.0":
  version: 2.1.0
  resolution: "zz-y@npm:2.1.0"

"zz-z@npm:3.0.0":
  version: 3.0.0
  resolution: "zz-z@npm:3.0.0"

"b@workspace:packages/b":
  version: 0.0.0-use.local
  resolution: "b@workspace:packages/b"
"""
PNPM = """lockfileVersion: '9.0'

importers:

  .: {}

  packages/b:
    dependencies:
      zz-x:
        specifier: npm:zz-y@^2.0.0
        version: zz-y@2.1.0
      zz-z:
        specifier: 3.0.0
        version: 3.0.0
"""
NPM = {
    "packages": {
        "": {},
        "packages/b": {},
        "node_modules/zz-x": {"name": "zz-y", "version": "2.1.0"},
        "node_modules/zz-z": {"version": "3.0.0"},
    }
}
BUN = {
    "workspaces": {"": {"name": "root"}, "packages/b": {"name": "b"}},
    "packages": {"zz-x": ["zz-y@2.1.0"], "zz-z": ["zz-z@3.0.0"]},
}
LOCKS = {
    "npm": ("overrides", "package-lock.json", NPM),
    "yarn 1": ("resolutions", "yarn.lock", CLASSIC),
    "yarn": ("resolutions", "yarn.lock", BERRY),
    "bun": ("overrides", "bun.lock", BUN),
    "pnpm": ("resolutions", "pnpm-lock.yaml", PNPM),
}


@pytest.mark.parametrize(("section", "file", "lock"), LOCKS.values(), ids=LOCKS)
def test_the_version_that_an_override_has_installed_is_current(folder, section, file, lock):
    folder.put("package.json", package(**{section: {"zz-x": ALIAS, "zz-z": "3.0.0"}}))
    folder.put(MEMBER, {"name": "b", "dependencies": {"zz-x": "^1.0.0", "zz-z": "^1.0.0"}})
    folder.put(file, lock)
    assert current(folder, MEMBER) == [("zz-y", "2.1.0"), ("zz-z", "3.0.0")]
