"""What lies around an npm manifest: catalogs, workspaces and what is locked."""

from __future__ import annotations

import json

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.npm import ECOSYSTEM
from registry_lsp.ecosystems.npm.manifests.catalog_sections import catalog_of
from registry_lsp.session.files import Sight, has_changed
from support.npm_projects import Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "project")


def package(**sections):
    return {"name": "p", **sections}


def entries(folder, path):
    """The dependencies of the manifest itself."""
    found = folder.resolved(path).dependencies
    return [each for each in found if each.section != "packageManager"]


REACT = package(dependencies={"react": "catalog:"})
OLD_REACT = package(dependencies={"react": "catalog:old"})
NO_CATALOG = (
    "No catalog is there: pnpm's would stand in pnpm-workspace.yaml, Yarn's in .yarnrc.yml and "
    "Bun's in the package.json of the workspace."
)
PNPM = "packages: ['packages/*']\ncatalog:\n  react: ^18.0.0\ncatalogs:\n  old: {react: ^17.0.0}\n"
YARN = "catalog:\n  react: 18\ncatalogs:\n  old: {react: npm:^17.0.0}\n"
BUN = {
    "workspaces": {
        "packages": ["packages/*"],
        "catalog": {"react": "^18.0.0"},
        "catalogs": {"old": {"react": "^17.0.0"}},
    }
}
BUN_AT_THE_TOP = {"workspaces": ["packages/*"], "catalog": {"react": "^18.0.0"}}


# --- catalogs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "content", "specifier"),
    [
        ("pnpm-workspace.yaml", PNPM, "^18.0.0"),
        (".yarnrc.yml", YARN, "18"),
        ("package.json", BUN, "^18.0.0"),
        ("package.json", BUN_AT_THE_TOP, "^18.0.0"),
    ],
    ids=["pnpm", "yarn", "bun", "bun at the top"],
)
def test_a_catalog_of_the_workspace_says_the_version(folder, file, content, specifier):
    folder.put(file, content).put("packages/a/package.json", REACT)
    found = folder.one("packages/a/package.json")
    assert (found.source, found.name, found.specifier) == (Source.REGISTRY, "react", specifier)
    assert found.via == found.link == f"../../{file}"
    assert found.specifier_span is None
    assert found.written == "catalog:"
    assert folder.problems("packages/a/package.json") == []
    (there,) = (
        each.name_span for each in entries(folder, file) if catalog_of(each) in ("default", None)
    )
    assert found.entry is not None
    assert (found.entry.path, found.entry.span) == (f"../../{file}", there)
    assert found.entry.lines is not None


@pytest.mark.parametrize(
    ("file", "content"),
    [("pnpm-workspace.yaml", PNPM), (".yarnrc.yml", YARN), ("package.json", BUN)],
    ids=["pnpm", "yarn", "bun"],
)
def test_so_does_a_catalog_with_a_name(folder, file, content):
    folder.put(file, content).put("packages/a/package.json", OLD_REACT)
    assert folder.one("packages/a/package.json").specifier == "^17.0.0"


def test_the_same_dependencies_remain_in_the_same_order(folder):
    sections = {
        "dependencies": {"a": "1", "react": "catalog:", "z": "2"},
        "devDependencies": {"b": "3"},
    }
    folder.put("pnpm-workspace.yaml", PNPM).put("package.json", package(**sections))
    found = folder.resolved("package.json").dependencies
    assert [each.display_name for each in found] == ["a", "react", "z", "b"]
    assert [each.via for each in found] == ["", "pnpm-workspace.yaml", "", ""]


@pytest.mark.parametrize(
    ("entry", "source", "name", "specifier", "link"),
    [
        ("npm:preact@^10", Source.ALIAS, "preact", "^10", "pnpm-workspace.yaml"),
        (">=1", Source.REGISTRY, "react", ">=1", "pnpm-workspace.yaml"),
        ("", Source.REGISTRY, "react", "", "pnpm-workspace.yaml"),
        ("workspace:^", Source.WORKSPACE, "react", "", "pnpm-workspace.yaml"),
        ("file:../x", Source.PATH, "react", "", "pnpm-workspace.yaml"),
        (
            "https://registry.example/x.tgz",
            Source.URL,
            "react",
            "",
            "https://registry.example/x.tgz",
        ),
        (
            "git+ssh://git@registry.example/a/b.git",
            Source.GIT,
            "react",
            "",
            "https://registry.example/a/b",
        ),
    ],
)
def test_an_entry_may_be_of_any_kind(folder, entry, source, name, specifier, link):
    folder.put("pnpm-workspace.yaml", f"catalog:\n  react: '{entry}'\n").put("package.json", REACT)
    found = folder.one("package.json")
    assert (found.source, found.name, found.specifier, found.link) == (
        source,
        name,
        specifier,
        link,
    )
    assert found.display_name == "react"


