"""What a workspace has itself: the names of its members are told to no registry."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.session.files import Sight
from support.npm_projects import Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "project")


def member(folder, name, version="1.0.0", **said):
    text = {"name": name, **({"version": version} if version else {}), **said}
    folder.put(f"packages/{name}/package.json", text)


def of_b(folder, wanted="^1.0.0", name="zz-a", **said):
    """How the dependency of the member b on *name* is understood."""
    member(folder, "b", dependencies={name: wanted}, **said)
    return folder.one("packages/b/package.json")


ROOT = {"name": "root", "workspaces": ["packages/*"]}
MANAGERS = ["npm@11.0.0", "yarn@1.22.22", "yarn@4.1.0", "bun@1.2.0", "pnpm@8.1.0"]


@pytest.mark.parametrize("manager", [None, *MANAGERS])
@pytest.mark.parametrize("wanted", ["^1.0.0", "*", "", "1.x", "latest", ">=1.0.0-0"])
def test_a_member_that_fits_is_the_workspaces_own(folder, manager, wanted):
    folder.put("package.json", ROOT | ({"packageManager": manager} if manager else {}))
    member(folder, "zz-a")
    found = of_b(folder, wanted)
    assert (found.source, found.link, found.via) == (Source.WORKSPACE, "../zz-a/package.json", "")
    assert (found.specifier, found.written) == (wanted, wanted)


@pytest.mark.parametrize(
    ("manager", "version", "source"),
    [
        (None, "2.0.0", Source.WORKSPACE),
        ("npm@11.0.0", "2.0.0", Source.REGISTRY),
        ("yarn@4.1.0", "0.9.0", Source.REGISTRY),
        ("bun@1.2.0", "2.0.0", Source.REGISTRY),
        ("npm@11.0.0", "1.1.0-rc.1", Source.WORKSPACE),  # Yarn and pnpm would take it
        ("npm@11.0.0", "", Source.WORKSPACE),
        ("npm@11.0.0", "next", Source.WORKSPACE),
    ],
)
def test_one_that_does_not_fit_is_asked_for_by_managers_that_are_known(
    folder, manager, version, source
):
    folder.put("package.json", ROOT | ({"packageManager": manager} if manager else {}))
    member(folder, "zz-a", version)
    assert of_b(folder).source is source


def lock_of_npm(**packages):
    return {"lockfileVersion": 3, "packages": {"packages/b": {"name": "b"}, **packages}}


NPM_LINK = lock_of_npm(
    **{
        "node_modules/zz-a": {"resolved": "packages/zz-a", "link": True},
        "packages/zz-a": {"name": "zz-a", "version": "1.0.0"},
    }
)
NPM_OWN = lock_of_npm(**{"node_modules/zz-a": {"version": "1.4.0"}})
YARN = """__metadata:
  version: 8

"zz-a@npm:^1.0.0, zz-a@workspace:packages/zz-a":
  version: 0.0.0-use.local
  resolution: "zz-a@workspace:packages/zz-a"

"b@workspace:packages/b":
  version: 0.0.0-use.local
  resolution: "b@workspace:packages/b"
"""
YARN_OWN = YARN.replace("0.0.0-use.local", "1.4.0", 1).replace(
    "workspace:packages/zz-a", "npm:1.4.0"
)
PNPM = """lockfileVersion: '9.0'
importers:
  packages/b:
    dependencies:
      zz-a:
        specifier: ^1.0.0
        version: VERSION
