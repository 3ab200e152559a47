"""``overrides``, ``resolutions`` and pnpm's: what they replace, and what is refused of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Part, Source
from registry_lsp.core.sites import site_at
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.manifests.selectors import (
    npm_selector,
    pnpm_selector,
    resolution_selector,
)
from registry_lsp.ecosystems.npm.manifests.specifier import is_valid_name

CONFLICT = "npm refuses it: the package itself depends on '{}'. Write the same here, or '${}'."
UNKNOWN = "No direct dependency gives a version of '{}'."
NO_NAME = "An override is called <package> or <package>@<range>."
NO_RANGE = "What stands behind the '@' must be a version range."


def read(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return text, PackageJson().parse(text)


def entries(manifest, *sections):
    return [
        (each.name, each.specifier, each.target)
        for each in manifest.dependencies
        if each.section in sections
    ]


def problems(text, manifest):
    return [(each.span.slice(text), each.reason) for each in manifest.problems]


# --- npm's ------------------------------------------------------------------------------------

NESTED = """{
  "dependencies": {"a": "^1.0.0"},
  "overrides": {
    "plain": "1.0.0",
    "@s/ranged@^2 || 3": "2.1.0",
    "outer@1": {
      ".": "~1.2",
      "inner": {"deep@2": "npm:@s/deep@^2.5", "a": "$a"},
      "last": " 3.x "
    },
    "tail": {"x": "1", ".": "2"},
    "any": ""
  }
}
"""


def test_npms_overrides_are_found_at_every_depth():
    _, manifest = read(NESTED)
    assert manifest.problems == ()
    assert entries(manifest, "overrides") == [
        ("plain", "1.0.0", ""),
        ("@s/ranged", "2.1.0", ""),
        ("outer", "~1.2", ""),
        ("@s/deep", "^2.5", ""),
        ("a", "", "a"),
        ("last", "3.x", ""),
        ("x", "1", ""),
        ("tail", "2", ""),
        ("any", "", ""),
    ]


def test_the_name_is_without_its_range_and_the_version_where_it_stands():
    text, manifest = read(NESTED)
    for each in manifest.dependencies:
        assert each.name_span.slice(text) == each.display_name
        assert each.written_span.slice(text) == each.written
        assert each.span.start <= each.name_span.start <= each.written_span.end <= each.span.end
        if each.source.is_looked_up:
            assert each.specifier_span.slice(text) == each.specifier
        for span, part in ((each.name_span, Part.NAME), (each.specifier_span, Part.SPECIFIER)):
            if span is not None:
                site = site_at(manifest, span.end)
                assert (site.dependency, site.part) == (each, part)


def test_a_reference_is_looked_up_by_nobody():
    _, manifest = read({"dependencies": {"a": "1"}, "overrides": {"b": "$a", "c": {"a": " $a "}}})
    found = [each for each in manifest.dependencies if each.section == "overrides"]
    assert [(each.source, each.target, each.specifier_span, each.link) for each in found] == [
        (Source.REFERENCE, "a", None, "")
    ] * 2
    assert manifest.problems == ()


# What npm 11 answers to each of these was asked of its own '@npmcli/arborist'.
@pytest.mark.parametrize(
    ("direct", "overrides", "expected"),
    [
        ({"a": "^1"}, {"a": "^1"}, []),
        ({"a": "^1"}, {"a": "$a"}, []),
        ({"a": "^1"}, {"a": "*"}, []),
        ({"a": "^1"}, {"a": ""}, []),
        ({"a": "^1"}, {"b": {"a": "2"}}, []),
        ({"a": "^1"}, {"a": {"b": "2"}}, []),
        ({"a": "^1"}, {"a@2": "2.1.0"}, []),
        ({"a": "^1.2"}, {"a@<1.2.0": "2.1.0"}, []),
        ({"a": "u/r#main"}, {"a@1": "2"}, []),
        ({"a": "u/r#semver:^2"}, {"a@1": "2"}, []),
        ({"a": "^1"}, {"a@1": "^1", "a": "2"}, []),
        ({"a": "^1"}, {"a": "2"}, [("2", CONFLICT.format("^1", "a"))]),
        ({"a": "^1"}, {"a": "1.2.3"}, [("1.2.3", CONFLICT.format("^1", "a"))]),
        ({"a": "1.0.0"}, {"a@^1": "2"}, [("2", CONFLICT.format("1.0.0", "a"))]),
        ({"a": ">=1 <3"}, {"a@2.x": "9"}, [("9", CONFLICT.format(">=1 <3", "a"))]),
        ({"a": "latest"}, {"a@2.x": "9"}, [("9", CONFLICT.format("latest", "a"))]),
        ({"a": "file:../a"}, {"a@2.x": "9"}, [("9", CONFLICT.format("file:../a", "a"))]),
        ({"a": "npm:b@1"}, {"a@1": "9"}, [("9", CONFLICT.format("npm:b@1", "a"))]),
        ({"a": "u/r#semver:^1"}, {"a@1": "9"}, [("9", CONFLICT.format("u/r#semver:^1", "a"))]),
        ({"a": "^1"}, {"a": {".": "9"}}, [("9", CONFLICT.format("^1", "a"))]),
        ({"a": "^1.1"}, {"a@^1": {"b": "2"}}, [("a@^1", CONFLICT.format("^1.1", "a"))]),
        ({"a": "^1", "b": "2"}, {"a": "$b"}, [("$b", CONFLICT.format("^1", "a"))]),
        ({"a": "^1"}, {"a": "$b"}, [("$b", UNKNOWN.format("b"))]),
        ({"a": "^1"}, {"b": {"c": "$b"}}, [("$b", UNKNOWN.format("b"))]),
        ({"a": ""}, {"b": "$a"}, [("$a", UNKNOWN.format("a"))]),
        ({"a": ""}, {"a@2": "2.0.0"}, [("2.0.0", CONFLICT.format("", "a"))]),
        ({"a": ""}, {"a@*": "2.0.0"}, [("2.0.0", CONFLICT.format("", "a"))]),
        ({"a": ""}, {"a@2": "*"}, []),
        ({}, {"a/b": "1"}, [("a/b", NO_NAME)]),
        ({}, {"a b@1": {"c": "1"}}, [("a b@1", NO_NAME)]),
        ({}, {"a@latest": "1"}, [("a@latest", NO_RANGE)]),
        ({}, {"a@x:y": {"b": "1"}}, [("a@x:y", NO_RANGE)]),
        ({}, {"a": None}, [("null", "An override must be a version, or an object of overrides.")]),
        ({}, {"a": {".": 5}}, [("5", "A version must be a string.")]),
        ({}, {"a": {".": {}}}, [("{}", "A version must be a string.")]),
        ({}, {".": "1"}, []),
        ({}, {"a": {}}, []),
        ({}, {}, []),
    ],
)
def test_what_npm_would_refuse_of_its_overrides_is_a_problem(direct, overrides, expected):
    text, manifest = read({"dependencies": direct, "overrides": overrides})
    assert problems(text, manifest) == expected


def test_of_several_sections_the_one_that_npm_takes_gives_the_version():
    sections = {"peerDependencies": {"a": "1"}, "dependencies": {"a": "2"}}
    text, manifest = read({**sections, "devDependencies": {"a": "3"}, "overrides": {"a": "3"}})
    assert problems(text, manifest) == []
    text, manifest = read({**sections, "overrides": {"a": "1"}})
    assert problems(text, manifest) == [("1", CONFLICT.format("2", "a"))]


def test_of_duplicate_keys_the_last_one_gives_the_version():
    text, manifest = read('{"dependencies": {"a": "1", "a": "2"}, "overrides": {"a": "2"}}')
    assert problems(text, manifest) == []
    text, manifest = read('{"dependencies": {"a": "1", "a": "2"}, "overrides": {"a": "1"}}')
    assert problems(text, manifest) == [("1", CONFLICT.format("2", "a"))]


@pytest.mark.parametrize(
    "manager",
    [
        {"packageManager": "pnpm@9.1.0"},
        {"packageManager": "bun@1.2.0"},
        {"devEngines": {"packageManager": {"name": "yarn"}}},
    ],
)
def test_what_only_npm_refuses_is_no_problem_of_another_package_managers(manager):
    text, manifest = read({**manager, "dependencies": {"a": "1"}, "overrides": {"a": "2"}})
    assert problems(text, manifest) == []
    assert entries(manifest, "overrides") == [("a", "2", "")]


@pytest.mark.parametrize("value", ["", "$"])
def test_a_value_that_is_still_being_typed_is_no_problem(value):
    _, manifest = read({"dependencies": {"a": "^1"}, "overrides": {"a": value, "b": value}})
    assert manifest.problems == ()


def test_of_duplicate_overrides_the_last_one_counts():
    text, manifest = read('{"dependencies": {"a": "1"}, "overrides": {"a": "2", "a": "1"}}')
    assert problems(text, manifest) == []
    text, manifest = read('{"dependencies": {"a": "1"}, "overrides": {"a": "1", "a": "2"}}')
    assert problems(text, manifest) == [("2", CONFLICT.format("1", "a"))]


@pytest.mark.parametrize("own", ["u/r" + "#" * 500_000, "u/r#" + ":" * 500_000, "1||" * 600 + "2"])
@pytest.mark.parametrize("key", ["a@2", "a@" + "3.1||" * 300 + "4"])
def test_hostile_conflicts_are_judged_in_time(own, key):
    _, manifest = read({"dependencies": {"a": own}, "overrides": {key: "9"} | {"b": "1"}})
    assert [each.specifier for each in manifest.dependencies][-2:] == ["9", "1"]


def test_overrides_may_nest_without_end():
    depth = 5000
    manifest = PackageJson().parse('{"overrides": ' + '{"a": ' * depth + '"1"' + "}" * depth)
    assert manifest.problems == ()


# --- pnpm's and Yarn's ------------------------------------------------------------------------


@pytest.mark.parametrize("select", [pnpm_selector, resolution_selector])
@pytest.mark.parametrize(
    ("key", "name", "range", "is_nested"),
    [
        ("foo", "foo", "", False),
        ("@s/foo", "@s/foo", "", False),
        ("foo@^2", "foo", "^2", False),
        ("@s/foo@>=1 <2", "@s/foo", ">=1 <2", False),
        ("foo@2 || >3", "foo", "2 || >3", False),
        ("bar>foo", "foo", "", True),
        ("@t/bar>@s/foo", "@s/foo", "", True),
        ("bar@1>foo@<2", "foo", "<2", True),
    ],
)
def test_the_keys_of_pnpms_overrides(select, key, name, range, is_nested):
    found = select(key)
    assert (found.name, found.range, found.is_nested) == (name, range, is_nested)
    assert key[found.offset :].startswith(name)


@pytest.mark.parametrize(
    ("key", "name", "range", "is_nested"),
    [
        ("**/foo", "foo", "", False),
        ("**/@s/foo", "@s/foo", "", False),
        ("bar/foo", "foo", "", True),
        ("bar/**/foo", "foo", "", True),
        ("@t/bar/@s/foo", "@s/foo", "", True),
        ("foo@npm:^1.0.0", "foo", "npm:^1.0.0", False),
        ("foo@npm:>=1", "foo", "npm:>=1", False),
        ("bar@npm:1.0.0/foo@npm:^1", "foo", "npm:^1", True),
        ("a/b/c", "c", "", True),
    ],
)
def test_the_keys_of_yarns_resolutions(key, name, range, is_nested):
    found = resolution_selector(key)
    assert (found.name, found.range, found.is_nested) == (name, range, is_nested)
    assert key[found.offset :].startswith(name)


@pytest.mark.parametrize("select", [npm_selector, pnpm_selector, resolution_selector])
@pytest.mark.parametrize(
    "key", ["", "@", "@s", "a b", ".a", "a>", ">a", "a//", "/", "**/", "a>b c"]
)
def test_keys_that_name_no_package(select, key):
    assert select(key) is None


@given(st.text(alphabet="ab@/>*|^ .:1", max_size=30))
def test_what_a_key_selects_is_a_package_and_stands_there(key):
    for select in (npm_selector, pnpm_selector, resolution_selector):
        found = select(key)
        if found is not None:
            assert is_valid_name(found.name)
            assert key[found.offset : found.offset + len(found.name)] == found.name


@pytest.mark.parametrize("piece", ["a", "a/", "@a/", "a@", "a>", "*", "@", "/", ">", " "])
def test_a_key_of_any_length_is_read_to_an_end(piece):
    key = piece * (1_000_000 // len(piece))
    assert not npm_selector(key)
    assert not pnpm_selector(key)
    assert not resolution_selector(key)


FLAT = r"""{
  "dependencies": {"own": "^1.0.0"},
  "resolutions": {
    "p\u0061rent/@s/ch\u0069ld@npm:^1": "npm:2.0.0",
    "patched": "patch:patched@npm%3A1.0.0#~/.yarn/patches/patched.patch",
    "**/far": "1.x"
  },
  "pnpm": {
    "overrides": {
      "parent@1>child": "npm:other@^3",
      "own@<1": "$own",
      "gone": "-",
      "parent>gone": "-",
      "shared": "catalog:"
    }
  }
}
"""


def test_flat_overrides_are_found_with_their_names():
    text, manifest = read(FLAT)
    assert manifest.problems == ()
    assert entries(manifest, "resolutions", "pnpm.overrides") == [
        ("@s/child", "2.0.0", ""),
        ("patched", "", "patch:patched@npm%3A1.0.0#~/.yarn/patches/patched.patch"),
        ("far", "1.x", ""),
        ("other", "^3", ""),
        ("own", "", "own"),
        ("shared", "", "default"),
    ]
    assert [each.name_span.slice(text) for each in manifest.dependencies] == [
        *("own", r"@s/ch\u0069ld", "patched", "far", "child", "own", "shared")
    ]
    patched = manifest.dependencies[2]
    assert (patched.source, patched.link) == (Source.PATH, ".yarn/patches/patched.patch")


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        (
            {"pnpm": {"overrides": {"a>": "1"}}},
            [("a>", "The name of a package must stand at its end.")],
        ),
        ({"pnpm": {"overrides": {"a": "$b"}}}, [("$b", UNKNOWN.format("b"))]),
        ({"pnpm": {"overrides": {"a": 1}}}, [("1", "A version must be a string.")]),
        ({"resolutions": {"a": {}}}, [("{}", "A version must be a string.")]),
        ({"resolutions": {"a/": "1"}}, [("a/", "The name of a package must stand at its end.")]),
        (
            {"resolutions": ["a"]},
            [('[\n  "a"\n ]', "'resolutions' must be an object of names and versions.")],
        ),
        (
            {"pnpm": {"overrides": "a"}},
            [('"a"', "'pnpm.overrides' must be an object of names and versions.")],
        ),
        ({"overrides": "a"}, [('"a"', "'overrides' must be an object of names and versions.")]),
        ({"overrides": None, "resolutions": None, "pnpm": None}, []),
        ({"pnpm": {"overrides": None}}, []),
        ({"pnpm": []}, []),
    ],
)
def test_what_is_refused_of_flat_overrides_is_a_problem(package, expected):
    text, manifest = read(package)
    assert problems(text, manifest) == expected


def test_a_name_that_comes_from_elsewhere_is_told_to_no_registry():
    _, manifest = read(
        {
            "dependencies": {"a": "^1.0.0", "b": "1", "c": "1", "d": "1", "e": "file:e"},
            "peerDependencies": {"d2": "1"},
            "devDependencies": {"f": "^1"},
            "resolutions": {"a": "portal:../a", "b": "patch:b@npm%3A1#./b.patch", "e": "link:e"},
            "pnpm": {
                "overrides": {
                    "f": "workspace:*",
                    "x>c": "file:c",
                    "d@1": "file:d",
                    "d2@2": "file:d",
                }
            },
        }
    )
    found = {
        each.display_name: (each.source, each.target, each.specifier)
        for each in manifest.dependencies
        if each.section.endswith("ependencies")
    }
    assert found == {
        "a": (Source.REFERENCE, "resolutions", "^1.0.0"),
        "b": (Source.REGISTRY, "", "1"),
        "c": (Source.REGISTRY, "", "1"),
        "d": (Source.REFERENCE, "pnpm.overrides", "1"),
        "d2": (Source.REGISTRY, "", "1"),
        "e": (Source.REFERENCE, "resolutions", ""),
        "f": (Source.REFERENCE, "pnpm.overrides", "^1"),
    }


def source_of(wanted, **said):
    """Where the dependency a comes from that is asked for as *wanted*."""
    _, manifest = read({**said, "dependencies": {"a": wanted}})
    (found,) = (each for each in manifest.dependencies if each.section == "dependencies")
    return found.source, found.target


# What Yarn 4, pnpm 10 and Bun install for each of these was asked of them.
@pytest.mark.parametrize(
    ("key", "wanted", "is_replaced"),
    [
        ("a@npm:^1.0.0", "^1.0.0", True),
        ("a@npm:^1.0.0", "npm:^1.0.0", True),
        ("a@npm:^1.0.0", "^1.1.0", False),
        ("a@^1.0.0", "^1.1.0", True),
        ("a@2", "^1.1.0", False),
        ("a@1", "catalog:", False),
        ("a", "catalog:", True),
        ("b/a", "^1.0.0", False),
    ],
)
def test_a_selector_with_a_range_replaces_what_it_means(key, wanted, is_replaced):
    expected = Source.CATALOG if wanted == "catalog:" else Source.REGISTRY
    found, _ = source_of(wanted, resolutions={key: "portal:./a"})
    assert found is (Source.REFERENCE if is_replaced else expected)


@pytest.mark.parametrize(
    ("manager", "overrides", "is_replaced"),
    [
        ("bun@1.2.0", {"a": "file:./a"}, True),
        ("bun@1.2.0", {"a": {".": "file:./a", "c": "1"}}, True),
        ("bun@1.2.0", {"a": "2.0.0"}, False),
        ("bun@1.2.0", {"b": {"a": "file:./a"}}, False),
        ("npm@11.0.0", {"a@1": "file:./a"}, True),
        ("npm@11.0.0", {"a@2": "file:./a"}, False),
        ("yarn@4.1.0", {"a": "file:./a"}, False),  # these two do not read it
        ("pnpm@9.1.0", {"a": "file:./a"}, False),
    ],
)
def test_npms_overrides_replace_for_npm_and_bun(manager, overrides, is_replaced):
    expected = (Source.REFERENCE, "overrides") if is_replaced else (Source.REGISTRY, "")
    assert source_of("^1.0.0", packageManager=manager, overrides=overrides) == expected


def test_a_reference_replaces_with_what_it_stands_for():
    said = {"devDependencies": {"b": "link:./b"}, "pnpm": {"overrides": {"a": "$b"}}}
    assert source_of("^1.0.0", **said) == (Source.REFERENCE, "pnpm.overrides")


def test_an_alias_of_what_is_replaced_is_told_to_no_registry():
    text = {"dependencies": {"x": "npm:a@1"}, "resolutions": {"a": "portal:./a"}}
    _, manifest = read(text)
    assert manifest.dependencies[0].source is Source.REFERENCE


def test_very_many_overrides_of_one_name_are_read_in_time():
    keys = ", ".join(f'"a@{at + 10}": "file:a"' for at in range(20_000))
    entries = ", ".join(f'"a": "9.{at}"' for at in range(20_000))
    text = f'{{"dependencies": {{{entries}}}, "pnpm": {{"overrides": {{{keys}}}}}}}'
    manifest = PackageJson().parse(text)
    assert {each.source for each in manifest.dependencies[:20_000]} == {Source.REGISTRY}