def test_the_root_may_have_its_catalogs_in_its_own_text(folder):
    own = {**BUN, "dependencies": {"react": "catalog:"}, "overrides": {"react": "catalog:old"}}
    folder.put("package.json", own)
    found = {each.section: each for each in folder.resolved("package.json").dependencies}
    assert found["dependencies"].specifier == "^18.0.0"
    assert found["overrides"].specifier == "^17.0.0"
    assert {each.via for each in found.values()} == {""}


def test_what_stands_in_the_own_catalog_is_linked_from_here(folder):
    said = {"workspaces": ["p/*"], "catalog": {"x": "file:./x"}, "dependencies": {"x": "catalog:"}}
    folder.put("package.json", said)
    assert {each.link for each in folder.resolved("package.json").dependencies} == {
        "./x/package.json"
    }


@pytest.mark.parametrize(
    ("workspaces", "top", "specifier"),
    [
        ({"catalog": {"react": "18"}}, {"catalog": {"react": "19"}}, "18"),
        ({}, {"catalog": {"react": "19"}}, "19"),
        ({"catalog": {}}, {"catalog": {"react": "19"}}, ""),
        ({"catalogs": {"x": {"react": "18"}}}, {"catalog": {"react": "19"}}, ""),
    ],
)
def test_bun_does_not_join_its_two_places(folder, workspaces, top, specifier):
    said = {"workspaces": {"packages": ["packages/*"], **workspaces}, **top}
    for path in ("package.json", "packages/a/package.json"):
        folder.put("package.json", {**said, **REACT} if path == "package.json" else said)
        folder.put("packages/a/package.json", REACT)
        found = folder.resolved(path).dependencies[-1]
        assert (found.section, found.specifier) == ("dependencies", specifier)


def test_what_is_being_typed_there_counts_and_not_what_is_on_disk(folder):
    folder.put("package.json", {**BUN_AT_THE_TOP, "dependencies": {"react": "catalog:"}})
    _, project = folder.survey("package.json")
    typed = {
        "workspaces": [],
        "catalog": {"react": "^19.0.0"},
        "dependencies": {"react": "catalog:"},
    }
    manifest = ECOSYSTEM.formats[0].parse(json.dumps(typed))
    assert [each.specifier for each in project.resolve(manifest).dependencies] == ["^19.0.0"] * 2


def test_pnpms_overrides_ask_for_its_catalogs(folder):
    text = f"{PNPM}overrides:\n  react: 'catalog:'\n  a>react: catalog:old\n"
    folder.put("pnpm-workspace.yaml", text)
    found = folder.resolved("pnpm-workspace.yaml").dependencies[2:]
    assert [(each.specifier, each.via) for each in found] == [("^18.0.0", ""), ("^17.0.0", "")]


def test_the_nearest_catalogs_count_and_none_from_beyond_the_workspace(folder):
    folder.put("pnpm-workspace.yaml", "catalog: {react: ^1.0.0}")
    folder.put("inner/pnpm-workspace.yaml", "packages: ['*']").put("inner/a/package.json", REACT)
    assert folder.one("inner/a/package.json").source is Source.CATALOG
    folder.put("inner/.yarnrc.yml", YARN)
    assert folder.one("inner/a/package.json").specifier == "18"


def test_catalogs_of_a_workspace_that_is_another_ones_are_not_asked(folder):
    folder.put("package.json", {**BUN, "workspaces": {**BUN["workspaces"], "packages": ["x"]}})
    folder.put("packages/a/package.json", REACT)
    assert folder.one("packages/a/package.json").source is Source.CATALOG


