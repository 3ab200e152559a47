"""How long somebody waits who types while a lock file of 5 MB is read."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from support.editor import Editor, editor

SIZE = 5_000_000
"""Characters of each lock file."""
OFFLINE = {"network": {"offline": True}, "cache": {"enabled": False}}
MANIFESTS = {
    "package.json": '{"dependencies": {"package-1": "^1.0.0"}}',
    "pyproject.toml": '[project]\nname = "project"\nversion = "1"\ndependencies = ["package-1"]\n',
}


def filled(entry: Callable[[int], str]) -> Iterator[str]:
    """Entries until there are enough of them."""
    length = number = 0
    while length < SIZE:
        text = entry(number)
        yield text
        length += len(text)
        number += 1


def package_lock() -> str:
    """npm's, of version 3."""
    keys = ("resolved", "integrity", "license")

    def entry(number: int) -> str:
        said = {"version": f"1.0.{number}"} | {key: key * 12 for key in keys}
        return f"{json.dumps(f'node_modules/package-{number}')}: {json.dumps(said, indent=2)},\n"

    root = json.dumps({"": {"dependencies": {"package-1": "^1.0.0"}}})[1:-1]
    packages = "".join(filled(entry)) + root
    return f'{{"name": "x", "lockfileVersion": 3, "packages": {{{packages}}}}}'


def pnpm_lock() -> str:
    """pnpm's, of version 9."""
    head = (
        "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      package-1:\n"
        "        specifier: ^1.0.0\n        version: 1.0.1\n\npackages:\n\n"
    )
    hashes = "resolution: {integrity: sha512-" + "a" * 86 + "==}"
    return head + "".join(
        filled(lambda number: f"  package-{number}@1.0.{number}:\n    {hashes}\n\n")
    )


def yarn_lock() -> str:
    """Yarn's first format."""
    return "# yarn lockfile v1\n\n" + "".join(
        filled(
            lambda number: (
                f'package-{number}@^1.0.0:\n  version "1.0.{number}"\n'
                f"  integrity sha512-{'a' * 86}==\n\n"
            )
        )
    )


def uv_lock() -> str:
    """uv's."""
    project = (
        '[[package]]\nname = "project"\nversion = "1"\nsource = { virtual = "." }\n'
        'dependencies = [\n    { name = "package-1" },\n]\n\n'
    )

    def entry(number: int) -> str:
        files = f'    {{ url = "https://registry.example/f", hash = "sha256:{"0" * 64}" }},\n' * 20
        head = f'[[package]]\nname = "package-{number}"\nversion = "1.0.{number}"\n'
        source = 'source = { registry = "https://registry.example/simple" }\n'
        return f"{head}{source}wheels = [\n{files}]\n\n"

    return (
        'version = 1\nrevision = 3\nrequires-python = ">=3.10"\n\n'
        + project
        + "".join(filled(entry))
    )


KINDS = (
    ("package.json", "package-lock.json", package_lock),
    ("package.json", "pnpm-lock.yaml", pnpm_lock),
    ("package.json", "yarn.lock", yarn_lock),
    ("pyproject.toml", "uv.lock", uv_lock),
)


async def locks(folder: Path) -> None:
    """For each kind, the longest of the hovers that are asked for without a pause: with nothing
    else going on, and while the lock file is written anew and read again.
    """
    for manifest, name, text in KINDS:
        place = folder / name
        place.mkdir()
        (place / manifest).write_text(MANIFESTS[manifest])
        (place / name).write_text(text())
        async with editor(place, options=OFFLINE) as it:
            uri = it.open(manifest, MANIFESTS[manifest])
            shown = await it.hover(uri, "package-|1")
            assert shown is not None
            assert name in shown.contents.value
            quiet = await longest(it, uri)
            os.utime(place / name, (1, 1))
            busy = await longest(it, uri)
        print(
            f"{f'longest hover while {name} of 5 MB is read':68} {1000 * busy:8.1f} ms  "
            f"({1000 * quiet:.1f} while it is not)",
            flush=True,
        )


async def longest(it: Editor, uri: str) -> float:
    """The longest that a hover takes within the three seconds in which any change is noticed."""
    waits = []
    end = time.perf_counter() + 3
    while time.perf_counter() < end:
        began = time.perf_counter()
        await it.hover(uri, "package-|1")
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.002)
    return max(waits)
