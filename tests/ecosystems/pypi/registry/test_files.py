"""Versions from file names, held against packaging's own readers, and what files make a release."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from registry_lsp.ecosystems.pypi.registry.files import File, FileNames, releases_of

_WORD = st.from_regex(r"[A-Za-z0-9]{1,4}", fullmatch=True)
_PROJECT = st.lists(_WORD, min_size=1, max_size=3).map("_".join)
_VERSION = st.from_regex(
    r"(1!)?[0-9]{1,3}(\.[0-9]{1,3}){0,2}((a|b|rc)[0-9])?(\.post[0-9])?(\.dev[0-9])?(\+[a-z]1)?",
    fullmatch=True,
)


@given(_PROJECT, _VERSION, st.sampled_from(["", "-1", "-2b"]))
def test_wheels_read_as_by_packaging(project, version, build):
    name = f"{project}-{version}{build}-py3-none-any.whl"
    try:
        _, expected, _, _ = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return
    assert FileNames(project).version(name) == expected


@given(_PROJECT, _VERSION, st.sampled_from([".tar.gz", ".zip"]))
def test_sdists_read_as_by_packaging(project, version, suffix):
    name = f"{project}-{version}{suffix}"
    try:
        read, expected = parse_sdist_filename(name)
    except InvalidSdistFilename:
        return
    assert read == canonicalize_name(project)
    assert FileNames(project).version(name) == expected


@pytest.mark.parametrize(
    ("project", "name", "version"),
    [
        ("foo-bar", "foo-bar-1.0.tar.gz", "1.0"),
        ("foo-bar", "Foo.Bar-1.0.tar.gz", "1.0"),
        ("foo-2", "foo-2-1.0.zip", "1.0"),
        ("foo", "foo-2-1.0.zip", None),
        ("foo", "foo-1.0-1.tar.gz", "1.0.post1"),
        ("foo-bar", "foo--bar-1.0.tar.bz2", "1.0"),
        ("foo", "foo-1.0-py2.7.egg", "1.0"),
        ("foo", "foo-1.0-py2.7-linux-x86_64.egg", "1.0"),
        ("foo", "foo-1.0-py2.py3-none-any.whl", "1.0"),
        ("foo", "foo-1.0.whl", "1.0"),
        ("foo", "foo-1.0.win32-py2.7.exe", None),
        ("foo", "foo-1.0-1.noarch.rpm", None),
        ("foo", "foo-1.0.linux-x86_64.tar.gz", None),
        ("foo", "bar-1.0-py3-none-any.whl", None),
        ("foo", "bar-1.0.tar.gz", None),
        ("foo", "foo.tar.gz", None),
        ("foo", "-1.0.tar.gz", None),
        ("foo", "foo-.tar.gz", None),
        ("foo", "", None),
        ("foo", "foo-" + "9" * 5000 + ".tar.gz", None),
    ],
)
def test_names_from_before_there_were_rules(project, name, version):
    assert FileNames(project).version(name) == (Version(version) if version else None)


@given(st.text(max_size=30) | st.text(alphabet="foo-1.0whltarzeg", max_size=30))
def test_no_name_makes_it_raise(name):
    for suffix in ("", ".whl", ".tar.gz", ".egg"):
        found = FileNames("foo").version(name + suffix)
        assert found is None or isinstance(found, Version)


def test_many_hyphens_are_looked_at_once():
    """It takes minutes where the time grows as the square of the length."""
    assert FileNames("foo").version("a-" * 500_000 + "1.0.tar.gz") is None


# --- releases ---------------------------------------------------------------------------------


def file(version, **fields):
    return File(name=f"foo-{version}.tar.gz", version=Version(version), **fields)


def test_a_release_is_yanked_where_all_its_files_are():
    files = [
        file("1.0", yanked=True, yanked_reason="broken"),
        file("1.0", yanked=False),
        file("2.0", yanked=True),
        file("2.0", yanked=True, yanked_reason="broken"),
        file("3.0", yanked=True),
    ]
    said = {each.version: (each.yanked, each.yanked_reason) for each in releases_of(files)}
    assert said == {"3.0": (True, None), "2.0": (True, "broken"), "1.0": (False, None)}


def test_the_earliest_file_dates_the_release():
    files = [file("1.0", uploaded=20.0), file("1.0"), file("1.0", uploaded=10.0), file("2.0")]
    assert [each.published for each in releases_of(files)] == [None, 10.0]


def test_any_file_says_what_python_the_release_wants():
    files = [file("1.0"), file("1.0", python=">=3.8")]
    assert releases_of(files)[0].runtime == ">=3.8"


def test_versions_are_ordered_as_versions_and_spelled_as_listed():
    files = [file("1.10"), file("1.9"), file("2.0rc1"), file("1.9.post1")]
    listed = ["1.9", "1.10.0", "2.0-rc1", "nonsense"]
    assert [each.version for each in releases_of(files, listed)] == [
        "2.0-rc1",
        "1.10.0",
        "1.9.post1",
        "1.9",
    ]


def test_a_version_without_files_cannot_be_installed():
    assert [each.version for each in releases_of([file("1.0")], ["1.0", "2.0"])] == ["1.0"]


def test_a_list_without_any_files_is_all_there_is():
    assert [each.version for each in releases_of([], ["1.0", "2.0"])] == ["2.0", "1.0"]


def test_a_file_without_a_version_makes_no_release():
    assert releases_of([File(name="foo.exe", version=None)]) == ()