@pytest.mark.parametrize(
    ("wanted", "file", "content", "reason"),
    [
        (
            "catalog:",
            "pnpm-workspace.yaml",
            "catalog: {vue: ^3}",
            (
                "The default catalog has no entry for 'react': add 'react' to 'catalog' in "
                "../../pnpm-workspace.yaml."
            ),
        ),
        (
            "catalog:old",
            "pnpm-workspace.yaml",
            "catalogs: {old: {vue: ^3}}",
            (
                "The catalog 'old' has no entry for 'react': add 'react' to 'catalogs.old' in "
                "../../pnpm-workspace.yaml."
            ),
        ),
        (
            "catalog:old",
            ".yarnrc.yml",
            "catalog: {react: ^3}",
            "There is no catalog 'old': add 'react' to 'catalogs.old' in ../../.yarnrc.yml.",
        ),
        (
            "catalog:",
            "pnpm-workspace.yaml",
            "packages: ['*']",
            "There is no default catalog: add 'react' to 'catalog' in ../../pnpm-workspace.yaml.",
        ),
        (
            "catalog:",
            "pnpm-workspace.yaml",
            "catalog: {react: 'catalog:old'}",
            "An entry of a catalog cannot ask for a catalog itself.",
        ),
        (
            "catalog:",
            "README.md",
            "",
            NO_CATALOG,
        ),
    ],
)
def test_what_no_catalog_has_is_told_and_never_looked_up(folder, wanted, file, content, reason):
    folder.put(file, content)
    folder.put("packages/a/package.json", package(dependencies={"react": wanted}))
    found = folder.resolved("packages/a/package.json")
    (problem,) = found.problems
    text = (folder.root / "packages/a/package.json").read_text("utf-8")
    assert (problem.span.slice(text), problem.reason) == (wanted, reason)
    assert [each.source for each in found.dependencies] == [Source.CATALOG]


# What Yarn 4.18 says of each of these.
@pytest.mark.parametrize(
    ("content", "wanted", "specifier", "reasons"),
    [
        ("catalog: {react: 18}", "catalog:", "18", []),
        ("catalogs: {default: {react: 18}}", "catalog:default", "18", []),
        ("catalog: {react: 18}\ncatalogs: {default: {react: 19}}", "catalog:default", "19", []),
        ("catalog: {react: 18}\ncatalogs: {default: {react: 19}}", "catalog: ", "18", []),
        (
            "catalog: {react: 18}",
            "catalog:default",
            "",
            ["There is no catalog 'default': add 'react' to 'catalogs.default' in .yarnrc.yml."],
        ),
        (
            "catalogs: {default: {react: 18}}",
            "catalog:",
            "",
            ["There is no default catalog: add 'react' to 'catalog' in .yarnrc.yml."],
        ),
    ],
)
def test_yarn_has_two_default_catalogs(folder, content, wanted, specifier, reasons):
    folder.put(".yarnrc.yml", content)
    folder.put("package.json", package(dependencies={"react": wanted}))
    assert folder.one("package.json").specifier == specifier
    assert folder.problems("package.json") == reasons


@pytest.mark.parametrize(
    ("file", "content", "reasons"),
    [
        (".yarnrc.yml", YARN, ["Yarn takes no 'catalog:' in 'resolutions'."]),
        ("pnpm-workspace.yaml", PNPM, []),
    ],
)
def test_yarns_resolutions_know_no_catalogs(folder, file, content, reasons):
    folder.put(file, content)
    folder.put("package.json", package(resolutions={"react": "catalog:"}))
    assert folder.problems("package.json") == reasons


def test_a_file_that_is_broken_may_have_what_is_not_found_in_it(folder):
    folder.put("pnpm-workspace.yaml", "catalog:\n  vue: '^3\n  react ^18\n")
    folder.put("package.json", REACT)
    assert folder.one("package.json").source is Source.CATALOG
    assert folder.problems("package.json") == []


@pytest.mark.parametrize(
    "content", ["", "\x00", "- a", "catalog: a", "catalog: [a]", "catalogs: {a: 1}"]
)
def test_strange_files_have_no_catalogs(folder, content):
    for file in ("pnpm-workspace.yaml", ".yarnrc.yml"):
        folder.put(file, content)
    folder.put("package.json", REACT)
    assert folder.one("package.json").source is Source.CATALOG


def test_a_file_that_is_no_text_has_none_either(folder):
    folder.put("package.json", REACT)
    (folder.root / "pnpm-workspace.yaml").write_bytes(b"catalog: {react: '\xff'}")
    assert folder.one("package.json").source is Source.CATALOG