"""
BUN = """{
  "workspaces": {"packages/b": {"name": "b"}},
  "packages": {"zz-a": ["zz-a@VERSION"]},
}"""


@pytest.mark.parametrize(
    ("file", "lock", "source"),
    [
        ("package-lock.json", NPM_LINK, Source.WORKSPACE),
        ("package-lock.json", NPM_OWN, Source.REGISTRY),
        ("yarn.lock", YARN, Source.WORKSPACE),
        ("yarn.lock", YARN_OWN, Source.REGISTRY),
        ("pnpm-lock.yaml", PNPM.replace("VERSION", "link:../zz-a"), Source.WORKSPACE),
        ("pnpm-lock.yaml", PNPM.replace("VERSION", "1.4.0"), Source.REGISTRY),
        ("bun.lock", BUN.replace("VERSION", "workspace:packages/zz-a"), Source.WORKSPACE),
        ("bun.lock", BUN.replace("VERSION", "1.4.0"), Source.REGISTRY),
    ],
)
@pytest.mark.parametrize("version", ["1.0.0", "7.0.0"])
def test_the_lock_file_is_the_proof(folder, file, lock, source, version):
    folder.put("package.json", ROOT).put(file, lock)
    member(folder, "zz-a", version)
    assert of_b(folder).source is source


def test_what_an_alias_names_is_the_workspaces_only_where_the_lock_says_so(folder):
    folder.put("pnpm-workspace.yaml", "packages: ['packages/*']")
    member(folder, "zz-a")
    assert of_b(folder, "npm:zz-a@^1.0.0", name="other").source is Source.ALIAS
    lock = PNPM.replace("VERSION", "link:../zz-a").replace("zz-a:", "other:")
    folder.put("pnpm-lock.yaml", lock)
    assert of_b(folder, "npm:zz-a@^1.0.0", name="other").source is Source.WORKSPACE


def test_so_it_is_in_every_section_but_for_the_managers_themselves(folder):
    root = {
        **ROOT,
        "packageManager": "pnpm@9.1.0",
        "devEngines": {"packageManager": {"name": "pnpm", "version": "^9"}},
        "devDependencies": {"pnpm": "^9.0.0"},
        "overrides": {"pnpm": "^9.0.0"},
    }
    folder.put("package.json", root)
    member(folder, "pnpm", "9.0.0")
    found = {each.section: each.source for each in folder.resolved("package.json").dependencies}
    assert found == {
        "packageManager": Source.REGISTRY,
        "devEngines.packageManager": Source.REGISTRY,
        "devDependencies": Source.WORKSPACE,
        "overrides": Source.WORKSPACE,
    }


def test_a_catalog_may_lead_to_a_member(folder):
    text = "packages: ['packages/*']\ncatalog: {zz-a: ^1.0.0}\n"
    folder.put("pnpm-workspace.yaml", text)
    member(folder, "zz-a")
    found = of_b(folder, "catalog:")
    assert (found.source, found.link) == (Source.WORKSPACE, "../zz-a/package.json")
    assert folder.one("pnpm-workspace.yaml").source is Source.WORKSPACE


def test_a_name_that_is_only_being_typed_is_known_too(folder):
    folder.put("package.json", ROOT)
    member(folder, "zz-a")
    _, project = folder.survey("package.json")
    folder.put("package.json", ROOT | {"dependencies": {"zz-a": "^1.0.0"}})
    typed, _ = folder.survey("package.json")
    assert [each.source for each in project.resolve(typed).dependencies] == [Source.WORKSPACE]


# --- workspaces within workspaces -----------------------------------------------------------------


def nested(folder, *, root):
    folder.put("package.json", root)
    member(folder, "zz-m")
    member(folder, "a", workspaces=["plugins/*"], dependencies={"zz-m": "workspace:*"})
    plugin = {"name": "zz-p", "version": "1.0.0", "dependencies": {"zz-m": "^1.0.0"}}
    folder.put("packages/a/plugins/p/package.json", plugin)


def test_what_lies_in_a_member_of_pnpms_workspace_is_not_another_one(folder):
    nested(folder, root=ROOT)
    folder.put("pnpm-workspace.yaml", "packages: ['packages/*']")
    wanted = {"zz-m": "workspace:*"}
    folder.put("packages/a/plugins/p/package.json", {"name": "p", "dependencies": wanted})
    assert folder.one("packages/a/plugins/p/package.json").link == "../../../zz-m/package.json"


@pytest.mark.parametrize("pnpm", [None, "packages: ['packages/*', 'packages/*/plugins/*']"])
def test_a_member_may_be_the_root_of_a_workspace_itself(folder, pnpm):
    nested(folder, root=ROOT)
    if pnpm is not None:
        folder.put("pnpm-workspace.yaml", pnpm)
    found = folder.one("packages/a/package.json")
    assert (found.link, folder.problems("packages/a/package.json")) == ("../zz-m/package.json", [])
    found = folder.one("packages/a/plugins/p/package.json")
    assert (found.source, found.link) == (Source.WORKSPACE, "../../../zz-m/package.json")
    assert of_b(folder, "*", name="zz-p").link == "../a/plugins/p/package.json"


def test_a_workspace_that_is_no_member_of_pnpms_is_by_itself(folder):
    folder.put("pnpm-workspace.yaml", "packages: ['packages/*']")
    inner = {**ROOT, "dependencies": {"b": "workspace:*", "c": "workspace:*"}}
    folder.put("examples/x/package.json", inner)
    folder.put("examples/x/packages/b/package.json", {"name": "b"})
    member(folder, "c")
    found = folder.resolved("examples/x/package.json")
    assert [each.link for each in found.dependencies] == ["packages/b/package.json", ""]
    assert [each.reason for each in found.problems] == [
        "No package of the workspace is called 'c'."
    ]


def test_workspaces_may_nest_in_circles(folder):
    folder.put("package.json", {"name": "root", "workspaces": ["a"]})
    wanted = {"root": "workspace:*", "b": "workspace:*", "c": "workspace:*"}
    text = {"name": "a", "workspaces": ["../a", "..", ".", "b"], "dependencies": wanted}
    folder.put("a/package.json", text)
    folder.put("a/b/package.json", {"name": "b"})
    sight = Sight(folder.store)
    manifest, project = folder.survey("a/package.json", sight)
    found = project.resolve(manifest)
    assert [each.link for each in found.dependencies] == ["../package.json", "b/package.json", ""]
    assert len(found.problems) == 1  # 'c' is nowhere, and nobody looked for it for ever


# --- how long it takes ----------------------------------------------------------------------------


def test_thousands_of_members_are_looked_at_once(folder):
    folder.put("package.json", ROOT)
    for at in range(100):
        member(folder, f"m{at}")
    member(folder, "b", dependencies={"m7": "^1.0.0"})
    sights = [Sight(folder.store), Sight(folder.store)]
    manifest, first = folder.survey("packages/b/package.json", sights[0])
    _, again = folder.survey("packages/b/package.json", sights[1])
    assert first == again
    assert first.workspace.members is again.workspace.members
    assert first.resolve(manifest).dependencies[0].link == "../m7/package.json"
    for sight in sights:
        assert not any("m9" in path.parts for path in sight.seen)


# --- what is refused ------------------------------------------------------------------------------


def refusals(folder, manager, wanted, section="dependencies", path=None, **said):
    """What is said of a dependency on zz-a, in the root of a workspace or in its member b."""
    root = {"name": "root", "packageManager": manager, **said}
    text = {section: {"zz-a": wanted}}
    if path is None:
        folder.put("package.json", root | text)
        return folder.problems("package.json")
    folder.put("package.json", root)
    folder.put(path, {"name": "b", **text})
    return folder.problems(path)


B = "packages/b/package.json"
WORKSPACE = {"workspaces": ["packages/*"]}


@pytest.mark.parametrize("section", ["dependencies", "peerDependencies", "optionalDependencies"])
@pytest.mark.parametrize("protocol", ["workspace", "catalog", "jsr"])
def test_npm_knows_none_of_the_others_protocols(folder, section, protocol):
    wanted = {"workspace": "workspace:*", "catalog": "catalog:", "jsr": "jsr:@a/b@1"}[protocol]
    reason = f"npm knows no '{protocol}:'."
    assert refusals(folder, "npm@11.0.0", wanted, section) == [reason]
    member(folder, "zz-a")
    assert refusals(folder, "npm@11.0.0", wanted, section, B, **WORKSPACE) == [reason]


def test_but_that_the_root_has_its_members_already(folder):
    member(folder, "zz-a")
    assert refusals(folder, "npm@11.0.0", "workspace:^9.0.0", **WORKSPACE) == []
    assert refusals(folder, "npm@11.0.0", "workspace:*", section="overrides") == []


@pytest.mark.parametrize("manager", ["pnpm@10.0.0", "bun@1.2.0", "yarn@4.9.0", ""])
def test_the_others_know_them(folder, manager):
    member(folder, "zz-a")
    assert refusals(folder, manager, "workspace:^1.0.0", path=B, **WORKSPACE) == []
    assert refusals(folder, manager, "jsr:@a/b@1") == []


MISSED = "No package of the workspace is called 'zz-a'."


@pytest.mark.parametrize(
    ("manager", "section", "reasons"),
    [
        ("yarn@4.9.0", "dependencies", [MISSED]),
        ("yarn@4.9.0", "optionalDependencies", [MISSED]),
        ("yarn@4.9.0", "peerDependencies", []),
        ("pnpm@10.0.0", "dependencies", []),  # who has no workspace may lie in another's
        ("", "dependencies", []),
    ],
)
def test_yarn_alone_is_a_workspace_of_one(folder, manager, section, reasons):
    assert refusals(folder, manager, "workspace:*", section) == reasons


@pytest.mark.parametrize(
    ("manager", "section", "reasons"),
    [
        ("yarn@4.9.0", "peerDependencies", []),
        ("yarn@4.9.0", "optionalDependencies", [MISSED]),
        ("pnpm@10.0.0", "peerDependencies", [MISSED]),
        ("pnpm@10.0.0", "optionalDependencies", []),
    ],
)
def test_who_is_no_member_is_not_always_missed(folder, manager, section, reasons):
    assert refusals(folder, manager, "workspace:*", section, B, **WORKSPACE) == reasons


# What Bun 1.4 says of one.
@pytest.mark.parametrize(
    ("wanted", "is_refused"),
    [("^1.0.0", False), ("*", False), ("", False), ("latest", False), ("^9.0.0", True)],
)
@pytest.mark.parametrize("section", ["dependencies", "peerDependencies", "optionalDependencies"])
def test_bun_refuses_another_version_too(folder, wanted, is_refused, section):
    member(folder, "zz-a")
    expected = [f"The workspace has the version 1.0.0, not '{wanted}'."] if is_refused else []
    assert refusals(folder, "bun@1.4.0", f"workspace:{wanted}", section, B, **WORKSPACE) == expected


@pytest.mark.parametrize("lock", ["bun.lock", "yarn.lock"])
def test_whose_lock_file_is_there_says_so_as_well(folder, lock):
    folder.put("package.json", {"workspaces": ["packages/*"]})
    folder.put(B, {"name": "zz-b", "dependencies": {"zz-a": "workspace:^9.0.0"}})
    member(folder, "zz-a")
    assert folder.problems(B) == []
    folder.put(lock, '{"workspaces": {"": {}, "packages/b": {}}}' if "bun" in lock else "# v1\n")
    assert folder.problems(B) == ["The workspace has the version 1.0.0, not '^9.0.0'."]


def test_an_alias_that_is_called_as_a_member_may_be_locked_to_it(folder):
    member(folder, "zz-a")
    asked = {"zz-a": "npm:zz-other@^1.0.0"}
    folder.put("package.json", {"workspaces": ["packages/*"], "dependencies": asked})
    assert folder.one("package.json").source is Source.ALIAS
    linked = {"node_modules/zz-a": {"link": True, "resolved": "packages/zz-a"}}
    folder.put("package-lock.json", {"lockfileVersion": 3, "packages": linked})
    found = folder.one("package.json")
    assert (found.source, found.link) == (Source.WORKSPACE, "packages/zz-a/package.json")


# What Yarn 4.18 and pnpm 10.34 say of a member of the version 1.0.0.
@pytest.mark.parametrize(
    ("wanted", "is_refused"),
    [
        ("^1.0.0", False),
        ("1.0.0", False),
        (">=1", False),
        ("*", False),
        ("^", False),
        ("~", False),
        ("", False),
        ("^9.0.0", True),
        ("latest", True),
    ],
)
def test_yarn_refuses_another_version_than_the_members(folder, wanted, is_refused):
    member(folder, "zz-a")
    expected = [f"The workspace has the version 1.0.0, not '{wanted}'."] if is_refused else []
    assert refusals(folder, "yarn@4.9.0", f"workspace:{wanted}", path=B, **WORKSPACE) == expected
    assert refusals(folder, "pnpm@10.0.0", f"workspace:{wanted}", path=B, **WORKSPACE) == []


def test_what_the_root_takes_from_a_folder_a_member_does_not_ask_for(folder):
    folder.put("package.json", {**ROOT, "dependencies": {"zz-x": "file:./x"}})
    said = {"name": "zz-b", "dependencies": {"zz-x": "*", "zz-y": "*"}}
    folder.put(B, said)
    assert {each.source for each in folder.resolved(B).dependencies} == {Source.REGISTRY}
    linked = {"node_modules/zz-x": {"link": True, "resolved": "x"}, "packages/b": {}}
    folder.put("package-lock.json", {"lockfileVersion": 3, "packages": linked})
    x, y = folder.resolved(B).dependencies
    assert (x.source, x.link) == (Source.REFERENCE, "../../package-lock.json")
    assert y.source is Source.REGISTRY
    folder.put("package.json", {**ROOT, "dependencies": {"zz-x": "^1.0.0"}})
    assert folder.one("package.json").source is Source.REGISTRY  # the lock file is yet to follow
