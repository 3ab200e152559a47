"""``package.json``: what is read from it, and where it stands."""

import json
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Dependency, Part, Source
from registry_lsp.core.sites import site_at
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.endpoints import JSR_WEBSITE
from support.damage import lost_by_deletions, lost_by_prefixes
from support.scanned_texts import PACKAGE_JSON, PACKAGE_JSON_LAYOUTS

FORMAT = PackageJson()


def read(text):
    return FORMAT.parse(text)


def one(section, name, value, **more):
    """The only dependency of a package that has just this one, with the text it stands in."""
    text = json.dumps({**more, section: {name: value}}, ensure_ascii=False)
    (found,) = read(text).dependencies
    return text, found


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PurePosixPath("/a/package.json"), True),
        (PureWindowsPath("C:\\a\\package.json"), True),
        (PurePath("package.json"), True),
        (PurePosixPath("/a/my-package.json"), False),
        (PurePosixPath("/a/package.json/x"), False),
        (PurePosixPath("/a/package.json5"), False),
        (PurePosixPath("/a/package-lock.json"), False),
    ],
)
def test_only_files_of_exactly_this_name_are_taken(path, expected):
    assert FORMAT.matches(path) is expected


def test_every_section_is_read_in_the_order_of_writing():
    found = read(PACKAGE_JSON).dependencies
    assert [(each.section, each.display_name, each.name, each.specifier) for each in found] == [
        ("dependencies", "@scope/pkg", "other", "^1.0.0"),
        ("dependencies", "react", "react", "^18.2.0"),
        ("dependencies", "lodash", "lodash", "~4.17.21"),
        ("devDependencies", "typescript", "typescript", "5.x"),
        ("devDependencies", "jest", "jest", "^29.0.0 || ^30.0.0"),
        ("peerDependencies", "vue", "vue", "3"),
    ]
    assert {each.dialect for each in found} == {"npm"}
    assert read(PACKAGE_JSON).problems == ()
    assert read(PACKAGE_JSON).indexes == ()


@pytest.mark.parametrize("text", PACKAGE_JSON_LAYOUTS.values(), ids=PACKAGE_JSON_LAYOUTS)
def test_spans_slice_to_what_they_stand_for(text):
    found = read(text).dependencies
    assert len(found) == 6
    for each in found:
        assert each.name_span.slice(text) == each.display_name
        assert each.specifier_span.slice(text) == each.specifier
        whole = json.loads(f"{{{each.span.slice(text)}}}")
        assert list(whole) == [each.display_name]


@given(st.lists(st.sampled_from(["🚀", "\u2028", "\r\n", "\n", "\t", "\u0085", "é"]), max_size=6))
def test_what_stands_before_moves_the_spans_along(pieces):
    blanks = "".join(each for each in pieces if each.isspace() and each.isascii())
    text = f'{{"x": {json.dumps("".join(pieces), ensure_ascii=False)},{blanks}'
    text += f'"dependencies": {{{blanks}"react"{blanks}:{blanks}"^18"{blanks}}}}}'
    (found,) = read(text).dependencies
    assert found.name_span.slice(text) == "react"
    assert found.specifier_span.slice(text) == "^18"


@pytest.mark.parametrize(
    ("value", "source", "specifier", "target"),
    [
        ("^1.2.3", Source.REGISTRY, "^1.2.3", ""),
        ("  ^1.2.3 ", Source.REGISTRY, "^1.2.3", ""),
        ("", Source.REGISTRY, "", ""),
        ("latest", Source.REGISTRY, "latest", ""),
        ("npm:other@^1", Source.ALIAS, "^1", ""),
        ("npm:@s/other@^1", Source.ALIAS, "^1", ""),
    ],
)
def test_the_version_text_is_found_in_the_value(value, source, specifier, target):
    text, found = one("dependencies", "react", value)
    assert (found.source, found.specifier, found.target) == (source, specifier, target)
    assert found.specifier_span.slice(text) == specifier