# --- members of a workspace ----------------------------------------------------------------------


def members(folder, *names):
    for name in names:
        folder.put(f"packages/{name}/package.json", {"name": f"@s/{name}", "version": "1.0.0"})


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("pnpm-workspace.yaml", "packages:\n  - packages/**\n"),
        ("pnpm-workspace.yaml", "packages: ['packages/{a,b}']\n"),
        ("package.json", {"workspaces": ["./packages/*"]}),
        ("package.json", {"workspaces": {"packages": ["packages/a", "packages/b"]}}),
    ],
)
def test_a_member_of_the_workspace_is_linked_to(folder, file, content):
    folder.put(file, content)
    members(folder, "a", "b")
    wanted = {"@s/b": "workspace:^", "alias": "workspace:@s/b@*", "root": "workspace:*"}
    folder.put("packages/a/package.json", {"name": "@s/a", "dependencies": wanted})
    found = folder.resolved("packages/a/package.json")
    assert [each.link for each in found.dependencies] == ["../b/package.json"] * 2 + [""]
    assert [each.reason for each in found.problems] == [
        "No package of the workspace is called 'root'."
    ]
    assert {each.source for each in found.dependencies} == {Source.WORKSPACE}


def test_the_root_is_a_member_and_has_members(folder):
    root = {"name": "root", "workspaces": ["packages/*"], "dependencies": {"@s/a": "workspace:*"}}
    folder.put("package.json", root)
    folder.put("packages/a/package.json", {"name": "@s/a", "dependencies": {"root": "workspace:*"}})
    assert folder.one("package.json").link == "packages/a/package.json"
    assert folder.one("packages/a/package.json").link == "../../package.json"


@pytest.mark.parametrize(
    ("wanted", "link"),
    [("workspace:../b", "../b/package.json"), ("workspace:packages/b", "../b/package.json")],
)
def test_a_member_may_be_named_by_its_path(folder, wanted, link):
    folder.put("package.json", {"workspaces": ["packages/*"]})
    members(folder, "b")
    folder.put("packages/a/package.json", {"name": "@s/a", "dependencies": {"@s/b": wanted}})
    found = folder.one("packages/a/package.json")
    assert found.link.replace("../../packages/", "../") == link
    assert folder.problems("packages/a/package.json") == []


@pytest.mark.parametrize(
    "patterns",
    [
        "packages: ['packages/*', '!packages/b']",
        "packages: ['!packages/b', 'packages/*']",  # wherever the '!' stands
        "packages: ['packages/a']",
        "packages: ['*']",
        "packages: []",
    ],
)
def test_what_is_no_member_is_told(folder, patterns):
    folder.put("pnpm-workspace.yaml", patterns)
    members(folder, "b")
    folder.put("packages/a/package.json", package(dependencies={"@s/b": "workspace:*"}))
    reasons = folder.problems("packages/a/package.json")
    assert reasons == ["No package of the workspace is called '@s/b'."]


@pytest.mark.parametrize("file", [None, "catalog: {}", "packages: ['packages/*", "packages: *"])
def test_nothing_is_told_where_the_workspace_is_not_known(folder, file):
    if file is not None:
        folder.put("pnpm-workspace.yaml", file)
    folder.put("packages/a/package.json", package(dependencies={"@s/b": "workspace:*"}))
    assert folder.problems("packages/a/package.json") == []


def test_installed_packages_are_no_members(folder):
    folder.put("pnpm-workspace.yaml", "packages: ['**']")
    folder.put("package.json", package(dependencies={"x": "workspace:*", "y": "workspace:*"}))
    folder.put("node_modules/x/package.json", {"name": "x"})
    folder.put(".hidden/y/package.json", {"name": "y"})
    folder.put("a/b/c/package.json", {"name": "z"})
    assert len(folder.problems("package.json")) == 2


# --- references, locks and changes ---------------------------------------------------------------


def test_a_reference_of_pnpms_overrides_is_to_the_package_beside_it(folder):
    folder.put("pnpm-workspace.yaml", "overrides:\n  a: $a\n  b: $b\n")
    folder.put("package.json", package(devDependencies={"a": "^1"}))
    found = folder.resolved("pnpm-workspace.yaml")
    assert [each.link for each in found.dependencies] == ["package.json", ""]
    assert [each.reason for each in found.problems] == [
        "'b' is no direct dependency of the package.json beside this file."
    ]


