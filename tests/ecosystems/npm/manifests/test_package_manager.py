"""``packageManager`` and ``devEngines.packageManager``, as Corepack and npm read them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.edits import rewrite
from registry_lsp.core.manifests import Source
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.manifests.package_manager import EXACT_DIALECT, ExactScheme

SCHEME = ExactScheme()


def read(value):
    text = json.dumps(value)
    return text, PackageJson().parse(text)


def problems(value):
    text, manifest = read(value)
    return [(each.span.slice(text), each.reason) for each in manifest.problems]


@pytest.mark.parametrize(
    ("written", "name", "display_name", "version", "hash"),
    [
        ("pnpm@9.1.0", "pnpm", "pnpm", "9.1.0", ""),
        ("pnpm@9.1.0+sha512.0a1B", "pnpm", "pnpm", "9.1.0", "+sha512.0a1B"),
        ("npm@11.0.0-rc.1+sha1.ff", "npm", "npm", "11.0.0-rc.1", "+sha1.ff"),
        ("bun@1.2.3", "bun", "bun", "1.2.3", ""),
        ("yarn@1.22.22", "yarn", "yarn", "1.22.22", ""),
        ("yarn@0.28.4", "yarn", "yarn", "0.28.4", ""),
        ("yarn@2.4.1", "@yarnpkg/cli-dist", "yarn", "2.4.1", ""),
        ("yarn@4.9.1+sha224.ab", "@yarnpkg/cli-dist", "yarn", "4.9.1", "+sha224.ab"),
        ("yarn@10.0.0", "@yarnpkg/cli-dist", "yarn", "10.0.0", ""),
        ("yarn@1", "yarn", "yarn", "1", ""),
        ("yarn@", "@yarnpkg/cli-dist", "yarn", "", ""),
    ],
)
def test_the_package_manager_is_a_package(written, name, display_name, version, hash):
    text, manifest = read({"packageManager": written})
    (found,) = manifest.dependencies
    assert manifest.problems == ()
    assert (found.name, found.display_name, found.specifier) == (name, display_name, version)
    assert (found.section, found.dialect) == ("packageManager", EXACT_DIALECT)
    assert found.name_span.slice(text) == display_name
    assert found.specifier_span.slice(text) == found.written_span.slice(text) == version
    assert [span.slice(text) for span in found.hashes] == ([hash] if hash else [])


def test_another_version_outdates_the_hash():
    text, manifest = read({"packageManager": "pnpm@9.1.0+sha512.0a1b"})
    (found,) = manifest.dependencies
    edit = rewrite(found, SCHEME.replace(found.specifier, "9.2.0"))
    assert (edit.span.slice(text), edit.text) == ("9.1.0", "9.2.0")
    assert [span.slice(text) for span in edit.stale] == ["+sha512.0a1b"]


def test_escapes_do_not_move_the_spans():
    text = r'{"packageManager": "\u0070npm@9.1\u002e0+sha1.a"}'
    (found,) = PackageJson().parse(text).dependencies
    assert (found.name_span.slice(text), found.specifier_span.slice(text)) == (
        r"\u0070npm",
        r"9.1\u002e0",
    )
    assert found.hashes[0].slice(text) == "+sha1.a"


@pytest.mark.parametrize(
    ("value", "where", "reason"),
    [
        (9, "9", "'packageManager' must be a string: <name>@<version>."),
        ({}, "{}", "'packageManager' must be a string: <name>@<version>."),
        ("pnpm", "pnpm", "A version is missing: 'packageManager' must be <name>@<version>."),
        (
            "vlt@1.0.0",
            "vlt",
            "'vlt' is no package manager that Corepack knows (npm, pnpm and Yarn).",
        ),
        ("@1.0.0", "@1.0.0", "'' is no package manager that Corepack knows (npm, pnpm and Yarn)."),
    ],
)
def test_what_corepack_refuses_to_read_is_a_problem(value, where, reason):
    assert problems({"packageManager": value}) == [(where, reason)]


def test_a_field_that_is_still_empty_is_no_problem():
    assert problems({"packageManager": ""}) == []


@pytest.mark.parametrize("version", ["9.1.0", "v9.1.0", "9.1.0-beta.1", " 9.1.0 "])
def test_whole_versions_are_understood(version):
    assert SCHEME.parse(version).pinned == version.strip(" v")


@pytest.mark.parametrize("version", ["", "9", "9.1", "^9.1.0", "latest", "*", "=9.1.0", "01.0.0"])
def test_nothing_but_a_whole_version_is_taken(version):
    with pytest.raises(InvalidRequirementError, match=r"whole version such as 1\.2\.3"):
        SCHEME.parse(version)


@given(st.text(max_size=10))
def test_a_version_takes_the_place_of_anything(written):
    assert SCHEME.replace(written, "1.2.3") == "1.2.3"


def test_one_from_an_address_is_looked_up_by_nobody():
    address = "https://registry.example/my-manager.tgz#sha1.ab"
    text, manifest = read({"packageManager": f"my-manager@{address}"})
    (found,) = manifest.dependencies
    assert (found.source, found.target, found.specifier_span) == (Source.URL, address, None)
    assert found.written_span.slice(text) == found.written == address
    assert found.link == "https://registry.example/my-manager.tgz"
    assert found.name_span.slice(text) == "my-manager"


@pytest.mark.parametrize(
    ("engine", "name", "range"),
    [
        ({"name": "pnpm", "version": "^9.0.0"}, "pnpm", "^9.0.0"),
        ({"version": ">=1 <2", "name": "npm"}, "npm", ">=1 <2"),
        ({"name": "yarn", "version": "^1.22"}, "yarn", "^1.22"),
        ({"name": "yarn", "version": "<2"}, "yarn", "<2"),
        ({"name": "yarn", "version": "^3"}, "@yarnpkg/cli-dist", "^3"),
        ({"name": "yarn", "version": ">=1"}, "@yarnpkg/cli-dist", ">=1"),
        ({"name": "yarn", "version": "9.x"}, "@yarnpkg/cli-dist", "9.x"),
    ],
)
def test_the_engine_of_development_is_a_package_with_a_range(engine, name, range):
    text, manifest = read({"devEngines": {"packageManager": engine}})
    (found,) = manifest.dependencies
    assert manifest.problems == ()
    assert (found.name, found.specifier, found.dialect) == (name, range, "npm")
    assert found.name_span.slice(text) == found.display_name == engine["name"]
    assert found.specifier_span.slice(text) == range


def test_it_may_be_one_of_several_and_have_no_version():
    _, manifest = read(
        {"devEngines": {"packageManager": [{"name": "yarn"}, {"name": "npm", "version": "11"}, 5]}}
    )
    assert [(each.name, each.specifier) for each in manifest.dependencies] == [
        ("@yarnpkg/cli-dist", ""),
        ("npm", "11"),
    ]
    assert manifest.dependencies[0].specifier_span is None


@pytest.mark.parametrize(
    ("engines", "expected"),
    [
        (
            {"packageManager": {"name": "npm", "version": 5}},
            [("5", "A version range must be a string.")],
        ),
        (
            {"packageManager": {"name": "npm", "version": "latest"}},
            [("latest", "'latest' is no version range.")],
        ),
        ({"packageManager": {"name": "npm", "version": ""}}, []),
        ({"packageManager": {"name": "vlt", "version": "?"}}, []),
        ({"packageManager": "npm"}, []),
        ({"runtime": {"name": "node", "version": "^22"}}, []),
        ([], []),
    ],
)
def test_a_range_that_cannot_be_read_is_a_problem(engines, expected):
    assert problems({"devEngines": engines}) == expected