@pytest.mark.parametrize(
    ("value", "source", "target"),
    [
        ("workspace:^", Source.WORKSPACE, "^"),
        ("catalog:", Source.CATALOG, "default"),
        ("file:../x", Source.PATH, "file:../x"),
        ("git+ssh://git@code.example/a/b.git", Source.GIT, "git+ssh://git@code.example/a/b.git"),
        ("owner/repository", Source.GIT, "owner/repository"),
        ("https://code.example/x.tgz", Source.URL, "https://code.example/x.tgz"),
    ],
)
def test_what_comes_from_elsewhere_has_no_version_text(value, source, target):
    _, found = one("dependencies", "react", value)
    assert (found.source, found.target, found.specifier_span) == (source, target, None)
    assert not found.source.is_looked_up


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("^1.2.3", ""),
        (" latest ", ""),
        ("npm:other@^1", ""),
        ("file:../x", "../x/package.json"),
        ("https://code.example/x.tgz", "https://code.example/x.tgz"),
        ("git+ssh://git@code.example/a/b.git#v1", "https://code.example/a/b"),
        ("workspace:../x", "../x/package.json"),
        ("catalog:old", ""),
        ("jsr:^1", f"{JSR_WEBSITE}@s/react"),
    ],
)
def test_what_stands_in_the_versions_place_is_kept_with_its_link(value, link):
    text, found = one("dependencies", "@s/react", value)
    assert found.written == found.written_span.slice(text) == value
    assert found.link == link


def test_a_problem_of_the_specifier_stands_beside_its_dependency():
    text = '{"dependencies": {"a": "u/r#a::b", "c": "1"}}'
    manifest = read(text)
    assert [each.name for each in manifest.dependencies] == ["a", "c"]
    (problem,) = manifest.problems
    assert problem.span.slice(text) == "u/r#a::b"
    assert problem.reason == "More than one revision is named behind '#'."


def test_an_alias_is_the_package_that_it_names():
    text, found = one("dependencies", "react", "npm:@scope/preact@~10")
    assert found.name == "@scope/preact"
    assert found.display_name == found.name_span.slice(text) == "react"


@pytest.mark.parametrize("length", range(len("@scope/") + 1))
def test_an_alias_that_is_being_typed_is_no_package_and_no_problem(length):
    value = "npm:@scope/"[: len("npm:") + length]
    text, found = one("dependencies", "secret", value)
    assert found.source is Source.ALIAS
    assert found.name == found.specifier == ""
    assert found.display_name == "secret"
    assert found.specifier_span.start == found.specifier_span.end == text.index(value) + len(value)


def test_escapes_do_not_move_the_spans():
    text = r'{"dependencies": {"re\u0061ct": "npm:\u0066oo@\u005e1.0"}}'
    (found,) = read(text).dependencies
    assert (found.display_name, found.name, found.specifier) == ("react", "foo", "^1.0")
    assert found.name_span.slice(text) == r"re\u0061ct"
    assert found.specifier_span.slice(text) == r"\u005e1.0"


def test_optional_is_what_may_be_absent():
    text = """{
      "dependencies": {"a": "1"},
      "optionalDependencies": {"b": "1"},
      "peerDependencies": {"c": "1", "d": "1", "e": "1"},
      "peerDependenciesMeta": {"a": {"optional": true}, "c": {"optional": true},
        "d": {"optional": "true"}, "e": true}
    }"""
    assert [each.name for each in read(text).dependencies if each.optional] == ["b", "c"]


def test_the_runtime_is_what_the_engines_say():
    manifest = read(PACKAGE_JSON)
    assert manifest.runtime == ">=18"
    for each in manifest.dependencies:
        assert each.runtime == (None if each.section == "devDependencies" else ">=18")