def test_without_a_package_beside_it_nothing_is_told(folder):
    folder.put("pnpm-workspace.yaml", "overrides:\n  a: $a\n")
    assert folder.problems("pnpm-workspace.yaml") == []


LOCK = """lockfileVersion: '9.0'
catalogs:
  default:
    react:
      specifier: ^18.0.0
      version: 18.3.1
importers:
  packages/a:
    dependencies:
      react:
        specifier: 'catalog:'
        version: 18.3.1
"""


def test_what_a_catalog_asks_for_may_be_locked(folder):
    folder.put("pnpm-workspace.yaml", PNPM).put("pnpm-lock.yaml", LOCK)
    folder.put("packages/a/package.json", REACT)
    manifest, project = folder.survey("packages/a/package.json")
    (found,) = project.resolve(manifest).dependencies
    assert [(each.version, each.by) for each in project.locked(found)] == [
        ("18.3.1", "pnpm-lock.yaml")
    ]
    manifest, project = folder.survey("pnpm-workspace.yaml")
    assert [
        [each.version for each in project.locked(found)] for found in manifest.dependencies
    ] == [
        ["18.3.1"],
        [],
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pnpm-workspace.yaml", "packages: ['packages/*']\ncatalog: {react: ^19.0.0}\n"),
        ("packages/b/package.json", {"name": "@s/c"}),
        (".yarnrc.yml", YARN),
    ],
)
def test_a_change_of_what_was_looked_at_is_noticed(folder, name, content):
    folder.put("pnpm-workspace.yaml", PNPM)
    members(folder, "b")
    wanted = {"react": "catalog:", "@s/b": "workspace:*"}
    folder.put("packages/a/package.json", package(dependencies=wanted))
    sight = Sight(folder.store)
    _, before = folder.survey("packages/a/package.json", sight)
    _, again = folder.survey("packages/a/package.json")
    assert before == again
    assert not has_changed(sight.seen)
    (folder.root / name).unlink(missing_ok=True)
    folder.put(name, content)
    _, after = folder.survey("packages/a/package.json")
    assert has_changed(sight.seen) == (name != ".yarnrc.yml")
    assert (before != after) == (name != ".yarnrc.yml")


def test_a_manifest_that_asks_for_nothing_around_it_is_itself(folder):
    folder.put("package.json", package(dependencies={"a": "^1"}))
    manifest, project = folder.survey("package.json")
    assert project.resolve(manifest) is manifest


# --- what only one package manager says ----------------------------------------------------------

CONFLICT = package(dependencies={"react": "^18.0.0"}, overrides={"react": "18.2.0"})


@pytest.mark.parametrize("lock", ["bun.lock", "bun.lockb", "pnpm-lock.yaml", "yarn.lock"])
def test_what_npm_alone_refuses_is_told_where_npm_may_install(folder, lock):
    folder.put("package.json", CONFLICT)
    assert len(folder.problems("package.json")) == 1
    folder.put(lock, "{}")
    assert folder.problems("package.json") == []
    folder.put("package.json", {**CONFLICT, "packageManager": "npm@11.0.0"})
    assert len(folder.problems("package.json")) == 1


@pytest.mark.parametrize(
    ("head", "source", "name", "specifier"),
    [
        ("__metadata:\n  version: 8\n", Source.REGISTRY, "react", "next"),
        ("# yarn lockfile v1\n", Source.ALIAS, "next", ""),
    ],
)
def test_newer_yarns_take_a_bare_name_for_a_tag(folder, head, source, name, specifier):
    entry = '"react@npm:next":\n  version: 19.0.0\n  resolution: "react@npm:19.0.0"\n'
    folder.put("yarn.lock", f"{head}\n{entry}")
    folder.put("package.json", package(dependencies={"react": "npm:next"}))
    manifest, project = folder.survey("package.json")
    (found,) = project.resolve(manifest).dependencies
    assert (found.source, found.name, found.specifier) == (source, name, specifier)
    if source is Source.REGISTRY:
        text = (folder.root / "package.json").read_text("utf-8")
        assert found.specifier_span.slice(text) == "next"
        assert [each.version for each in project.locked(found)] == ["19.0.0"]


