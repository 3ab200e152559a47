"""Which lock file belongs to a manifest, and what the real ones of every tool say."""

from dataclasses import replace
from pathlib import Path

import pytest

from registry_lsp.core.manifests import Locked
from registry_lsp.ecosystems.npm.locks.find import NpmLock, find_lock
from registry_lsp.session.files import FileStore, Sight, has_changed
from support.npm_locks import dependencies_of, lock_in, locked_in, write

LOCKS = Path(__file__).parent

PLAIN = {"plain": "1.1.0", "@private/dep": "1.3.0", "al": "1.0.0", "oldlib": "0.9.0"}
ROOT = {"semver": "6.3.2", "ms-alias": "2.1.3", "ms": "2.0.0", "is-odd": "3.0.1"}
ROOT |= {"isarray": "2.0.5"}
MEMBER = {"semver": "5.7.3", "ms": "2.0.0", "is-odd": "3.0.1", "once": "1.4.0"}
REACT = {"react": "18.3.1", "use-sync-external-store": "1.2.0"}


@pytest.mark.parametrize(
    ("folder", "by", "versions"),
    [
        ("npm6-v1", "package-lock.json", PLAIN),
        ("npm-v1", "package-lock.json", PLAIN),
        ("npm-v2", "package-lock.json", PLAIN),
        ("npm-v3", "package-lock.json", PLAIN),
        ("npm-shrinkwrap", "npm-shrinkwrap.json", PLAIN),
        ("yarn1", "yarn.lock", PLAIN),
        ("yarn4", "yarn.lock", PLAIN),
        ("pnpm8", "pnpm-lock.yaml", PLAIN),
        ("pnpm9", "pnpm-lock.yaml", PLAIN),
        ("bun", "bun.lock", PLAIN | {"plain": "1.0.0"}),
        ("npm-workspace", "package-lock.json", ROOT),
        (
            "npm-workspace/packages/a",
            "package-lock.json",
            # what npm links it shows with the version of what the link leads to
            MEMBER | {"@ws/b": "0.2.0", "local": "9.9.9", "wrappy": "1.0.2"},
        ),
        ("npm-workspace/packages/b", "package-lock.json", {"semver": "6.3.2"}),
        ("yarn1-workspace", "yarn.lock", ROOT | {"is-odd": "3.0.0", "semver": "6.0.0"}),
        (
            "yarn1-workspace/packages/a",
            "yarn.lock",
            MEMBER | {"is-odd": "3.0.0", "semver": "6.0.0"},
        ),
        ("yarn1-workspace/packages/b", "yarn.lock", {"semver": "6.0.0"}),
        ("yarn4-workspace", "yarn.lock", ROOT | REACT | {"is-odd": "3.0.0"}),
        ("yarn4-workspace/packages/a", "yarn.lock", MEMBER | {"is-odd": "3.0.0"}),
        ("yarn4-workspace/packages/b", "yarn.lock", {"semver": "6.3.2"}),
        ("pnpm7-workspace", "pnpm-lock.yaml", ROOT | {"ms-alias": "2.0.0"}),
        ("pnpm7-workspace/packages/a", "pnpm-lock.yaml", MEMBER),
        ("pnpm7-workspace/packages/b", "pnpm-lock.yaml", {"semver": "6.3.2"}),
        (
            "pnpm12-workspace",
            "pnpm-lock.yaml",
            ROOT | REACT | {"ms-alias": "2.0.0", "is-number": "6.0.0"},
        ),
        ("pnpm12-workspace/packages/a", "pnpm-lock.yaml", MEMBER | {"wrappy": "1.0.1"}),
        ("pnpm12-workspace/packages/b", "pnpm-lock.yaml", {"semver": "6.3.2"}),
        (
            "bun-workspace",
            "bun.lock",
            {"ms": "2.0.0", "semver": "6.3.2", "once": "1.4.0"},
        ),
        (
            "bun-workspace/packages/a",
            "bun.lock",
            {"ms": "2.0.0", "semver": "5.7.3", "once": "1.4.0", "ms-alias": "2.1.3"},
        ),
        ("bun-workspace/packages/b", "bun.lock", {"semver": "6.3.2"}),
    ],
)
def test_every_kind_of_lock_file_tells_the_versions(folder, by, versions):
    assert locked_in(LOCKS / folder) == {name: (version, by) for name, version in versions.items()}


