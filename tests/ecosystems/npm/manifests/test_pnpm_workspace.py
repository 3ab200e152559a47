"""``pnpm-workspace.yaml`` and ``.yarnrc.yml``: what is read from them, and what is refused."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from registry_lsp.core.edits import rewrite
from registry_lsp.core.manifests import Role, Source
from registry_lsp.ecosystems.npm.manifests.package_manager import EXACT_DIALECT
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PnpmWorkspace
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YarnSettings
from support.yaml_texts import PNPM_WORKSPACE

PNPM = PnpmWorkspace()
YARN = YarnSettings()


def said(manifest):
    return [
        (each.section, each.display_name, each.source.value, each.name, each.specifier)
        for each in manifest.dependencies
    ]


def refused(text):
    """What pnpm would refuse of *text*: the text under each problem, and the reason."""
    return [(each.span.slice(text), each.reason) for each in PNPM.parse(text).problems]


@pytest.mark.parametrize(("format", "name"), [(PNPM, "pnpm-workspace.yaml"), (YARN, ".yarnrc.yml")])
def test_only_files_of_exactly_this_name_are_taken(format, name):
    assert format.matches(PurePath("a", name))
    for other in (f"my{name}", f"{name}x", name.replace(".y", ".json.y"), f"{name}/b"):
        assert not format.matches(PurePath("a", other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("nodeLinker: catalog\n", False),
        ("a:\n  catalog: b\n", False),
        ("catalog:\n", True),
        ("a: b\ncatalogs: {}\n", True),
        ("'packageExtensions':\r\n", True),
    ],
)
def test_settings_of_yarn_are_a_manifest_where_they_have_dependencies(text, expected):
    assert YARN.holds(text) is expected
    assert PNPM.holds(text)


@pytest.mark.parametrize("format", [PNPM, YARN])
def test_both_are_utf_8_with_or_without_a_mark(format):
    assert format.decode("\ufeffcatalog: {é: '1'}".encode()) == "catalog: {é: '1'}"
    with pytest.raises(UnicodeDecodeError):
        format.decode(b"\xff")


def test_all_that_is_installed_is_read():
    assert said(PNPM.parse(PNPM_WORKSPACE)) == [
        ("catalog", "react", "registry", "react", "^18.2.0"),
        ("catalog", "@types/node", "registry", "@types/node", ">=18 <21"),
        ("catalog", "@scope/tool", "alias", "@scope/real", "^1.0.0"),
        ("catalog", "lodash", "registry", "lodash", "~4.17.21"),
        ("catalog", "it's", "registry", "it's", "1.x"),
        ("catalogs.react17", "react", "registry", "react", "^17.0.2"),
        ("catalogs.react17", "react-dom", "registry", "react-dom", "^17.0.2"),
        ("catalogs.flow", "vue", "registry", "vue", "^3.4.0"),
        ("catalogs.flow", "@vue/x", "registry", "@vue/x", "*"),
        ("overrides", "bar", "catalog", "bar", ""),
        ("overrides", "left-pad", "registry", "left-pad", "1.0.0"),
    ]


def test_spans_slice_to_what_they_stand_for():
    for each in PNPM.parse(PNPM_WORKSPACE).dependencies:
        assert each.name_span.slice(PNPM_WORKSPACE) == each.display_name
        written = each.written_span.slice(PNPM_WORKSPACE)
        assert written.replace("\\x31", "1") == each.written
        if each.source.is_looked_up:
            shown = each.specifier_span.slice(PNPM_WORKSPACE)
            assert shown.replace("\\x31", "1") == each.specifier


@pytest.mark.parametrize(
    ("key", "value", "name", "source", "target"),
    [
        ("foo", "^1.0.0", "foo", Source.REGISTRY, ""),
        ("foo@<2", "^2.0.0", "foo", Source.REGISTRY, ""),
        ("'@s/foo@^1'", "^2.0.0", "@s/foo", Source.REGISTRY, ""),
        ("bar@1>foo", "^2.0.0", "foo", Source.REGISTRY, ""),
        ("foo", "npm:real@^1", "foo", Source.ALIAS, ""),
        ("foo", "'catalog:'", "foo", Source.CATALOG, "default"),
        ("foo", "catalog:old", "foo", Source.CATALOG, "old"),
        ("foo", "$bar", "foo", Source.REFERENCE, "bar"),
        ("foo", "link:./foo", "foo", Source.PATH, "link:./foo"),
        ("foo", "workspace:*", "foo", Source.WORKSPACE, "*"),
    ],
)
def test_overrides_are_pnpms(key, value, name, source, target):
    (found,) = PNPM.parse(f"overrides:\n  {key}: {value}\n").dependencies
    assert (found.display_name, found.source, found.target) == (name, source, target)
    assert found.section == "overrides"


def test_an_override_may_remove():
    assert PNPM.parse("overrides:\n  foo: '-'\n") == PNPM.parse("")


def test_package_extensions_are_dependencies_of_others():
    text = (
        "packageExtensions:\n  react-redux@1:\n    dependencies: {a: ^1.0.0}\n"
        "    peerDependencies:\n      b: '*'\n      c: ^2\n"
        "    peerDependenciesMeta:\n      b: {optional: true}\n"
        "    optionalDependencies:\n      d: ^3\n    other: {e: ^4}\n  broken: x\n"
    )
    found = PNPM.parse(text).dependencies
    assert [(each.display_name, each.optional) for each in found] == [
        ("a", False),
        ("b", True),
        ("c", False),
        ("d", True),
    ]
    assert {each.section for each in found} == {"packageExtensions"}


def test_configuration_is_a_package_of_one_version():
    text = "configDependencies:\n  '@a/b': 1.2.3+sha512-xyz==\n  c: 2.0.0\n  d: {integrity: x}\n"
    first, second = PNPM.parse(text).dependencies
    assert (first.name, first.specifier, first.dialect) == ("@a/b", "1.2.3", EXACT_DIALECT)
    assert [each.slice(text) for each in first.hashes] == ["+sha512-xyz=="]
    assert rewrite(first, "1.3.0").stale == first.hashes
    assert (second.name, second.specifier, second.hashes) == ("c", "2.0.0", ())


def test_members_named_without_a_pattern_are_links():
    links = PNPM.parse("packages:\n  - packages/*\n  - 'tools/build'\n  - .\n").links
    assert ("tools/build/package.json", Role.PAGE) in [(each.target, each.role) for each in links]
    assert len(links) == 2


# --- what pnpm refuses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("catalog: [a]", "[a]", "'catalog' must be an object of names and versions."),
        ("catalog: 1", "1", "'catalog' must be an object of names and versions."),
        ("catalogs: a", "a", "'catalogs' must be an object of names and versions."),
        ("catalogs: {a: b}", "b", "'catalogs.a' must be an object of names and versions."),
        ("overrides: [a]", "[a]", "'overrides' must be an object of names and versions."),
        ("packages: a", "a", "'packages' must be a list of paths."),
        ("packages: [1]", "1", "A workspace must be the path of one, a string."),
        ("catalog: {a: 1.0}", "1.0", "A version must be a string."),
        ("catalog: {a: [b]}", "[b]", "A version must be a string."),
        ("catalog: {'a b': ^1}", "a b", "npm accepts no package of this name."),
        ("catalog: {a: 'file:x'}", "file:x", "pnpm takes no 'file:' from a catalog."),
        ("catalog: {a: 'link:x'}", "link:x", "pnpm takes no 'link:' from a catalog."),
        (
            "catalog: {a: 'catalog:b'}",
            "catalog:b",
            "An entry of a catalog cannot ask for a catalog itself.",
        ),
        (
            "catalog: {a: ^1}\ncatalogs: {default: {b: ^1}}",
            "default",
            "'catalog' is the default catalog already, and only one may be.",
        ),
        ("catalog: {a: ^1, a: ^2}", "a", "'a' is there twice: pnpm refuses that."),
        (
            "catalog:\n  a: ^1\ncatalog:\n  b: ^2",
            "catalog",
            "'catalog' is there twice: pnpm refuses that.",
        ),
    ],
)
def test_what_pnpm_refuses_is_told(text, at, reason):
    assert refused(text) == [(at, reason)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "catalog:",
        "catalog: ~",
        "catalog:\n  lef",
        "catalog:\n  left-pad:",
        "catalogs:\n  a:",
        "overrides:",
        "packages:",
        "- a",
        "text",
        "1",
    ],
)
def test_what_is_still_being_typed_is_left_alone(text):
    assert PNPM.parse(text) == PNPM.parse("")


@pytest.mark.parametrize("typed", ["1", "1.", "1.2", ""])
def test_a_version_has_its_place_as_soon_as_it_begins(typed):
    text = f"catalog:\n  left-pad: {typed}\n  react: ^1\n"
    begun, _ = PNPM.parse(text).dependencies
    assert (begun.display_name, begun.specifier) == ("left-pad", typed)
    edit = rewrite(begun, "^1.2.3")
    written = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert written == "catalog:\n  left-pad: ^1.2.3\n  react: ^1\n"


@pytest.mark.parametrize("typed", ["", " # later", " true", " ~", "\n    react: 1"])
def test_where_no_version_can_begin_there_is_no_dependency(typed):
    assert not PNPM.parse(f"catalog:\n  left-pad:{typed}\n").dependencies


def test_a_default_catalog_that_is_still_empty_is_no_second_one():
    assert refused("catalogs:\n  default:\ncatalog: {a: ^1}") == []


def test_why_it_is_no_yaml_is_told():
    fault = PNPM.fault("catalog:\n  @scope/a: ^1\n")
    assert fault.reason == "It is not valid YAML: No value begins with '@': it needs quotes."
    assert fault.span.start == len("catalog:\n  ")
    assert YARN.fault("a: 'b") is not None
    assert PNPM.fault(PNPM_WORKSPACE) is YARN.fault("a: b") is None


# --- places for a version ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    ["*v", "|\n    ^1.0.0", ">-\n    ^1.0.0", "^1.0.0\n    || ^2.0.0", '"^1.0.0\n    || ^2"'],
)
def test_what_stands_in_no_one_place_is_not_rewritten(value):
    text = f"x: &v ^1.0.0\ncatalog:\n  a: {value}\n"
    (found,) = PNPM.parse(text).dependencies
    assert found.specifier.startswith("^1.0.0")
    assert rewrite(found, "^2.0.0") is None
    assert found.span.end <= len(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("^1.0.0 # why", "^2.0.0 # why"),
        ("'^1.0.0'", "'^2.0.0'"),
        ('"^1.\\x30.0"', '"^2.0.0"'),
        ("npm:b@^1.0.0", "npm:b@^2.0.0"),
        ("'npm:b@^1.0.0'", "'npm:b@^2.0.0'"),
        ('"npm:\\x62@^1.0.0"', '"npm:\\x62@^2.0.0"'),
        ('"*"', '"^2.0.0"'),
    ],
)
def test_elsewhere_only_the_version_is(value, expected):
    text = f"catalog:\n  a: {value}\nother: b\n"
    (found,) = PNPM.parse(text).dependencies
    edit = rewrite(found, "^2.0.0")
    after = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert after == f"catalog:\n  a: {expected}\nother: b\n"


@pytest.mark.parametrize("text", ["packages:\n\t- a\n", "packages: [a]\n---\ncatalog: {}\n"])
def test_tabs_and_second_documents_are_faults_to_pnpm(text):
    assert PNPM.fault(text) is not None
    assert (YARN.fault(text) is None) == ("---" in text)


# --- Yarn ----------------------------------------------------------------------------------------


def test_yarn_takes_numbers_for_versions():
    text = "catalog:\n  a: 1.0\n  b: npm:^1.2\ncatalogs:\n  old:\n    a: 2\n"
    found = YARN.parse(text)
    assert said(found) == [
        ("catalog", "a", "registry", "a", "1.0"),
        ("catalog", "b", "registry", "b", "^1.2"),
        ("catalogs.old", "a", "registry", "a", "2"),
    ]
    assert found.problems == ()
    for each in found.dependencies:
        assert each.specifier_span.slice(text) == each.specifier


def test_yarn_may_share_what_pnpm_may_not():
    text = "catalog:\n  a: 'file:../a'\n  a: ^2\n"
    text += "packageExtensions:\n  x@*:\n    dependencies:\n      y: ^1\n"
    found = YARN.parse(text)
    assert [each.display_name for each in found.dependencies] == ["a", "a", "y"]
    assert found.problems == ()


def test_settings_of_yarn_that_are_no_catalogs_are_none():
    text = "npmScopes:\n  catalog:\n    a: b\nnodeLinker: catalog\n"
    assert YARN.parse(text) == YARN.parse("")