@pytest.mark.parametrize("engines", ["{}", '"x"', '{"node": 18}', '{"node": ""}', '{"npm": "8"}'])
def test_no_runtime_where_none_is_said(engines):
    manifest = read(f'{{"engines": {engines}, "dependencies": {{"a": "1"}}}}')
    assert manifest.runtime is None
    assert manifest.dependencies[0].runtime is None


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ('{"dependencies": {"a b": "1"}}', "a b", "npm accepts no package of this name."),
        ('{"dependencies": {".x": "1"}}', ".x", "npm accepts no package of this name."),
        ('{"dependencies": {"\ud800": "1"}}', "\ud800", "npm accepts no package of this name."),
        ('{"dependencies": {"a": 1}}', "1", "A version must be a string."),
        ('{"dependencies": {"a": null}}', "null", "A version must be a string."),
        ('{"dependencies": {"a": {"b": "1"}}}', '{"b": "1"}', "A version must be a string."),
        ('{"dependencies": {"a": ["1"]}}', '["1"]', "A version must be a string."),
        ('{"dependencies": {"a": ^1"}}', '^1"', "A version must be a string."),
        (
            '{"devDependencies": ["a"]}',
            '["a"]',
            "'devDependencies' must be an object of names and versions.",
        ),
    ],
)
def test_what_npm_would_refuse_is_a_problem(text, where, reason):
    manifest = read(text)
    assert manifest.dependencies == ()
    (problem,) = manifest.problems
    assert problem.span.slice(text) == where
    assert problem.reason == reason


@pytest.mark.parametrize(
    "section",
    ['{"": ""}', '{"": "1"}', '{"a": }', '{"a"}', '{"a', "{", "{}", ""],
)
def test_what_is_still_being_typed_is_no_problem(section):
    manifest = read(f'{{"dependencies": {section}')
    assert manifest.dependencies == ()
    assert manifest.problems == ()


def test_a_problem_costs_no_other_entry():
    text = '{"dependencies": {"a": "1", "b c": "2", "d": 3, "e": "4"}}'
    assert [each.name for each in read(text).dependencies] == ["a", "e"]
    assert len(read(text).problems) == 2


def test_duplicates_are_kept():
    text = '{"dependencies": {"a": "1", "a": "2"}, "dependencies": {"a": "3"}}'
    assert [each.specifier for each in read(text).dependencies] == ["1", "2", "3"]


def test_a_version_may_be_typed_between_unclosed_quotes():
    text = '{\n  "dependencies": {\n    "a": "\n  }\n}'
    (found,) = read(text).dependencies
    offset = text.index('": "') + 4
    site = site_at(read(text), offset)
    assert site.part is Part.SPECIFIER
    assert (site.span.start, site.span.end) == (offset, offset)
    assert found.specifier == ""


@pytest.mark.parametrize("text", ["", "[]", "null", '"x"', "{", "}", "\0", "{\ud800}", "[" * 5000])
def test_what_is_no_manifest_says_nothing(text):
    manifest = read(text)
    assert (manifest.dependencies, manifest.problems, manifest.runtime) == ((), (), None)


def _dependencies(text):
    return {
        (each.section, each.display_name, each.specifier): (each.span.start, each.span.end)
        for each in read(text).dependencies
    }


def test_broken_texts_keep_the_other_dependencies():
    assert lost_by_prefixes(PACKAGE_JSON, _dependencies) == {}
    lost = lost_by_deletions(PACKAGE_JSON, _dependencies)
    # the letters of the three sections' names, and nothing else
    assert len(lost) == sum(
        len(name) for name in ("dependencies", "devDependencies", "peerDependencies")
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.sampled_from(["$a", "-", "npm@1.0.0+a.b", "u/r#a::b", "npm:", "catalog:", "file:a"])
            | st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["dependencies", "peerDependencies", "peerDependenciesMeta", "engines"]
                )
                | st.sampled_from(["bundleDependencies", "overrides", "resolutions", "pnpm"])
                | st.sampled_from(["packageExtensions", "workspaces", "packages", "catalog"])
                | st.sampled_from(["catalogs", "packageManager", "devEngines", "name", "version"])
                | st.sampled_from(["node", "optional", "a", "@s/b", " ", ".", "a@1", "a>@s/b"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_no_shape_of_a_document_breaks_it(value):
    text = json.dumps(value, ensure_ascii=False)
    manifest = read(text)
    for each in manifest.dependencies:
        assert isinstance(each, Dependency)
        assert each.name_span.slice(text) == each.display_name
    for each in manifest.problems:
        assert each.reason.endswith(".")
        assert each.span.slice(text)
