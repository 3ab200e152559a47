from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.npm.manifests.specifier import (
    LONGEST_NAME,
    Specifier,
    classify,
    is_valid_name,
    normalise,
)
from registry_lsp.ecosystems.npm.versions.semver import SPACES


@pytest.mark.parametrize(
    ("text", "specifier", "offset"),
    [
        ("^1.2.3", "^1.2.3", 0),
        ("  >=1 <2 ", ">=1 <2", 2),
        ("", "", 0),
        ("latest", "latest", 0),
        ("npm:^1.2", "^1.2", 4),  # Yarn's way to write a range
        ("npm:1.2.3", "1.2.3", 4),
        ("npm:^", "^", 4),
        (" npm: ^1.2", "^1.2", 6),
        ("npm:\t1.2.3", "1.2.3", 5),
        ("npm:>=1 <", ">=1 <", 4),
        ("1.2.3 \ud800\0", "1.2.3 \ud800\0", 0),
    ],
)
def test_a_registry_is_asked_for_a_range_or_tag(text: str, specifier: str, offset: int):
    assert classify(text) == Specifier(source=Source.REGISTRY, specifier=specifier, offset=offset)


@pytest.mark.parametrize(
    ("text", "name", "specifier", "offset"),
    [
        ("npm:foo@^1", "foo", "^1", 8),
        ("npm:@s/foo@^1", "@s/foo", "^1", 11),
        (" NPM:foo@ 1 || 2 ", "foo", "1 || 2", 10),
        ("npm:foo@", "foo", "", 8),
        ("npm:foo", "foo", "", None),
        ("npm:@s/foo", "@s/foo", "", None),
        ("npm:3d-view", "3d-view", "", None),
        # still being typed: nobody is asked, and nothing is wrong yet
        ("npm:", "", "", 4),
        (" npm: ", "", "", 5),
        ("npm:@", "", "", 5),
        ("npm:@s", "", "", 6),
        ("npm:@s/", "", "", 7),
        # nobody is asked either, and the version scheme refuses it
        ("npm:@^1", "", "npm:@^1", 0),
        ("npm: foo@^1", "", "npm: foo@^1", 0),
        ("npm:@s/@^1", "", "npm:@s/@^1", 0),
        ("npm:./foo", "", "npm:./foo", 0),
        ("npm:foo.tgz", "", "npm:foo.tgz", 0),
        ("npm:foo@npm:bar@1", "", "npm:foo@npm:bar@1", 0),
        ("npm:foo@./bar", "", "npm:foo@./bar", 0),
    ],
)
def test_an_alias_names_the_real_package(text: str, name: str, specifier: str, offset: int | None):
    read = classify(text)
    assert read == Specifier(
        source=Source.ALIAS,
        name=name,
        specifier=specifier,
        offset=offset,
        name_offset=read.name_offset,
        length=read.length,
    )
    if name and read.name_offset is not None:
        assert text[read.name_offset :][: read.length] == name