@pytest.mark.parametrize(
    ("path", "by", "versions"),
    [
        (
            "pnpm12-workspace/pnpm-workspace.yaml",
            "pnpm-lock.yaml",
            {"ms": "2.0.0", "once": "1.4.0"},  # nobody uses the other entry
        ),
        ("yarn4-workspace/.yarnrc.yml", "yarn.lock", {"ms": "2.0.0", "once": "1.4.0"}),
        ("yarn4/.yarnrc.yml", "yarn.lock", {"oldlib": "0.9.0"}),
    ],
)
def test_the_entries_of_catalogs_are_locked_too(path, by, versions):
    found = locked_in((LOCKS / path).parent, (LOCKS / path).name)
    assert found == {name: (version, by) for name, version in versions.items()}


NPM = {"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}
YARN = '# yarn lockfile v1\n\na@^1.0.0:\n  version "1.1.0"\n'
BERRY = """\
__metadata:
  version: 8

"a@npm:^1.0.0":
  version: 1.2.0
  resolution: "a@npm:1.2.0"
"""
PNPM = """\
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        version: 1.3.0
"""
BUN = '{"workspaces": {"": {}}, "packages": {"a": ["a@1.4.0", "", {}, ""]}}'
MANIFEST = {"dependencies": {"a": "^1.0.0"}}


def installed(name, version):
    return {f"node_modules/{name}/package.json": {"name": name, "version": version}}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"package-lock.json": NPM, "npm-shrinkwrap.json": NPM}, ("1.0.0", "npm-shrinkwrap.json")),
        ({"node_modules/.package-lock.json": NPM}, ("1.0.0", "node_modules")),
        (
            {"node_modules/.package-lock.json": NPM, "yarn.lock": YARN},
            ("1.1.0", "yarn.lock"),
        ),
        ({"package-lock.json": NPM, "yarn.lock": YARN}, ("1.1.0", "yarn.lock")),
        ({"yarn.lock": YARN, "pnpm-lock.yaml": PNPM}, ("1.3.0", "pnpm-lock.yaml")),
        ({"pnpm-lock.yaml": PNPM, "bun.lock": BUN}, ("1.4.0", "bun.lock")),
        # what cannot be read is passed over
        ({"package-lock.json": NPM, "bun.lock": BUN[:-5]}, ("1.0.0", "package-lock.json")),
        # what nobody can read says nothing, and is not what npm left behind
        ({"package-lock.json": NPM, "bun.lockb": "\0"}, None),
        ({"node_modules/.package-lock.json": NPM, "bun.lockb": "\0"}, None),
        ({"bun.lockb": "\0", **installed("a", "1.5.0")}, ("1.5.0", "node_modules")),
        ({"bun.lock": BUN, "bun.lockb": "\0"}, ("1.4.0", "bun.lock")),
    ],
)
def test_of_several_lock_files_that_of_the_youngest_manager_counts(tmp_path, files, expected):
    write(tmp_path, {"package.json": MANIFEST, **files})
    assert locked_in(tmp_path).get("a") == expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([".package-lock.json"], ("1.0.0", "package-lock.json")),
        ([".yarn-integrity"], ("1.1.0", "yarn.lock")),
        ([".yarn-state.yml"], ("1.1.0", "yarn.lock")),
        ([".modules.yaml"], ("1.3.0", "pnpm-lock.yaml")),
        ([".modules.yaml", ".yarn-integrity"], ("1.3.0", "pnpm-lock.yaml")),
        ([".yarn-integrity", ".package-lock.json"], ("1.3.0", "pnpm-lock.yaml")),
        ([".bin"], ("1.3.0", "pnpm-lock.yaml")),
    ],
)
def test_who_has_installed_decides_where_nobody_is_asked_for(tmp_path, marks, expected):
    locks = {"package-lock.json": NPM, "yarn.lock": YARN, "pnpm-lock.yaml": PNPM}
    marks = {f"node_modules/{mark}": "" for mark in marks}
    write(tmp_path, {"package.json": MANIFEST, **locks, **marks})
    assert locked_in(tmp_path)["a"] == expected
    write(tmp_path, {"package.json": MANIFEST | {"packageManager": "npm@10.0.0"}})
    assert locked_in(tmp_path)["a"] == ("1.0.0", "package-lock.json")


