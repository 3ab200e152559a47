"""Makes docs/images/neovim-hover.png, a hover in a real Neovim in a real terminal, with what the
public registries say today: PYTHONPATH=tests python scripts/neovim_picture.py

It needs tmux, chromium, and the Neovim of scripts/editors-install.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from support.neovims import NEWER, PLUGIN, ROOT, Neovim, program

PICTURE = ROOT / "docs" / "images" / "neovim-hover.png"
COLUMNS, LINES = 104, 25
FONT = "14px/17px 'DejaVu Sans Mono', monospace"
WIDTH, HEIGHT = 902, 441
BACKGROUND = "#14161b"  # that of Neovim's own dark colours

INIT = """\
vim.o.termguicolors = true
vim.o.background = 'dark'
vim.o.number = true
vim.o.signcolumn = 'yes'
vim.o.showmode = false
vim.o.ruler = false
vim.o.winborder = 'rounded'
vim.o.laststatus = 0
vim.opt.fillchars = { eob = ' ' }
vim.diagnostic.config({ virtual_text = true, severity_sort = true })
require('registry_lsp').setup({ cmd = { %s, '-m', 'registry_lsp' } })
"""
PAGE = f"""\
<!doctype html><meta charset="utf-8"><style>span {{{{ display: inline-block }}}}</style>
<body style="margin: 12px; background: {BACKGROUND}; color: #e0e2ea">
<pre style="margin: 0; font: {FONT}">{{code}}</pre>
"""


def main() -> int:
    found, version = program(NEWER)
    with tempfile.TemporaryDirectory(prefix="shop") as name:
        folder = Path(name)
        environ = prepare(folder)
        it = Neovim(program=found, version=version, socket=folder / "socket", environ=environ)
        terminal = ["tmux", "-L", folder.name, "-f", os.devnull]
        command = shlex.join([found, "--listen", str(it.socket), "requirements.txt"])
        size = ["-x", str(COLUMNS), "-y", str(LINES)]
        subprocess.run(
            [*terminal, "new-session", "-d", *size, "-c", folder / "shop", command],
            env=environ,
            check=True,
        )
        try:
            while not it.socket.exists():
                time.sleep(0.05)
            it.findings()
            it.lua("put('requests')")
            it.keys("K")
            it.lua("wait(float, 'the hover')")
            screen = settled(terminal)
        finally:
            subprocess.run([*terminal, "kill-server"], env=environ, check=False)
        draw(screen, folder)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB")
    return 0


def prepare(folder: Path) -> dict[str, str]:
    """A project, a Neovim that is set up as the README says, and an environment for both."""
    start = folder / "data" / "nvim" / "site" / "pack" / "registry-lsp" / "start"
    for each in (folder / "shop", folder / "config" / "nvim", start):
        each.mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "requirements.txt", folder / "shop")
    (start / "registry-lsp").symlink_to(PLUGIN, target_is_directory=True)
    text = INIT % repr(sys.executable)
    (folder / "config" / "nvim" / "init.lua").write_text(text, encoding="utf-8")
    return {
        **os.environ,
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_STATE_HOME": str(folder / "state"),
        "LC_ALL": "C.UTF-8",
    }


def settled(terminal: list[str]) -> str:
    """What stands on the screen, once that has been the same for two seconds."""
    before, since = "", time.monotonic()
    while time.monotonic() - since < 2:
        time.sleep(0.2)
        asked = [*terminal, "capture-pane", "-p", "-e"]
        now = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True).stdout
        if now != before:
            before, since = now, time.monotonic()
    return before


def draw(screen: str, folder: Path) -> None:
    """Save *screen*, a text with a terminal's escapes, as the picture."""
    plain = re.sub(r"(?<=[\[;])58[:;]2(?:[:;]\d*){3,4}", "", screen)  # colours of underlines
    plain = re.sub(r"(?<=[\[;])4:\d", "4", plain)  # and their shapes
    console = Console(
        record=True,
        width=COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    console.print(Text.from_ansi(plain), no_wrap=True, crop=False)
    page = folder / "page.html"
    html = console.export_html(inline_styles=True, code_format=PAGE)
    page.write_text(html, encoding="utf-8")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            "chromium",
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            f"--window-size={WIDTH},{HEIGHT}",
            f"--screenshot={PICTURE}",
            page.as_uri(),
        ],
        capture_output=True,
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main())
