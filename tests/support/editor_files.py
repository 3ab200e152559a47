"""What the editors' plugins and configurations have from the server itself: which files are
manifests, what can be set, which Python it needs. Each file says where that stands in it.

Of most files it is the lines between two marks, in whatever way the file writes comments::

    # generated: scripts/editors.py --write
    …
    # end
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import tomli

from registry_lsp import __version__
from registry_lsp.ecosystems import discover
from support.setting_pages import Entry, entries

ROOT = Path(__file__).parents[2]

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        ".json": "json",
        ".yaml": "yaml",
        ".yml": "yaml",
        ".toml": "toml",
        ".py": "python",
        ".txt": "pip-requirements",
        ".in": "pip-requirements",
        "": "toml",  # Pipfile
    }
)
"""What manifests are written in, by the endings of their names; an editor may call it otherwise."""

NAMELESS = ("pip-requirements", "json", "jsonc", "toml", "python")
"""The languages that make a manifest of what has no name, as VS Code calls them."""

_MARKED = re.compile(
    r"(?P<begin>^[ \t]*\S+[ \t]*generated: scripts/editors\.py --write.*\n)"
    r"(?P<between>[^\0]*?)(?P<end>^[ \t]*\S+[ \t]*end\b)",
    re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class EditorFile:
    """A file below ``editors/``, and how its text is renewed."""

    path: str
    renewed: Callable[[str], str]

    def read(self) -> str:
        """Its text as it is."""
        return (ROOT / "editors" / self.path).read_text(encoding="utf-8")

    def write(self) -> None:
        """Renew it."""
        text = self.renewed(self.read())
        (ROOT / "editors" / self.path).write_text(text, encoding="utf-8", newline="\n")


def patterns() -> tuple[str, ...]:
    """The glob patterns of all manifests, as LSP writes them, in the ecosystems' order."""
    found = (each for eco in discover() for kind in eco.formats for each in kind.patterns)
    return tuple(dict.fromkeys(found))


def is_telling(pattern: str) -> bool:
    """Whether the name alone says that a file is a manifest: of ``**/*.py`` it does not."""
    return not re.fullmatch(r"(?:\*\*/)?\*\.\w+", pattern)


def language(pattern: str) -> str:
    """What the files of *pattern* are written in."""
    return LANGUAGES[PurePosixPath(pattern).suffix]


def of_language(name: str) -> tuple[str, ...]:
    """The patterns of manifests that are written in this."""
    return tuple(each for each in patterns() if language(each) == name)


def between(text: str, lines: Iterable[str]) -> str:
    """*text* with *lines* between its marks, indented as the first mark is."""

    def put(found: re.Match[str]) -> str:
        margin = found["begin"][: len(found["begin"]) - len(found["begin"].lstrip())]
        body = "".join(f"{margin}{each}\n" if each else "\n" for each in lines)
        return found["begin"] + body + found["end"]

    after, count = _MARKED.subn(put, text)
    assert count == 1, f"{count} places between 'generated: scripts/editors.py --write' and 'end'"
    return after


# --- VS Code ----------------------------------------------------------------------------------

_PATH = "server.path"
_OURS: Mapping[str, Any] = MappingProxyType(
    {
        _PATH: {
            "markdownDescription": "The program to run as the server: a path, which may begin with"
            " `~`, be relative to a folder of the workspace, or have `${workspaceFolder}`,"
            " `${userHome}` and `${env:NAME}` in it; or a name on the PATH. Without one it is"
            " looked for: in the project's virtual environment, on the PATH, and last in the"
            " extension itself.",
            "type": "string",
            "default": "",
            "scope": "machine-overridable",
        },
        "server.download": {
            "description": "Whether uvx or pipx may download the server where none is found.",
            "type": "boolean",
            "default": False,
            "scope": "machine",
        },
        "trace.server": {
            "description": "What is written to the output of what passes between VS Code and the"
            " server.",
            "type": "string",
            "enum": ["off", "messages", "compact", "verbose"],
            "default": "off",
            "scope": "window",
        },
    }
)
"""The extension's own settings."""

_NAMELESS_IN_VSCODE = "untitled:Untitled-*"
"""The addresses of documents without a name."""

_OF_TRUST = "workspace.trusted"
"""VS Code's own trust says this."""