@pytest.mark.parametrize(
    ("files", "source"),
    [
        ({".yarnrc.yml": "nodeLinker: node-modules\n"}, Source.REGISTRY),
        ({"package.json": package(packageManager="yarn@4.1.0")}, Source.REGISTRY),
        ({".yarnrc.yml": "# nothing yet\n"}, Source.ALIAS),
        ({".yarnrc.yml": "a: b\n", "pnpm-workspace.yaml": "packages: []\n"}, Source.ALIAS),
        ({".yarnrc.yml": "a: b\n", "package-lock.json": "{}"}, Source.ALIAS),
        (
            {".yarnrc.yml": "a: b\n", "package.json": package(packageManager="npm@11.0.0")},
            Source.ALIAS,
        ),
        ({"package.json": package(packageManager="yarn@1.22.0")}, Source.ALIAS),
    ],
)
def test_yarns_settings_say_who_installs_where_nothing_else_does(folder, files, source):
    for path, content in files.items():
        folder.put(path, content)
    said = files.get("package.json", package())
    folder.put("package.json", {**said, "dependencies": {"react": "npm:next"}})
    (found,) = entries(folder, "package.json")
    assert found.source is source


def test_what_npm_alone_refuses_is_not_told_beside_yarns_settings(folder):
    folder.put("package.json", CONFLICT).put(".yarnrc.yml", "nodeLinker: node-modules\n")
    assert folder.problems("package.json") == []


def asks(manager, **sections):
    return package(packageManager=manager, **sections)


NAMELESS = "{} refuses it: an alias must name a package."


@pytest.mark.parametrize(
    ("manager", "written", "expected"),
    [
        ("npm@11.0.0", "npm: ^1.0.0", [NAMELESS.format("npm")]),
        ("npm@11.0.0", "npm:^1.0.0", [NAMELESS.format("npm")]),
        ("npm@11.0.0", "npm:react@^1.0.0", []),
        ("npm@11.0.0", "npm:2", []),  # a package of that name
        ("bun@1.3.0", "npm: ^1.0.0", [NAMELESS.format("Bun")]),
        ("bun@1.3.0", "npm:^1.0.0", []),
        ("yarn@4.1.0", "npm: ^1.0.0", []),
        ("pnpm@12.0.0", "npm: ^1.0.0", []),
    ],
)
def test_a_range_in_an_aliass_place_is_refused_where_npm_installs(
    folder, manager, written, expected
):
    folder.put("package.json", asks(manager, dependencies={"react": written}))
    assert folder.problems("package.json") == expected


@pytest.mark.parametrize(
    ("manager", "section", "written", "is_refused"),
    [
        ("yarn@4.1.0", "dependencies", ">=1, <2", True),
        ("yarn@4.1.0", "devDependencies", "^1 , ^2", True),
        ("yarn@4.1.0", "dependencies", ">=1,<3", False),  # nobody does, as the scheme says
        ("yarn@4.1.0", "dependencies", "2.0.0beta || 2.0.0", True),
        ("yarn@4.1.0", "dependencies", ">=1 <2", False),
        ("yarn@4.1.0", "dependencies", "v2.0.0", False),
        ("yarn@4.1.0", "dependencies", "latest", False),
        ("yarn@4.1.0", "peerDependencies", ">=1, <2", False),
        ("yarn@1.22.0", "dependencies", ">=1, <2", False),
        ("npm@11.0.0", "dependencies", ">=1, <2", False),
    ],
)
def test_yarn_is_told_of_where_it_reads_no_range(folder, manager, section, written, is_refused):
    folder.put("package.json", asks(manager, **{section: {"react": written}}))
    reason = f"Yarn refuses it: to Yarn 2 and newer '{written}' is no version range."
    assert folder.problems("package.json") == ([reason] if is_refused else [])


@pytest.mark.parametrize(
    ("manager", "section", "written", "is_refused"),
    [
        ("pnpm@10.0.0", "peerDependencies", "latest", True),
        ("pnpm@12.1.0", "peerDependencies", "next", True),
        ("pnpm@12.1.0", "peerDependencies", "^1 || ^2", False),
        ("pnpm@12.1.0", "peerDependencies", "workspace:*", False),
        ("pnpm@12.1.0", "dependencies", "latest", False),
        ("pnpm@9.15.0", "peerDependencies", "latest", False),
        ("npm@11.0.0", "peerDependencies", "latest", False),
    ],
)
def test_a_peer_is_no_tag_to_pnpm(folder, manager, section, written, is_refused):
    folder.put("package.json", asks(manager, **{section: {"react": written}}))
    expected = "pnpm refuses it: what a peer may be must be a version range, and no dist-tag."
    assert (expected in folder.problems("package.json")) == is_refused


