"""The sections of ``package.json`` beside the dependencies: catalogs, workspaces, engines ..."""

import json

import pytest

from registry_lsp.core.manifests import Role, Source
from registry_lsp.ecosystems.npm.manifests.direct_sections import DIRECT_SECTIONS
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson


def read(value):
    text = json.dumps(value, indent=1)
    return text, PackageJson().parse(text)


def problems(value):
    text, manifest = read(value)
    return [(each.span.slice(text), each.reason) for each in manifest.problems]


def entries(manifest):
    return [(each.section, each.name, each.specifier) for each in manifest.dependencies]


# --- names in several sections ---------------------------------------------------------------


@pytest.mark.parametrize("elsewhere", ["link:../x", "file:../x", "workspace:*", "u/r", "jsr:@a/b"])
def test_a_peer_that_is_developed_against_a_copy_is_no_registrys(elsewhere):
    sections = {"peerDependencies": {"x": "^1", "y": "2"}, "devDependencies": {"x": elsewhere}}
    _, manifest = read(sections)
    x, y, own = manifest.dependencies
    assert (x.source, x.target) == (Source.REFERENCE, "devDependencies")
    assert y.source is Source.REGISTRY
    assert own.written == elsewhere


@pytest.mark.parametrize("own", ["^1.1.0", "npm:x@1", "npm:^1", "catalog:"])
def test_one_that_a_registry_has_is_asked_for(own):
    _, manifest = read({"dependencies": {"x": own}, "peerDependencies": {"x": "^1"}})
    assert manifest.dependencies[1].source is Source.REGISTRY


# --- bundled packages -------------------------------------------------------------------------


@pytest.mark.parametrize("section", ["bundleDependencies", "bundledDependencies"])
def test_a_bundled_package_refers_to_where_its_version_stands(section):
    text, manifest = read(
        {
            "dependencies": {"a": "1", "b": "1"},
            "optionalDependencies": {"b": "1"},
            section: ["a", "b", "nowhere", 5, ["a"]],
        }
    )
    found = [each for each in manifest.dependencies if each.section == section]
    assert [(each.name, each.source, each.target) for each in found] == [
        ("a", Source.REFERENCE, "dependencies"),
        ("b", Source.REFERENCE, "optionalDependencies"),
    ]
    assert [each.name_span.slice(text) for each in found] == ["a", "b"]
    assert [each.span.slice(text) for each in found] == ['"a"', '"b"']
    assert {each.specifier_span for each in found} == {None}
    assert manifest.problems == ()


@pytest.mark.parametrize("value", [True, False, None, {"a": "1"}, "a", 5])
def test_npm_takes_or_passes_over_bundles_of_any_kind(value):
    _, manifest = read({"dependencies": {"a": "1"}, "bundleDependencies": value})
    assert [each.section for each in manifest.dependencies] == ["dependencies"]
    assert manifest.problems == ()


# --- catalogs and workspaces ------------------------------------------------------------------


def test_catalogs_are_sections_of_dependencies():
    _, manifest = read(
        {
            "workspaces": {
                "packages": ["packages/*"],
                "catalog": {"a": "^1", "b": "npm:c@2"},
                "catalogs": {"old": {"a": "~0.9"}, "odd": 5},
            },
        }
    )
    assert entries(manifest) == [
        ("workspaces.catalog", "a", "^1"),
        ("workspaces.catalog", "c", "2"),
        ("workspaces.catalogs.old", "a", "~0.9"),
    ]
    assert manifest.problems == ()


@pytest.mark.parametrize("key", ["workspaces", "name"])
def test_bun_refuses_what_its_default_catalog_has_twice(key):
    catalogs = {"catalog": {"a": "1", "b": "1"}, "catalogs": {"default": {"b": "1", "c": "1"}}}
    said = {"workspaces": catalogs} if key == "workspaces" else {"workspaces": [], **catalogs}
    text, manifest = read(said)
    (found,) = manifest.problems
    assert found.reason == "Bun refuses it: 'catalog' has 'b' already."
    assert text[: found.span.start].endswith('"default": {\n' + " " * (3 + (key != "name")) + '"')
    assert found.by == "bun"


# What Bun 1.4 says of each of these: where 'workspaces' has catalogs, the others do not count.
@pytest.mark.parametrize(
    ("workspaces", "is_read"),
    [
        (["packages/*"], True),
        ({"packages": ["packages/*"]}, True),
        ({"packages": ["packages/*"], "catalog": {}}, False),
        ({"packages": ["packages/*"], "catalogs": {}}, False),
        (None, True),
    ],
)
def test_catalogs_may_stand_at_the_top(workspaces, is_read):
    catalogs = {"catalog": {"d": "1.x"}, "catalogs": {"new": {"a": "2"}}}
    _, manifest = read({"workspaces": workspaces, **catalogs})
    expected = [("catalog", "d", "1.x"), ("catalogs.new", "a", "2")] if is_read else []
    assert entries(manifest) == expected


def test_a_catalog_without_workspaces_is_something_else():
    assert problems({"catalog": {"a catalog": 5}, "catalogs": {"x": {"y z": "?"}}}) == []


