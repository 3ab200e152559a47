"""What the plugins and configurations of Neovim, Emacs, Helix, Zed and Sublime Text have from the
server itself; :mod:`support.editor_files` has what is the same for all, and VS Code's.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable
from pathlib import PurePosixPath

from registry_lsp import __version__
from support.editor_files import FILES as VSCODE
from support.editor_files import (
    EditorFile,
    between,
    is_telling,
    minimum_python,
    of_language,
    patterns,
)
from support.setting_pages import Entry, entries


def root_markers() -> tuple[str, ...]:
    """The names of manifests that a project has in its own folder."""
    names = [PurePosixPath(each).name for each in patterns()]
    return (*(each for each in names if "*" not in each), "requirements.txt")


def requirements() -> list[str]:
    """The patterns of pip's files, whose languages editors know least."""
    return [each for each in of_language("pip-requirements") if is_telling(each)]


# --- Neovim -----------------------------------------------------------------------------------


def neovim_lists(text: str) -> str:
    """``lua/registry_lsp/generated.lua``."""
    lists = {
        "patterns": patterns(),
        "requirements": requirements(),
        "root_markers": root_markers(),
    }
    lines = [
        line
        for name, values in lists.items()
        for line in (f"{name} = {{", *(f"  '{each}'," for each in values), "},")
    ]
    return between(text, [*lines, f"python = '{'.'.join(map(str, minimum_python()))}',"])


_HELP_HEAD = """\
*registry-lsp-settings.txt*     The settings of the server

==============================================================================
SETTINGS                                               *registry-lsp-settings*

The option `settings` has them nested at their dots, see |registry-lsp-options|.
This page is made by scripts/editors.py.
"""


def neovim_settings(_: str) -> str:
    """``doc/registry-lsp-settings.txt``."""
    parts = [_HELP_HEAD, *(_help(each) for each in entries())]
    return "\n".join(parts) + "\n vim:tw=78:ts=8:ft=help:norl:\n"


def _help(entry: Entry) -> str:
    tag = f"*registry-lsp-{entry.leaf.name}*"
    default = "" if entry.default is None else f"; default: {json.dumps(entry.default)}"
    return "\n".join(
        [
            f"{tag:>78}",
            entry.leaf.name,
            *_filled(f"{entry.leaf.kind.expected}{default}"),
            *_filled(entry.about),
            "",
        ]
    )


def _filled(text: str) -> Iterable[str]:
    margin = " " * 4
    return textwrap.wrap(
        text, 78, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
    )


# --- Emacs ------------------------------------------------------------------------------------


def emacs_package(text: str) -> str:
    """``registry-lsp.el``: its version, and the ends of paths as regular expressions."""
    versioned = re.sub(r"(?m)^;; Version: .*$", f";; Version: {__version__}", text)
    return between(versioned, (_lisp_string(each) for each in patterns()))


def _lisp_string(pattern: str) -> str:
    ending = re.escape(pattern.removeprefix("**/")).replace(r"\*", "[^/]*").replace("\\-", "-")
    regexp = f"/{ending}\\'"
    return json.dumps(regexp)


# --- Helix ------------------------------------------------------------------------------------


def helix_languages(text: str) -> str:
    """``languages.toml``: the files of pip, whose language Helix has, but not all their names."""
    globs = [each.removeprefix("**/") for each in requirements()]
    return between(text, (f'{{ glob = "{each}" }},' for each in globs))


# --- Zed --------------------------------------------------------------------------------------


def zed_version(text: str) -> str:
    """``extension.toml`` and ``Cargo.toml``: the version."""
    return re.sub(r'(?m)^version = ".*"$', f'version = "{__version__}"', text)


def zed_settings(text: str) -> str:
    """``settings.json``: the files of pip, whose language is that of another extension."""
    *most, last = (f'"{each}"' for each in requirements())
    return between(text, (*(f"{each}," for each in most), last))


# --- the index --------------------------------------------------------------------------------


def index(text: str) -> str:
    """``README.md``: the patterns of all manifests, for a client of any kind."""
    return between(text, ["", "```text", *patterns(), "```", ""])


FILES = (
    *VSCODE,
    EditorFile(path="README.md", renewed=index),
    EditorFile(path="helix/languages.toml", renewed=helix_languages),
    EditorFile(path="neovim/lua/registry_lsp/generated.lua", renewed=neovim_lists),
    EditorFile(path="emacs/registry-lsp.el", renewed=emacs_package),
    EditorFile(path="zed/Cargo.toml", renewed=zed_version),
    EditorFile(path="zed/extension.toml", renewed=zed_version),
    EditorFile(path="zed/settings.json", renewed=zed_settings),
    EditorFile(path="neovim/doc/registry-lsp-settings.txt", renewed=neovim_settings),
)
"""All of them. Another editor is another line."""
