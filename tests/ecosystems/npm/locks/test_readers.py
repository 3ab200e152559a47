"""The readers of lock files: the odd corners of each format."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.npm.locks.bun_lock import plain_json, read_bun_lock
from registry_lsp.ecosystems.npm.locks.lock_file import Place
from registry_lsp.ecosystems.npm.locks.package_files import NO_ROOT, Root, read_root
from registry_lsp.ecosystems.npm.locks.package_lock import read_package_lock
from registry_lsp.ecosystems.npm.locks.pnpm_lock import read_pnpm_lock
from registry_lsp.ecosystems.npm.locks.yarn_lock import read_yarn_lock
from registry_lsp.ecosystems.npm.manifests.specifier import classify

HERE = Place(member="", root=NO_ROOT)


def dependency(name, text, section="dependencies"):
    means = classify(text)
    return Dependency(
        name=name if means.name is None else means.name,
        display_name=name,
        name_span=Span(0, 0),
        specifier=means.specifier,
        specifier_span=None,
        span=Span(0, 0),
        section=section,
        dialect="npm",
        source=means.source,
        target=means.target,
        written=text,
    )


def member(path):
    return Place(member=path, root=NO_ROOT)


# --- npm --------------------------------------------------------------------------------------


def packages(**entries):
    return json.dumps({"packages": entries}).encode()


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"version": "1.0.0"}, "1.0.0"),
        ({"version": "1.0.0", "name": "a"}, "1.0.0"),
        ({"version": "1.0.0-rc.1+build.5"}, "1.0.0-rc.1+build.5"),
        ({"version": "1.0.0", "name": "another"}, None),
        ({"version": "npm:a@1.0.0"}, "1.0.0"),
        ({"version": "npm:another@1.0.0"}, None),
        ({"version": "npm:a"}, None),
        ({"version": "git+ssh://git@host.example/a.git#0123"}, None),
        ({"version": "file:../a"}, None),
        ({"version": "https://host.example/a-1.0.0.tgz"}, None),
        ({"version": ""}, None),
        ({"version": "1." + "0" * 300 + ".0"}, None),
        ({}, None),
        ({"version": 1}, None),
        ({"link": True}, None),
        ({"link": True, "resolved": "nowhere"}, None),
        ({"link": True, "resolved": False}, None),
        ([], None),
        (None, None),
    ],
)
@pytest.mark.parametrize("version", [1, 3])
def test_an_entry_of_npms_lock_file(entry, expected, version):
    if version == 3:
        raw = packages(**{"node_modules/a": entry, "node_modules/b": {"version": "2.0.0"}})
    else:
        raw = json.dumps({"dependencies": {"a": entry, "b": {"version": "2.0.0"}}}).encode()
    lock = read_package_lock(raw)
    assert lock.version(dependency("a", "^1.0.0"), HERE) == expected
    assert lock.version(dependency("b", "^2.0.0"), HERE) == "2.0.0"


def test_a_link_is_followed_once():
    entries = {
        "node_modules/a": {"link": True, "resolved": "packages/a"},
        "packages/a": {"version": "1.0.0"},
        "node_modules/b": {"link": True, "resolved": "node_modules/b"},
        "node_modules/@s/c": {"link": True, "resolved": "packages/c"},
        "packages/c": {"name": "@s/c", "version": "3.0.0"},
    }
    lock = read_package_lock(packages(**entries))
    assert lock.version(dependency("a", "*"), HERE) == "1.0.0"
    assert lock.version(dependency("b", "*"), HERE) is None
    assert lock.version(dependency("@s/c", "*"), HERE) == "3.0.0"


def test_npm_looks_upwards_from_the_member():
    entries = {
        "in": {},
        "in/side": {},
        "node_modules/a": {"version": "1.0.0"},
        "in/node_modules/a": {"version": "2.0.0"},
        "in/side/node_modules/b": {"version": "3.0.0"},
    }
    lock = read_package_lock(packages(**entries))
    assert [lock.version(dependency("a", "*"), member(m)) for m in ("", "in", "in/side")] == [
        "1.0.0",
        "2.0.0",
        "2.0.0",
    ]
    assert lock.version(dependency("b", "*"), member("in")) is None
    assert [lock.holds(member(m)) for m in ("", "in", "in/side", "inside")] == [True] * 3 + [False]


def test_a_byte_order_mark_is_passed_over():
    raw = b"\xef\xbb\xbf" + packages(**{"node_modules/a": {"version": "1.0.0"}})
    assert read_package_lock(raw).version(dependency("a", "*"), HERE) == "1.0.0"
    raw = b'\xef\xbb\xbfa@1:\n  version "1.0.0"\n'
    assert read_yarn_lock(raw).version(dependency("a", "1"), HERE) == "1.0.0"
    raw = b'\xef\xbb\xbf{"packages": {"a": ["a@1.0.0"]}}'
    assert read_bun_lock(raw).version(dependency("a", "*"), HERE) == "1.0.0"
    raw = b"\xef\xbb\xbfdependencies:\n  a: 1.0.0\n"
    assert read_pnpm_lock(raw).version(dependency("a", "*"), HERE) == "1.0.0"


# --- Yarn -------------------------------------------------------------------------------------

CLASSIC = b"""\
# yarn lockfile v1