def test_a_mark_of_whose_lock_file_is_gone_decides_nothing(tmp_path):
    files = {"package-lock.json": NPM, "yarn.lock": YARN, "node_modules/.modules.yaml": ""}
    write(tmp_path, {"package.json": MANIFEST, **files})
    assert locked_in(tmp_path)["a"] == ("1.1.0", "yarn.lock")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"packageManager": "npm@10.0.0"}, ("1.0.0", "package-lock.json")),
        ({"packageManager": "yarn@4.1.0+sha512.ab"}, ("1.2.0", "yarn.lock")),
        ({"packageManager": "pnpm@9.0.0"}, ("1.3.0", "pnpm-lock.yaml")),
        ({"packageManager": "bun@1.2.0"}, ("1.4.0", "bun.lock")),
        ({"devEngines": {"packageManager": {"name": "npm"}}}, ("1.0.0", "package-lock.json")),
        (
            {"devEngines": {"packageManager": [{"name": "yarn"}, {"name": "npm"}]}},
            ("1.2.0", "yarn.lock"),
        ),
        (
            {"packageManager": "npm@1", "devEngines": {"packageManager": {"name": "pnpm"}}},
            ("1.0.0", "package-lock.json"),
        ),
        ({"packageManager": "cargo@1"}, ("1.4.0", "bun.lock")),
        ({"packageManager": 4, "devEngines": []}, ("1.4.0", "bun.lock")),
        ({"devEngines": {"packageManager": []}}, ("1.4.0", "bun.lock")),
    ],
)
def test_the_package_manager_that_is_asked_for_decides(tmp_path, said, expected):
    locks = {"package-lock.json": NPM, "yarn.lock": BERRY, "pnpm-lock.yaml": PNPM, "bun.lock": BUN}
    write(tmp_path, {"package.json": MANIFEST | said, **locks})
    assert locked_in(tmp_path)["a"] == expected


@pytest.mark.parametrize(
    "lock",
    [
        {"package-lock.json": NPM},
        {"yarn.lock": YARN},
        {"yarn.lock": BERRY},
        {"pnpm-lock.yaml": PNPM},
        {"bun.lock": BUN},
    ],
)
def test_the_lock_file_of_a_project_around_is_not_taken(tmp_path, lock):
    write(tmp_path, {"package.json": {"workspaces": ["packages/*"]}, **lock})
    inner = write(tmp_path / "elsewhere" / "inner", {"package.json": MANIFEST})
    assert lock_in(inner) == NpmLock()


def test_the_lock_file_of_the_workspace_counts_and_not_what_is_left_in_a_member(tmp_path):
    outer = {"packages": {"in": {}, "node_modules/a": {"version": "9.9.9"}}}
    write(tmp_path, {"in/package.json": MANIFEST, "in/yarn.lock": YARN})
    assert locked_in(tmp_path / "in") == {"a": ("1.1.0", "yarn.lock")}
    write(tmp_path, {"package-lock.json": outer})
    assert locked_in(tmp_path / "in") == {"a": ("9.9.9", "package-lock.json")}
    write(tmp_path, {"package-lock.json": {"packages": {"out": {}}}})
    assert locked_in(tmp_path / "in") == {"a": ("1.1.0", "yarn.lock")}


def test_newer_yarns_take_a_member_with_a_lock_file_for_a_project_of_its_own(tmp_path):
    def entry(version):
        return f'"a@npm:^1.0.0":\n  version: {version}\n  resolution: "a@npm:{version}"\n'

    head = "__metadata:\n  version: 8\n\n"
    member = '"in@workspace:in":\n  version: 0.0.0-use.local\n  resolution: "in@workspace:in"\n'
    write(tmp_path, {"in/package.json": MANIFEST, "yarn.lock": head + entry("1.0.0") + member})
    assert locked_in(tmp_path / "in") == {"a": ("1.0.0", "yarn.lock")}
    write(tmp_path, {"in/yarn.lock": head + entry("1.2.0")})
    assert locked_in(tmp_path / "in") == {"a": ("1.2.0", "yarn.lock")}


def test_what_is_not_locked_may_be_installed(tmp_path):
    text = {"dependencies": {"a": "^1.0.0", "b": "*", "@s/c": "1"}}
    write(tmp_path, {"package.json": text, "package-lock.json": NPM})
    write(tmp_path, installed("a", "7.0.0") | installed("b", "2.0.0") | installed("@s/c", "1.0.0"))
    assert locked_in(tmp_path) == {
        "a": ("1.0.0", "package-lock.json"),
        "b": ("2.0.0", "node_modules"),
        "@s/c": ("1.0.0", "node_modules"),
    }


def test_installed_packages_are_found_upwards_as_by_node(tmp_path):
    write(tmp_path, installed("a", "1.0.0") | installed("b", "1.0.0"))
    write(tmp_path / "x", installed("b", "2.0.0"))
    text = {"dependencies": {"a": "*", "b": "*", "c": "*"}}
    inner = write(tmp_path / "x" / "y", {"package.json": text})
    assert locked_in(inner) == {"a": ("1.0.0", "node_modules"), "b": ("2.0.0", "node_modules")}


def test_an_installed_alias_is_known_by_its_real_name(tmp_path):
    text = {"dependencies": {"al": "npm:real@^1", "other": "npm:real@^1"}}
    write(tmp_path, {"package.json": text})
    write(tmp_path, {"node_modules/al/package.json": {"name": "real", "version": "1.2.0"}})
    write(tmp_path, {"node_modules/other/package.json": {"name": "other", "version": "1.3.0"}})
    assert locked_in(tmp_path) == {"al": ("1.2.0", "node_modules")}


