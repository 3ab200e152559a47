"""Lock files as Yarn's own packages write them, and as pnpm has them written: what was put in is
what is read.
"""

from __future__ import annotations

from random import Random

import pytest

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.npm.locks.lock_file import Place
from registry_lsp.ecosystems.npm.locks.package_files import NO_ROOT
from registry_lsp.ecosystems.npm.locks.pnpm_lock import read_pnpm_lock
from registry_lsp.ecosystems.npm.locks.yarn_lock import read_yarn_lock
from support import npm_texts
from support.node import Question, ask_npm

pytestmark = pytest.mark.node

_FILES = 150
_NAMES = (
    *(
        "a",
        "lodash",
        "lodash.merge",
        "7zip-bin",
        "yes",
        "true",
        "null",
        "0",
        "1e3",
        "string_decoder",
    ),
    *("@s/a", "@s-2/b.c", "@types/node", "version", "resolution", "__metadata", "JSONStream", "~x"),
    *("catalogs", "importers", "dependencies", "-a", "!b", "(c)", "'d'", "*e"),
)
_FOLDERS = (".", "packages/a", "apps/[id]", "apps/(group)/b", "a b", "#c", "é", "0", "true", "..d")


def _written(text: str) -> bool:
    """Whether a tool would meet such a range at all: none is written with these."""
    return not any(char in '",\\' or char < " " for char in text)


def _range(random: Random) -> str:
    """A range as people write them, or an alias."""
    text = npm_texts.range_text(random)
    while not _written(text):
        text = npm_texts.range_text(random)
    return text


def _alias(random: Random, range: str) -> tuple[str, str]:
    """The real name where there is one, and what stands for the range then."""
    if random.random() < 0.8:
        return "", range
    name = random.choice(_NAMES)
    return name, f"npm:{name}@{range}" if range else f"npm:{name}"


def _entries(random: Random) -> dict[str, tuple[str, str, list[str]]]:
    """By display name its real name, its version and its ranges: each display name once."""
    entries = {}
    for name in random.sample(_NAMES, len(_NAMES)):
        real, text = _alias(random, _range(random))
        others = [] if real else [_range(random) for _ in range(random.randrange(3))]
        version = npm_texts.version(random, plain=True)
        entries[name] = (real or name, version, list(dict.fromkeys([text, *others])))
    return entries


def _groups(random: Random, protocol: str) -> list[tuple[list[str], str, str]]:
    """Descriptors that share an entry, with the real name and the version of it."""
    groups = []
    for name, (real, version, ranges) in _entries(random).items():
        keys = [
            f"{name}@{text}" if text.startswith("npm:") else f"{name}@{protocol}{text}"
            for text in ranges
        ]
        groups.append((keys, real, version))
    return groups


def _expected(groups: list[tuple[list[str], str, str]]) -> dict[str, tuple[str, str]]:
    return {key: (real, version) for keys, real, version in groups for key in keys}


def test_what_yarn_1_writes_is_read():
    random = Random(1)
    files = [_groups(random, "") for _ in range(_FILES)]
    questions = [
        Question(
            "classicLock",
            (
                [
                    [keys, {"version": version, "dependencies": {"z": "^1"}}]
                    for keys, _, version in groups
                ],
            ),
        )
        for groups in files
    ]
    for groups, answer in zip(files, ask_npm(questions), strict=True):
        assert read_yarn_lock(answer.value.encode()).versions == _expected(groups)


def test_what_newer_yarns_write_is_read():
    random = Random(2)
    files = [_groups(random, "npm:") for _ in range(_FILES)]
    questions = []
    for groups in files:
        entries = {
            ", ".join(keys): {
                "version": version,
                "resolution": f"{real}@npm:{version}",
                "dependencies": {"z": "npm:^1"},
                "languageName": "node",
            }
            for keys, real, version in groups
        }
        head = {"__metadata": {"version": 8, "cacheKey": "10c0"}}
        questions.append(Question("berryLock", (head | entries,)))
    for groups, answer in zip(files, ask_npm(questions), strict=True):
        told = dict(read_yarn_lock(answer.value.encode()).versions)
        told.pop("__metadata")
        assert told == _expected(groups)


def _locked(random: Random, name: str) -> tuple[str, str, str]:
    """The real name and version of a dependency, and how pnpm locks it."""
    version = npm_texts.version(random, plain=True)
    real, _ = _alias(random, "")
    peers = random.choice(("", "", "(react@18.2.0)", "(@s/p@1.0.0(x@2.0.0-rc.1))(y@3.0.0)"))
    text = f"{real}@{version}" if real and real != name else version
    return real or name, version, text + peers


def _dependency(name: str, real: str, section: str = "dependencies") -> Dependency:
    return Dependency(
        name=real,
        display_name=name,
        name_span=Span(0, 0),
        specifier="",
        specifier_span=None,
        span=Span(0, 0),
        section=section,
        dialect="npm",
        source=Source.ALIAS,
    )


def test_what_pnpm_writes_is_read():
    random = Random(3)
    files = []
    for _ in range(_FILES):
        importers = {
            folder: {name: _locked(random, name) for name in random.sample(_NAMES, 8)}
            for folder in _FOLDERS
        }
        catalogs = {
            catalog: {name: _locked(random, name) for name in random.sample(_NAMES, 4)}
            for catalog in ("default", "old", "0", "true", "v1.x")
        }
        files.append((importers, catalogs))
    questions = [Question("pnpmLock", (_document(*each),)) for each in files]
    for (importers, catalogs), answer in zip(files, ask_npm(questions), strict=True):
        lock = read_pnpm_lock(answer.value.encode())
        for folder, entries in importers.items():
            place = Place(member="" if folder == "." else folder, root=NO_ROOT)
            assert lock.holds(place)
            for name, (real, version, _) in entries.items():
                assert lock.version(_dependency(name, real), place) == version
        for catalog, entries in catalogs.items():
            section = f"catalogs.{catalog}"
            place = Place(member="", root=NO_ROOT)
            for name, (real, version, _) in entries.items():
                assert lock.version(_dependency(name, real, section), place) == version


def _document(importers, catalogs):
    def locked(entries):
        return {
            name: {"specifier": "^1.0.0", "version": text} for name, (_, _, text) in entries.items()
        }

    return {
        "lockfileVersion": "9.0",
        "settings": {"autoInstallPeers": True},
        "catalogs": {catalog: locked(entries) for catalog, entries in catalogs.items()},
        "importers": {
            folder: {"dependencies": locked(entries)} for folder, entries in importers.items()
        },
        "packages": {"a@1.0.0": {"resolution": {"integrity": "sha512-"}}},
    }