"@s/a@^1.0.0", "@s/a@>=1 <3":
  version "1.2.3"
  dependencies:
    version "9.9.9"

a@1, "a@npm:b", b@:
  version "2.0.0"

"c@npm:d@^4.0.0":
  version "4.1.0"

e@~5.0.0:\r
  version "5.0.1"\r

"f@ ^6.0 ", "f@>=6.0.0, <7":
  version "6.1.0"

"g@npm:h@":
  version "7.0.0"
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("@s/a", "^1.0.0", "1.2.3"),
        ("@s/a", ">=1 <3", "1.2.3"),
        ("@s/a", "^1.0.1", None),
        ("a", "1", None),  # which a resolution replaces by the alias
        ("a", "npm:b", "2.0.0"),
        ("b", "", "2.0.0"),
        ("c", "npm:d@^4.0.0", "4.1.0"),
        ("c", "^4.0.0", None),
        ("d", "^4.0.0", None),
        ("e", "~5.0.0", "5.0.1"),
        ("f", " ^6.0 ", "6.1.0"),
        ("f", "^6.0", None),
        ("f", ">=6.0.0, <7", "6.1.0"),
        ("g", "npm:h@", "7.0.0"),
    ],
)
def test_yarn_1_is_asked_by_the_very_range(name, text, expected):
    assert read_yarn_lock(CLASSIC).version(dependency(name, text), HERE) == expected


def test_the_members_of_yarn_1s_workspace_are_those_that_the_package_json_declares():
    lock = read_yarn_lock(CLASSIC)
    root = Root(workspaces=("packages/*", "!packages/c", "tools"))
    folders = ("", "packages/a", "packages/c", "tools", "packages", "else/a")
    held = [each for each in folders if lock.holds(Place(member=each, root=root))]
    assert held == ["", "packages/a", "tools"]
    assert [each for each in folders if lock.holds(member(each))] == [""]