@pytest.mark.parametrize(
    "package",
    [
        "",
        "[]",
        "{",
        '{"name": "a"}',
        '{"name": "a", "version": "next"}',
        '{"version": "1.0.0"}',
        '{"name": "a", "version": 1}',
        '{"name": "a", "version": "1.0.0"}' + " " * 2**20,
    ],
)
def test_an_installed_package_that_says_nothing_useful_is_passed_over(tmp_path, package):
    write(tmp_path, {"package.json": MANIFEST, "node_modules/a/package.json": package})
    assert locked_in(tmp_path) == {}


def test_entries_that_only_change_what_others_ask_for_have_no_locked_version(tmp_path):
    text = MANIFEST | {
        "packageManager": "a@1.0.0",
        "overrides": {"a": "^1.0.0"},
        "resolutions": {"a": "^1.0.0"},
        "pnpm": {"overrides": {"a": "^1.0.0"}},
    }
    write(tmp_path, {"package.json": text, "package-lock.json": NPM})
    lock = lock_in(tmp_path)
    told = {
        each.section: lock.locked(each)
        for each in (
            replace(dependencies_of(tmp_path)[0], section=section)
            for section in ("dependencies", *text, "pnpm.overrides")
        )
    }
    assert told.pop("dependencies") == (Locked(version="1.0.0", by="package-lock.json"),)
    assert set(told.values()) == {()}


def test_equal_surroundings_give_equal_locks(tmp_path):
    text = {"dependencies": {"a": "^1.0.0", "b": "*"}}
    write(tmp_path, {"package.json": text, "package-lock.json": NPM, **installed("b", "1.0.0")})
    store = FileStore()
    first = lock_in(tmp_path, store)
    assert lock_in(tmp_path, store) == first
    assert lock_in(tmp_path, FileStore()) != first  # another reading


@pytest.mark.parametrize("name", ["package-lock.json", "yarn.lock", "node_modules/b/package.json"])
def test_what_may_change_the_answer_is_watched(tmp_path, name):
    text = {"dependencies": {"a": "^1.0.0", "b": "*"}}
    write(tmp_path, {"package.json": text, "package-lock.json": NPM})
    (tmp_path / "node_modules").mkdir()
    sight = Sight(FileStore())
    find_lock(tmp_path, sight, dependencies_of(tmp_path))
    assert not has_changed(sight.seen)
    write(tmp_path, {name: '{"version": "1.0.0", "and": "so on"}'})
    assert has_changed(sight.seen)


def test_a_manifest_that_is_a_buffer_of_a_folder_that_is_not_there_has_no_lock(tmp_path):
    nowhere = tmp_path / "not" / "there"
    assert find_lock(nowhere, Sight(FileStore())) == NpmLock()


PEER_OF_A = {"peerDependencies": {"a": "^1.0.0"}}
TWO_OF_A = {
    "classic": '# yarn lockfile v1\n\na@2.0.0:\n  version "2.0.0"\n\n' + YARN,
    "berry": BERRY + '\n"a@npm:2.0.0":\n  version: 2.0.0\n  resolution: "a@npm:2.0.0"\n',
}


# What Yarn 1.22 and Yarn 4.18 install for them: never by the peer's own descriptor.
@pytest.mark.parametrize("lock", TWO_OF_A.values(), ids=TWO_OF_A)
@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({}, None),
        ({"devDependencies": {"a": "2.0.0"}}, "2.0.0"),
        ({"dependencies": {"a": "2.0.0"}}, "2.0.0"),
        ({"devDependencies": {"a": "2.0.0"}, "dependencies": {"a": "^1.0.0"}}, "2.0.0"),
        ({"devDependencies": {"a": "3.0.0"}}, None),
        ({"devDependencies": {"b": "2.0.0"}}, None),
    ],
)
def test_yarn_takes_a_peer_from_another_section(tmp_path, lock, sections, expected):
    write(tmp_path, {"package.json": PEER_OF_A | sections, "yarn.lock": lock})
    lock = lock_in(tmp_path)
    (peer,) = (each for each in dependencies_of(tmp_path) if each.section == "peerDependencies")
    assert [each.version for each in lock.locked(peer)] == ([expected] if expected else [])


def test_a_peer_that_yarn_has_installed_is_current(tmp_path):
    write(tmp_path, {"package.json": PEER_OF_A, "yarn.lock": YARN, **installed("a", "1.7.0")})
    assert locked_in(tmp_path) == {"a": ("1.7.0", "node_modules")}
