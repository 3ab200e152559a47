"""``package.json``, as far as it says what is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType

from registry_lsp.core.manifests import Manifest, Problem
from registry_lsp.core.ports.manifest import IgnoreSyntax
from registry_lsp.core.text import Span, utf8
from registry_lsp.core.words import Words
from registry_lsp.ecosystems.npm.manifests.entries import gathered
from registry_lsp.ecosystems.npm.manifests.ignored import NAMED, ignores
from registry_lsp.ecosystems.npm.manifests.sections import SECTIONS, read, runtime_of
from registry_lsp.ecosystems.npm.manifests.specifier import normalise
from registry_lsp.syntax.faults import json_fault
from registry_lsp.syntax.half_typed import with_json_value
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.keys import Vocabulary, keys_at
from registry_lsp.syntax.nodes import ScalarNode, StringNode, TableNode
from registry_lsp.syntax.quoting import Writer, in_json, json_string_at

_KEYS: Vocabulary = MappingProxyType(
    {
        (): (*SECTIONS, "peerDependenciesMeta"),
        ("pnpm",): ("overrides", "packageExtensions"),
        ("workspaces",): ("packages", "catalog", "catalogs"),
        ("engines",): ("node",),
        ("devEngines",): ("packageManager", "runtime"),
        ("devEngines", "*"): ("name", "version", "onFail"),
        ("peerDependenciesMeta", "*"): ("optional",),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageJson:
    """The format of files called ``package.json``, and of no others.

    Beside the dependencies it says what replaces those of others (``overrides``,
    ``resolutions``), which versions a workspace shares (Bun's catalogs), and which package
    manager is used. A package of ``optionalDependencies`` is optional, and so is a peer that
    ``peerDependenciesMeta`` calls so. An entry without a name or a value is still being typed,
    and nothing is said of it.
    """

    name: str = "package.json"
    patterns: Sequence[str] = ("**/package.json",)
    decode: Callable[[bytes], str] = utf8
    completed: Callable[[str, int, str], str] = with_json_value
    quoting: Callable[[str, Span], Writer] = in_json
    ignoring: IgnoreSyntax = NAMED

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        return path.name == "package.json"

    def holds(self, _text: str) -> bool:
        """Every file of that name is one."""
        return True

    def parse(self, text: str) -> Manifest:
        """Read it, tolerantly: never raises, and loses only what is broken."""
        root = scan_json(text)
        if not isinstance(root, TableNode):
            return Manifest()
        private, name = root.get("private"), root.get("name")
        return replace(
            gathered(root, read(text, root), runtime_of(root)),
            name=normalise(root.string("name")),
            name_span=name.inner if isinstance(name, StringNode) else None,
            ignores=tuple(ignores(root)),
            is_private=isinstance(private, ScalarNode) and private.text == "true",
        )

    def words_at(self, text: str, offset: int) -> Words | None:
        """The sections, and the keys of some."""
        found = keys_at(text, offset, scan_json, _KEYS)
        if found is None or json_string_at(text, offset) is not None:
            return found
        return found if text[: found.span.start].rstrip()[-1:] in {"{", ","} else None

    def fault(self, text: str) -> Problem | None:
        """Why it is no JSON, which npm asks for."""
        return json_fault(text)