BERRY = """\
__metadata:
  version: 8
  cacheKey: 10c0

"a@npm:^1.0.0, a@npm:^1.1.0":
  version: 1.2.0
  resolution: "a@npm:1.2.0"
  dependencies:
    resolution: "wrong@npm:9.9.9"

? "b@npm:^1.0.0, b@npm:^1.0.1"
:
  version: 1.3.0
  resolution: "b@npm:1.3.0"

"c@npm:d@^4.0.0":
  version: 4.1.0
  resolution: "d@npm:4.1.0"

"e@patch:e@npm%3A1.0.0#./e.patch":
  version: 1.0.0
  resolution: "e@patch:e@npm%3A1.0.0#./e.patch::version=1.0.0&hash=abc"

"f@npm:^1.0.0, f@workspace:packages/f":
  version: 0.0.0-use.local
  resolution: "f@workspace:packages/f"

"g@npm:3.0.0":
  version: 3.0.0
  resolution: "g@npm:3.0.0"

"i@npm: ^1.0 ":
  version: 1.9.0
  resolution: "i@npm:1.9.0"

"h@npm:^2.0.0":
  version: 2.0.5
  resolution: "h@npm:2.0.5"

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a", "^1.0.0", "1.2.0"),
        ("a", "npm:^1.1.0", "1.2.0"),
        ("a", "^1.2.0", None),
        ("b", "^1.0.1", "1.3.0"),
        ("c", "npm:d@^4.0.0", "4.1.0"),
        ("c", "^4.0.0", None),
        ("e", "patch:e@npm%3A1.0.0#./e.patch", "1.0.0"),
        ("f", "^1.0.0", None),
        ("g", "*", "3.0.0"),
        ("g", "3.0.0", "3.0.0"),
        ("h", "^1.0.0", "2.0.5"),
        ("h", "~1.0.0", None),
        ("i", " ^1.0 ", "1.9.0"),
    ],
)
def test_newer_yarns_are_asked_by_their_descriptors(name, text, expected):
    root = Root(resolutions={"g": "3.0.0", "h@npm:^1.0.0": "npm:^2.0.0"})
    place = Place(member="", root=root)
    assert read_yarn_lock(BERRY.encode()).version(dependency(name, text), place) == expected


def test_newer_yarns_name_the_members_of_the_workspace():
    lock = read_yarn_lock(BERRY.encode())
    everything = Root(workspaces=("**",))
    folders = ("", ".", "packages/f", "packages/g")
    held = [each for each in folders if lock.holds(Place(member=each, root=everything))]
    assert held == ["", ".", "packages/f"]


# --- pnpm -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "locked", "expected"),
    [
        ("a", "^1.0.0", "1.2.0", "1.2.0"),
        ("a", "^1.0.0", "1.2.0(react@18.2.0)(@s/p@1.0.0(x@2.0.0))", "1.2.0"),
        ("a", "^1.0.0", "1.2.0-rc.1", "1.2.0-rc.1"),
        ("a", "^1.0.0", "1.2.0_react@18.2.0", "1.2.0"),
        ("a", "^1.0.0", "1.2.0_ab2cd3ef", "1.2.0"),
        ("al", "npm:a@^1", "a@1.2.0", "1.2.0"),
        ("al", "npm:a@^1", "a@1.2.0(react@18.2.0)", "1.2.0"),
        ("al", "npm:a@^1", "/a@1.2.0(react@18.2.0)", "1.2.0"),
        ("al", "npm:a@^1", "/a/1.2.0", "1.2.0"),
        ("al", "npm:a@^1", "/a/1.2.0_react@18.2.0", "1.2.0"),
        ("al", "npm:a@^1", "registry.example/a/1.2.0", "1.2.0"),
        ("al", "npm:a@^1", "registry.example/a@1.2.0", "1.2.0"),
        ("al", "npm:@s/a_b@^1", "/@s/a_b/1.2.0_react@18.2.0", "1.2.0"),
        ("al", "npm:@s/a_b@^1", "'@s/a_b@1.2.0(@s/c@1.0.0)'", "1.2.0"),
        ("a", "^1.0.0", "a@work:1.2.0", "1.2.0"),
        ("a", "^1.0.0", "a@work:1.2.0(react@18.2.0)", "1.2.0"),
        ("al", "npm:a@^1", "b@1.2.0", None),
        ("al", "npm:a@^1", "1.2.0", None),
        ("a", "^1.0.0", "b@1.2.0", None),
        ("a", "^1.0.0", "link:../a", None),
        ("a", "^1.0.0", "file:a-1.0.0.tgz", None),
        ("a", "^1.0.0", "file:packages/a(react@18.2.0)", None),
        ("a", "^1.0.0", "https://host.example/o/a/tar.gz/0123456", None),
        ("a", "^1.0.0", "git+https://git@host.example:o/a.git#0123", None),
        ("a", "^1.0.0", "code.example/o/a/0123456", None),
        ("a", "^1.0.0", "", None),
        ("a", "^1.0.0", "{}", None),
        ("a", "^1.0.0", "[1.0.0]", None),
    ],
)
@pytest.mark.parametrize("form", ["a: {}", "a:\n        specifier: x\n        version: {}"])
def test_what_pnpm_locks_a_dependency_to(name, text, locked, expected, form):
    entry = form.replace("a:", f"'{name}':", 1).replace("{}", locked)
    for head in (
        f"dependencies:\n      {entry}\n",
        f"importers:\n  .:\n    dependencies:\n      {entry}\n",
    ):
        lock = read_pnpm_lock(head.encode())
        assert lock.version(dependency(name, text), HERE) == expected


PNPM = """\
---
lockfileVersion: '9.0'
importers:
  .:
    packageManagerDependencies:
      pnpm: {specifier: 12.0.0, version: 12.0.0}
    dependencies:
      a: {specifier: 9.9.9, version: 9.9.9}
