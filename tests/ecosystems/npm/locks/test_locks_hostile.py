"""Lock files that are cut off, damaged or made to do harm: nothing is raised but ValueError."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.ecosystems.npm.locks.bun_lock import read_bun_lock
from registry_lsp.ecosystems.npm.locks.lock_file import Place, is_version
from registry_lsp.ecosystems.npm.locks.package_files import NO_ROOT, read_installed, read_root
from registry_lsp.ecosystems.npm.locks.package_lock import read_package_lock
from registry_lsp.ecosystems.npm.locks.pnpm_lock import read_pnpm_lock
from registry_lsp.ecosystems.npm.locks.yarn_lock import read_yarn_lock
from support.npm_locks import dependencies_of

LOCKS = Path(__file__).parent
PLACES = tuple(Place(member=member, root=NO_ROOT) for member in ("", "packages/a", "../x"))
READERS = {
    "package-lock.json": read_package_lock,
    "yarn.lock": read_yarn_lock,
    "pnpm-lock.yaml": read_pnpm_lock,
    "bun.lock": read_bun_lock,
}
SMALL = (
    "npm-v1/package-lock.json",
    "npm-v3/package-lock.json",
    "yarn1/yarn.lock",
    "yarn4/yarn.lock",
    "pnpm7-workspace/pnpm-lock.yaml",
    "pnpm9/pnpm-lock.yaml",
    "bun/bun.lock",
)


def answers(reader, raw, dependencies):
    """All versions that are told of the *dependencies*; None where *raw* cannot be read."""
    try:
        lock = reader(raw)
    except ValueError:
        return None
    held = [place for place in PLACES if lock.holds(place)]
    versions = (lock.version(each, place) for each in dependencies for place in held)
    return [version for version in versions if version is not None]


@pytest.mark.parametrize("name", SMALL)
def test_a_damaged_lock_file_tells_versions_or_nothing(name):
    raw = (LOCKS / name).read_bytes()
    reader = READERS[Path(name).name]
    dependencies = dependencies_of((LOCKS / name).parent)
    whole = answers(reader, raw, dependencies)
    assert whole
    damaged = [raw[:at] for at in range(0, len(raw), 3)]
    damaged += [raw[:at] + raw[at + 1 :] for at in range(0, len(raw), 3)]
    told = [answers(reader, each, dependencies) for each in damaged]
    assert all(is_version(version) for each in told if each is not None for version in each)
    assert all(len(each) <= len(whole) for each in told if each is not None)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    for reader in READERS.values():
        answers(reader, raw, ())
    for reader in (read_root, read_installed):
        try:
            reader(raw)
        except ValueError:
            continue


PIECES = st.sampled_from(
    [
        *"\"'{}[],:#@\\é?\n",
        *("  ", "    ", "a", "a@npm:1", "1.0.0", "---", "node_modules/a"),
        *("packages", "version", "importers", "dependencies"),
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_of_such_pieces_is_read_or_refused(text):
    dependencies = dependencies_of(LOCKS / "npm-v3")
    for reader in READERS.values():
        told = answers(reader, text.encode(), dependencies)
        assert all(map(is_version, told or ()))


LARGE = 2**20
HOSTILE = {
    "brackets": b"[" * LARGE,
    "objects": b'{"packages":' * (LARGE // 12),
    "quotes": b'"' * LARGE,
    "escaped quotes": b'"' + b'\\"' * (LARGE // 2),
    "comments": b"/*" * (LARGE // 2),
    "commas and comments": b",/*" * (LARGE // 3),
    "commas": b"," * LARGE,
    "commas and spaces": b", " * (LARGE // 2),
    "slashes": b"/" * LARGE,
    "spaces": b" " * LARGE,
    "one line": b"a" * LARGE,
    "lines": b"\n" * LARGE,
    "carriage returns": b"\r" * LARGE,
    "keys": b"a:\n" * (LARGE // 3),
    "NUL": b"\0" * LARGE,
    "no text": b"\xff\xed\xa0\x80" * (LARGE // 4),
    "digits": b'{"packages": {"node_modules/plain": {"version": "' + b"9" * LARGE + b'"}}}',
    "descriptors": b"plain@1," * (LARGE // 8) + b":\n",
    "members": b"importers:\n" + b"  a:\n" * (LARGE // 20),
    "flow": b"importers:\n  .: " + b"{a: [" * (LARGE // 20),
    "a catalog": b"catalogs:\n  default: " + b"[" * (LARGE // 4),
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", READERS)
def test_what_is_made_to_do_harm_is_looked_at_once(name, text):
    """Each takes hours where the time grows as the square of the length."""
    dependencies = dependencies_of(LOCKS / "npm-v3")
    assert not answers(READERS[name], HOSTILE[text], dependencies)
