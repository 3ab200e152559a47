"""docs/settings.md and editors/settings.schema.json, worked out from the tree of settings: names,
kinds and defaults from its dataclasses, and what each says from the words that stand behind it.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, get_type_hints

from registry_lsp.core import findings
from registry_lsp.core import settings as tree
from registry_lsp.core.findings import Code
from registry_lsp.core.settings import Leaf, Settings, leaves
from registry_lsp.ecosystems import discover

_INTRODUCTION = """\
# The settings

An editor sends them as `initializationOptions` or as its section `registry-lsp`, nested at the
dots: `{"network": {"timeoutSeconds": 5}}`. Each one can also be given as an environment variable,
for the command line too. What the editor says stands over the environment. In a variable a list has
commas between its parts: `npm:left-pad,pypi:foo-*`. What cannot be understood is reported by name,
and its default used; only where a registry's address cannot be understood, no other registry is
asked in its place. `editors/settings.schema.json` says the same for programs.

This page and that file are made by `scripts/settings.py`.
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A setting, and what its words say."""

    leaf: Leaf
    about: str

    @property
    def default(self) -> object:
        """The default as a client would write it; None where that is worked out."""
        value = self.leaf.default
        if isinstance(value, Enum):
            return value.name.lower() if isinstance(value, int) else value.value
        return list(value) if isinstance(value, tuple) else value


def entries() -> tuple[Entry, ...]:
    """All settings in the order of the tree."""
    about = dict(_described(Settings, ""))
    return tuple(
        Entry(leaf=leaf, about=about.get(leaf.name) or _generated(leaf))
        for leaf in leaves([each.name for each in discover()])
    )


def page() -> str:
    """The text of docs/settings.md."""
    parts = [_INTRODUCTION]
    for group, some in _groups():
        parts.append(
            f"\n## {group}\n\n| setting | value | default | what it says |\n|---|---|---|---|\n"
        )
        parts += [_row(entry) for entry in some]
    return "".join(parts)


def schema() -> str:
    """The text of editors/settings.schema.json."""
    root: dict[str, Any] = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "registry-lsp",
        "description": "What a client sends as initializationOptions, or as its section"
        " registry-lsp.",
        **_object(),
    }
    for entry in entries():
        at = root
        *groups, last = entry.leaf.name.split(".")
        for group in groups:
            at = at["properties"].setdefault(group, _object())
        at["properties"][last] = {
            "description": entry.about,
            **entry.leaf.kind.schema,
            **({} if entry.default is None else {"default": entry.default}),
        }
    return json.dumps(root, indent=2, ensure_ascii=False) + "\n"


def _object() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {}}


def _groups() -> Iterator[tuple[str, list[Entry]]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries():
        found.setdefault(entry.leaf.name.split(".")[0], []).append(entry)
    yield from found.items()


def _row(entry: Entry) -> str:
    default = "" if entry.default is None else f"`{json.dumps(entry.default)}`".replace('"', "")
    leaf = entry.leaf
    names = f"`{leaf.name}`<br>`{leaf.variable}`"
    return f"| {names} | {leaf.kind.expected} | {default} | {entry.about} |\n"


def _generated(leaf: Leaf) -> str:
    """Of the settings that no field of a dataclass stands for."""
    group, _, rest = leaf.name.partition(".")
    if group == "registries":
        return (
            f"The address of the registry of {rest.partition('.')[0]} packages, over whatever the"
            " project's configuration says; by itself that is what the package manager would ask."
        )
    code = Code(leaf.name.rpartition(".")[2])
    return f"How grave this is: {_lowered(_words(findings, 'Code')[code.name])}"


def _described(group: type[Any], prefix: str, before: str = "") -> Iterator[tuple[str, str]]:
    """What stands behind the fields of *group* and of those within it, by their dotted names."""
    words, hints = _words(tree, group.__name__), get_type_hints(group)
    for each in fields(group):
        name = prefix + tree.camel(each.name)
        about = words.get(each.name, "")
        if is_dataclass(hints[each.name]):
            yield from _described(hints[each.name], f"{name}.", f"{about} " if about else "")
        else:
            yield name, before + about


@cache
def _words(module: Any, name: str) -> dict[str, str]:
    """What stands behind each field or member of the class *name*: its words, on one line."""
    body = ast.parse(inspect.getsource(module)).body
    (found,) = (each for each in body if isinstance(each, ast.ClassDef) and each.name == name)
    said = {}
    for field, behind in zip(found.body, found.body[1:], strict=False):
        target = field.target if isinstance(field, ast.AnnAssign) else None
        if isinstance(field, ast.Assign):
            (target,) = field.targets
        if isinstance(target, ast.Name) and isinstance(behind, ast.Expr):
            said[target.id] = " ".join(ast.literal_eval(behind.value).split()).replace("``", "`")
    return said


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