---
lockfileVersion: '9.0'

catalogs:
  default:
    a: {specifier: ^1.0.0, version: 1.1.0}
  'old':
    a:
      specifier: ^0.1.0
      version: 0.1.9

importers:

  .: {}

  'packages/[x]':
    # between
    optionalDependencies:

      a:
        specifier: catalog:old
        version: 0.1.9
  packages/b:
    devDependencies: {a: {specifier: 'catalog:', version: 1.1.0}}

packages:
  importers:
    packages/c:
      dependencies:
        a: 3.0.0
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_pnpm_says_it_of_every_member(newline):
    lock = read_pnpm_lock(PNPM.replace("\n", newline).encode())
    a = dependency("a", "*")
    assert lock.version(a, HERE) is None
    assert lock.version(a, member("packages/[x]")) == "0.1.9"
    assert lock.version(a, member("packages/b")) == "1.1.0"
    held = [m for m in ("", "packages/[x]", "packages/b", "packages/c") if lock.holds(member(m))]
    assert held == ["", "packages/[x]", "packages/b"]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("catalog", "1.1.0"),
        ("catalogs.default", "1.1.0"),
        ("catalogs.old", "0.1.9"),
        ("catalogs.new", None),
        ("workspaces.catalog", "1.1.0"),
        ("dependencies", None),
    ],
)
def test_pnpm_says_it_of_every_catalog(section, expected):
    assert read_pnpm_lock(PNPM.encode()).version(dependency("a", "*", section), HERE) == expected


# --- Bun --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('["a@1.0.0", "", {}, "sha512-"]', "1.0.0"),
        ('["a@1.0.0"]', "1.0.0"),
        ('["b@1.0.0"]', None),
        ('["a@workspace:packages/a"]', None),
        ('["a@github:o/a#0123456", {}, "o-a-0123456"]', None),
        ('["a@vendor/a-1.0.0.tgz", {}]', None),
        ('["a@root:", {}]', None),
        ('["a"]', None),
        ("[1]", None),
        ("[]", None),
        ("{}", None),
        ('"a@1.0.0"', None),
    ],
)
def test_an_entry_of_buns_lock_file(entry, expected):
    raw = '{"packages": {"a": ' + entry + ', "c": ["c@2.0.0"]}}'
    lock = read_bun_lock(raw.encode())
    assert lock.version(dependency("a", "*"), HERE) == expected
    assert lock.version(dependency("c", "*"), HERE) == "2.0.0"


def test_what_a_member_has_for_itself_bun_names_after_it():
    raw = b"""{"workspaces": {"": {}, "x": {"name": "@s/x"}, "y": {"name": "y"}, "z": []},
        "packages": {"a": ["a@1.0.0"], "@s/x/a": ["a@2.0.0"], "y/z/a": ["a@3.0.0"]}}"""
    lock = read_bun_lock(raw)
    a = dependency("a", "*")
    found = [lock.version(a, member(m)) for m in ("", "x", "y")]
    assert found == ["1.0.0", "2.0.0", "1.0.0"]
    assert [lock.holds(member(m)) for m in ("", "x", "y", "z", "w")] == [True] * 3 + [False] * 2