@pytest.mark.parametrize("typed", ["", "@", "@sc", "@sc/", "@sc/re", "re"])
@pytest.mark.parametrize("behind", ["", "@", "@^1"])
def test_an_alias_has_a_place_for_the_real_name_while_that_is_typed(typed: str, behind: str):
    read = classify(f" npm:{typed}{behind}")
    if behind and not typed.endswith("re"):
        assert read.name_offset is None or typed in {"", "@"}  # what it comes to nobody can tell
    else:
        assert (read.name_offset, read.length) == (5, len(typed))


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (
            Source.GIT,
            (
                *("github:u/r", "gitlab:u/r#main", "bitbucket:u/r", "gist:1234", "u/r", "u/r#a/b"),
                *("u/r#semver:^1.0", "git://git.example/u/r", "git+ssh://git@git.example:u/r.git"),
                *("git+https://git.example/u/r#v1", "ssh://git@git.example/u/r", "git+file:///r"),
                *("git@git.example:u/r.git", "https://git.example/u/r.git#v1"),
            ),
        ),
        (
            Source.URL,
            (
                *("https://registry.example/foo.tgz", "HTTP://registry.example/foo"),
                *("other://registry.example/foo",),
            ),
        ),
        (
            Source.FOREIGN,
            ("jsr:@s/foo@^1", "jsr:^1", "JSR:@s/foo", "gh:@s/foo@^1", "work:^2"),
        ),
        (
            Source.PATH,
            (
                *("file:../foo", "FILE:foo", "./foo", "../foo", "~/foo", "/foo", "C:\\foo", "a\\b"),
                *("link:foo", "portal:../foo", "foo.tgz", "a/b/c", "@s/foo", ".", "foo.tar.gz"),
                *("patch:foo@npm%3A1.0.0#./foo.patch", "exec:./x.js"),
            ),
        ),
    ],
)
def test_other_sources_are_no_registrys(source: Source, texts: tuple[str, ...]):
    assert [classify(text) for text in texts] == [
        Specifier(source=source, target=text) for text in texts
    ]


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("workspace:*", Source.WORKSPACE, "*"),
        ("workspace:^1.2.3", Source.WORKSPACE, "^1.2.3"),
        ("workspace:../foo", Source.WORKSPACE, "../foo"),
        ("catalog:", Source.CATALOG, "default"),
        ("catalog:react17", Source.CATALOG, "react17"),
    ],
)
def test_workspaces_and_catalogs_are_named(text: str, source: Source, target: str):
    assert classify(text) == Specifier(source=source, target=target)


@pytest.mark.parametrize(
    "name",
    ["foo", "Foo", "@s/foo", "@s/_foo", "@.s/foo", "foo.js", "jsonStream", "~foo", "1.2.3", "*"],
)
def test_names_that_a_registry_may_be_asked_for(name: str):
    assert is_valid_name(name)
    assert normalise(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("", ".foo", "_foo", "-foo", " foo", "foo ", "foo bar", "foo/bar", "@s", "@s/", "@/foo"),
        *("@s/.foo", "@s/a/b", "node_modules", "Favicon.ico", "foo?", "foo#", "foo%2f", "é", ".."),
        *("foo\n", "\ud800", "\0", "a" * (LONGEST_NAME + 1)),
    ],
)
def test_names_that_no_registry_is_asked_for(name: str):
    assert not is_valid_name(name)


@given(st.text(), st.text(alphabet=SPACES, max_size=3))
def test_white_space_around_a_specifier_counts_for_nothing(text: str, space: str):
    bare, padded = classify(text), classify(space + text + space)

    assert (padded.source, padded.name, padded.target) == (bare.source, bare.name, bare.target)
    for given_text, read in ((text, bare), (space + text + space, padded)):
        if read.offset is not None:
            end = read.offset + len(read.specifier)
            assert given_text[read.offset : end] == read.specifier == bare.specifier


@given(st.from_regex(r"(npm:)?(@?[a-z]{0,3}/?)?[a-z.:]{0,5}@?[\^~0-9.x|* ]{0,8}", fullmatch=True))
def test_a_specifier_stands_where_it_is_said_to(text: str):
    read = classify(text)

    if read.offset is not None:
        assert text[read.offset : read.offset + len(read.specifier)] == read.specifier
    is_bare = bool(read.name) and "@" not in text[5:]
    assert (read.offset is None) == (not read.source.is_looked_up or is_bare)


@pytest.mark.parametrize("piece", ["a@", "a:", "/", "a.git", "@a:", "npm:", "#", "\\", " ", "1"])
def test_hostile_text_is_classified_to_an_end(piece: str):
    text = piece * (2_000_000 // len(piece))
    assert classify(f"npm:@{text}").source is Source.ALIAS

    assert classify(text).offset in {None, 0, len(text), 4}