@pytest.mark.parametrize("pick", [lambda items: items, lambda items: {"packages": items}])
def test_members_that_are_named_one_by_one_are_links(pick):
    items = ["packages/a", "./b/", "packages/*", "!c", "{d,e}", "../out", "f\\g", ""]
    text, manifest = read({"workspaces": pick(items)})
    assert [(link.span.slice(text), link.target, link.role) for link in manifest.links] == [
        ("packages/a", "packages/a/package.json", Role.PAGE),
        ("./b/", "./b/package.json", Role.PAGE),
        ("../out", "../out/package.json", Role.PAGE),
        (r"f\\g", "f/g/package.json", Role.PAGE),
    ]
    assert manifest.problems == ()


NO_LIST = "'workspaces' must be a list of paths, or an object with such a list as 'packages'."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x", [('"x"', NO_LIST)]),
        (5, [("5", NO_LIST)]),
        ({"packages": "x"}, [('"x"', NO_LIST)]),
        ([5], [("5", "A workspace must be the path of one, a string.")]),
        ({"catalog": {}}, []),
        ({}, []),
        ([], []),
    ],
)
def test_workspaces_that_are_no_list_are_a_problem(value, expected):
    assert problems({"workspaces": value}) == expected


NO_PACKAGES = "npm refuses 'workspaces' without a list of paths, here as 'packages'."


@pytest.mark.parametrize(
    ("manager", "value", "is_refused"),
    [
        ("npm@11.0.0", {}, True),
        ("npm@11.0.0", {"catalog": {}}, True),
        ("npm@11.0.0", {"packages": []}, False),
        ("npm@11.0.0", [], False),
        ("pnpm@9.1.0", {}, False),
        ("yarn@1.22.22", {"nohoist": []}, False),
        ("bun@1.2.0", {"catalog": {}}, False),
    ],
)
def test_only_npm_wants_a_list_of_workspaces(manager, value, is_refused):
    found = problems({"packageManager": manager, "workspaces": value})
    assert [reason for _, reason in found] == ([NO_PACKAGES] if is_refused else [])


# --- what pnpm gives to other packages --------------------------------------------------------


def test_extensions_are_dependencies_too():
    _, manifest = read(
        {
            "pnpm": {
                "packageExtensions": {
                    "parent@1": {
                        "dependencies": {"a": "^1"},
                        "optionalDependencies": {"b": "^2"},
                        "peerDependencies": {"c": "*", "d": "*"},
                        "peerDependenciesMeta": {"c": {"optional": True}},
                        "devDependencies": {"x": "1"},
                    },
                    "other": None,
                    "odd": {"dependencies": 5},
                }
            }
        }
    )
    assert entries(manifest) == [
        ("pnpm.packageExtensions", "a", "^1"),
        ("pnpm.packageExtensions", "b", "^2"),
        ("pnpm.packageExtensions", "c", "*"),
        ("pnpm.packageExtensions", "d", "*"),
    ]
    assert [each.name for each in manifest.dependencies if each.optional] == ["b", "c"]


# --- engines and sections of the wrong kind ---------------------------------------------------


@pytest.mark.parametrize("range", [">=18", "^20 || >=22", "v18", "*", "", "18.x", ">= 0.8.0 <9"])
def test_ranges_of_the_engine_that_npm_reads(range):
    assert problems({"engines": {"node": range, "npm": "please-use-pnpm"}}) == []


@pytest.mark.parametrize(
    ("node", "where", "reason"),
    [
        ("lts/*", "lts/*", "'lts/*' is no version range: no Node.js will do."),
        ("01.0.0", "01.0.0", "'01.0.0' is no version range: no Node.js will do."),
        (18, "18", "A version range must be a string."),
    ],
)
def test_a_range_of_the_engine_that_npm_cannot_read_is_a_problem(node, where, reason):
    assert problems({"engines": {"node": node}}) == [(where, reason)]


@pytest.mark.parametrize("engines", [None, [], "node", {"node": None}, {"vscode": "?"}])
def test_engines_that_say_nothing_are_no_problem(engines):
    assert problems({"engines": engines}) == []


@pytest.mark.parametrize("section", DIRECT_SECTIONS)
def test_a_section_may_be_null_or_an_empty_list_but_nothing_else(section):
    assert problems({section: None}) == []
    assert problems({section: []}) == []
    assert problems({section: [], "packageManager": "bun@1.2.0"}) == []
    reason = f"'{section}' must be an object of names and versions."
    assert problems({section: "a"}) == [('"a"', reason)]
    assert problems({section: 5}) == [("5", reason)]


@pytest.mark.parametrize(
    "said", [{"overrides": []}, {"resolutions": []}, {"pnpm": {"overrides": []}}]
)
def test_overrides_may_be_an_empty_list_too(said):
    assert problems(said) == []


def test_but_not_those_that_bun_reads():
    said = {"packageManager": "bun@1.2.0", "overrides": []}
    assert problems(said) == [("[]", "'overrides' must be an object of names and versions.")]