def test_so_does_it_where_another_package_has_the_members_name():
    raw = b"""{"workspaces": {"x": {"name": "b"}}, "packages": {"a": ["a@1.0.0"], "b": ["b@1.0.0"],
        "b/a": ["a@3.0.0"], "./b/a": ["a@2.0.0"]}}"""
    assert read_bun_lock(raw).version(dependency("a", "*"), member("x")) == "2.0.0"


@pytest.mark.parametrize(
    ("name", "range", "expected"),
    [
        ("a", "^1.0.0", "1.2.0"),
        ("a", "~2.0.0", "2.0.1"),
        ("a", ">=1", None),  # either of them
        ("a", "^3.0.0", None),
        ("a", "next", None),
        ("al", "npm:a@^1.0.0", "1.2.0"),
        ("b", "*", None),
    ],
)
def test_an_entry_of_buns_catalogs_has_the_one_version_that_fits(name, range, expected):
    raw = b'{"packages": {"a": ["a@1.2.0"], "x/a": ["a@2.0.1"], "y/a": ["a@2.0.1"]}}'
    entry = dependency(name, range, "workspaces.catalogs.some")
    assert read_bun_lock(raw).version(entry, HERE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2,]", [1, 2]),
        ('{"a": [1,\n  ], /* , ] */ }', {"a": [1]}),
        ("// [\n[1] // ]", [1]),
        ("[1, // two,\n]", [1]),
        ("[1, /* two */ /* three */]", [1]),
        ("[1,/**/\n//\n]", [1]),
        ('["//", "/* */", ",]", "\\",]"]', ["//", "/* */", ",]", '",]']),
        ('["a\\\\",]', ["a\\"]),
        ("[1] /* unclosed", [1]),
    ],
)
def test_what_bun_adds_to_json_is_taken_out(text, expected):
    assert json.loads(plain_json(text.encode())) == expected


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.sampled_from('ab,]}{[/*"\\\n é'), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)
GAPS = st.sampled_from(["", " ", "\n", "// x, ] }\n", '/* " , */', "\t/**/ "])


def written(value, draw):
    """*value* as Bun's parser would take it: trailing commas and comments wherever they may be."""
    gap = lambda: draw(GAPS)  # noqa: E731 - a word for a thing that is drawn again and again
    if isinstance(value, list):
        items = [gap() + written(each, draw) + gap() for each in value]
        opening, closing = "[]"
    elif isinstance(value, dict):
        items = [
            gap() + json.dumps(key) + gap() + ":" + gap() + written(each, draw) + gap()
            for key, each in value.items()
        ]
        opening, closing = "{}"
    else:
        return json.dumps(value)
    trailing = draw(st.sampled_from(["", "," + gap()])) if items else gap()
    return opening + ",".join(items) + trailing + closing


@given(st.data())
def test_plain_json_says_what_was_written(data):
    value = data.draw(JSON)
    text = written(value, data.draw)
    assert json.loads(plain_json(text.encode())) == value


@given(JSON)
@example('",]' * 5000)
def test_plain_json_leaves_json_alone(value):
    raw = json.dumps(value, ensure_ascii=False, indent=1).encode()
    assert plain_json(raw) == raw


# --- the project's own word -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"workspaces": ["a", "b/*"]}, ("a", "b/*")),
        ({"workspaces": {"packages": ["a"]}}, ("a",)),
        ({"workspaces": {"packages": "a"}}, ()),
        ({"workspaces": 1}, ()),
        ({}, ()),
    ],
)
def test_workspaces_are_a_list_or_in_an_object(said, expected):
    assert read_root(json.dumps(said).encode()).workspaces == expected


def test_resolutions_are_texts():
    said = {"resolutions": {"a": "1", "b": {"c": "1"}, "d": None}}
    assert read_root(json.dumps(said).encode()).resolutions == {"a": "1"}


def test_a_source_other_than_a_registry_is_looked_up_as_it_is_written():
    raw = b'"a@file:../a":\n  version "1.0.0"\n'
    a = dependency("a", "file:../a")
    assert a.source is Source.PATH
    assert read_yarn_lock(raw).version(a, HERE) == "1.0.0"
