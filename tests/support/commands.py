"""The command line, run as people run it: in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.editor import PATIENCE, server_environ


async def run(
    *arguments: str, folder: Path, environ: Mapping[str, str]
) -> tuple[int | None, str, str]:
    """Run it in *folder*: its exit code, and what it wrote to each stream."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "registry_lsp", *arguments),
        cwd=folder,
        env=server_environ(folder, environ),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, out.decode(), err.decode()


async def checked(
    folder: Path, environ: Mapping[str, str], *arguments: str
) -> tuple[dict[str, dict[str, Any]], str]:
    """What ``check`` says of *folder*: the rows by name, and all that it wrote."""
    command = ("check", "--format", "json", *arguments)
    _, out, err = await run(*command, folder=folder, environ=environ)
    files = json.loads(out)["files"]
    rows = {each["name"]: each for file in files for each in file["dependencies"]}
    return rows, out + err


def codes_of(row: Mapping[str, Any]) -> list[str]:
    """The codes of a row's findings."""
    return [each["code"] for each in row["findings"]]