@cache
def minimum_python() -> tuple[int, ...]:
    """The oldest Python that runs the server."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return tuple(int(part) for part in project["requires-python"].removeprefix(">=").split("."))


def vscode_manifest(text: str) -> str:
    """``package.json``, with what it contributes by the server's word."""
    document = json.loads(text)
    telling = [each for each in patterns() if is_telling(each)]
    contributes = document["contributes"]
    requirements, toml = contributes["languages"]
    (schema,) = contributes["jsonValidation"]
    any_name = {language(each) for each in patterns() if not is_telling(each)}
    languages = sorted({*any_name, requirements["id"], toml["id"]})
    document["version"] = __version__
    document["activationEvents"] = [
        *(f"workspaceContains:{each}" for each in telling),
        *(f"onLanguage:{each}" for each in languages),
        f"onFileSystem:{schema['url'].partition(':')[0]}",
    ]
    untrusted = document["capabilities"]["untrustedWorkspaces"]
    untrusted["restrictedConfigurations"] = [
        f"registry-lsp.{each}" for each in (_PATH, *restricted())
    ]
    requirements["filenamePatterns"] = [
        each for each in of_language(requirements["id"]) if is_telling(each)
    ]
    toml["filenames"] = [PurePosixPath(each).name for each in of_language(toml["id"])]
    schema["fileMatch"] = [
        *(PurePosixPath(each).name for each in of_language("json")),
        _NAMELESS_IN_VSCODE,
    ]
    contributes["configuration"] = list(_configuration())
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def restricted() -> list[str]:
    """What only a trusted workspace may set: whether and to whom names go, and where files are
    written.
    """
    names = [each.leaf.name for each in _set_in_vscode()]
    return [each for each in names if each.endswith(".url") or _ASKS.fullmatch(each)]


_ASKS = re.compile(r"services\..+\.enabled|network\.offline|cache\.directory")


def _set_in_vscode() -> list[Entry]:
    return [each for each in entries() if each.leaf.name != _OF_TRUST]


def _configuration() -> Iterable[Mapping[str, Any]]:
    """A page of VS Code's settings for each group."""
    groups: dict[str, dict[str, Any]] = {"registry-lsp": dict(_OURS)}
    for entry in _set_in_vscode():
        group = _title(entry.leaf.name)
        properties = {
            "markdownDescription": entry.about,
            **entry.leaf.kind.schema,
            **({} if entry.default is None else {"default": entry.default}),
            "scope": "machine-overridable" if entry.leaf.name == "cache.directory" else "resource",
        }
        groups.setdefault(group, {})[entry.leaf.name] = properties
    for title, properties in groups.items():
        yield {
            "title": title,
            "properties": {f"registry-lsp.{name}": each for name, each in properties.items()},
        }


def _title(name: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.partition(".")[0])
    return words[:1].upper() + words[1:].lower()


def vscode_lock(text: str) -> str:
    """``package-lock.json``: the version, which npm writes twice."""
    document = json.loads(text)
    document["version"] = document["packages"][""]["version"] = __version__
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def vscode_source(text: str) -> str:
    """``src/generated/server.ts``."""
    names = [each.leaf.name for each in _set_in_vscode()]
    lists = {
        "PATTERNS": ("The files that the server reads.", patterns()),
        "TELLING_PATTERNS": (
            "Those whose names alone say that they are manifests.",
            [each for each in patterns() if is_telling(each)],
        ),
        "NAMELESS_LANGUAGES": (
            "The languages that may make a manifest of a document without a name.",
            NAMELESS,
        ),
        "SETTINGS": ("What can be set of the server.", names),
        "RESTRICTED": ("What only a trusted workspace may set of that.", restricted()),
    }
    lines = []
    for name, (about, values) in lists.items():
        lines += [f"/** {about} */", f"export const {name}: readonly string[] = ["]
        lines += [f"  {json.dumps(each)}," for each in values]
        lines += ["];", ""]
    runtimes = {each.name: each.runtime_name for each in discover()}
    lines += [
        "/** The registries, each with what its packages run on. */",
        f"export const REGISTRIES: Readonly<Record<string, string>> = {json.dumps(runtimes)};",
        "",
        "/** The oldest Python that runs the server. */",
        f"export const MINIMUM_PYTHON: readonly [number, number] = {list(minimum_python())};",
    ]
    return between(text, lines)


FILES = (
    EditorFile(path="vscode/package.json", renewed=vscode_manifest),
    EditorFile(path="vscode/package-lock.json", renewed=vscode_lock),
    EditorFile(path="vscode/src/generated/server.ts", renewed=vscode_source),
)
"""All of them. Another editor is another line."""
