"""``package.json``, as far as it says what is installed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType

from registry_lsp.core.edits import Edit
from registry_lsp.core.ignores import Ignoring, Unused
from registry_lsp.core.manifests import Dependency, Manifest, Problem
from registry_lsp.core.words import Words
from registry_lsp.ecosystems.npm.manifests.entries import gathered
from registry_lsp.ecosystems.npm.manifests.ignored import ignores, ignoring, without
from registry_lsp.ecosystems.npm.manifests.sections import SECTIONS, read, runtime_of
from registry_lsp.ecosystems.npm.manifests.specifier import normalise
from registry_lsp.syntax.faults import json_fault
from registry_lsp.syntax.half_typed import with_json_value
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.keys import Vocabulary, keys_at
from registry_lsp.syntax.nodes import ScalarNode, StringNode, TableNode

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

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        return path.name == "package.json"

    def holds(self, _text: str) -> bool:
        """Every file of that name is one."""
        return True

    def decode(self, raw: bytes) -> str:
        """UTF-8, with or without a mark at its beginning. Raises :class:`UnicodeDecodeError`."""
        return raw.decode("utf-8-sig")

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

    def completed(self, text: str, offset: int, fill: str) -> str:
        """With a version for the name that is typed there."""
        return with_json_value(text, offset, fill)

    def ignore(
        self, text: str, _manifest: Manifest, dependency: Dependency, code: str
    ) -> Ignoring | None:
        """A word on all of its name, under a key of its own: JSON has no comments."""
        root = scan_json(text)
        edit = ignoring(text, root, dependency.name, code) if isinstance(root, TableNode) else None
        return Ignoring(edit=edit) if edit is not None else None

    def unignore(self, text: str, _manifest: Manifest, unused: Unused) -> Iterable[Edit]:
        """Without the word, and without what is empty then."""
        root = scan_json(text)
        return without(text, root, unused) if isinstance(root, TableNode) else ()

    def words_at(self, text: str, offset: int) -> Words | None:
        """The sections, and the keys of some."""
        return keys_at(text, offset, scan_json, _KEYS)

    def fault(self, text: str) -> Problem | None:
        """Why it is no JSON, which npm asks for."""
        return json_fault(text)
