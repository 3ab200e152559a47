"""Helix itself, at a terminal: it has no other door. ``scripts/editors-install`` installs it."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.editor import server_environ
from support.installed import installed
from support.stages import Stage
from support.terminals import Terminal, terminal

ROOT = Path(__file__).parents[2]
HELIX = ROOT / "editors" / "helix"
SERVER = (sys.executable, "-W", "error", "-m", "registry_lsp")

_PINS = ROOT / "tests" / "editors" / "helix" / "debian.txt"
_SETTINGS = "network = { timeoutSeconds = 10 }"
_CONFIG = """\
[editor]
end-of-line-diagnostics = "hint"

[editor.statusline]
left = ["mode", "file-name", "file-type"]

[editor.lsp]
display-inlay-hints = true
"""
_ESCAPE, _NEXT = "\x1b", "\x0e"


class Helix:
    """One that runs, with a file that is open in it."""

    def __init__(self, screen: Terminal) -> None:
        self.screen = screen

    def see(self, *texts: str) -> str:
        """What is shown once all *texts* stand in it."""
        return self.screen.see(*texts)

    def lose(self, *texts: str) -> None:
        """Wait until none of *texts* is shown any more."""
        self.screen.wait(
            f"the end of {texts}", lambda shown: not any(each in shown for each in texts)
        )

    def press(self, keys: str) -> None:
        """Press *keys*. Escape is for :meth:`leave`: with what follows it is another key."""
        self.screen.press(keys)

    def leave(self, *shown: str) -> None:
        """Press Escape, and wait until nothing of what is *shown* is left."""
        self.screen.press(_ESCAPE)
        self.lose(*shown)

    def type(self, command: str) -> None:
        """Give a typable command, without its colon."""
        self.press(f":{command}\r")

    def select(self, text: str) -> None:
        """Select the next *text*."""
        self.press(f"/{re.escape(text)}\r")

    def open(self, path: str, language: str) -> None:
        """Open a file of the project, and wait until Helix takes it for this *language*."""
        self.type(f"open {path}")
        self.is_open(path, language)

    def is_open(self, path: str, language: str) -> None:
        """Wait until a file is open, of this *language*."""
        line = re.compile(rf" NOR +{re.escape(path)} +{language} ")
        self.screen.wait(f"{path} in {language}", line.search)

    def complete(self, choice: str) -> None:
        """Choose what has the line of the cursor hold *choice*, which Helix shows beforehand."""
        while choice not in (shown := self.screen.line()):
            self.press(_NEXT)
            self.screen.wait_for_another_line(shown)
        self.press("\r")
        self.leave(" INS ")


def program() -> Path:
    """The one that is pinned. Skips the test without it."""
    (version,) = re.findall(r"(?m)^hx=(.*)\.\*$", _PINS.read_text(encoding="utf-8"))
    folder = installed(f"helix-{version}")
    if not (folder / ".installed").exists():
        pytest.skip("Helix is not installed: scripts/editors-install installs it")
    return folder / "bin" / "hx"


@contextmanager
def helix(
    stage: Stage, folder: Path, file: str, *, others: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[Helix]:
    """One with a file of the project open, that has what our README says, and whose server has the
    loopback registries. *others* are programs on the PATH, with their commands.
    """
    config = folder / "config" / "helix"
    shutil.copytree(HELIX, config)
    (config / "config.toml").write_text(_CONFIG, encoding="utf-8")
    path = config / "languages.toml"
    text = path.read_text(encoding="utf-8")
    assert _SETTINGS in text
    path.write_text(text.replace(_SETTINGS, _toml(stage.options)), encoding="utf-8")
    environ = {
        **server_environ(folder),
        "HOME": str(folder),
        "PATH": f"{programs(folder, others or {})}:/usr/bin:/bin",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(config.parent),
    }
    with terminal([str(program()), file], stage.folder, environ) as screen:
        it = Helix(screen)
        it.see(" NOR ")  # before that its keys are not its own
        yield it


def programs(folder: Path, others: Mapping[str, tuple[str, ...]]) -> Path:
    """A folder with our program and *others*. Each notes in a file beside it that it was run."""
    path = folder / "bin"
    path.mkdir()
    for name, command in {"registry-lsp": SERVER, **others}.items():
        script = f'#!/bin/sh\n: >>{path}/{name}.was-run\nexec {shlex.join(command)} "$@"\n'
        (path / name).write_text(script, encoding="utf-8")
        (path / name).chmod(0o755)
    return path


def _toml(settings: Mapping[str, object]) -> str:
    return "\n".join(f"{name} = {_inline(value)}" for name, value in settings.items())


def _inline(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_inline(each)}" for name, each in value.items()) + " }"
    return f'"{value}"' if isinstance(value, str) else str(value)
