"""The readers of lock files: whole where they are cut into pieces, and calm whatever they get."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.ecosystems.pypi.locks.compiled import read_compiled
from registry_lsp.ecosystems.pypi.locks.lock_entries import Entry, either
from registry_lsp.ecosystems.pypi.locks.lock_pieces import read_tables
from registry_lsp.ecosystems.pypi.locks.pipfile_lock import read_pipfile_lock
from registry_lsp.ecosystems.pypi.locks.toml_locks import (
    read_pdm_lock,
    read_poetry_lock,
    read_pylock,
)
from registry_lsp.ecosystems.pypi.locks.uv_lock import read_uv_lock
from registry_lsp.ecosystems.pypi.manifests.scopes import MAIN, Scope
from registry_lsp.ecosystems.pypi.names import normalise
from support.locked import LOCKS

TOML = {
    "uv.lock": (read_uv_lock, "package"),
    "s.py.lock": (read_uv_lock, "package"),
    "poetry.lock": (read_poetry_lock, "package"),
    "pdm.lock": (read_pdm_lock, "package"),
    "pylock.toml": (read_pylock, "packages"),
}
READERS = {
    **{name: reader for name, (reader, _) in TOML.items()},
    "Pipfile.lock": read_pipfile_lock,
    "requirements.txt": read_compiled,
}
FILES = sorted(path for name in READERS for path in LOCKS.rglob(name))
TOML_FILES = [path for path in FILES if path.name in TOML]


def shown(path):
    return f"{path.parent.name}/{path.name}"


def versions(lock):
    """Every version of every name, once however many groups it is for."""
    return {(name, each.version) for name, its in lock.entries.items() for each in its}


def found_in(reader, raw):
    """What is found in a file, None where it is refused: with a ValueError, and no other error."""
    try:
        return versions(reader(raw))
    except ValueError:
        return None


def grown(path, times):
    """The text of a lock file with its packages again and again, under other names."""
    text = path.read_text()
    header = rf"(?m)^(?=\[\[{TOML[path.name][1]}\]\])"
    head, *blocks = re.split(header, text)
    blocks[-1], *tail = re.split(r"(?m)^(?=\[(?!\[?package))", blocks[-1])
    again = (
        re.sub(r'(?m)^name = "', f'name = "copy{at}-', block, count=1)
        for at in range(times)
        for block in blocks
    )
    return "".join((head, *again, *tail))


@pytest.mark.parametrize("path", TOML_FILES, ids=shown)
@pytest.mark.parametrize("times", [1, 60])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_that_is_cut_says_what_the_whole_says(path, times, end):
    reader, name = TOML[path.name]
    text = grown(path, times)
    whole = tomli.loads(text)[name]
    expected = {(normalise(each["name"]), each["version"]) for each in whole if "version" in each}
    assert versions(reader(text.replace("\n", end).encode())) == expected
    assert versions(reader(b"\xef\xbb\xbf" + text.replace("\n", end).encode())) == expected


def test_a_large_file_is_read_in_many_pieces():
    text = grown(LOCKS / "uv-workspace" / "uv.lock", 100)
    pieces = list(read_tables(text.encode(), "package"))
    assert len(pieces) >= len(text) // 2**17
    names = Counter(each["name"] for piece in pieces for each in piece["package"])
    assert names.keys() == {each["name"] for each in tomli.loads(text)["package"]}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_compiled_file_is_cut_between_its_requirements(end):
    names = [f"name{each}" for each in range(9000)]
    lines = (f"{name} \\{end}== \\{end}1.0 \\{end}    --hash=sha256:0{end}" for name in names)
    assert versions(read_compiled("".join(lines).encode())) == {(name, "1.0") for name in names}


def test_the_files_of_the_old_poetry_are_not_read():
    text = (
        '[[package]]\nname = "one"\nversion = "1.0"\ncategory = "dev"\n\n'
        '[[package]]\nname = "two"\nversion = "2.0"\ncategory = "main"\n\n'
        '[metadata]\nlock-version = "1.1"\n\n[metadata.files]\none = [\n    {file = "no TOML\n'
    )
    dev = Entry(version="1.0", scopes=frozenset({Scope(group="dev")}))
    main = Entry(version="2.0", scopes=frozenset({MAIN}))
    assert read_poetry_lock(text.encode()).entries == {"one": (dev,), "two": (main,)}


def test_poetry_has_a_marker_for_each_group():
    text = (
        '[[package]]\nname = "one"\nversion = "1.0"\n'
        'groups = ["main", "Dev_Tools", "docs", "test"]\n'
        "markers = {main = \"python_version < '3.10'\", Dev_Tools = \"sys_platform == 'win32'\"}\n"
    )
    assert read_poetry_lock(text.encode()).entries["one"] == (
        Entry(version="1.0", marker="python_version < '3.10'", scopes=frozenset({MAIN})),
        Entry(
            version="1.0",
            marker="sys_platform == 'win32'",
            scopes=frozenset({Scope(group="dev-tools")}),
        ),
        Entry(version="1.0", scopes=frozenset({Scope(group="docs"), Scope(group="test")})),
    )


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (read_uv_lock, 'source = { git = "https://code.example/one#0" }'),
        (read_uv_lock, 'source = { url = "https://files.example/one-1.0.zip" }'),
        (read_uv_lock, 'source = { path = "one-1.0.zip" }'),
        (read_uv_lock, 'source = { editable = "one" }'),
        (read_poetry_lock, '[package.source]\ntype = "git"'),
        (read_poetry_lock, '[package.source]\ntype = "directory"'),
        (read_poetry_lock, '[package.source]\ntype = "url"'),
        (read_pdm_lock, 'git = "https://code.example/one"'),
        (read_pdm_lock, 'path = "./one"'),
        (read_pdm_lock, 'url = "https://files.example/one-1.0.zip"'),
        (read_pylock, 'vcs = { type = "git", url = "https://code.example/one" }'),
        (read_pylock, 'directory = { path = "one" }'),
        (read_pylock, 'archive = { path = "one-1.0.zip" }'),
    ],
)
def test_what_is_not_from_a_registry_is_known(reader, text):
    kind = "packages" if reader is read_pylock else "package"
    source = f'[[{kind}]]\nname = "one"\nversion = "1.0"\n{text}\n'
    (entry,) = reader(source.encode()).entries["one"]
    assert not entry.is_registry


@pytest.mark.parametrize(
    "marker",
    [
        "extra == 'extra-3-app-fast'",
        "python_version < '3.9' and extra != 'group-3-app-dev'",
        "extra=='project-3-app'",
    ],
)
def test_uvs_own_words_for_conflicts_are_nobodys_marker(marker):
    text = (
        '[[package]]\nname = "one"\nversion = "1.0"\n'
        "resolution-markers = [\"sys_platform == 'win32'\", \"sys_platform == 'linux'\"]\n"
        'source = { registry = "https://registry.example/simple" }\n'
        '[[package]]\nname = "app"\nsource = { virtual = "." }\n'
        f'dependencies = [{{ name = "one", marker = "{marker}" }}]\n'
    )
    (entry,) = read_uv_lock(text.encode()).members["."][MAIN]["one"]
    assert entry.marker == "sys_platform == 'win32' or sys_platform == 'linux'"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_file_cut_short_is_refused_or_says_less(path):
    raw = path.read_bytes()
    reader = READERS[path.name]
    whole = versions(reader(raw))
    for end in {*range(0, len(raw), max(1, len(raw) // 150)), *range(max(0, len(raw) - 40))[-40:]}:
        found = found_in(reader, raw[:end]) or set()
        assert len(found - whole) <= 1  # '1.0' of '1.0.0', in formats that have no end


WRONG = ["1", "true", '"x"', "[]", "{}", "[1]", "[[]]", "{ x = 1 }", '["x"]', "1979-05-27", "nan"]
KEYS = [
    *("name", "version", "source", "dependencies", "optional-dependencies", "dev-dependencies"),
    *("resolution-markers", "groups", "markers", "marker", "category", "extras", "path", "vcs"),
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", WRONG)
def test_wrong_types_cost_no_more_than_their_package(key, value):
    for reader, kind in set(TOML.values()):
        lines = {"name": '"two"', "version": '"2"', "source": '{ virtual = "." }', key: value}
        wrong = "".join(f"{each} = {text}\n" for each, text in lines.items())
        text = f'[[{kind}]]\nname = "one"\nversion = "1"\n[[{kind}]]\n{wrong}'
        assert ("one", "1") in versions(reader(text.encode()))


@pytest.mark.parametrize("value", WRONG)
def test_packages_that_are_no_tables(value):
    for reader, kind in set(TOML.values()):
        assert reader(f"{kind} = {value}\n".encode()).entries == {}


DEEP = 100_000


@pytest.mark.parametrize(
    "raw",
    [
        b"a = " + b"[" * DEEP,
        b"a = " + b"{a=" * DEEP,
        b"a" + b".a" * DEEP + b" = 1",
        b"a = " + b"9" * DEEP,
        b'a = "' + b"x" * (5 * 2**20) + b'"',
        b"[[package]]\n" * 3 + b"\xff",
        b"a = '\xed\xa0\x80'",
        b"a = '\x00'",
        b'[[package]]\nname = """\n[[package]]\n',
        b"[metadata]\n[[package]",
        b'{"default": ' + b"[" * DEEP,
        b'{"default": ' + b'{"a":' * DEEP,
        b'{"default": {"one": {"version": 1}}}',
        b'{"default": 1}',
        b"[]",
    ],
    ids=range(15),
)
@pytest.mark.parametrize("name", [name for name in READERS if name != "requirements.txt"])
def test_hostile_files_are_refused(name, raw):
    assert found_in(READERS[name], raw) is None


