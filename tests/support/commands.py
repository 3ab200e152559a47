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


async def checked(
    folder: Path, environ: Mapping[str, str], *arguments: str
) -> tuple[dict[str, dict[str, Any]], str]:
    """What ``check`` says of *folder*: the rows by name, and all that it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "registry_lsp", "check", "--format", "json", *arguments),
        cwd=folder,
        env=server_environ(folder, environ),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    files = json.loads(out)["files"]
    rows = {each["name"]: each for file in files for each in file["dependencies"]}
    return rows, (out + err).decode()


def codes_of(row: Mapping[str, Any]) -> list[str]:
    """The codes of a row's findings."""
    return [each["code"] for each in row["findings"]]