@pytest.mark.parametrize(
    ("manager", "written", "link"),
    [
        ("bun@1.3.0", "link:react", ""),
        ("bun@1.3.0", "link:@s/react", ""),
        ("bun@1.3.0", "link:./react", "./react/package.json"),
        ("bun@1.3.0", "file:react", "react/package.json"),
        ("pnpm@10.0.0", "link:react", "react/package.json"),
    ],
)
def test_a_bare_name_behind_link_is_no_folder_to_bun(folder, manager, written, link):
    folder.put("package.json", asks(manager, dependencies={"react": written}))
    (found,) = entries(folder, "package.json")
    assert (found.source, found.link) == (Source.PATH, link)


@pytest.mark.parametrize(
    ("manager", "is_refused"),
    [("", True), ("pnpm@9.1.0", True), ("pnpm@10.2.0", True), ("pnpm@12.0.0", False)],
)
def test_a_number_in_a_catalog_is_refused_by_older_pnpms(folder, manager, is_refused):
    folder.put("package.json", asks(manager) if manager else package())
    folder.put("pnpm-workspace.yaml", "packages: []\ncatalog:\n  react: 18\n")
    expected = ["A version must be a string."] if is_refused else []
    assert folder.problems("pnpm-workspace.yaml") == expected
    folder.put("pnpm-workspace.yaml", "packages: []\ncatalog:\n  react: [18]\n")
    assert folder.problems("pnpm-workspace.yaml") == ["A version must be a string."]


def test_a_range_behind_npm_is_locked_as_it_is_written(folder):
    head = "__metadata:\n  version: 8\n"
    entry = '"react@npm: ^18.0.0":\n  version: 18.3.1\n  resolution: "react@npm:18.3.1"\n'
    folder.put("yarn.lock", f"{head}\n{entry}")
    folder.put("package.json", package(dependencies={"react": "npm: ^18.0.0"}))
    manifest, project = folder.survey("package.json")
    (found,) = project.resolve(manifest).dependencies
    assert [each.version for each in project.locked(found)] == ["18.3.1"]


@pytest.mark.parametrize("written", ["npm:react@next", "npm:vnext", "npm:@s/next", "npm:18"])
def test_they_take_nothing_else_for_one(folder, written):
    folder.put("package.json", package(dependencies={"react": written}))
    before = folder.one("package.json")
    folder.put("yarn.lock", "__metadata:\n  version: 8\n")
    assert folder.one("package.json") == before


def test_merge_keys_take_in_what_another_catalog_has(folder):
    text = (
        "catalogs:\n  x: &x {a: ^1.0.0, c: ^1.0.0}\n  y: &y {a: ^2.0.0, b: ^2.0.0}\n"
        "  default:\n    <<: [*x, *y]\n    c: ^3.0.0\n  z: {<<: *y}\n"
    )
    asked = {"a": "catalog:", "b": "catalog:", "c": "catalog:", "d": "npm:a@1"}
    said = package(dependencies=asked, peerDependencies={"a": "catalog:z"})
    folder.put("pnpm-workspace.yaml", text).put("package.json", said)
    found = folder.resolved("package.json")
    # of what is taken in the first counts, and before it what stands there itself
    assert [each.specifier for each in found.dependencies] == [
        *("^1.0.0", "^2.0.0", "^3.0.0", "1"),
        "^2.0.0",
    ]
    assert found.problems == ()
    assert folder.problems("pnpm-workspace.yaml") == []


def test_an_entry_of_a_catalog_is_not_what_another_has_installed(folder):
    folder.put("pnpm-workspace.yaml", "catalogs: {x: {a: ^1.0.0}, y: {a: ^2.0.0}, z: {a: next}}\n")
    folder.put("node_modules/a/package.json", {"name": "a", "version": "1.2.0"})
    manifest, project = folder.survey("pnpm-workspace.yaml")
    found = [project.locked(each) for each in project.resolve(manifest).dependencies]
    assert [[each.version for each in one] for one in found] == [["1.2.0"], [], ["1.2.0"]]