@given(st.data())
def test_any_bytes_are_read_or_refused(data):
    raw = bytearray(data.draw(st.sampled_from(FILES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 40))
        raw[at : at + length] = data.draw(st.binary(max_size=12))
    for reader in READERS.values():
        found = found_in(reader, bytes(raw)) or set()
        assert all(normalise(name) == name != "" for name, _ in found)


def test_pipenv_locks_in_categories():
    text = {
        "_meta": {"sources": [], "requires": {}},
        "default": {"One_.X": {"version": "==1.0", "markers": "m"}, "none": {"version": "*"}},
        "develop": {"one-x": {"version": "=== 1.1"}},
        "docs": {"local": {"version": "==1.2", "path": "."}},
    }
    assert read_pipfile_lock(json.dumps(text).encode()).entries == {
        "one-x": (
            Entry(version="1.0", marker="m", scopes=frozenset({MAIN})),
            Entry(version="1.1", scopes=frozenset({Scope(group="dev-packages")})),
        ),
        "local": (
            Entry(version="1.2", scopes=frozenset({Scope(group="docs")}), is_registry=False),
        ),
    }


def test_a_reference_to_one_of_two_sources_is_kept_apart():
    text = """
        [[package]]
        name = "one"
        version = "1.0"
        source = { registry = "https://registry.example/simple" }
        [[package]]
        name = "one"
        version = "1.0"
        source = { git = "https://code.example/one" }
        [[package]]
        name = "app"
        source = { virtual = "." }
        dependencies = [
            { name = "one", version = "1.0", source = { git = "https://code.example/one" } },
        ]
    """
    (entry,) = read_uv_lock(text.encode()).members["."][MAIN]["one"]
    assert not entry.is_registry


def test_more_than_anybody_has_is_not_read():
    one = "".join(f'[[package]]\nname = "one"\nversion = "{each}"\n' for each in range(1000))
    assert len(read_pdm_lock(one.encode()).entries["one"]) < 100
    many = "".join(f'[[package]]\nname = "a{each}"\nversion = "1"\n' for each in range(100_001))
    assert found_in(read_pdm_lock, many.encode()) is None


def test_markers_are_joined_only_where_all_have_one():
    assert either(["a", "b", "a"]) == "a or b"
    assert either(["a", ""]) == ""
    assert either([]) == ""
